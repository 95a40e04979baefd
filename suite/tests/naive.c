/* The naive oracle's pages: an array. */
#include "naive_parts.h"

#include <string.h>

#include "pagelaw/constants.h"

#define CACHE (PAGE_NOCACHE | PAGE_WRITECOMBINE)

/* ---- Pages ---- */

uint64_t naive_page_down(const struct naive *naive, uint64_t address)
{
    return address - address % naive->profile->page_size;
}

uint64_t naive_page_up(const struct naive *naive, uint64_t address)
{
    return naive_page_down(naive, address + naive->profile->page_size - 1);
}

uint64_t naive_window_end(const struct naive *naive)
{
    return naive->origin + naive->page_count * naive->profile->page_size;
}

uint64_t naive_user_end(const struct naive *naive)
{
    return naive->profile->address_max + 1;
}

static const struct naive_page free_page;

const struct naive_page *naive_look(const struct naive *naive, uint64_t address)
{
    if (address < naive->origin || address >= naive_window_end(naive))
        return &free_page;
    return &naive->pages[(address - naive->origin) / naive->profile->page_size];
}

struct naive_page *naive_at(struct naive *naive, uint64_t address)
{
    if (address < naive->origin || address >= naive_window_end(naive))
        return NULL;
    return &naive->pages[(address - naive->origin) / naive->profile->page_size];
}

void naive_init(struct naive *naive, const struct pagelaw_profile *profile, uint64_t origin,
                size_t page_count)
{
    memset(naive, 0, sizeof *naive);
    naive->profile = profile;
    naive->origin = origin;
    naive->page_count = page_count;
    naive->commit_limit = UINT64_MAX;
}

bool naive_all_free(const struct naive *naive, uint64_t start, uint64_t end)
{
    for (uint64_t at = start; at < end; at += naive->profile->page_size) {
        if (at >= naive_window_end(naive))
            return true;
        if (naive_look(naive, at)->allocation != 0)
            return false;
    }
    return true;
}

/* Whether every page of the range is in the allocation of the first. */
bool naive_in_one_allocation(const struct naive *naive, uint64_t start, uint64_t end)
{
    unsigned allocation = naive_look(naive, start)->allocation;
    for (uint64_t at = start; allocation != 0 && at < end; at += naive->profile->page_size) {
        if (naive_look(naive, at)->allocation != allocation)
            return false;
    }
    return allocation != 0;
}

bool naive_all_committed(const struct naive *naive, uint64_t start, uint64_t end)
{
    for (uint64_t at = start; at < end; at += naive->profile->page_size) {
        if (!naive_look(naive, at)->committed)
            return false;
    }
    return true;
}

uint64_t naive_allocation_start(const struct naive *naive, uint64_t address)
{
    unsigned allocation = naive_look(naive, address)->allocation;
    uint64_t at = naive_page_down(naive, address);
    while (naive_look(naive, at - naive->profile->page_size)->allocation == allocation)
        at -= naive->profile->page_size;
    return at;
}

uint64_t naive_allocation_end(const struct naive *naive, uint64_t address)
{
    unsigned allocation = naive_look(naive, address)->allocation;
    uint64_t at = naive_page_down(naive, address);
    while (naive_look(naive, at)->allocation == allocation)
        at += naive->profile->page_size;
    return at;
}

uint64_t naive_charge(const struct naive *naive)
{
    uint64_t charge = 0;
    for (size_t i = 0; i < naive->page_count; i++)
        charge += naive->pages[i].committed ? naive->profile->page_size : 0;
    return charge;
}

/* ---- Queries ---- */

static bool same_region(const struct naive_page *a, const struct naive_page *b)
{
    if (a->allocation != b->allocation || a->committed != b->committed)
        return false;
    return !a->committed || a->protect == b->protect;
}

