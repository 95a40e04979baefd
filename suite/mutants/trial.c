/* The trial of a mutant. */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/rules.h"
#include "suite/builtin.h"
#include "suite/judge.h"
#include "suite/run.h"

#define FIRST_PROFILE "windows-11-x64"

bool suite_load(struct suite *suite, char *error, size_t capacity)
{
    struct scenario_error slip = {.message = "there is not enough memory"};
    *suite = (struct suite){.count = 0};
    suite->items = calloc(builtin_scenario_count, sizeof *suite->items);
    for (size_t i = 0; suite->items != NULL && i < builtin_scenario_count; i++) {
        const struct builtin_scenario *from = &builtin_scenarios[i];
        struct scenario *scenario = scenario_parse(from->path, from->text, from->length, &slip);
        if (scenario == NULL) {
            snprintf(error, capacity, "%s:%d: %s", from->path, slip.line, slip.message);
            return false;
        }
        suite->items[suite->count++].scenario = scenario;
    }
    if (suite->count != 0)
        return true;
    snprintf(error, capacity, "there are no scenarios");
    return false;
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        scenario_free(suite->items[i].scenario);
    free(suite->items);
}

/* ---- One scenario ---- */

static void take_line(void *user, const char *line, size_t length)
{
    trace_reader_line(user, line, length - 1);
}

static void note_difference(struct trial *trial, const struct result_scenario *result)
{
    trial->killed = true;
    if (result->difference_count == 0)
        return;
    const struct result_difference *difference = &result->differences[0];
    trial->line = difference->line;
    if (difference->finding_count != 0)
        trial->blamed = pagelaw_rule_find(difference->findings[0].rule.id);
}

/* False if the scenario could not be run: then the model's process has no memory. */
static bool run_scenario(const struct scenario *scenario, const struct backend *backend,
                         const struct pagelaw_profile *profile, struct trial *trial)
{
    struct subject_info info;
    char error[SUBJECT_TEXT_MAX];
    if (!backend->start(&info, error, sizeof error))
        return false;
    struct trace_reader *reader = trace_reader_create(scenario);
    struct line_sink sink = {.line = take_line, .user = reader};
    if (reader == NULL)
        return false;
    execute_scenario(scenario, backend, &info, &sink);
    struct trace *trace = trace_reader_finish(reader);
    struct judgement *judgement = judge_trace(scenario, trace, &info, profile);
    trace_free(trace);
    if (judgement == NULL)
        return false;
    if (judgement->result.verdict >= VERDICT_DIFFER)
        note_difference(trial, &judgement->result);
    judgement_free(judgement);
    return true;
}

/* ---- The suite ---- */

static bool names(const struct scenario *scenario, enum pagelaw_rule rule)
{
    const char *id = pagelaw_rule_info(rule)->id;
    for (unsigned i = 0; i < scenario->rule_count; i++) {
        if (strcmp(scenario->rules[i], id) == 0)
            return true;
    }
    return false;
}

/* Whether the mutant can do anything in the scenario: where it strikes at what the plans name, they
 * must name its rule, for up to there the run is the sound model's. */
static bool concerns(const struct mutant *mutant, const struct item *item, size_t profile)
{
    if (mutant->kind->site == SITE_BOUND || mutant->kind->site == SITE_OWN)
        return true;
    return (item->named[mutant->rule] >> profile & 1) != 0;
}

/* Runs the scenarios that name the rule, or those that do not. False if it cannot go on. */
static bool run_part(const struct suite *suite, size_t index, const struct mutant *mutant,
                     bool named, struct trial *trial)
{
    const struct pagelaw_profile *profile = pagelaw_profile_at(index);
    const struct backend *backend = subject_for(index, mutant, NULL);
    bool goes_on = true;
    for (size_t i = 0; i < suite->count && goes_on && !trial->killed; i++) {
        const struct item *item = &suite->items[i];
        if (names(item->scenario, mutant->rule) != named || !concerns(mutant, item, index) ||
            !scenario_is_for(item->scenario, profile->name))
            continue;
        trial->profile = index;
        trial->scenario = i;
        goes_on = run_scenario(item->scenario, backend, profile, trial);
    }
    trial->struck |= subject_struck();
    return goes_on;
}

static bool run_profile(const struct suite *suite, size_t index, const struct mutant *mutant,
                        struct trial *trial)
{
    if ((mutant->profiles >> index & 1) == 0)
        return true;
    return run_part(suite, index, mutant, true, trial) &&
           run_part(suite, index, mutant, false, trial);
}

static size_t first_profile(void)
{
    const struct pagelaw_profile *first = pagelaw_profile_find(FIRST_PROFILE);
    for (size_t i = 0; first != NULL && pagelaw_profile_at(i) != NULL; i++) {
        if (pagelaw_profile_at(i) == first)
            return i;
    }
    return 0;
}

void trial_run(const struct suite *suite, const struct mutant *mutant, struct trial *trial)
{
    size_t first = first_profile();
    bool goes_on = run_profile(suite, first, mutant, trial);
    for (size_t i = 0; pagelaw_profile_at(i) != NULL && goes_on && !trial->struck; i++) {
        if (i != first)
            goes_on = run_profile(suite, i, mutant, trial);
    }
    trial->ended = goes_on;
}

/* ---- The sound model ---- */

static bool run_soundly(struct suite *suite, size_t index, struct reach *reach, struct trial *trial)
{
    const struct pagelaw_profile *profile = pagelaw_profile_at(index);
    const struct backend *backend = subject_for(index, NULL, reach);
    for (size_t i = 0; i < suite->count && !trial->killed; i++) {
        struct item *item = &suite->items[i];
        uint64_t before = reach->count;
        reach->here = item->named;
        trial->scenario = i;
        if (scenario_is_for(item->scenario, profile->name) &&
            !run_scenario(item->scenario, backend, profile, trial))
            return false;
        item->cost += reach->count - before;
    }
    return !trial->killed;
}

static int by_cost(const void *a, const void *b)
{
    const struct item *one = a, *other = b;
    if (one->cost != other->cost)
        return one->cost < other->cost ? -1 : 1;
    return strcmp(one->scenario->path, other->scenario->path);
}

bool trial_of_the_sound(struct suite *suite, struct reach *reach, struct trial *trial)
{
    *trial = (struct trial){.ended = true};
    for (size_t i = 0; pagelaw_profile_at(i) != NULL; i++) {
        trial->profile = i;
        if (!run_soundly(suite, i, reach, trial))
            return false;
    }
    qsort(suite->items, suite->count, sizeof *suite->items, by_cost);
    return true;
}
