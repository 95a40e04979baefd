/* What a baseline says of a result: a copy of the result in which each difference has its standing.
 */
#include <stdlib.h>
#include <string.h>

#include "known.h"

/* The memory of a baselined result, in one block each. */
struct marks {
    struct result_scenario *scenarios;
    struct result_difference *differences;
    struct result_finding *findings;
    struct result_entry *fixed, *expired;
    struct said {
        enum standing standing;
        const struct result_entry *entry; /* the baseline's own */
    } * said;                             /* of each difference of the run, in the run's order */
    size_t next_difference, next_finding, next_said;
};

static void marks_free(struct marks *marks)
{
    free(marks->scenarios);
    free(marks->differences);
    free(marks->findings);
    free(marks->fixed);
    free(marks->expired);
    free(marks->said);
    free(marks);
}

static struct marks *marks_new(const struct result *result, const struct baseline *baseline)
{
    size_t differences = 0, findings = 0, entries = baseline->entry_count;
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        differences += scenario->difference_count;
        for (unsigned j = 0; j < scenario->difference_count; j++)
            findings += scenario->differences[j].finding_count;
    }
    struct marks *marks = calloc(1, sizeof *marks);
    if (marks == NULL)
        return NULL;
    marks->scenarios = calloc(result->scenario_count + 1, sizeof *marks->scenarios);
    marks->differences = calloc(differences + 1, sizeof *marks->differences);
    marks->findings = calloc(findings + 1, sizeof *marks->findings);
    marks->fixed = calloc(entries + 1, sizeof *marks->fixed);
    marks->expired = calloc(entries + 1, sizeof *marks->expired);
    marks->said = calloc(findings + result->scenario_count + 1, sizeof *marks->said);
    if (marks->scenarios != NULL && marks->differences != NULL && marks->findings != NULL &&
        marks->fixed != NULL && marks->expired != NULL && marks->said != NULL)
        return marks;
    marks_free(marks);
    return NULL;
}

/* ---- From the comparison to what is said ---- */

static void count_standing(struct baseline_counts *counts, enum standing standing)
{
    counts->known += standing == STANDING_KNOWN;
    counts->drift += standing == STANDING_DRIFT;
    counts->fresh += standing == STANDING_NEW;
}

static void say_of_differences(struct marks *marks, const struct comparison *comparison,
                               const struct baseline *baseline, struct baseline_counts *counts)
{
    for (size_t i = 0; i < comparison->now.count; i++) {
        const struct listed *now = &comparison->now.all[i];
        struct said *said = &marks->said[now->origin];
        size_t partner = comparison->now_partner[i];
        said->standing = STANDING_NEW;
        if (partner != ENTRY_ALONE) {
            said->entry = &baseline->entries[comparison->then.all[partner].origin].entry;
            said->standing =
                strcmp(said->entry->value, now->entry.value) == 0 ? STANDING_KNOWN : STANDING_DRIFT;
        }
        count_standing(counts, said->standing);
    }
}

static void say_of_entries(struct marks *marks, const struct comparison *comparison,
                           const struct baseline *baseline, struct baseline_counts *counts)
{
    for (size_t i = 0; i < comparison->then.count; i++) {
        if (!comparison->judged[i])
            counts->not_run++;
        else if (comparison->then_partner[i] == ENTRY_ALONE)
            marks->fixed[counts->fixed++] = comparison->then.all[i].entry;
    }
    for (size_t i = 0; i < baseline->entry_count; i++) {
        counts->other_versions += comparison->places[i] == RANGE_BEFORE;
        if (comparison->places[i] == RANGE_PAST)
            marks->expired[counts->expired++] = baseline->entries[i].entry;
    }
}

/* ---- The copy ---- */

static bool mark_difference(struct marks *marks, struct result_difference *difference)
{
    struct result_finding *findings = &marks->findings[marks->next_finding];
    bool known = true;
    for (unsigned i = 0; i < difference->finding_count; i++) {
        const struct said *said = &marks->said[marks->next_said++];
        findings[i] = difference->findings[i];
        findings[i].standing = said->standing;
        findings[i].entry = said->entry;
        known = known && said->standing == STANDING_KNOWN;
    }
    marks->next_finding += difference->finding_count;
    difference->findings = findings;
    return known;
}

static void mark_scenario(struct marks *marks, struct result_scenario *scenario)
{
    struct result_difference *differences = &marks->differences[marks->next_difference];
    bool known = true, ended = scenario_has_ended(scenario);
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        differences[i] = scenario->differences[i];
        known = mark_difference(marks, &differences[i]) && known;
    }
    marks->next_difference += scenario->difference_count;
    scenario->differences = differences;
    if (ended) {
        const struct said *said = &marks->said[marks->next_said++];
        scenario->standing = said->standing;
        scenario->entry = said->entry;
        known = known && said->standing == STANDING_KNOWN;
    }
    if (known && (ended || scenario->verdict == VERDICT_DIFFER))
        scenario->verdict = VERDICT_KNOWN;
}

bool baseline_apply(const struct baseline *baseline, const struct result *result,
                    const char *version, struct baselined *baselined)
{
    struct comparison comparison;
    struct marks *marks = marks_new(result, baseline);
    *baselined = (struct baselined){.result = *result, .memory = marks};
    if (marks == NULL || !comparison_begin(&comparison, baseline, result, version)) {
        baselined_free(baselined);
        return false;
    }
    say_of_differences(marks, &comparison, baseline, &baselined->counts);
    say_of_entries(marks, &comparison, baseline, &baselined->counts);
    comparison_end(&comparison);
    for (size_t i = 0; i < result->scenario_count; i++) {
        marks->scenarios[i] = result->scenarios[i];
        mark_scenario(marks, &marks->scenarios[i]);
    }
    baselined->result.scenarios = marks->scenarios;
    baselined->result.baseline =
        (struct result_baseline){.path = baseline->path,
                                 .fixed = marks->fixed,
                                 .fixed_count = baselined->counts.fixed,
                                 .expired = marks->expired,
                                 .expired_count = baselined->counts.expired};
    return true;
}

void baselined_free(struct baselined *baselined)
{
    if (baselined->memory != NULL)
        marks_free(baselined->memory);
    *baselined = (struct baselined){.memory = NULL};
}
