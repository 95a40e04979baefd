/* Sorting what a result holds into groups of one key. */
#include "groups.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static bool add(struct groups *groups, struct group_item item)
{
    if (groups->item_count == groups->item_capacity) {
        size_t capacity = groups->item_capacity == 0 ? 64 : groups->item_capacity * 2;
        struct group_item *items = realloc(groups->items, capacity * sizeof *items);
        if (items == NULL)
            return false;
        groups->items = items;
        groups->item_capacity = capacity;
    }
    item.order = groups->item_count;
    groups->items[groups->item_count++] = item;
    return true;
}

/* The items of one scenario are added one after the other. */
static size_t count_scenarios(const struct group_item *items, size_t count)
{
    size_t scenarios = 0;
    for (size_t i = 0; i < count; i++)
        scenarios += i == 0 || items[i].scenario != items[i - 1].scenario;
    return scenarios;
}

static int compare_items(const void *a, const void *b)
{
    const struct group_item *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static int compare_sizes(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    if (left->scenario_count != right->scenario_count)
        return left->scenario_count < right->scenario_count ? 1 : -1;
    return (left->items->order > right->items->order) - (left->items->order < right->items->order);
}

static void split(struct groups *groups)
{
    size_t start = 0;
    for (size_t i = 1; i <= groups->item_count; i++) {
        const struct group_item *items = groups->items + start;
        if (i < groups->item_count && strcmp(groups->items[i].key, items->key) == 0)
            continue;
        groups->groups[groups->group_count++] = (struct group){
            .items = items,
            .item_count = i - start,
            .scenario_count = count_scenarios(items, i - start),
        };
        start = i;
    }
}

/* From items to groups in the order of their keys. Takes over whether all items could be added. */
static bool finish(struct groups *groups, bool added)
{
    if (added && groups->item_count > 0)
        groups->groups = malloc(groups->item_count * sizeof *groups->groups);
    if (!added || (groups->item_count > 0 && groups->groups == NULL)) {
        groups_destroy(groups);
        return false;
    }
    if (groups->item_count == 0)
        return true;
    groups->scenario_count = count_scenarios(groups->items, groups->item_count);
    qsort(groups->items, groups->item_count, sizeof *groups->items, compare_items);
    split(groups);
    return true;
}

static void largest_first(struct groups *groups)
{
    if (groups->group_count > 0)
        qsort(groups->groups, groups->group_count, sizeof *groups->groups, compare_sizes);
}

/* The likeliest cause of what is not known. */
static const struct result_finding *first_unknown(const struct result_difference *difference)
{
    const struct result_finding *finding = difference->findings;
    while (finding->standing == STANDING_KNOWN)
        finding++;
    return finding;
}

static bool add_differences(struct groups *groups, const struct result_scenario *scenario)
{
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        if (difference->finding_count == 0 || difference_is_known(difference))
            continue;
        const struct result_rule *rule = &first_unknown(difference)->rule;
        struct group_item item = {
            .key = rule->id, .rule = rule, .scenario = scenario, .difference = difference};
        if (!add(groups, item))
            return false;
    }
    return true;
}

bool groups_by_rule(struct groups *groups, const struct result *result)
{
    *groups = (struct groups){0};
    bool added = true;
    for (size_t i = 0; added && i < result->scenario_count; i++) {
        if (result->scenarios[i].verdict != VERDICT_KNOWN)
            added = add_differences(groups, &result->scenarios[i]);
    }
    if (!finish(groups, added))
        return false;
    largest_first(groups);
    return true;
}

bool groups_by_reason(struct groups *groups, const struct result *result, enum verdict verdict)
{
    *groups = (struct groups){0};
    bool added = true;
    for (size_t i = 0; added && i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        const char *reason = scenario->reason != NULL ? scenario->reason : "no reason given";
        if (scenario->verdict == verdict)
            added = add(groups, (struct group_item){.key = reason, .scenario = scenario});
    }
    if (!finish(groups, added))
        return false;
    largest_first(groups);
    return true;
}

static bool add_rules(struct groups *groups, const struct result_scenario *scenario)
{
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned j = 0; j < difference->finding_count; j++) {
            const struct result_rule *rule = &difference->findings[j].rule;
            struct group_item item = {.key = rule->id, .rule = rule, .scenario = scenario};
            if (!add(groups, item))
                return false;
        }
    }
    return true;
}

bool groups_of_rules(struct groups *groups, const struct result *result)
{
    *groups = (struct groups){0};
    bool added = true;
    for (size_t i = 0; added && i < result->scenario_count; i++)
        added = add_rules(groups, &result->scenarios[i]);
    return finish(groups, added);
}

void groups_destroy(struct groups *groups)
{
    free(groups->items);
    free(groups->groups);
    *groups = (struct groups){0};
}
