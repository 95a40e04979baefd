/* Mutants of rules that no plan names: what the system tells of itself, where it puts what it
 * chooses, what is charged, the last error. */
#include "answer.h"
#include "pagelaw/constants.h"

/* ---- System parameters ---- */

static bool page_doubled(struct pagelaw_system_info *info)
{
    info->page_size *= 2;
    return true;
}

static bool page_halved(struct pagelaw_system_info *info)
{
    info->page_size /= 2;
    return true;
}

static bool granule_is_page(struct pagelaw_system_info *info)
{
    info->granule = info->page_size;
    return true;
}

static bool granule_doubled(struct pagelaw_system_info *info)
{
    info->granule *= 2;
    return true;
}

static bool lowest_zero(struct pagelaw_system_info *info)
{
    info->address_min = 0;
    return true;
}

static bool lowest_page_higher(struct pagelaw_system_info *info)
{
    info->address_min += info->page_size;
    return true;
}

static bool highest_byte_more(struct pagelaw_system_info *info)
{
    info->address_max++;
    return true;
}

static bool highest_page_lower(struct pagelaw_system_info *info)
{
    info->address_max -= info->page_size;
    return true;
}

static bool highest_granule_higher(struct pagelaw_system_info *info)
{
    info->address_max += info->granule;
    return true;
}

/* What a program has with 4-gigabyte tuning, or without. */
static bool other_tuning(struct pagelaw_system_info *info)
{
    if (info->address_max > UINT32_MAX)
        return false;
    info->address_max ^= 0xC0000000 ^ 0x80000000;
    return true;
}

static bool other_64_bit_limit(struct pagelaw_system_info *info)
{
    const uint64_t old_limit = UINT64_C(8) << 40, new_limit = UINT64_C(128) << 40;
    if (info->address_max <= UINT32_MAX)
        return false;
    info->address_max = (info->address_max < old_limit ? new_limit : old_limit) - 65537;
    return true;
}

/* ---- Where the system puts things ---- */

static bool chooses(const struct answer *answer)
{
    return answer->plan.base_freedom == PAGELAW_CHOSEN && answer->status == STATUS_SUCCESS &&
           !answer->plan.unsettled;
}

static bool tell_choice(struct answer *answer, uint64_t base)
{
    if (!chooses(answer) || pagelaw_choice_allowed(answer->model, &answer->plan, base))
        return false;
    answer->base = answer->value = base;
    answer->deed_count = 0;
    return true;
}

/* A granule that is not free. */
static bool choice_is_taken(struct answer *answer)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(answer->model);
    for (uint64_t at = profile->address_min; at < profile->address_max;) {
        struct pagelaw_region region = region_at(answer->model, at);
        if (region.state != MEM_FREE && region.base == region.allocation_base)
            return tell_choice(answer, region.base);
        at = region.base + region.size;
    }
    return false;
}

static bool choice_past_highest(struct answer *answer)
{
    return tell_choice(answer, pagelaw_model_profile(answer->model)->address_max + 1);
}

static bool low_address_taken(struct answer *answer)
{
    bool strikes = native_function(answer->call.function) == PAGELAW_NT_ALLOCATE &&
                   answer->call.address != 0 &&
                   answer->call.address < pagelaw_model_profile(answer->model)->address_min;
    return strikes && answer_succeed(answer);
}

static bool is_top_down(const struct answer *answer)
{
    const uint32_t reserves = MEM_RESERVE | MEM_TOP_DOWN;
    return native_function(answer->call.function) == PAGELAW_NT_ALLOCATE &&
           (answer->call.type & reserves) == reserves;
}

static bool top_down_ignored(struct answer *answer)
{
    bool strikes = is_top_down(answer) && answer->call.address == 0;
    if (strikes)
        answer->call.type &= ~MEM_TOP_DOWN;
    return strikes;
}

static bool top_down_takes_all(struct answer *answer)
{
    bool strikes = is_top_down(answer) && answer->call.address != 0;
    if (strikes)
        answer->call.address = 0;
    return strikes;
}

static bool is_9x(const struct answer *answer)
{
    return (pagelaw_model_profile(answer->model)->quirks & PAGELAW_QUIRK_9X) != 0;
}

static bool choice_below_the_arena(struct answer *answer)
{
    return is_9x(answer) && tell_choice(answer, 0x10000);
}

