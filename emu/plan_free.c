/* NtFreeVirtualMemory: the checks in their order, and what success does. */
#include "internal.h"

static void refuse(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status)
{
    plan_refuse(plan, rule, status, PAGELAW_VF_FAIL_ATOMIC);
}

/* ---- The checks; true if one refuses ---- */

static bool type_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                         struct pagelaw_plan *plan)
{
    (void)model;
    if (call->type == MEM_DECOMMIT || call->type == MEM_RELEASE)
        return false;
    refuse(plan,
           call->type == (MEM_DECOMMIT | MEM_RELEASE) ? PAGELAW_VF_NO_COMBINE : PAGELAW_VF_TYPE,
           STATUS_INVALID_PARAMETER_4);
    if (is_placeholder_free(call->type)) {
        plan->rule[PAGELAW_ANSWER] = PAGELAW_VA_SCOPE;
        plan->unsettled = true;
    }
    return true;
}

static bool range_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          struct pagelaw_plan *plan)
{
    uint64_t max = model->profile->address_max;
    if (call->address > max)
        refuse(plan, PAGELAW_VF_ABOVE_MAX, STATUS_INVALID_PARAMETER_2);
    else if (call->size > max - call->address + 1)
        refuse(plan, PAGELAW_VF_ABOVE_MAX, STATUS_INVALID_PARAMETER_3);
    else
        return false;
    return true;
}

static bool allocation_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                               struct pagelaw_plan *plan)
{
    struct pagelaw_plan range;
    if (range_refused(model, call, &range))
        return false;
    const struct allocation *allocation =
        allocation_at(&model->space, page_down(model, call->address));
    if (allocation == NULL) {
        refuse(plan, PAGELAW_VF_NOT_ALLOCATED, STATUS_MEMORY_NOT_ALLOCATED);
        plan->any_failure = call->address == 0;
    } else if (page_up(model, call->address + call->size) > allocation_end(allocation)) {
        refuse(plan, PAGELAW_VF_PAST_END, STATUS_UNABLE_TO_FREE_VM);
    } else if (call->size == 0 && page_down(model, call->address) != allocation->base) {
        refuse(plan, call->type == MEM_RELEASE ? PAGELAW_VF_RELEASE_BASE : PAGELAW_VF_DECOMMIT_ALL,
               STATUS_FREE_VM_NOT_AT_BASE);
    } else {
        return false;
    }
    return true;
}

/* ---- What success does ---- */

static void plan_decommit(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          const struct allocation *allocation, struct pagelaw_plan *plan)
{
    uint64_t end = plan->affected_base + plan->affected_size;
    uint64_t there = runs_bytes(allocation->runs, plan->affected_base, end);
    plan->effect = PAGELAW_DECOMMITS;
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++)
        plan->rule[aspect] = PAGELAW_VF_DECOMMIT_STATE;
    plan->rule[PAGELAW_ANSWER] =
        there == plan->affected_size ? PAGELAW_VF_DECOMMIT_STATE : PAGELAW_VF_DECOMMIT_IDEMPOTENT;
    plan->rule[PAGELAW_BASE] = plan->rule[PAGELAW_SIZE] = PAGELAW_VF_DECOMMIT_PAGES;
    plan->rule[PAGELAW_PROTECT] = PAGELAW_MBI_RESERVED_PROTECT;
    plan->rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_MBI_ALLOCPROT;
    if (call->size != 0)
        return;
    plan->rule[PAGELAW_ANSWER] = plan->rule[PAGELAW_STATE] = PAGELAW_VF_DECOMMIT_ALL;
    plan->rule[PAGELAW_SIZE] = PAGELAW_NF_DECOMMIT_SIZE_OUT;
    if (!profile_has(model, PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE))
        plan->size = 0;
}

static enum pagelaw_rule release_rule(const struct pagelaw_call *call,
                                      const struct allocation *allocation)
{
    if (call->size != 0)
        return PAGELAW_NF_RELEASE_PART;
    uint64_t size = allocation_end(allocation) - allocation->base;
    uint64_t there = runs_bytes(allocation->runs, allocation->base, allocation_end(allocation));
    return there != 0 && there != size ? PAGELAW_VF_RELEASE_MIXED : PAGELAW_VF_RELEASE_WHOLE;
}

static void plan_release(const struct pagelaw_call *call, const struct allocation *allocation,
                         struct pagelaw_plan *plan)
{
    enum pagelaw_rule rule = release_rule(call, allocation);
    plan->effect = PAGELAW_RELEASES;
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++)
        plan->rule[aspect] = rule;
    if (rule == PAGELAW_VF_RELEASE_WHOLE)
        plan->rule[PAGELAW_STATE] = PAGELAW_VF_RELEASE_STATE;
    plan->rule[PAGELAW_SIZE] = call->size == 0 ? PAGELAW_NF_SIZE_OUT : PAGELAW_NT_SIZE_OUT;
    plan->rule[PAGELAW_PROTECT] = PAGELAW_MBI_FREE_FIELDS;
    plan->rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_MBI_FREE_FIELDS;
    plan->rule[PAGELAW_TYPE] = PAGELAW_MBI_FREE_FIELDS;
}

static plan_check *const checks[] = {type_refused, range_refused, allocation_refused};

void plan_nt_free(struct pagelaw_model *model, const struct pagelaw_call *call,
                  struct pagelaw_plan *plan)
{
    if (plan_checks(model, call, plan, checks, sizeof checks / sizeof *checks)) {
        plan->order = PAGELAW_ORDER_FREE;
        return;
    }
    const struct allocation *allocation =
        allocation_at(&model->space, page_down(model, call->address));
    uint64_t end =
        call->size == 0 ? allocation_end(allocation) : page_up(model, call->address + call->size);
    plan->base = plan->affected_base = page_down(model, call->address);
    plan->size = plan->affected_size = end - plan->base;
    if (call->type == MEM_DECOMMIT)
        plan_decommit(model, call, allocation, plan);
    else
        plan_release(call, allocation, plan);
    if (call->size == 0 && call->address != plan->base)
        plan->rule[PAGELAW_ANSWER] = plan->rule[PAGELAW_BASE] = PAGELAW_VF_FIRST_PAGE;
}
