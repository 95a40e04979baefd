/* Mutants of calls that the law refuses. */
#include "answer.h"
#include "pagelaw/constants.h"

/* ---- The answer ---- */

/* Without the check, what comes after it answers. */
static bool check_dropped(struct answer *answer)
{
    if (answer->plan.also_count != 0)
        return answer_fail(answer, answer->plan.also[0].status);
    return answer_succeed(answer);
}

static bool other_error(struct answer *answer)
{
    return answer_fail(answer, STATUS_ACCESS_DENIED) || answer_fail(answer, STATUS_NO_MEMORY);
}

/* Another status that stands for the same last error, so that only the native floor shows it. */
static bool other_status(struct answer *answer)
{
    static const uint32_t statuses[] = {
        STATUS_INVALID_PAGE_PROTECTION, STATUS_UNABLE_TO_FREE_VM,   STATUS_CONFLICTING_ADDRESSES,
        STATUS_NOT_COMMITTED,           STATUS_FREE_VM_NOT_AT_BASE, STATUS_MEMORY_NOT_ALLOCATED,
    };
    for (size_t i = 0; answer_is_native(answer) && i < sizeof statuses / sizeof *statuses; i++) {
        if (pagelaw_error_from_status(statuses[i]) == answer->error &&
            answer_fail(answer, statuses[i]))
            return true;
    }
    return false;
}

static bool later_check_first(struct answer *answer)
{
    for (unsigned i = 0; i < answer->plan.also_count; i++) {
        if (answer->plan.also[i].rule == answer->mutant->later)
            return answer_fail(answer, answer->plan.also[i].status);
    }
    return false;
}

/* ---- What is written back ---- */

static bool leaves_outputs(const struct answer *answer)
{
    return answer_is_native(answer) && !answer_is_query(answer) &&
           answer->plan.base_freedom == PAGELAW_UNTOUCHED;
}

static bool base_rounded(struct answer *answer)
{
    if (!leaves_outputs(answer))
        return false;
    answer->base -= answer->base % page_of(answer);
    return answer->base != answer->call.address;
}

static bool base_cleared(struct answer *answer)
{
    if (!leaves_outputs(answer))
        return false;
    answer->base = 0;
    return answer->base != answer->call.address;
}

static bool size_rounded(struct answer *answer)
{
    uint64_t page = page_of(answer);
    if (!leaves_outputs(answer) || answer->size > UINT64_MAX - page)
        return false;
    answer->size = (answer->size + page - 1) / page * page;
    return answer->size != answer->call.size;
}

static bool size_cleared(struct answer *answer)
{
    if (!leaves_outputs(answer))
        return false;
    answer->size = 0;
    return answer->size != answer->call.size;
}

static bool binds_old_protect(const struct answer *answer)
{
    return answer->writes_old_protect && !answer->call.no_old_protect;
}

static bool old_not_written(struct answer *answer)
{
    bool binds = binds_old_protect(answer);
    answer->writes_old_protect = false;
    return binds;
}

static bool old_as_it_is(struct answer *answer)
{
    answer->old_protect = region_at(answer->model, answer->call.address).protect;
    return binds_old_protect(answer) && answer->old_protect != answer->plan.old_protect;
}

/* ---- What is done ---- */

/* Whether a call of one page would change that page. */
static bool would_change(struct answer *answer, const struct pagelaw_call *call)
{
    struct pagelaw_plan plan;
    struct pagelaw_region region = region_at(answer->model, call->address);
    pagelaw_plan(answer->model, call, &plan);
    if (!plan_is_success(&plan) || plan.unsettled)
        return false;
    switch (plan.effect) {
    case PAGELAW_CHANGES_NOTHING:
    case PAGELAW_RESETS:
        return false;
    case PAGELAW_COMMITS:
    case PAGELAW_PROTECTS:
        return region.state != MEM_COMMIT || region.protect != plan.new_protect;
    case PAGELAW_DECOMMITS:
        return region.state == MEM_COMMIT;
    default:
        return true;
    }
}

/* Does to one page what the call asks, or the nearest that is legal. */
static bool do_page(struct answer *answer, uint64_t address)
{
    struct pagelaw_call as_asked = {.function = native_function(answer->call.function),
                                    .address = address,
                                    .size = 1,
                                    .type = answer->call.type,
                                    .protect = answer->call.protect};
    struct pagelaw_call legal = as_asked, other = as_asked;
    bool frees = as_asked.function == PAGELAW_NT_FREE;
    legal.type = frees ? MEM_DECOMMIT : MEM_COMMIT;
    legal.protect = PAGE_READWRITE;
    other.type = frees ? MEM_RELEASE : MEM_RESERVE;
    other.protect = PAGE_READONLY;
    const struct pagelaw_call *const calls[] = {&as_asked, &legal, &other};
    for (size_t i = 0; address != 0 && i < sizeof calls / sizeof *calls; i++) {
        if (would_change(answer, calls[i]))
            return answer_redo(answer, *calls[i]);
    }
    return false;
}

/* The first page, or the last if nothing can be done to that. */
static bool page_done(struct answer *answer)
{
    const struct pagelaw_call *call = &answer->call;
    return do_page(answer, call->address) || (call->address != 0 && call->size > page_of(answer) &&
                                              do_page(answer, call->address + call->size - 1));
}

static const struct kind list[] = {
    {"check dropped", SITE_REFUSED, PAGELAW_ANSWER, .answer = check_dropped},
    {"another error", SITE_REFUSED, PAGELAW_ANSWER, .answer = other_error},
    {"another status of the same error", SITE_REFUSED, PAGELAW_ANSWER, SHAPE_NATIVE,
     .answer = other_status},
    {"BaseAddress rounded all the same", SITE_REFUSED, PAGELAW_BASE, .answer = base_rounded},
    {"BaseAddress cleared", SITE_REFUSED, PAGELAW_BASE, .answer = base_cleared},
    {"RegionSize rounded all the same", SITE_REFUSED, PAGELAW_SIZE, .answer = size_rounded},
    {"RegionSize cleared", SITE_REFUSED, PAGELAW_SIZE, .answer = size_cleared},
    {"OldProtect not written", SITE_REFUSED, PAGELAW_OLD_PROTECT, SHAPE_FAILED_PROTECT,
     .answer = old_not_written},
    {"OldProtect as it is", SITE_REFUSED, PAGELAW_OLD_PROTECT, SHAPE_FAILED_PROTECT,
     .answer = old_as_it_is},
    {"a page done all the same", SITE_PARTIAL, .answer = page_done},
    {"later check first", SITE_ORDER, .answer = later_check_first},
};

const struct kinds kinds_of_refusals = {list, sizeof list / sizeof *list};
