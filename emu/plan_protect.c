/* NtProtectVirtualMemory: the checks in their order, and what success does. */
#include "internal.h"

#define CACHE_MODIFIERS (PAGE_NOCACHE | PAGE_WRITECOMBINE)

/* What a protect that fails leaves in the base and the size is not known (only that it may round
 * them), nor, unless it failed for its pages, in the old protection. */
static void refuse(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status)
{
    plan_refuse(plan, rule, status, PAGELAW_VP_ATOMIC);
    plan->base_freedom = plan->size_freedom = PAGELAW_ANY;
    plan->old_protect_freedom = PAGELAW_ANY;
    plan->old_protect = PAGE_NOACCESS;
}

static void refuse_for_pages(const struct pagelaw_model *model, struct pagelaw_plan *plan,
                             enum pagelaw_rule rule, uint32_t status)
{
    refuse(plan, rule, status);
    if (!profile_has(model, PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN))
        plan->old_protect_freedom = PAGELAW_EXACT;
    plan->rule[PAGELAW_OLD_PROTECT] = PAGELAW_VP_OLD_ON_FAILURE;
}

/* ---- The checks; true if one refuses ---- */

static bool value_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          struct pagelaw_plan *plan)
{
    (void)model;
    enum pagelaw_rule fault = protection_fault(call->protect);
    if (fault == PAGELAW_NO_RULE && (call->protect & PAGE_WRITECOMBINE) == 0)
        return false;
    if (fault == PAGELAW_PR_ONE_BASE)
        fault = PAGELAW_VP_VALUE;
    if (fault == PAGELAW_NO_RULE)
        fault = PAGELAW_VP_NO_WRITECOMBINE;
    refuse(plan, fault, STATUS_INVALID_PAGE_PROTECTION);
    plan->unsettled = fault == PAGELAW_PR_SCOPE || fault == PAGELAW_VP_NO_WRITECOMBINE ||
                      protection_disputed(call->protect);
    return true;
}

static bool range_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          struct pagelaw_plan *plan)
{
    uint64_t max = model->profile->address_max;
    if (call->address > max)
        refuse(plan, PAGELAW_VP_ABOVE_MAX, STATUS_INVALID_PARAMETER_2);
    else if (call->size == 0 || call->size > max - call->address + 1)
        refuse(plan, PAGELAW_VP_SIZE_ZERO, STATUS_INVALID_PARAMETER_3);
    else
        return false;
    return true;
}

static bool pointer_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                            struct pagelaw_plan *plan)
{
    (void)model;
    if (call->no_old_protect)
        refuse(plan, PAGELAW_VP_OLD_REQUIRED, STATUS_ACCESS_VIOLATION);
    return call->no_old_protect;
}

/* Where the first page is committed and another is not, nobody has looked at what is written. */
static void refuse_uncommitted(const struct pagelaw_model *model, uint64_t base,
                               const struct allocation *allocation, struct pagelaw_plan *plan)
{
    refuse_for_pages(model, plan, PAGELAW_VP_COMMITTED_ONLY, STATUS_NOT_COMMITTED);
    if (run_at(allocation->runs, base) != NULL)
        plan->old_protect_freedom = PAGELAW_ANY;
}

/* The pages are in no allocation, or not all in one. */
static void refuse_outside(const struct pagelaw_model *model, const struct pagelaw_call *call,
                           enum pagelaw_rule rule, struct pagelaw_plan *plan)
{
    refuse_for_pages(model, plan, rule, STATUS_CONFLICTING_ADDRESSES);
    /* The test that tells the status of NULL tells it of 64-bit Windows. */
    plan->any_failure = page_down(model, call->address) == 0 && model->profile->pointer_bytes == 4;
    if (protection_is_write_copy(call->protect))
        plan_note_rule(plan, PAGELAW_VP_NO_WRITECOPY, STATUS_INVALID_PARAMETER_4);
}

static bool pages_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          struct pagelaw_plan *plan)
{
    struct pagelaw_plan range;
    if (range_refused(model, call, &range))
        return false;
    uint64_t base = page_down(model, call->address);
    uint64_t end = page_up(model, call->address + call->size);
    const struct allocation *allocation = allocation_at(&model->space, base);
    if (allocation == NULL) {
        refuse_outside(model, call, PAGELAW_VP_NOT_ALLOCATED, plan);
    } else if (end > allocation_end(allocation)) {
        refuse_outside(model, call, PAGELAW_VP_RANGE_ONE_REGION, plan);
    } else if (protection_is_write_copy(call->protect)) {
        refuse(plan, PAGELAW_VP_NO_WRITECOPY, STATUS_INVALID_PARAMETER_4);
        plan_allow(plan, STATUS_INVALID_PAGE_PROTECTION);
        if (runs_bytes(allocation->runs, base, end) != end - base)
            plan_note_rule(plan, PAGELAW_VP_COMMITTED_ONLY, STATUS_NOT_COMMITTED);
    } else if (runs_bytes(allocation->runs, base, end) != end - base) {
        refuse_uncommitted(model, base, allocation, plan);
    } else {
        return false;
    }
    return true;
}

static void set_rules(struct pagelaw_plan *plan)
{
    enum pagelaw_rule *rule = plan->rule;
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++)
        rule[aspect] = PAGELAW_VP_PAGES;
    rule[PAGELAW_ANSWER] = PAGELAW_VP_VALUE;
    rule[PAGELAW_OLD_PROTECT] = PAGELAW_VP_OLD_FIRST;
    rule[PAGELAW_ALLOCATION_BASE] = PAGELAW_MBI_ALLOCBASE;
    rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_MBI_ALLOCPROT;
    rule[PAGELAW_CONTENTS] = PAGELAW_ST_CONTENTS;
}

static plan_check *const checks[] = {value_refused, pointer_refused, range_refused, pages_refused};

void plan_nt_protect(struct pagelaw_model *model, const struct pagelaw_call *call,
                     struct pagelaw_plan *plan)
{
    if (plan_checks(model, call, plan, checks, sizeof checks / sizeof *checks)) {
        plan->order = PAGELAW_ORDER_PROTECT;
        return;
    }
    uint64_t base = page_down(model, call->address);
    uint64_t end = page_up(model, call->address + call->size);
    const struct allocation *allocation = allocation_at(&model->space, base);
    plan->effect = PAGELAW_PROTECTS;
    plan->base = plan->affected_base = base;
    plan->size = plan->affected_size = end - base;
    plan->old_protect = run_at(allocation->runs, base)->protect;
    plan->old_protect_freedom = PAGELAW_EXACT;
    plan->new_protect =
        (call->protect & ~CACHE_MODIFIERS) | (allocation->protect & CACHE_MODIFIERS);
    plan->unsettled = (((call->protect | allocation->protect) & PAGE_NOCACHE) != 0 &&
                       profile_has(model, PAGELAW_QUIRK_CACHE_OPEN)) ||
                      (allocation->protect & PAGE_WRITECOMBINE) != 0 ||
                      protection_fault(plan->new_protect) != PAGELAW_NO_RULE;
    set_rules(plan);
    if ((call->protect ^ plan->new_protect) != 0)
        plan->rule[PAGELAW_PROTECT] = PAGELAW_VP_CACHE_KEPT;
}
