/* mmap, mprotect and madvise in the place of Windows's memory manager.
 *
 * Reserving inside the arena needs no call; committing is mprotect, so that it cannot lose what
 * is there; decommitting maps afresh, so that the host gets its memory back and the pages are
 * zero when they are committed again. */
#define _GNU_SOURCE 1
#include "host.h"

#include <assert.h>
#include <errno.h>
#include <sys/mman.h>

#include "complain.h"
#include "maps.h"
#include "pagelaw/constants.h"

#define PLAIN_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS)

struct host_calls host_calls = {mmap, munmap, mprotect, madvise};

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

int host_protection(uint32_t protect)
{
    if ((protect & PAGE_GUARD) != 0)
        return PROT_NONE;
    switch (protect & 0xFF) {
    case PAGE_READONLY:
        return PROT_READ;
    case PAGE_READWRITE:
        return PROT_READ | PROT_WRITE;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
        return PROT_READ | PROT_EXEC;
    case PAGE_EXECUTE_READWRITE:
        return PROT_READ | PROT_WRITE | PROT_EXEC;
    default:
        return PROT_NONE;
    }
}

struct pagelaw_region host_row(struct pagelaw_model *model, uint64_t address, uint64_t end)
{
    struct pagelaw_region row = {0};
    uint32_t length = pagelaw_mbi_size(pagelaw_model_profile(model)->pointer_bytes);
    uint32_t status = pagelaw_nt_query(model, address, length, &row);
    assert(status == STATUS_SUCCESS && row.base == address && row.size != 0);
    (void)status;
    if (row.size > end - address)
        row.size = end - address;
    return row;
}

/* Said once: whoever runs the program can do something about it. */
static void complain_of_maps(void)
{
    static bool said;
    if (!said)
        complain_of_host("the process has as many mappings as the host allows, and calls fail: ",
                         "sysctl -w vm.max_map_count=1048576", " allows more");
    said = true;
}

static uint32_t status_from_errno(int error)
{
    if (error == EACCES || error == EPERM)
        return STATUS_ACCESS_DENIED;
    if (error == ENOMEM && !maps_exhausted())
        return STATUS_COMMITMENT_LIMIT;
    if (error == ENOMEM)
        complain_of_maps();
    return STATUS_NO_MEMORY;
}

/* mprotect may have changed some pages before it failed: each row gets back what the model, which
 * knows nothing of the attempt yet, says of it. */
static void restore_protection(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    while (base < end) {
        struct pagelaw_region row = host_row(model, base, end);
        int protection = row.state == MEM_COMMIT ? host_protection(row.protect) : PROT_NONE;
        host_calls.protect(pointer(base), (size_t)row.size, protection);
        base += row.size;
    }
}

static uint32_t set_protection(struct pagelaw_model *model, const struct pagelaw_plan *plan)
{
    uint64_t base = plan->affected_base, size = plan->affected_size;
    if (host_calls.protect(pointer(base), (size_t)size, host_protection(plan->new_protect)) == 0)
        return STATUS_SUCCESS;
    int error = errno;
    restore_protection(model, base, base + size);
    return status_from_errno(error);
}

/* The smallest range that holds all committed pages of [*base, *end). False if there are none. */
static bool shrink_to_committed(struct pagelaw_model *model, uint64_t *base, uint64_t *end)
{
    uint64_t first = *end, last = *base;
    for (uint64_t at = *base; at < *end;) {
        struct pagelaw_region row = host_row(model, at, *end);
        if (row.state == MEM_COMMIT && at < first)
            first = at;
        at += row.size;
        if (row.state == MEM_COMMIT)
            last = at;
    }
    *base = first;
    *end = last;
    return first < last;
}

/* One call, which does all or nothing. In the marked part of the arena the fresh pages have to get
 * the mark as well, or they would not merge with their neighbours. */
