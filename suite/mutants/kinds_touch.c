/* Mutants of touches, and of what guard pages do. */
#include "answer.h"
#include "pagelaw/constants.h"

/* Raises what the law does not, or nothing where the law does. */
static bool flip(struct touched *touched, enum pagelaw_access access)
{
    if (touched->access != access || touched->law.either)
        return false;
    touched->disarms = false;
    touched->raised.code = touched->law.exception.code == 0 ? STATUS_ACCESS_VIOLATION : 0;
    return true;
}

static bool reading_flipped(struct touched *touched)
{
    return flip(touched, PAGELAW_READ);
}

static bool writing_flipped(struct touched *touched)
{
    return flip(touched, PAGELAW_WRITE);
}

static bool executing_flipped(struct touched *touched)
{
    return flip(touched, PAGELAW_EXECUTE);
}

static bool other_exception(struct touched *touched)
{
    bool is_guard = touched->law.exception.code == STATUS_GUARD_PAGE_VIOLATION;
    touched->disarms = false;
    touched->raised.code = is_guard ? STATUS_ACCESS_VIOLATION : STATUS_GUARD_PAGE_VIOLATION;
    return touched->law.exception.code != 0;
}

/* ---- Guard pages ---- */

static bool is_guard(const struct touched *touched)
{
    return touched->law.exception.code == STATUS_GUARD_PAGE_VIOLATION;
}

static bool stays_armed(struct touched *touched)
{
    touched->disarms = false;
    return is_guard(touched);
}

static bool query_disarms(struct answer *answer)
{
    answer->deeds[0] = (struct pagelaw_call){.function = PAGELAW_NT_PROTECT,
                                             .address = answer->region.base,
                                             .size = 1,
                                             .protect = answer->region.protect & ~PAGE_GUARD};
    bool strikes = answer_is_query(answer) && answer->status == STATUS_SUCCESS &&
                   (answer->region.protect & PAGE_GUARD) != 0;
    answer->deed_count = strikes ? 1 : answer->deed_count;
    if (!strikes)
        answer->deeds[0] = answer->call;
    return strikes;
}

static bool protect_afterwards(struct touched *touched, uint64_t address, uint64_t size,
                               uint32_t protect)
{
    touched->deed = (struct pagelaw_call){
        .function = PAGELAW_NT_PROTECT, .address = address, .size = size, .protect = protect};
    touched->has_deed = true;
    return true;
}

static bool disarms_other(struct touched *touched, uint64_t address)
{
    struct pagelaw_region region = region_at(touched->model, address);
    return is_guard(touched) && region.state == MEM_COMMIT && (region.protect & PAGE_GUARD) != 0 &&
           protect_afterwards(touched, address, 1, region.protect & ~PAGE_GUARD);
}

static bool disarms_next(struct touched *touched)
{
    return disarms_other(touched,
                         touched->address + pagelaw_model_profile(touched->model)->page_size);
}

static bool disarms_page_before(struct touched *touched)
{
    return disarms_other(touched,
                         touched->address - pagelaw_model_profile(touched->model)->page_size);
}

static bool disarms_all(struct touched *touched)
{
    struct pagelaw_region region = region_at(touched->model, touched->address);
    return is_guard(touched) && region.size > pagelaw_model_profile(touched->model)->page_size &&
           protect_afterwards(touched, region.base, region.size, region.protect & ~PAGE_GUARD);
}

static bool left_with(struct touched *touched, uint32_t protect)
{
    uint32_t base = region_at(touched->model, touched->address).protect & ~PAGE_GUARD;
    return is_guard(touched) && base != protect &&
           protect_afterwards(touched, touched->address, 1, protect);
}

static bool left_without_access(struct touched *touched)
{
    return left_with(touched, PAGE_NOACCESS);
}

static bool left_read_write(struct touched *touched)
{
    return left_with(touched, PAGE_READWRITE);
}

/* ---- What the exception tells ---- */

static bool other_access(struct touched *touched)
{
    touched->raised.access = touched->access == PAGELAW_READ ? PAGELAW_WRITE : PAGELAW_READ;
    return touched->raised.code != 0;
}

static bool execution_told_as_read(struct touched *touched)
{
    touched->raised.access = PAGELAW_READ;
    return touched->raised.code != 0 && touched->access == PAGELAW_EXECUTE;
}

static bool byte_higher(struct touched *touched)
{
    touched->raised.address++;
    return touched->raised.code != 0;
}

static bool address_of_page(struct touched *touched)
{
    uint64_t page = touched->address % pagelaw_model_profile(touched->model)->page_size;
    touched->raised.address -= page;
    return touched->raised.code != 0 && page != 0;
}

static bool no_address(struct touched *touched)
{
    touched->raised.address = 0;
    return touched->raised.code != 0 && touched->address != 0;
}

/* ---- Committed pages ---- */

static bool unprotected(struct touched *touched)
{
    bool strikes = region_at(touched->model, touched->address).state == MEM_COMMIT &&
                   touched->law.exception.code == STATUS_ACCESS_VIOLATION && !touched->law.either;
    if (strikes)
        touched->raised.code = 0;
    return strikes;
}