/* Windows 98 gives the highest address after all. */
static bool top_down_in_9x(struct answer *answer)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(answer->model);
    if (!is_top_down(answer) || answer->call.address != 0 || answer->call.size == 0 ||
        answer->call.size > profile->address_max / 2 || !is_9x(answer))
        return false;
    uint64_t base = profile->address_max + 1 - answer->call.size;
    base -= base % profile->granule;
    while (region_at(answer->model, base).state != MEM_FREE)
        base -= profile->granule;
    answer->call.address = base;
    return true;
}

/* ---- Resets ---- */

static bool reset_as(struct answer *answer, enum pagelaw_function function, uint32_t type,
                     uint32_t protect)
{
    struct pagelaw_call deed = answer_deed(answer);
    deed.function = function;
    deed.type = type;
    deed.protect = protect;
    return answer->plan.effect == PAGELAW_RESETS && answer->status == STATUS_SUCCESS &&
           answer_redo(answer, deed);
}

static bool reset_protects(struct answer *answer)
{
    uint32_t protect = region_at(answer->model, answer->plan.affected_base).protect;
    return protect != answer->call.protect &&
           reset_as(answer, PAGELAW_NT_PROTECT, 0, answer->call.protect);
}

static bool reset_decommits(struct answer *answer)
{
    return region_at(answer->model, answer->plan.affected_base).state == MEM_COMMIT &&
           reset_as(answer, PAGELAW_NT_FREE, MEM_DECOMMIT, 0);
}

static bool reset_commits(struct answer *answer)
{
    return region_at(answer->model, answer->plan.affected_base).state == MEM_RESERVE &&
           reset_as(answer, PAGELAW_NT_ALLOCATE, MEM_COMMIT, PAGE_READWRITE);
}

/* ---- The commit charge ---- */

static uint64_t charged(const struct answer *answer)
{
    uint64_t now = pagelaw_model_charge(answer->model);
    return now > answer->charge ? now - answer->charge : 0;
}

static uint64_t given_back(const struct answer *answer)
{
    uint64_t now = pagelaw_model_charge(answer->model);
    return now < answer->charge ? answer->charge - now : 0;
}

static bool tighten(uint64_t *limit, uint64_t bytes)
{
    if (*limit == UINT64_MAX || bytes == 0)
        return false;
    *limit -= bytes < *limit ? bytes : *limit;
    return true;
}

static bool loosen(uint64_t *limit, uint64_t bytes)
{
    if (*limit == UINT64_MAX || bytes == 0)
        return false;
    *limit += bytes;
    return true;
}

static bool has_effect(const struct answer *answer, enum pagelaw_effect effect)
{
    return answer->status == STATUS_SUCCESS && answer->plan.effect == effect;
}

static bool reserving_charged(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_RESERVES) && tighten(limit, answer->plan.affected_size);
}

static bool reserve_and_commit_free(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_RESERVES_AND_COMMITS) && loosen(limit, charged(answer));
}

static bool commit_free(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_COMMITS) && loosen(limit, charged(answer));
}

static bool recommit_charged(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_COMMITS) &&
           tighten(limit, answer->plan.affected_size - charged(answer));
}

static bool decommit_keeps(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_DECOMMITS) && tighten(limit, given_back(answer));
}

static bool decommit_gives_for_reserved(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_DECOMMITS) &&
           loosen(limit, answer->plan.affected_size - given_back(answer));
}

static bool release_keeps(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_RELEASES) && tighten(limit, given_back(answer));
}

static bool no_access_free(const struct answer *answer, uint64_t *limit)
{
    return answer->call.protect == PAGE_NOACCESS && loosen(limit, charged(answer));
}

static bool guard_free(const struct answer *answer, uint64_t *limit)
{
    return (answer->call.protect & PAGE_GUARD) != 0 && loosen(limit, charged(answer));
}

static bool protect_charged(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_PROTECTS) && tighten(limit, answer->plan.affected_size);
}

static bool reset_gives_back(const struct answer *answer, uint64_t *limit)
{
    return has_effect(answer, PAGELAW_RESETS) && loosen(limit, answer->plan.affected_size);
}

static bool failed_free_gives_back(const struct answer *answer, uint64_t *limit)
{
    return answer->status != STATUS_SUCCESS &&
           native_function(answer->call.function) == PAGELAW_NT_FREE &&
           loosen(limit, page_of(answer));
}

static bool failed_commit_charged(const struct answer *answer, uint64_t *limit)
{
    return answer->status != STATUS_SUCCESS &&
           native_function(answer->call.function) == PAGELAW_NT_ALLOCATE &&
           tighten(limit, page_of(answer));
}