void naive_query(const struct naive *naive, uint64_t address, struct pagelaw_region *region)
{
    const struct naive_page *page = naive_look(naive, address);
    uint64_t start = naive_page_down(naive, address), end = start;
    while (end < naive_user_end(naive) && same_region(page, naive_look(naive, end))) {
        if (end < naive->origin)
            end = naive->origin; /* outside the window all is free: no need to walk there */
        else if (end >= naive_window_end(naive))
            end = naive_user_end(naive);
        else
            end += naive->profile->page_size;
    }
    memset(region, 0, sizeof *region);
    region->base = start;
    region->size = end - start;
    region->state = MEM_FREE; /* MBI-FREE-FIELDS */
    region->protect = PAGE_NOACCESS;
    if (page->allocation == 0)
        return;
    region->allocation_base = naive_allocation_start(naive, address);
    region->allocation_protect = page->allocation_protect; /* MBI-ALLOCPROT */
    region->state = page->committed ? MEM_COMMIT : MEM_RESERVE;
    region->protect = page->committed ? page->protect : 0; /* MBI-RESERVED-PROTECT */
    region->type = MEM_PRIVATE;
}

/* ---- Changing pages ---- */

/* VP-CACHE-KEPT */
uint32_t naive_with_cache_of(const struct naive_page *page, uint32_t protect)
{
    return (protect & ~CACHE) | (page->allocation_protect & CACHE);
}

static void hold_zeros(struct naive_page *page)
{
    page->anything = page->was_reset = page->droppable = false;
    page->count = 1;
    memset(page->guess, 0, sizeof page->guess);
}

/* Besides all that it may hold, the page may now hold zeros. */
static void may_hold_zeros(struct naive_page *page)
{
    static const uint8_t zeros[NAIVE_PROBES];
    for (unsigned i = 0; i < page->count; i++) {
        if (memcmp(page->guess[i], zeros, NAIVE_PROBES) == 0)
            return;
    }
    if (page->count == NAIVE_GUESSES)
        page->anything = true;
    else
        memset(page->guess[page->count++], 0, NAIVE_PROBES);
}

static void commit_page(struct naive_page *page, uint32_t protect)
{
    if (!page->committed)
        hold_zeros(page); /* ST-ZERO */
    page->committed = true;
    page->protect = protect; /* VA-RECOMMIT-PROTECT */
}

/* VA-RESET-EFFECT. Reset, written and reset again: more ways than it would be right to ask for. */
static void reset_page(struct naive_page *page)
{
    if (page->was_reset && !page->droppable)
        page->anything = true;
    page->was_reset = page->droppable = true;
    may_hold_zeros(page);
}

static void succeed_on_page(struct naive_page *page, const struct naive_answer *answer,
                            unsigned number)
{
    if (answer->reserves) {
        page->allocation = number;
        page->allocation_protect = answer->protect;
    }
    if (answer->commits)
        commit_page(page, answer->protect);
    if (answer->protects)
        page->protect = naive_with_cache_of(page, answer->protect);
    if (answer->resets && page->committed)
        reset_page(page);
    if (answer->decommits)
        page->committed = false;
    if (answer->releases)
        memset(page, 0, sizeof *page);
}

/* What is left above a released part is an allocation of its own (NF-RELEASE-PART). */
static void renumber(struct naive *naive, uint64_t start, unsigned number)
{
    unsigned old = naive_look(naive, start)->allocation;
    for (uint64_t at = start; old != 0 && naive_look(naive, at)->allocation == old;
         at += naive->profile->page_size)
        naive_at(naive, at)->allocation = number;
}

void naive_succeed(struct naive *naive, const struct naive_answer *answer, uint64_t start)
{
    uint64_t end = start + (answer->end - answer->start);
    unsigned number = ++naive->allocations, here = naive_look(naive, start)->allocation;
    if (answer->releases && naive_look(naive, end)->allocation == here)
        renumber(naive, end, number);
    for (uint64_t at = start; at < end; at += naive->profile->page_size)
        succeed_on_page(naive_at(naive, at), answer, number);
}

