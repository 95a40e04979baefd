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

/* From 2 GB up nothing is protected; the same article says that the two that take access away may
 * seem to work. */
static void protect_shared(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    uint32_t protect = protect_for_9x(call->protect);
    plan->rule[PAGELAW_ANSWER] = PAGELAW_9X_PROTECT_SHARED;
    plan->unsettled |= protect == PAGE_READONLY || protect == PAGE_NOACCESS;
}

void plan_for_9x(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    bool resets = is_allocation(call) && (call->type & MEM_RESET) != 0;
    if (resets || (call->protect & MODIFIERS) != 0) {
        plan->rule[PAGELAW_ANSWER] = resets ? PAGELAW_9X_RESET : PAGELAW_9X_PROT_SET;
        plan->unsettled = true;
    }
    if (plan->rule[PAGELAW_ANSWER] == PAGELAW_VP_ABOVE_MAX) {
        protect_shared(call, plan);
    } else if (!plan_succeeds(plan)) {
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

/* MBI-FREE-UNDEF, MBI-RESERVE-UNDEF: what is seen in the fields that the document leaves undefined.
 */
static void leave_undefined(struct pagelaw_plan *plan)
{
    for (unsigned aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++) {
        enum pagelaw_rule rule = plan->rule[aspect];
        if (rule == PAGELAW_MBI_FREE_FIELDS || rule == PAGELAW_MBI_RESERVED_PROTECT)
            plan->undefined |= 1u << aspect;
    }
}

/* Whether a commit would give pages that are committed already another protection. */
static bool changes_committed(const struct pagelaw_model *model, const struct pagelaw_plan *plan)
{
    struct tree_node *runs = allocation_at(&model->space, plan->base)->runs;
    uint64_t end = plan->base + plan->size;
    for (uint64_t address = plan->base; address < end;) {
        const struct run *run = run_at(runs, address);
        const struct tree_node *next = tree_ceiling(runs, address);
        if (run != NULL && run->protect != plan->new_protect)
            return true;
        address = run != NULL ? run->node.end : next != NULL ? next->base : end;
    }
    return false;
}

/* What the documents do not tell, although they tell that the call succeeds: whether a second
 * commit changes the protection, and what a protect makes of PAGE_NOCACHE (PR-CACHE-PRIVATE). */
static bool is_untold(const struct pagelaw_model *model, const struct pagelaw_plan *plan)
{
    if (plan->effect == PAGELAW_PROTECTS)
        return plan->rule[PAGELAW_PROTECT] == PAGELAW_VP_CACHE_KEPT ||
               (plan->new_protect & PAGE_NOCACHE) != 0;
    return plan->effect == PAGELAW_COMMITS && changes_committed(model, plan);
}

void plan_for_documents(const struct pagelaw_model *model, struct pagelaw_plan *plan)
{
    enum pagelaw_rule answer = plan->rule[PAGELAW_ANSWER];
    plan->unsettled |= !is_documented(answer) || is_untold(model, plan);
    leave_undefined(plan);
    if (plan_succeeds(plan)) {
        if (plan->effect != PAGELAW_CHANGES_NOTHING && !is_documented(plan->rule[PAGELAW_SIZE]))
            plan->size_freedom = PAGELAW_ANY;
        return;
    }
    plan->any_failure |= !names_code(answer);
    plan->base_freedom = plan->size_freedom = plan->old_protect_freedom = PAGELAW_ANY;
}
