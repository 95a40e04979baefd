/* The two profiles in which less is known than in the others. */
#include "internal.h"

#define MODIFIERS (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)

/* ---- Windows 98 ---- */

/* Only three protections exist there (9X-PROT-SET). */
static uint32_t protect_for_9x(uint32_t protect)
{
    switch (protect) {
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
        return PAGE_READONLY;
    case PAGE_EXECUTE_READWRITE:
        return PAGE_READWRITE;
    default:
        return protect;
    }
}

static bool is_allocation(const struct pagelaw_call *call)
{
    return call->function == PAGELAW_VIRTUAL_ALLOC || call->function == PAGELAW_NT_ALLOCATE;
}

struct pagelaw_call call_for_9x(const struct pagelaw_call *call)
{
    struct pagelaw_call known = *call;
    known.protect = protect_for_9x(call->protect);
    if (is_allocation(call))
        known.type &= ~MEM_TOP_DOWN; /* 9X-TOPDOWN */
    return known;
}

void plan_for_9x(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    bool resets = is_allocation(call) && (call->type & MEM_RESET) != 0;
    if (resets || (call->protect & MODIFIERS) != 0) {
        plan->rule[PAGELAW_ANSWER] = resets ? PAGELAW_9X_RESET : PAGELAW_9X_PROT_SET;
        plan->unsettled = true;
    }
    if (!plan_succeeds(plan)) {
        plan->any_failure = true;
        plan->old_protect_freedom = PAGELAW_ANY;
    } else if (protect_for_9x(call->protect) != call->protect) {
        plan->rule[PAGELAW_PROTECT] = plan->rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_9X_PROT_SET;
    }
}

/* ---- The documents alone ---- */

static bool is_documented(enum pagelaw_rule rule)
{
    return rule != PAGELAW_NO_RULE && pagelaw_rule_info(rule)->grade == PAGELAW_DOCUMENTED;
}

/* The failures for which a page of the documentation names the code. */
static bool names_code(enum pagelaw_rule rule)
{
    return rule == PAGELAW_VA_COMMIT_NEEDS_RESERVE || rule == PAGELAW_VQ_ABOVE_MAX;
}

void plan_for_documents(struct pagelaw_plan *plan)
{
    enum pagelaw_rule answer = plan->rule[PAGELAW_ANSWER];
    plan->unsettled |= !is_documented(answer);
    if (plan_succeeds(plan))
        return;
    plan->any_failure |= !names_code(answer);
    plan->base_freedom = plan->size_freedom = plan->old_protect_freedom = PAGELAW_ANY;
}
