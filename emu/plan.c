/* Planning: the Win32 floor over the native one, and what all plans have in common. */
#include "internal.h"

#include <string.h>

void plan_refuse(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status,
                 enum pagelaw_rule atomic)
{
    plan->status[0] = status;
    plan->status_count = 1;
    plan->effect = PAGELAW_CHANGES_NOTHING;
    plan->base_freedom = plan->size_freedom = PAGELAW_UNTOUCHED;
    plan->old_protect_freedom = PAGELAW_UNTOUCHED;
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++)
        plan->rule[aspect] = atomic;
    plan->rule[PAGELAW_ANSWER] = rule;
    plan->rule[PAGELAW_BASE] = plan->rule[PAGELAW_SIZE] = PAGELAW_NT_UNTOUCHED;
    if (status >= STATUS_INVALID_PARAMETER_1 && status <= STATUS_INVALID_PARAMETER_12)
        plan_allow(plan, STATUS_INVALID_PARAMETER);
}

void plan_allow(struct pagelaw_plan *plan, uint32_t status)
{
    if (plan->status_count < PAGELAW_STATUS_MAX)
        plan->status[plan->status_count++] = status;
}

void plan_prefer(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status)
{
    memmove(plan->status + 1, plan->status, (PAGELAW_STATUS_MAX - 1) * sizeof *plan->status);
    plan->status[0] = status;
    if (plan->status_count < PAGELAW_STATUS_MAX)
        plan->status_count++;
    plan->rule[PAGELAW_ANSWER] = rule;
}

void plan_begin(struct pagelaw_plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->status_count = 1;
    plan->old_protect_freedom = PAGELAW_UNTOUCHED;
}

void plan_note_rule(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status)
{
    if (plan->also_count == PAGELAW_ALSO_MAX)
        return;
    plan->also[plan->also_count].rule = rule;
    plan->also[plan->also_count++].status = status;
}

void plan_note(struct pagelaw_plan *plan, const struct pagelaw_plan *later)
{
    if (!plan_succeeds(later))
        plan_note_rule(plan, later->rule[PAGELAW_ANSWER], later->status[0]);
}

bool plan_checks(const struct pagelaw_model *model, const struct pagelaw_call *call,
                 struct pagelaw_plan *plan, plan_check *const *checks, unsigned count)
{
    bool refused = false;
    for (unsigned i = 0; i < count; i++) {
        struct pagelaw_plan one;
        if (!refused) {
            refused = checks[i](model, call, plan);
            continue;
        }
        plan_begin(&one);
        if (checks[i](model, call, &one))
            plan_note(plan, &one);
    }
    return refused;
}

/* ---- The Win32 floor: what kernel32 does on top ---- */

/* Puts a refusal of the Win32 floor before what the native one would have said. */
static void refuse_above(struct pagelaw_plan *plan, enum pagelaw_rule rule,
                         enum pagelaw_rule atomic)
{
    struct pagelaw_plan below = *plan;
    plan_begin(plan);
    plan_refuse(plan, rule, STATUS_INVALID_PARAMETER, atomic);
    plan->order = below.order;
    plan_note(plan, &below);
    for (unsigned i = 0; i < below.also_count && plan->also_count < PAGELAW_ALSO_MAX; i++)
        plan->also[plan->also_count++] = below.also[i];
}

static void plan_virtual_alloc(struct pagelaw_model *model, const struct pagelaw_call *call,
                               struct pagelaw_plan *plan)
{
    struct pagelaw_call native = *call;
    native.zero_bits = 0;
    plan_nt_allocate(model, &native, plan);
    if (call->address != 0 && call->address < model->profile->address_min)
        refuse_above(plan, PAGELAW_VA_LOW_ADDRESS, PAGELAW_VA_ALL_OR_NOTHING);
    plan->value = plan_succeeds(plan) ? plan->base : 0;
}

static void plan_virtual_free(struct pagelaw_model *model, const struct pagelaw_call *call,
                              struct pagelaw_plan *plan)
{
    plan_nt_free(model, call, plan);
    if (plan->rule[PAGELAW_ANSWER] == PAGELAW_VF_FIRST_PAGE)
        plan->unsettled = true; /* seen of the native call; the document forbids it */
    if ((call->type & MEM_RELEASE) != 0 && call->size != 0 && !is_placeholder_free(call->type))
        refuse_above(plan,
                     (call->type & MEM_DECOMMIT) != 0 ? PAGELAW_VF_NO_COMBINE
                                                      : PAGELAW_VF_RELEASE_SIZE_ZERO,
                     PAGELAW_VF_FAIL_ATOMIC);
    plan->value = plan_succeeds(plan);
}

static void plan_virtual_protect(struct pagelaw_model *model, const struct pagelaw_call *call,
                                 struct pagelaw_plan *plan)
{
    plan_nt_protect(model, call, plan);
    plan->value = plan_succeeds(plan);
}

static void plan_virtual_query(struct pagelaw_model *model, const struct pagelaw_call *call,
                               struct pagelaw_plan *plan)
{
    plan_nt_query(model, call, plan);
    plan->value = plan_succeeds(plan) ? pagelaw_mbi_size(model->profile->pointer_bytes) : 0;
}

typedef void planner(struct pagelaw_model *model, const struct pagelaw_call *call,
                     struct pagelaw_plan *plan);

static planner *const planners[PAGELAW_FUNCTION_END] = {
    [PAGELAW_NT_ALLOCATE] = plan_nt_allocate,         [PAGELAW_NT_FREE] = plan_nt_free,
    [PAGELAW_NT_PROTECT] = plan_nt_protect,           [PAGELAW_NT_QUERY] = plan_nt_query,
    [PAGELAW_VIRTUAL_ALLOC] = plan_virtual_alloc,     [PAGELAW_VIRTUAL_FREE] = plan_virtual_free,
    [PAGELAW_VIRTUAL_PROTECT] = plan_virtual_protect, [PAGELAW_VIRTUAL_QUERY] = plan_virtual_query,
};

void pagelaw_plan(struct pagelaw_model *model, const struct pagelaw_call *call,
                  struct pagelaw_plan *plan)
{
    struct pagelaw_call known = *call;
    if (profile_has(model, PAGELAW_QUIRK_9X))
        known = call_for_9x(call);
    plan_begin(plan);
    planners[call->function](model, &known, plan);
    if (profile_has(model, PAGELAW_QUIRK_9X))
        plan_for_9x(model, call, plan);
    if (profile_has(model, PAGELAW_QUIRK_DOCUMENTS_ONLY))
        plan_for_documents(model, plan);
    if (plan->effect != PAGELAW_CHANGES_NOTHING && !stock_fill(model)) {
        plan_refuse(plan, PAGELAW_VA_NO_ROOM, STATUS_INSUFFICIENT_RESOURCES,
                    PAGELAW_VA_ALL_OR_NOTHING);
        plan->value = 0;
    }
}

bool pagelaw_choice_allowed(const struct pagelaw_model *model, const struct pagelaw_plan *plan,
                            uint64_t base)
{
    return base == granule_of(model, base) && base >= plan->choice_min &&
           base <= plan->choice_max && plan->choice_max - base >= plan->affected_size - 1 &&
           space_is_free(&model->space, base, base + plan->affected_size);
}
