/* Subjects that lie in what they do: allocations, frees and protects. */
#include "liar.h"

#include <string.h>

#include "pagelaw/constants.h"
#include "suite/model_backend.h"

#define PAGE 4096u
#define GRANULE 65536u

static uint64_t chosen;    /* by CHOICE_TAKEN */
static uint8_t kept[PAGE]; /* by DECOMMIT_KEEPS_BYTES: one page */

static uint64_t page_of(uint64_t address)
{
    return address / PAGE * PAGE;
}

static struct subject_region region_at(uint64_t address)
{
    struct subject_region region = {.base = 0};
    model_backend.virtual_query(address, &region, 48);
    return region;
}

static uint64_t alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return model_backend.virtual_alloc(address, size, type, protect);
}

static uint32_t decommit(uint64_t address, uint64_t size)
{
    return model_backend.virtual_free(address, size, MEM_DECOMMIT);
}

/* The native release makes allocations of what it leaves, at any page. */
static void cut(uint64_t base, uint64_t size)
{
    if (size != 0)
        model_backend.nt_free(&base, &size, MEM_RELEASE);
}

/* A megabyte of it will do. */
static void fill(uint64_t address, uint64_t size, uint8_t value)
{
    struct subject_exception exception = {.code = 0};
    for (uint64_t i = 0; i < size && i < 1u << 20; i++)
        model_backend.write(address + i, value, &exception);
}

/* ---- Reserving ---- */

static uint64_t reserve_at_page(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = alloc(address, size, type, protect), page = page_of(address);
    if (!(type & MEM_RESERVE) || address == 0 || base == 0)
        return base;
    cut(base, page - base);
    return page;
}

static uint64_t reserve_size_alone(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return alloc(type & MEM_RESERVE ? address / GRANULE * GRANULE : address, size, type, protect);
}

static uint64_t reserve_whole_granules(uint64_t address, uint64_t size, uint32_t type,
                                       uint32_t protect)
{
    uint64_t whole = (size + GRANULE - 1) / GRANULE * GRANULE;
    return alloc(address, type & MEM_RESERVE ? whole : size, type, protect);
}

static uint64_t choice_off_granule(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (address != 0)
        return alloc(address, size, type, protect);
    uint64_t base = alloc(0, size + PAGE, type, protect);
    cut(base, PAGE);
    return base + PAGE;
}

static uint64_t choice_taken(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (address == 0 && chosen != 0)
        return chosen;
    uint64_t base = alloc(address, size, type, protect);
    if (address == 0 && protect != PAGE_NOACCESS)
        chosen = base; /* not a hole's */
    return base;
}

/* The taken granule is reserved anew, with a gap between what was there and what is new. */
static uint64_t tail_taken(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = alloc(address, size, type, protect);
    struct subject_region owner = region_at(address / GRANULE * GRANULE);
    if (base != 0 || !(type & MEM_RESERVE) || region_at(address).state != MEM_FREE)
        return base;
    uint64_t page = page_of(address), end = owner.base + owner.size;
    model_backend.virtual_free(owner.base, 0, MEM_RELEASE);
    alloc(owner.base, address + size - owner.base, type, protect);
    cut(end, page - end);
    return page;
}

static uint64_t reserve_guard_refused(uint64_t address, uint64_t size, uint32_t type,
                                      uint32_t protect)
{
    if (!(protect & PAGE_GUARD) || type != MEM_RESERVE)
        return alloc(address, size, type, protect);
    model_backend.set_last_error(ERROR_INVALID_PARAMETER);
    return 0;
}

static uint64_t commit_too_late(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return alloc(address, size, type & MEM_RESERVE ? type & ~(uint32_t)MEM_COMMIT : type, protect);
}

/* ---- Committing and resetting ---- */

static uint64_t recommit_ignored(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (type != MEM_COMMIT || address == 0)
        return alloc(address, size, type, protect);
    for (uint64_t page = page_of(address); page < address + size; page += PAGE) {
        if (region_at(page).state != MEM_COMMIT && alloc(page, PAGE, type, protect) == 0)
            return 0;
    }
    return page_of(address);
}

static uint64_t recommit_zeroes(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (type == MEM_COMMIT && address != 0 && size != 0)
        decommit(address, size);
    return alloc(address, size, type, protect);
}

static uint64_t commit_allocates(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    bool free = type == MEM_COMMIT && region_at(address).state == MEM_FREE;
    return alloc(address, size, free ? type | MEM_RESERVE : type, protect);
}