void naive_end(struct naive *naive, struct pagelaw_returned *returned)
{
    unsigned before = 0;
    *returned = (struct pagelaw_returned){.committed_bytes = naive_charge(naive)};
    for (size_t i = 0; i < naive->page_count; i++) {
        unsigned allocation = naive->pages[i].allocation;
        returned->allocations += allocation != 0 && allocation != before;
        returned->reserved_bytes += allocation != 0 ? naive->profile->page_size : 0;
        before = allocation;
    }
    memset(naive->pages, 0, sizeof naive->pages);
    naive->last_error = 0;
}

/* ---- Touching ---- */

/* EXC-DEP, and which profiles do without. */
static uint32_t execute_data(const struct naive *naive, bool readable, bool *either)
{
    uint32_t quirks = naive->profile->quirks;
    if (!readable || (quirks & (PAGELAW_QUIRK_NO_DEP | PAGELAW_QUIRK_DEP_OPEN)) == 0)
        return STATUS_ACCESS_VIOLATION;
    *either = (quirks & PAGELAW_QUIRK_DEP_OPEN) != 0;
    return 0;
}

/* GUARD-FIRST: the guard comes before the base protection. */
uint32_t naive_touch(struct naive *naive, enum pagelaw_access access, uint64_t address,
                     bool *either)
{
    struct naive_page *page = naive_at(naive, address);
    uint32_t base, can_read = PAGE_READONLY | PAGE_READWRITE | PAGE_EXECUTE | PAGE_EXECUTE_READ |
                              PAGE_EXECUTE_READWRITE;
    uint32_t can_write = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;
    uint32_t can_execute = PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE;
    *either = false;
    if (page == NULL || !page->committed)
        return STATUS_ACCESS_VIOLATION;
    if (page->protect & PAGE_GUARD) {
        page->protect &= ~PAGE_GUARD;
        return STATUS_GUARD_PAGE_VIOLATION;
    }
    base = page->protect & 0xFF;
    *either = base == PAGE_EXECUTE && access == PAGELAW_READ;
    if (access == PAGELAW_READ)
        return base & can_read ? 0 : STATUS_ACCESS_VIOLATION;
    if (access == PAGELAW_WRITE)
        return base & can_write ? 0 : STATUS_ACCESS_VIOLATION;
    return base & can_execute ? 0 : execute_data(naive, (base & can_read) != 0, either);
}

uint64_t naive_probe_offset(const struct naive *naive, unsigned probe)
{
    uint64_t page = naive->profile->page_size;
    const uint64_t offsets[NAIVE_PROBES] = {0, 1, page / 2, page - 1};
    return offsets[probe];
}

unsigned naive_probe_of(const struct naive *naive, uint64_t address)
{
    unsigned probe = 0;
    while (probe < NAIVE_PROBES &&
           naive_probe_offset(naive, probe) != address % naive->profile->page_size)
        probe++;
    return probe;
}

void naive_write(struct naive *naive, uint64_t address, uint8_t value)
{
    struct naive_page *page = naive_at(naive, address);
    unsigned probe = naive_probe_of(naive, address);
    for (unsigned i = 0; probe < NAIVE_PROBES && i < page->count; i++)
        page->guess[i][probe] = value;
    page->droppable = false; /* what is written is to be kept */
}

bool naive_byte_allowed(const struct naive *naive, uint64_t address, uint8_t value)
{
    const struct naive_page *page = naive_look(naive, address);
    unsigned probe = naive_probe_of(naive, address);
    if (page->anything || probe == NAIVE_PROBES)
        return true;
    for (unsigned i = 0; i < page->count; i++) {
        if (page->guess[i][probe] == value)
            return true;
    }
    return false;
}

void naive_saw(struct naive *naive, uint64_t address, uint8_t value)
{
    struct naive_page *page = naive_at(naive, address);
    unsigned probe = naive_probe_of(naive, address), kept = 0;
    if (page->anything || probe == NAIVE_PROBES)
        return;
    for (unsigned i = 0; i < page->count; i++) {
        if (page->guess[i][probe] == value)
            memmove(page->guess[kept++], page->guess[i], NAIVE_PROBES);
    }
    page->count = kept;
    if (page->droppable)
        may_hold_zeros(page);
}
