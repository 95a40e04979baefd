/* A baseline and a run, side by side. */
#include <stdlib.h>

#include "known.h"

static bool choose_entries(struct comparison *comparison, const struct baseline *baseline)
{
    size_t count = baseline->entry_count;
    comparison->places = calloc(count + 1, sizeof *comparison->places);
    if (comparison->places == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct result_entry *entry = &baseline->entries[i].entry;
        comparison->places[i] = range_find(entry->versions, &comparison->version);
        if ((comparison->places[i] == RANGE_HOLDS || comparison->places[i] == RANGE_UNKNOWN) &&
            !entries_add(&comparison->then, entry, i))
            return false;
    }
    entries_sort(&comparison->then);
    return true;
}

static bool match(struct comparison *comparison)
{
    comparison->then_partner = calloc(comparison->then.count + 1, sizeof(size_t));
    comparison->now_partner = calloc(comparison->now.count + 1, sizeof(size_t));
    if (comparison->then_partner == NULL || comparison->now_partner == NULL)
        return false;
    entries_match(&comparison->then, &comparison->now, comparison->then_partner,
                  comparison->now_partner);
    return true;
}

static bool judge(struct comparison *comparison, const struct result *result)
{
    size_t count = comparison->then.count;
    const struct result_scenario **all = scenarios_by_path(result);
    comparison->judged = calloc(count + 1, sizeof *comparison->judged);
    if (all != NULL && comparison->judged != NULL) {
        for (size_t i = 0; i < count; i++) {
            const struct result_entry *entry = &comparison->then.all[i].entry;
            comparison->judged[i] =
                comparison->then_partner[i] != ENTRY_ALONE ||
                entry_is_judged(entry, scenario_find(all, result->scenario_count, entry->path));
        }
    }
    free(all);
    return all != NULL && comparison->judged != NULL;
}

bool comparison_begin(struct comparison *comparison, const struct baseline *baseline,
                      const struct result *result, const char *version)
{
    *comparison = (struct comparison){0};
    if (version != NULL)
        version_read(&comparison->version, version);
    else
        version_of_system(&comparison->version, result->system);
    if (choose_entries(comparison, baseline) && entries_of_result(&comparison->now, result) &&
        match(comparison) && judge(comparison, result))
        return true;
    comparison_end(comparison);
    return false;
}

void comparison_end(struct comparison *comparison)
{
    free(comparison->places);
    free(comparison->then_partner);
    free(comparison->now_partner);
    free(comparison->judged);
    entries_free(&comparison->then);
    entries_free(&comparison->now);
    *comparison = (struct comparison){0};
}