static uint32_t empty_pages(struct pagelaw_model *model, const struct arena *arena,
                            const struct pagelaw_plan *plan)
{
    uint64_t base = plan->affected_base, end = base + plan->affected_size;
    if (!shrink_to_committed(model, &base, &end))
        return STATUS_SUCCESS;
    size_t size = (size_t)(end - base);
    void *pages = host_calls.map(pointer(base), size, PROT_NONE, PLAIN_FLAGS | MAP_FIXED, -1, 0);
    if (pages == MAP_FAILED)
        return status_from_errno(errno);
    if (end > arena->marked && base < arena->end)
        host_calls.advise(pages, size, MADV_DONTDUMP);
    return STATUS_SUCCESS;
}

static uint32_t reserve_and_commit(struct pagelaw_model *model, struct arena *arena,
                                   const struct pagelaw_plan *plan)
{
    uint32_t status = arena_claim(arena, model, plan->affected_base, plan->affected_size);
    if (status != STATUS_SUCCESS)
        return status;
    status = set_protection(model, plan);
    if (status != STATUS_SUCCESS)
        arena_disclaim(arena, model, plan->affected_base, plan->affected_size);
    return status;
}

static uint32_t release(struct pagelaw_model *model, const struct arena *arena,
                        const struct pagelaw_plan *plan)
{
    uint64_t base = plan->affected_base, size = plan->affected_size;
    if (arena_returns(arena, model, base, size))
        return arena_return(model, base, size) ? STATUS_SUCCESS : status_from_errno(errno);
    uint32_t status = empty_pages(model, arena, plan);
    if (status == STATUS_SUCCESS)
        arena_disclaim(arena, model, base, size);
    return status;
}

/* A host that cannot do it keeps the contents, which the law allows. */
static uint32_t reset(const struct pagelaw_plan *plan)
{
    host_calls.advise(pointer(plan->affected_base), (size_t)plan->affected_size, MADV_FREE);
    return STATUS_SUCCESS;
}

uint32_t host_carry_out(struct pagelaw_model *model, struct arena *arena,
                        const struct pagelaw_plan *plan)
{
    switch (plan->effect) {
    case PAGELAW_RESERVES:
        return arena_claim(arena, model, plan->affected_base, plan->affected_size);
    case PAGELAW_RESERVES_AND_COMMITS:
        return reserve_and_commit(model, arena, plan);
    case PAGELAW_COMMITS:
    case PAGELAW_PROTECTS:
        return set_protection(model, plan);
    case PAGELAW_DECOMMITS:
        return empty_pages(model, arena, plan);
    case PAGELAW_RELEASES:
        return release(model, arena, plan);
    case PAGELAW_RESETS:
        return reset(plan);
    case PAGELAW_CHANGES_NOTHING:
        break;
    }
    return STATUS_SUCCESS;
}

static bool protect_page(struct pagelaw_model *model, uint64_t address, uint32_t without)
{
    uint32_t page_size = pagelaw_model_profile(model)->page_size;
    uint64_t page = address / page_size * page_size;
    struct pagelaw_region row = host_row(model, page, page + page_size);
    int protection = host_protection(row.protect & ~without);
    return host_calls.protect(pointer(page), page_size, protection) == 0;
}

bool host_disarm_guard(struct pagelaw_model *model, uint64_t address)
{
    return protect_page(model, address, PAGE_GUARD);
}

bool host_arm_guard(struct pagelaw_model *model, uint64_t address)
{
    return protect_page(model, address, 0);
}

/* Kernels before 4.17 do not know MAP_FIXED_NOREPLACE and take the address for a hint. */
uint32_t host_take(uint64_t base, uint64_t size)
{
    void *pages = host_calls.map(pointer(base), (size_t)size, PROT_NONE,
                                 PLAIN_FLAGS | MAP_FIXED_NOREPLACE, -1, 0);
    bool short_of_memory = pages == MAP_FAILED && errno == ENOMEM;
    if (short_of_memory && maps_exhausted())
        complain_of_maps();
    if (pages == MAP_FAILED)
        return short_of_memory ? STATUS_NO_MEMORY : STATUS_CONFLICTING_ADDRESSES;
    if (pages != pointer(base)) {
        host_calls.unmap(pages, (size_t)size);
        return STATUS_CONFLICTING_ADDRESSES;
    }
    return STATUS_SUCCESS;
}
