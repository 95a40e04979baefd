/* The differences of results as lists of entries, and their matching. */
#include "entries.h"

#include <stdlib.h>
#include <string.h>

#include "reports.h"

bool entries_add(struct entries *entries, const struct result_entry *entry, size_t origin)
{
    if (entries->count == entries->capacity) {
        size_t capacity = entries->capacity == 0 ? 64 : entries->capacity * 2;
        struct listed *all = realloc(entries->all, capacity * sizeof *all);
        if (all == NULL)
            return false;
        entries->all = all;
        entries->capacity = capacity;
    }
    entries->all[entries->count++] = (struct listed){.entry = *entry, .origin = origin};
    return true;
}

void entries_free(struct entries *entries)
{
    free(entries->all);
    *entries = (struct entries){0};
}

int entry_compare_keys(const struct result_entry *one, const struct result_entry *other)
{
    int order = strcmp(one->path, other->path);
    if (order == 0)
        order = (one->step > other->step) - (one->step < other->step);
    if (order == 0)
        order = strcmp(one->call, other->call);
    if (order == 0)
        order = strcmp(one->rule, other->rule);
    return order != 0 ? order : strcmp(one->what, other->what);
}

static int compare(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;
    int order = entry_compare_keys(&one->entry, &other->entry);
    if (order == 0)
        order = strcmp(one->entry.value, other->entry.value);
    if (order == 0)
        order = strcmp(one->entry.versions, other->entry.versions);
    return order != 0 ? order : (one->origin > other->origin) - (one->origin < other->origin);
}

void entries_sort(struct entries *entries)
{
    if (entries->count != 0)
        qsort(entries->all, entries->count, sizeof *entries->all, compare);
}

static struct result_entry entry_of_finding(const struct result_scenario *scenario,
                                            const struct result_difference *difference,
                                            const struct result_finding *finding)
{
    return (struct result_entry){.path = scenario->path,
                                 .step = difference->step,
                                 .call = difference->call,
                                 .rule = finding->rule.id,
                                 .what = finding->what,
                                 .value = finding->observed,
                                 .versions = "",
                                 .reason = "",
                                 .link = "",
                                 .date = ""};
}

bool scenario_has_ended(const struct result_scenario *scenario)
{
    return scenario->verdict == VERDICT_CRASHED || scenario->verdict == VERDICT_TIMED_OUT ||
           scenario->standing != STANDING_NONE;
}

static const char *end_word(const struct result_scenario *scenario)
{
    if (scenario->verdict == VERDICT_KNOWN && scenario->entry != NULL)
        return scenario->entry->what;
    return report_verdict_word(scenario->verdict == VERDICT_TIMED_OUT ? VERDICT_TIMED_OUT
                                                                      : VERDICT_CRASHED);
}

static struct result_entry entry_of_end(const struct result_scenario *scenario)
{
    unsigned count = scenario->difference_count;
    const struct result_difference *last =
        count == 0 || scenario->differences[count - 1].finding_count != 0
            ? NULL
            : &scenario->differences[count - 1];
    return (struct result_entry){.path = scenario->path,
                                 .step = last != NULL ? last->step : 0,
                                 .call = last != NULL ? last->call : "",
                                 .rule = "",
                                 .what = end_word(scenario),
                                 .value = scenario->reason != NULL ? scenario->reason : "",
                                 .versions = "",
                                 .reason = "",
                                 .link = "",
                                 .date = ""};
}

static bool add_scenario(struct entries *entries, const struct result_scenario *scenario)
{
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned j = 0; j < difference->finding_count; j++) {
            struct result_entry entry =
                entry_of_finding(scenario, difference, &difference->findings[j]);
            if (!entries_add(entries, &entry, entries->count))
                return false;
        }
    }
    if (!scenario_has_ended(scenario))
        return true;
    struct result_entry end = entry_of_end(scenario);
    return entries_add(entries, &end, entries->count);
}

bool entries_of_result(struct entries *entries, const struct result *result)
{
    *entries = (struct entries){0};
    for (size_t i = 0; i < result->scenario_count; i++) {
        if (!add_scenario(entries, &result->scenarios[i])) {
            entries_free(entries);
            return false;
        }
    }
    entries_sort(entries);
    return true;
}

/* ---- Matching ---- */

struct matching {
    const struct entries *then, *now;
    size_t *then_partner, *now_partner;
};

static size_t end_of_key(const struct entries *entries, size_t begin)
{
    size_t end = begin + 1;
    while (end < entries->count &&
           entry_compare_keys(&entries->all[begin].entry, &entries->all[end].entry) == 0)
        end++;
    return end;
}

static void pair(const struct matching *matching, size_t then, size_t now)
{
    matching->then_partner[then] = now;
    matching->now_partner[now] = then;
}

/* Of one key: first those of equal value, then one after the other. */
static void match_key(const struct matching *matching, size_t then, size_t then_end, size_t now,
                      size_t now_end)
{
    for (size_t i = then, j = now; i < then_end && j < now_end;) {
        int order = strcmp(matching->then->all[i].entry.value, matching->now->all[j].entry.value);
        if (order == 0)
            pair(matching, i, j);
        i += order <= 0;
        j += order >= 0;
    }
    for (;; then++, now++) {
        while (then < then_end && matching->then_partner[then] != ENTRY_ALONE)
            then++;
        while (now < now_end && matching->now_partner[now] != ENTRY_ALONE)
            now++;
        if (then == then_end || now == now_end)
            return;
        pair(matching, then, now);
    }
}

void entries_match(const struct entries *then, const struct entries *now, size_t *then_partner,
                   size_t *now_partner)
{
    const struct matching matching = {then, now, then_partner, now_partner};
    for (size_t i = 0; i < then->count; i++)
        then_partner[i] = ENTRY_ALONE;
    for (size_t i = 0; i < now->count; i++)
        now_partner[i] = ENTRY_ALONE;
    for (size_t i = 0, j = 0; i < then->count && j < now->count;) {
        int order = entry_compare_keys(&then->all[i].entry, &now->all[j].entry);
        size_t then_end = order <= 0 ? end_of_key(then, i) : i;
        size_t now_end = order >= 0 ? end_of_key(now, j) : j;
        if (order == 0)
            match_key(&matching, i, then_end, j, now_end);
        i = then_end;
        j = now_end;
    }
}

bool entry_is_judged(const struct result_entry *entry, const struct result_scenario *scenario)
{
    if (scenario == NULL || scenario->verdict == VERDICT_UNSUPPORTED)
        return false;
    return !scenario_has_ended(scenario) || entry->step < entry_of_end(scenario).step;
}

/* ---- Scenarios by their paths ---- */

static int by_path(const void *a, const void *b)
{
    const struct result_scenario *const *one = a, *const *other = b;
    int order = strcmp((*one)->path, (*other)->path);
    return order != 0 ? order : (*one > *other) - (*one < *other);
}

const struct result_scenario **scenarios_by_path(const struct result *result)
{
    size_t count = result->scenario_count;
    const struct result_scenario **all = malloc((count + 1) * sizeof *all);
    if (all == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        all[i] = &result->scenarios[i];
    qsort(all, count, sizeof *all, by_path);
    return all;
}

static int find_path(const void *path, const void *scenario)
{
    return strcmp(path, (*(const struct result_scenario *const *)scenario)->path);
}

const struct result_scenario *scenario_find(const struct result_scenario *const *all, size_t count,
                                            const char *path)
{
    const struct result_scenario *const *found = bsearch(path, all, count, sizeof *all, find_path);
    return found == NULL ? NULL : *found;
}
