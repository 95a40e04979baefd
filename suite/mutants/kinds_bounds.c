/* Mutants that miss a rule's boundary: by a byte, a page, a granule. */
#include "answer.h"
#include "pagelaw/constants.h"

#define ONE (1 << BOUND_ONE)
#define PAGE (1 << BOUND_PAGE)
#define GRANULE (1 << BOUND_GRANULE)

/* How MEM_RESET rounds is not settled, so its range has no byte that it ends at. */
static const struct boundary boundaries[] = {
    {PAGELAW_SYS_COMMIT_LIMIT, .size = ONE | PAGE},
    {PAGELAW_VA_SIZE_ZERO, .size = ONE},
    {PAGELAW_VA_LOW_ADDRESS, .address = ONE | GRANULE},
    {PAGELAW_VA_ABOVE_MAX, .address = ONE},
    {PAGELAW_VA_PAST_END, .size = ONE},
    {PAGELAW_VA_COMMIT_NEEDS_RESERVE, .address = ONE | PAGE, .size = ONE | PAGE},
    {PAGELAW_VA_ONE_ALLOCATION, .size = ONE | PAGE},
    {PAGELAW_VA_NO_DOUBLE_RESERVE, .address = ONE | PAGE | GRANULE, .size = ONE | PAGE},
    {PAGELAW_VA_RESET_RANGE, .address = PAGE, .size = PAGE},
    {PAGELAW_NT_ZEROBITS_RANGE, .zero_bits = ONE},
    {PAGELAW_NT_LOW_ADDRESS, .address = ONE | GRANULE},
    {PAGELAW_VF_RELEASE_SIZE_ZERO, .size = ONE},
    {PAGELAW_VF_RELEASE_BASE, .address = ONE | PAGE},
    {PAGELAW_VF_DECOMMIT_ALL, .address = ONE | PAGE},
    {PAGELAW_VF_NOT_ALLOCATED, .address = ONE | PAGE},
    {PAGELAW_VF_PAST_END, .size = ONE | PAGE},
    {PAGELAW_VF_ABOVE_MAX, .address = ONE, .size = ONE},
    {PAGELAW_VP_SIZE_ZERO, .size = ONE},
    {PAGELAW_VP_ABOVE_MAX, .address = ONE},
    {PAGELAW_VP_RANGE_ONE_REGION, .size = ONE | PAGE},
    {PAGELAW_VP_NOT_ALLOCATED, .address = ONE | PAGE},
    {PAGELAW_VP_COMMITTED_ONLY, .address = ONE | PAGE, .size = ONE | PAGE},
    {PAGELAW_VQ_ABOVE_MAX, .address = ONE | PAGE},
    {PAGELAW_VQ_BUFFER, .size = ONE},
};

const struct boundary *boundary_at(size_t index)
{
    return index < sizeof boundaries / sizeof *boundaries ? &boundaries[index] : NULL;
}

/* The call as the mutant sees it. False if that is no such call. */
static bool shift(const struct answer *answer, struct pagelaw_call *call)
{
    const struct bound *bound = &answer->mutant->kind->bound;
    uint64_t *field = bound->field == BOUND_ADDRESS ? &call->address
                      : bound->field == BOUND_SIZE  ? &call->size
                                                    : &call->zero_bits;
    uint64_t by = bound->unit == BOUND_ONE    ? 1
                  : bound->unit == BOUND_PAGE ? page_of(answer)
                                              : granule_of(answer);
    bool is_null = bound->field == BOUND_ADDRESS && *field == 0;
    bool wraps = bound->sign < 0 ? *field < by : *field > UINT64_MAX - by;
    *field = bound->sign < 0 ? *field - by : *field + by;
    return !is_null && !wraps && (bound->field != BOUND_ADDRESS || *field != 0);
}

static bool refuses(const struct pagelaw_plan *plan, enum pagelaw_rule rule)
{
    return !plan_is_success(plan) && plan->rule[PAGELAW_ANSWER] == rule;
}

static bool bound_moved(struct answer *answer)
{
    struct pagelaw_call call = answer->call;
    struct pagelaw_plan plan;
    if (!shift(answer, &call))
        return false;
    pagelaw_plan(answer->model, &call, &plan);
    if (plan.unsettled ||
        refuses(&plan, answer->mutant->rule) == refuses(&answer->plan, answer->mutant->rule))
        return false;
    if (!plan_is_success(&plan))
        return answer_fail(answer, plan.status[0]);
    if (!answer_succeed(answer))
        return false;
    answer->value = plan.value;
    answer->base = plan.base;
    answer->size = plan.size;
    answer->region = plan.region;
    answer->old_protect = plan.old_protect;
    answer->writes_old_protect = plan.old_protect_freedom == PAGELAW_EXACT;
    answer->deeds[answer->deed_count++] = call;
    return true;
}

#define BOUND(name, field, unit, sign)                                                             \
    {                                                                                              \
        name, SITE_BOUND, .bound = {field, unit, sign}, .answer = bound_moved                      \
    }

static const struct kind list[] = {
    BOUND("address taken for 1 byte higher", BOUND_ADDRESS, BOUND_ONE, 1),
    BOUND("address taken for 1 byte lower", BOUND_ADDRESS, BOUND_ONE, -1),
    BOUND("address taken for 1 page higher", BOUND_ADDRESS, BOUND_PAGE, 1),
    BOUND("address taken for 1 page lower", BOUND_ADDRESS, BOUND_PAGE, -1),
    BOUND("address taken for 1 granule higher", BOUND_ADDRESS, BOUND_GRANULE, 1),
    BOUND("address taken for 1 granule lower", BOUND_ADDRESS, BOUND_GRANULE, -1),
    BOUND("size taken for 1 byte longer", BOUND_SIZE, BOUND_ONE, 1),
    BOUND("size taken for 1 byte shorter", BOUND_SIZE, BOUND_ONE, -1),
    BOUND("size taken for 1 page longer", BOUND_SIZE, BOUND_PAGE, 1),
    BOUND("size taken for 1 page shorter", BOUND_SIZE, BOUND_PAGE, -1),
    BOUND("zero bits taken for 1 more", BOUND_ZERO_BITS, BOUND_ONE, 1),
    BOUND("zero bits taken for 1 less", BOUND_ZERO_BITS, BOUND_ONE, -1),
};

const struct kinds kinds_of_bounds = {list, sizeof list / sizeof *list};
