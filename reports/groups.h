/* What a result holds, brought together by rule or by reason. */
#ifndef REPORTS_GROUPS_H
#define REPORTS_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

struct group_item {
    const char *key;
    size_t order;                   /* of being found in the result */
    const struct result_rule *rule; /* of a group by rule */
    const struct result_scenario *scenario;
    const struct result_difference *difference; /* of a group by rule */
};

struct group {
    const struct group_item *items; /* in the order of the result */
    size_t item_count;
    size_t scenario_count;
};

struct groups {
    struct group_item *items;
    struct group *groups;
    size_t item_count, item_capacity, group_count;
    size_t scenario_count; /* that any item is of */
};

/* The differences that no baseline knows, by the rule of their first finding: what a step gets
 * wrong first is the likeliest cause of the rest. The groups of most scenarios come first. False
 * if memory ran out. */
bool groups_by_rule(struct groups *groups, const struct result *result);

/* The scenarios of a verdict by their reason, the commonest first. */
bool groups_by_reason(struct groups *groups, const struct result *result, enum verdict verdict);

/* Every rule that a finding names, in the order of the ids. */
bool groups_of_rules(struct groups *groups, const struct result *result);

void groups_destroy(struct groups *groups);

#endif
