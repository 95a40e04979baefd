/* The two profiles in which less is known than in the others. */
#include "internal.h"

static bool is_documented(enum pagelaw_rule rule)
{
    return rule != PAGELAW_NO_RULE && pagelaw_rule_info(rule)->grade == PAGELAW_DOCUMENTED;
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
    plan->unsettled |= protect == PAGE_READONLY || protect == PAGE_NOACCESS;
}

/* Beside the 9X rules Windows 98 has the documents that are of every Windows, and none of the
 * tests, which ran on Windows NT: what a rule for a call's answer becomes there, if a source says
 * so. */
static enum pagelaw_rule rule_for_9x(const struct pagelaw_call *call, enum pagelaw_rule rule)
{
    switch (rule) {
    case PAGELAW_VA_LOW_ADDRESS:
    case PAGELAW_VA_ABOVE_MAX:
    case PAGELAW_VA_PAST_END:
        return (call->type & MEM_RESERVE) != 0 ? PAGELAW_9X_ARENAS : rule;
    case PAGELAW_VF_PAST_END:
        return PAGELAW_9X_PAGER;
    case PAGELAW_VF_NOT_ALLOCATED:
    case PAGELAW_VF_ABOVE_MAX:
        return call->type == MEM_RELEASE ? PAGELAW_VF_RELEASE_BASE : rule;
    case PAGELAW_VP_ABOVE_MAX:
        return PAGELAW_9X_PROTECT_SHARED;
    default:
        return rule;
    }
}

/* Documented, and not for Windows 98: texts of its time say otherwise, or "not supported", which
 * need not be a failure. */
static bool is_of_nt_alone(enum pagelaw_rule rule)
{
    return rule == PAGELAW_VA_COMMIT_NEEDS_RESERVE || rule == PAGELAW_VF_RELEASE_MIXED ||
           rule == PAGELAW_VA_PROT_NO_WRITECOPY || rule == PAGELAW_VQ_ABOVE_MAX;
}

/* What no source settles of Windows 98, whatever the rule. Richter tells of a reserve alone what
 * becomes of execute rights. */
static enum pagelaw_rule open_for_9x(const struct pagelaw_model *model,
                                     const struct pagelaw_call *call,
                                     const struct pagelaw_plan *plan)
{
    bool reserves = is_allocation(call) && (call->type & MEM_RESERVE) != 0;
    if (is_allocation(call) && (call->type & MEM_RESET) != 0)
        return PAGELAW_9X_RESET;
    if ((call->protect & MODIFIERS) != 0 ||
        (!reserves && protect_for_9x(call->protect) != call->protect))
        return PAGELAW_9X_PROT_SET;
    if (plan->effect == PAGELAW_COMMITS && changes_committed(model, plan))
        return PAGELAW_VA_RECOMMIT_PROTECT;
    return PAGELAW_NO_RULE;
}

void plan_for_9x(const struct pagelaw_model *model, const struct pagelaw_call *call,
                 struct pagelaw_plan *plan)
{
    enum pagelaw_rule answer = rule_for_9x(call, plan->rule[PAGELAW_ANSWER]);
    enum pagelaw_rule open = open_for_9x(model, call, plan);
    plan->rule[PAGELAW_ANSWER] = open != PAGELAW_NO_RULE ? open : answer;
    plan->unsettled |= open != PAGELAW_NO_RULE || !is_documented(answer) || is_of_nt_alone(answer);
    leave_undefined(plan);
    if (answer == PAGELAW_9X_PROTECT_SHARED) {
        protect_shared(call, plan);
    } else if (!plan_succeeds(plan)) {
        plan->any_failure = true;
        plan->old_protect_freedom = PAGELAW_ANY;
    } else if (protect_for_9x(call->protect) != call->protect) {
        plan->rule[PAGELAW_PROTECT] = plan->rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_9X_PROT_SET;
    }
}

/* ---- The documents alone ---- */

/* The failures for which a page of the documentation names the code. */
static bool names_code(enum pagelaw_rule rule)
{
    return rule == PAGELAW_VA_COMMIT_NEEDS_RESERVE || rule == PAGELAW_VQ_ABOVE_MAX;
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
