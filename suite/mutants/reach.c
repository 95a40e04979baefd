/* Which rules the plans of a run have named. */
#include "reach.h"

#include "answer.h"

static void record_pair(struct reach *reach, uint32_t bit, enum site site, enum pagelaw_rule rule,
                        enum pagelaw_rule first, enum pagelaw_rule later)
{
    struct pair *pair = reach->pairs;
    for (unsigned i = 0; i < reach->pair_count; i++, pair++) {
        if (pair->site == site && pair->rule == rule && pair->first == first &&
            pair->later == later) {
            pair->profiles |= bit;
            return;
        }
    }
    if (reach->pair_count < PAIRS_MAX)
        reach->pairs[reach->pair_count++] = (struct pair){site, rule, first, later, bit};
}

static void record_status(struct reach *reach, uint32_t status)
{
    for (unsigned i = 0; i < reach->status_count; i++) {
        if (reach->statuses[i] == status)
            return;
    }
    if (reach->status_count < STATUSES_MAX)
        reach->statuses[reach->status_count++] = status;
}

enum site site_of(const struct answer *answer)
{
    if (!plan_is_success(&answer->plan))
        return SITE_REFUSED;
    return answer_is_query(answer) ? SITE_TOLD : SITE_DONE;
}

static unsigned shape_of(const struct answer *answer)
{
    unsigned shape = plan_is_success(&answer->plan)
                         ? 1u << answer->plan.effect
                         : 1u << (8 + native_function(answer->call.function));
    return answer_is_native(answer) ? shape | SHAPE_NATIVE : shape;
}

void reach_call(struct reach *reach, uint32_t bit, const struct answer *answer)
{
    const struct pagelaw_plan *plan = &answer->plan;
    enum pagelaw_rule rule = plan->rule[PAGELAW_ANSWER];
    reach->count++;
    if (plan->unsettled) {
        reach->open[rule] |= bit;
        return;
    }
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++) {
        if ((plan->undefined >> aspect & 1) != 0)
            continue;
        reach->named[site_of(answer)][aspect][plan->rule[aspect]] |= bit;
        reach->shapes[site_of(answer)][aspect][plan->rule[aspect]] |= shape_of(answer);
        reach->here[plan->rule[aspect]] |= bit;
    }
    reach->here[plan->order] |= bit;
    if (plan_is_success(plan))
        return;
    if (!answer_is_native(answer))
        record_status(reach, plan->status[0]);
    if (!answer_is_query(answer))
        record_pair(reach, bit, SITE_PARTIAL, plan->rule[PAGELAW_STATE], rule, PAGELAW_NO_RULE);
    for (unsigned i = 0; i < plan->also_count; i++)
        record_pair(reach, bit, SITE_ORDER, plan->order, rule, plan->also[i].rule);
}

void reach_touch(struct reach *reach, uint32_t bit, const struct touched *touched)
{
    enum pagelaw_rule rule = touched->law.rule;
    reach->count++;
    reach->named[SITE_TOUCH][0][rule] |= bit;
    reach->here[rule] |= bit;
}