/* ---- The last error ---- */

static bool forgotten(uint32_t *error)
{
    bool strikes = *error != ERROR_SUCCESS;
    *error = ERROR_SUCCESS;
    return strikes;
}

static bool failure_is_silent(struct answer *answer)
{
    bool strikes = answer->sets_error && answer->status != STATUS_SUCCESS;
    answer->sets_error = false;
    return strikes;
}

static bool native_failure_sets(struct answer *answer)
{
    answer->sets_error = true;
    return answer_is_native(answer) && answer->status != STATUS_SUCCESS;
}

static const struct kind list[] = {
    {"PageSize doubled", OWN = PAGELAW_SYS_PAGE, .info = page_doubled},
    {"PageSize halved", OWN = PAGELAW_SYS_PAGE, .info = page_halved},
    {"a page", OWN = PAGELAW_SYS_GRAN_64K, .info = granule_is_page},
    {"doubled", OWN = PAGELAW_SYS_GRAN_64K, .info = granule_doubled},
    {"0", OWN = PAGELAW_SYS_MIN, .info = lowest_zero},
    {"1 page higher", OWN = PAGELAW_SYS_MIN, .info = lowest_page_higher},
    {"one past the highest", OWN = PAGELAW_SYS_MAX, .info = highest_byte_more},
    {"1 page lower", OWN = PAGELAW_SYS_MAX, .info = highest_page_lower},
    {"1 granule higher", OWN = PAGELAW_SYS_TOP64K, .info = highest_granule_higher},
    {"the other tuning's", OWN = PAGELAW_SYS_3GB, .info = other_tuning},
    {"the other versions'", OWN = PAGELAW_SYS_64_LIMIT, .info = other_64_bit_limit},
    {"chooses past it", OWN = PAGELAW_SYS_MAX, .answer = choice_past_highest},
    {"allocated", OWN = PAGELAW_SYS_LOW64K, .answer = low_address_taken},
    {"chooses what is taken", OWN = PAGELAW_SYS_LOW_FIRST, .answer = choice_is_taken},
    {"ignored", OWN = PAGELAW_VA_TOPDOWN, .call = top_down_ignored},
    {"takes the address away", OWN = PAGELAW_VA_TOPDOWN_ADDR, .call = top_down_takes_all},
    {"honoured", OWN = PAGELAW_9X_TOPDOWN, .call = top_down_in_9x},
    {"chooses below 4 MB", OWN = PAGELAW_9X_ARENAS, .answer = choice_below_the_arena},
    {"the protection is set", OWN = PAGELAW_VA_RESET_PROT, .answer = reset_protects},
    {"decommits", OWN = PAGELAW_VA_RESET_EFFECT, .answer = reset_decommits},
    {"commits", OWN = PAGELAW_VA_RESET_RESERVED, .answer = reset_commits},
    {"a reserve is charged", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = reserving_charged},
    {"a reserve and commit is free", OWN = PAGELAW_SYS_COMMIT_LIMIT,
     .limit = reserve_and_commit_free},
    {"a commit is free", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = commit_free},
    {"a recommit is charged again", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = recommit_charged},
    {"a decommit gives nothing back", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = decommit_keeps},
    {"a decommit gives back for reserved pages", OWN = PAGELAW_SYS_COMMIT_LIMIT,
     .limit = decommit_gives_for_reserved},
    {"a release gives nothing back", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = release_keeps},
    {"PAGE_NOACCESS is free", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = no_access_free},
    {"PAGE_GUARD is free", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = guard_free},
    {"a protect is charged", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = protect_charged},
    {"a reset gives back", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = reset_gives_back},
    {"a failed free gives back", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = failed_free_gives_back},
    {"a failed commit is charged", OWN = PAGELAW_SYS_COMMIT_LIMIT, .limit = failed_commit_charged},
    {"GetLastError answers 0", OWN = PAGELAW_ERR_KEPT, .last_error = forgotten},
    {"SetLastError does nothing", OWN = PAGELAW_ERR_KEPT, .deaf = true},
    {"a failure does not set it", OWN = PAGELAW_ERR_KEPT, .answer = failure_is_silent},
    {"a native failure sets it", OWN = PAGELAW_ERR_KEPT, .answer = native_failure_sets},
};

const struct kinds kinds_of_their_own = {list, sizeof list / sizeof *list};