static uint64_t commit_by_pages(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (type != MEM_COMMIT || address == 0)
        return alloc(address, size, type, protect);
    for (uint64_t page = page_of(address); page < address + size; page += PAGE) {
        if (alloc(page, PAGE, type, protect) == 0)
            return 0;
    }
    return page_of(address);
}

static bool commit_unlimited(uint64_t bytes)
{
    (void)bytes;
    return true;
}

static uint64_t commit_starts_full(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = alloc(address, size, type, protect);
    if (base != 0 && (type & MEM_COMMIT))
        fill(base, size, 0xCD);
    return base;
}

static uint64_t reset_decommits(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = alloc(address, size, type, protect);
    if (type == MEM_RESET)
        decommit(address, size);
    return base;
}

static uint64_t reset_spoils(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = alloc(address, size, type, protect);
    if (type == MEM_RESET && base != 0)
        fill(address, size, 0xEE);
    return base;
}

/* ---- Releasing and decommitting ---- */

static uint32_t release_any_size(uint64_t address, uint64_t size, uint32_t type)
{
    return model_backend.virtual_free(address, type == MEM_RELEASE ? 0 : size, type);
}

static uint32_t release_part(uint64_t address, uint64_t size, uint32_t type)
{
    if (type == MEM_RELEASE)
        return model_backend.nt_free(&address, &size, type) == STATUS_SUCCESS;
    return model_backend.virtual_free(address, size, type);
}

static uint32_t release_inside(uint64_t address, uint64_t size, uint32_t type)
{
    uint64_t base = region_at(address).allocation_base;
    return model_backend.virtual_free(type == MEM_RELEASE && base ? base : address, size, type);
}

static uint32_t release_keeps(uint64_t address, uint64_t size, uint32_t type)
{
    bool hole = region_at(address).allocation_protect == PAGE_NOACCESS;
    return model_backend.virtual_free(address, size,
                                      type == MEM_RELEASE && !hole ? MEM_DECOMMIT : type);
}

static uint32_t decommit_past_end(uint64_t address, uint64_t size, uint32_t type)
{
    if (type != MEM_DECOMMIT || size == 0)
        return model_backend.virtual_free(address, size, type);
    for (uint64_t page = page_of(address); page < address + size; page += PAGE) {
        if (!decommit(page, PAGE))
            return page > address;
    }
    return 1;
}

static uint32_t decommit_nothing(uint64_t address, uint64_t size, uint32_t type)
{
    return type == MEM_DECOMMIT || model_backend.virtual_free(address, size, type);
}

static uint32_t decommit_zero_nothing(uint64_t address, uint64_t size, uint32_t type)
{
    return (type == MEM_DECOMMIT && size == 0) || model_backend.virtual_free(address, size, type);
}

static uint32_t decommit_once(uint64_t address, uint64_t size, uint32_t type)
{
    if (type == MEM_RELEASE || region_at(address).state == MEM_COMMIT)
        return model_backend.virtual_free(address, size, type);
    model_backend.set_last_error(ERROR_INVALID_ADDRESS);
    return 0;
}

static uint32_t decommit_keeping(uint64_t address, uint64_t size, uint32_t type)
{
    struct subject_exception exception = {.code = 0};
    for (uint64_t i = 0; i < PAGE && type == MEM_DECOMMIT; i++)
        kept[i] = model_backend.read(page_of(address) + i, &exception);
    return model_backend.virtual_free(address, size, type);
}

static uint64_t commit_kept(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    struct subject_exception exception = {.code = 0};
    uint64_t base = alloc(address, size, type, protect);
    for (uint64_t i = 0; i < PAGE && type == MEM_COMMIT; i++)
        model_backend.write(base + i, kept[i], &exception);
    return base;
}

/* ---- Protecting ---- */

static uint32_t protect_reserved(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    return model_backend.virtual_protect(address, size, protect, old) ||
           region_at(address).state == MEM_RESERVE;
}

static uint32_t protect_by_pages(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    uint32_t first = 0;
    if (old == NULL || size == 0)
        return model_backend.virtual_protect(address, size, protect, old);
    for (uint64_t page = page_of(address); page < address + size; page += PAGE) {
        if (!model_backend.virtual_protect(page, PAGE, protect, old))
            return 0;
        first = first != 0 ? first : *old;
    }
    *old = first;
    return 1;
}

static uint32_t protect_null_old(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    uint32_t other;
    return model_backend.virtual_protect(address, size, protect, old ? old : &other);
}

static uint32_t protect_drops_guard(uint64_t address, uint64_t size, uint32_t protect,
                                    uint32_t *old)
{
    return model_backend.virtual_protect(address, size, protect & ~PAGE_GUARD, old);
}

