/* The differences of a result as entries of one list, and the matching of two lists: what stayed as
 * it was, what changed its value, what came and what went. */
#ifndef REPORTS_ENTRIES_H
#define REPORTS_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

/* In the order of their keys: scenario, step, call, rule, what. Of equal keys there may be several,
 * in the order of their values. */
struct listed {
    struct result_entry entry;
    size_t origin; /* which it is where it comes from, in that order */
};

struct entries {
    struct listed *all;
    size_t count, capacity;
};

/* False if memory ran out. */
bool entries_add(struct entries *entries, const struct result_entry *entry, size_t origin);
void entries_sort(struct entries *entries);
void entries_free(struct entries *entries);

/* All findings of a result, and after those of a scenario its end, if it crashed or timed out; the
 * origin counts them. The texts stay the result's. False if memory ran out. */
bool entries_of_result(struct entries *entries, const struct result *result);

/* Whether a scenario crashed or timed out; that this is known does not show in its verdict. */
bool scenario_has_ended(const struct result_scenario *scenario);

int entry_compare_keys(const struct result_entry *one, const struct result_entry *other);

#define ENTRY_ALONE ((size_t)-1)

/* For each entry of `now` the index of its partner in `then`, or ENTRY_ALONE, and for each of
 * `then` the same the other way. Of equal keys those of equal value belong together first. Both
 * lists are sorted; `then_partner` and `now_partner` have room for all. */
void entries_match(const struct entries *then, const struct entries *now, size_t *then_partner,
                   size_t *now_partner);

/* Whether a run of the scenario, NULL if it was not run, says anything of an entry: it came past
 * the entry's step. */
bool entry_is_judged(const struct result_entry *entry, const struct result_scenario *scenario);

/* The scenarios in the order of their paths, to be freed; NULL if memory ran out. And the one of a
 * path, or NULL. */
const struct result_scenario **scenarios_by_path(const struct result *result);
const struct result_scenario *scenario_find(const struct result_scenario *const *all, size_t count,
                                            const char *path);

#endif