static bool out_of_reach(struct touched *touched)
{
    bool strikes = touched->law.exception.code == 0 && !touched->law.either;
    if (strikes)
        touched->raised.code = STATUS_ACCESS_VIOLATION;
    return strikes;
}

static bool store_at(struct touched *touched, uint64_t address)
{
    struct pagelaw_touch other;
    pagelaw_touch(touched->model, PAGELAW_WRITE, address, &other);
    touched->stored_at = address;
    return touched->access == PAGELAW_WRITE && touched->law.exception.code == 0 &&
           other.exception.code == 0;
}

static bool stored_byte_higher(struct touched *touched)
{
    return store_at(touched, touched->address + 1);
}

static bool stored_page_higher(struct touched *touched)
{
    return store_at(touched, touched->address + pagelaw_model_profile(touched->model)->page_size);
}

static bool not_stored(struct touched *touched)
{
    touched->stored_at = UINT64_MAX;
    return touched->access == PAGELAW_WRITE && touched->law.exception.code == 0;
}

/* ---- Rules that say what follows from others ---- */

static bool second_half_unprotected(struct touched *touched)
{
    uint64_t page_size = pagelaw_model_profile(touched->model)->page_size;
    return touched->address % page_size >= page_size / 2 && unprotected(touched);
}

static bool code_not_executed(struct touched *touched)
{
    return touched->access == PAGELAW_EXECUTE && out_of_reach(touched);
}

static bool reads_leave_it_armed(struct touched *touched)
{
    return touched->access == PAGELAW_READ && stays_armed(touched);
}

/* A page that has faulted goes on faulting, whatever was done about it. */
static bool goes_on_faulting(struct touched *touched)
{
    static uint64_t faulted;
    uint64_t page =
        touched->address - touched->address % pagelaw_model_profile(touched->model)->page_size;
    if (touched->law.exception.code == STATUS_ACCESS_VIOLATION)
        faulted = page;
    return page == faulted && out_of_reach(touched);
}

static const struct kind list[] = {
    {"reading the other way", SITE_TOUCH, .touch = reading_flipped},
    {"writing the other way", SITE_TOUCH, .touch = writing_flipped},
    {"executing the other way", SITE_TOUCH, .touch = executing_flipped},
    {"the other exception", SITE_TOUCH, .touch = other_exception},
    {"stays armed", OWN = PAGELAW_GUARD_ONE_SHOT, .touch = stays_armed},
    {"a query disarms it", OWN = PAGELAW_GUARD_ONE_SHOT, .answer = query_disarms},
    {"the next page disarmed too", OWN = PAGELAW_GUARD_PER_PAGE, .touch = disarms_next},
    {"the page before disarmed too", OWN = PAGELAW_GUARD_PER_PAGE, .touch = disarms_page_before},
    {"all pages disarmed", OWN = PAGELAW_GUARD_PER_PAGE, .touch = disarms_all},
    {"left PAGE_NOACCESS", OWN = PAGELAW_GUARD_UNDERLYING, .touch = left_without_access},
    {"left PAGE_READWRITE", OWN = PAGELAW_GUARD_UNDERLYING, .touch = left_read_write},
    {"reads and writes swapped", OWN = PAGELAW_EXC_AV_INFO, .touch = other_access},
    {"execution told as a read", OWN = PAGELAW_EXC_AV_INFO, .touch = execution_told_as_read},
    {"address 1 byte higher", OWN = PAGELAW_EXC_AV_INFO, .touch = byte_higher},
    {"address of the page", OWN = PAGELAW_EXC_AV_INFO, .touch = address_of_page},
    {"address 0", OWN = PAGELAW_EXC_AV_INFO, .touch = no_address},
    {"protection not looked at", OWN = PAGELAW_ST_COMMITTED, .touch = unprotected},
    {"never to be touched", OWN = PAGELAW_ST_COMMITTED, .touch = out_of_reach},
    {"stored 1 byte higher", OWN = PAGELAW_ST_CONTENTS, .touch = stored_byte_higher},
    {"stored 1 page higher", OWN = PAGELAW_ST_CONTENTS, .touch = stored_page_higher},
    {"not stored", OWN = PAGELAW_ST_CONTENTS, .touch = not_stored},
    {"the second half has none", OWN = PAGELAW_ST_WHOLE_PAGE, .touch = second_half_unprotected},
    {"code is not executed", OWN = PAGELAW_VA_EXEC_FLOW, .touch = code_not_executed},
    {"arms itself again", OWN = PAGELAW_GUARD_RESET_BY_OWNER, .touch = stays_armed},
    {"reads leave it armed", OWN = PAGELAW_GUARD_PROBE_HARM, .touch = reads_leave_it_armed},
    {"goes on faulting", OWN = PAGELAW_EXC_COMMIT_ON_FAULT, .touch = goes_on_faulting},
};

const struct kinds kinds_of_touches = {list, sizeof list / sizeof *list};