static uint32_t old_of_last(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    uint32_t last = region_at(address + size - 1).protect;
    uint32_t success = model_backend.virtual_protect(address, size, protect, old);
    if (success)
        *old = last;
    return success;
}

static uint32_t old_without_guard(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    uint32_t success = model_backend.virtual_protect(address, size, protect, old);
    if (old != NULL)
        *old &= ~PAGE_GUARD;
    return success;
}

static uint32_t old_not_on_failure(uint64_t address, uint64_t size, uint32_t protect, uint32_t *old)
{
    uint32_t before = old != NULL ? *old : 0;
    uint32_t success = model_backend.virtual_protect(address, size, protect, old);
    if (!success && old != NULL)
        *old = before;
    return success;
}

/* ---- The table ---- */

static const struct backend deeds[LIE_END] = {
    [RESERVE_AT_PAGE] = {.virtual_alloc = reserve_at_page},
    [RESERVE_SIZE_ALONE] = {.virtual_alloc = reserve_size_alone},
    [RESERVE_WHOLE_GRANULES] = {.virtual_alloc = reserve_whole_granules},
    [CHOICE_OFF_GRANULE] = {.virtual_alloc = choice_off_granule},
    [CHOICE_TAKEN] = {.virtual_alloc = choice_taken},
    [COMMIT_TOO_LATE] = {.virtual_alloc = commit_too_late},
    [TAIL_TAKEN] = {.virtual_alloc = tail_taken},
    [RECOMMIT_IGNORED] = {.virtual_alloc = recommit_ignored},
    [RECOMMIT_ZEROES] = {.virtual_alloc = recommit_zeroes},
    [COMMIT_ALLOCATES] = {.virtual_alloc = commit_allocates},
    [COMMIT_BY_PAGES] = {.virtual_alloc = commit_by_pages},
    [COMMIT_UNLIMITED] = {.set_commit_limit = commit_unlimited},
    [COMMIT_STARTS_FULL] = {.virtual_alloc = commit_starts_full},
    [RESET_DECOMMITS] = {.virtual_alloc = reset_decommits},
    [RESET_SPOILS] = {.virtual_alloc = reset_spoils},
    [RESERVE_GUARD_REFUSED] = {.virtual_alloc = reserve_guard_refused},
    [RELEASE_ANY_SIZE] = {.virtual_free = release_any_size},
    [RELEASE_PART] = {.virtual_free = release_part},
    [RELEASE_INSIDE] = {.virtual_free = release_inside},
    [RELEASE_KEEPS] = {.virtual_free = release_keeps},
    [DECOMMIT_PAST_END] = {.virtual_free = decommit_past_end},
    [DECOMMIT_KEEPS_BYTES] = {.virtual_free = decommit_keeping, .virtual_alloc = commit_kept},
    [DECOMMIT_NOTHING] = {.virtual_free = decommit_nothing},
    [DECOMMIT_ZERO_NOTHING] = {.virtual_free = decommit_zero_nothing},
    [DECOMMIT_ONCE] = {.virtual_free = decommit_once},
    [PROTECT_RESERVED] = {.virtual_protect = protect_reserved},
    [PROTECT_BY_PAGES] = {.virtual_protect = protect_by_pages},
    [PROTECT_NULL_OLD] = {.virtual_protect = protect_null_old},
    [PROTECT_DROPS_GUARD] = {.virtual_protect = protect_drops_guard},
    [OLD_OF_LAST] = {.virtual_protect = old_of_last},
    [OLD_WITHOUT_GUARD] = {.virtual_protect = old_without_guard},
    [OLD_NOT_ON_FAILURE] = {.virtual_protect = old_not_on_failure},
};

#define TAKE(member)                                                                               \
    if (from->member != NULL)                                                                      \
    to->member = from->member

static void take(struct backend *to, const struct backend *from)
{
    TAKE(virtual_alloc);
    TAKE(virtual_free);
    TAKE(virtual_protect);
    TAKE(virtual_query);
    TAKE(get_system_info);
    TAKE(get_last_error);
    TAKE(nt_allocate);
    TAKE(nt_free);
    TAKE(nt_protect);
    TAKE(nt_query);
    TAKE(read);
    TAKE(write);
    TAKE(execute);
    TAKE(set_commit_limit);
}

struct backend liar(enum lie lie)
{
    struct backend backend = model_backend;
    take(&backend, &deeds[lie]);
    take(&backend, &liar_tales[lie]);
    chosen = 0;
    memset(kept, 0, sizeof kept);
    return backend;
}
