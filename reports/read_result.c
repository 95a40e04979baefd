/* Reading result files back. */
#include "read_result.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load_text.h"
#include "reading.h"
#include "reports.h"

#define VERSION_MAX 3 /* of the format: what this program writes */

/* A result with the memory of all it points to. */
struct owned_result {
    struct result result; /* first: the two have one address */
    struct read_arena arena;
};

/* ---- The top ---- */

static void read_scenarios(struct reading *reading, void *object)
{
    struct result *result = object;
    if (!reading->rules_read)
        json_fail(&reading->json, json_here(&reading->json),
                  "found \"scenarios\", wanted \"rules\" before them");
    result->scenarios = read_array(reading, sizeof *result->scenarios, "an array of scenarios",
                                   read_scenario, &result->scenario_count);
}

static void read_rule(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"id", TEXT, offsetof(struct result_rule, id), NULL, 0, 0},
        {"grade", TEXT, offsetof(struct result_rule, grade), NULL, 0, 0},
        {"sentence", TEXT, offsetof(struct result_rule, sentence), NULL, 0, 0},
        {"source", TEXT, offsetof(struct result_rule, source), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), item, "a rule");
}

static void read_rules(struct reading *reading, void *object)
{
    (void)object;
    const char *begin = json_here(&reading->json);
    reading->rules = read_array(reading, sizeof *reading->rules, "an array of rules", read_rule,
                                &reading->rule_count);
    for (size_t i = 1; i < reading->rule_count; i++) {
        if (strcmp(reading->rules[i - 1].id, reading->rules[i].id) >= 0)
            json_fail(&reading->json, begin, "found the rule %.60s after %.60s, wanted them sorted",
                      reading->rules[i].id, reading->rules[i - 1].id);
    }
    reading->rules_read = true;
}

static void read_counts(struct reading *reading, void *object)
{
    (void)object;
    struct member members[VERDICT_END];
    for (unsigned i = 0; i < VERDICT_END; i++)
        members[i] = (struct member){.key = report_verdict_word((enum verdict)i),
                                     .kind = SIZE,
                                     .offset = i * sizeof *reading->counts};
    reading->counts_at = json_here(&reading->json);
    read_object(reading, MEMBERS(members), reading->counts, "the counts of the verdicts");
}

static void read_suite(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"hash", TEXT, offsetof(struct result_suite, hash), NULL, 0, 0},
        {"scenarios", SIZE, offsetof(struct result_suite, scenario_count), NULL, 0, 0},
        {"shard", UNSIGNED, offsetof(struct result_suite, shard), NULL, 0, 0},
        {"shards", UNSIGNED, offsetof(struct result_suite, shard_count), NULL, 0, 0},
    };
    struct result_suite *suite = &((struct result *)object)->suite;
    const char *begin = json_here(&reading->json);
    read_object(reading, MEMBERS(members), suite, "the suite");
    if (suite->shard > suite->shard_count || (suite->shard == 0) != (suite->shard_count == 0))
        json_fail(&reading->json, begin, "found shard %u of %u", suite->shard, suite->shard_count);
}

static void read_fixed(struct reading *reading, void *object)
{
    struct result_baseline *baseline = object;
    baseline->fixed = read_array(reading, sizeof *baseline->fixed, "an array of entries",
                                 read_entry, &baseline->fixed_count);
}

static void read_expired(struct reading *reading, void *object)
{
    struct result_baseline *baseline = object;
    baseline->expired = read_array(reading, sizeof *baseline->expired, "an array of entries",
                                   read_entry, &baseline->expired_count);
}

static void read_baseline(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"path", TEXT, offsetof(struct result_baseline, path), NULL, 0, 0},
        {"fixed", OTHER, 0, read_fixed, 0, 0},
        {"expired", OTHER, 0, read_expired, 0, 0},
    };
    if (!json_null(&reading->json))
        read_object(reading, MEMBERS(members), &((struct result *)object)->baseline,
                    "the baseline, or null");
}

static void read_host(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"system", TEXT, offsetof(struct result, system), NULL, 0, 0},
        {"date", TEXT, offsetof(struct result, host_date), NULL, 0, 0},
        {"microseconds", NUMBER, offsetof(struct result, host_microseconds), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), object, "the host's part");
}

/* The version comes first: of a newer one nothing else can be relied on. */
static void read_version(struct reading *reading)
{
    static const char wanted[] = "\"pagelaw-result\": this is no result file";
    struct json_reader *json = &reading->json;
    json_open(json, '{', "'{': this is no result file");
    if (!json_more(json, '}', true))
        json_wanted(json, json->at - 1, wanted);
    const char *at = json_here(json);
    if (strcmp(json_key(json), "pagelaw-result") != 0)
        json_wanted(json, at + 1, wanted);
    at = json_here(json);
    reading->version = (unsigned)json_whole(json, "the format's version", INT_MAX);
    if (reading->version == 0)
        json_wanted(json, at, "the format's version, from 1");
    if (reading->version > VERSION_MAX)
        json_fail(json, at,
                  "found version %u of the format, wanted at most %d: a newer Pagelaw wrote this "
                  "file, and an older one would misread it",
                  reading->version, VERSION_MAX);
}

static void read_top(struct reading *reading, struct result *result)
{
    static const struct member members[] = {
        {"version", TEXT, offsetof(struct result, version), NULL, 0, 0},
        {"subject", TEXT, offsetof(struct result, subject), NULL, 0, 0},
        {"backend", TEXT, offsetof(struct result, backend), NULL, 0, 0},
        {"processor", TEXT, offsetof(struct result, processor), NULL, 0, 0},
        {"profile", TEXT, offsetof(struct result, profile), NULL, 0, 0},
        {"profile_reason", TEXT, offsetof(struct result, profile_reason), NULL, 0, 0},
        {"command", TEXT, offsetof(struct result, command), NULL, 0, 0},
        {"interrupted", TRUTH, offsetof(struct result, interrupted), NULL, 0, 0},
        {"suite", OTHER, 0, read_suite, 2, 0},
        {"counts", OTHER, 0, read_counts, 0, 0},
        {"rules", OTHER, 0, read_rules, 0, 0},
        {"scenarios", OTHER, 0, read_scenarios, 0, 0},
        {"baseline", OTHER, 0, read_baseline, 3, 0},
        {"exploration", OPTIONAL, 0, read_exploration, 0, 0},
        {"host", OTHER, 0, read_host, 0, 0},
    };
    const char *begin = json_here(&reading->json);
    read_version(reading);
    read_members(reading, MEMBERS(members), result, false, begin);
    json_finish(&reading->json);
    if (result->suite.hash == NULL)
        result->suite.hash = "";
}

/* ---- What has to fit together ---- */

static void check_counts(struct reading *reading, const struct result *result)
{
    size_t counts[VERDICT_END] = {0};
    for (size_t i = 0; i < result->scenario_count; i++)
        counts[result->scenarios[i].verdict]++;
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (counts[i] != reading->counts[i])
            json_fail(&reading->json, reading->counts_at,
                      "found a count of %zu for \"%s\", wanted the %zu that are in the file",
                      reading->counts[i], report_verdict_word((enum verdict)i), counts[i]);
    }
}

/* A recording's scenarios, its processes, have one path and differ in their titles. */
static int by_path(const void *one, const void *other)
{
    const struct result_scenario *a = *(const struct result_scenario *const *)one;
    const struct result_scenario *b = *(const struct result_scenario *const *)other;
    int order = strcmp(a->path, b->path);
    return order != 0 ? order : strcmp(a->title, b->title);
}

static void check_paths(struct reading *reading, const struct result *result)
{
    size_t count = result->scenario_count;
    const struct result_scenario **all = read_take(&reading->json, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = &result->scenarios[i];
    qsort(all, count, sizeof *all, by_path);
    for (size_t i = 1; i < count; i++) {
        if (by_path(&all[i - 1], &all[i]) == 0)
            json_fail(&reading->json, reading->counts_at,
                      "found the scenario %.120s twice, wanted each once", all[i]->path);
    }
}

static void check_exploration(struct reading *reading, const struct result *result)
{
    if (result->exploration != NULL && result->suite.scenario_count != 0)
        json_fail(&reading->json, reading->counts_at,
                  "found a suite of %zu scenarios, wanted none of them in an exploration",
                  result->suite.scenario_count);
}

/* ---- In and out ---- */

struct result *result_read(const char *text, size_t length, struct read_error *error)
{
    struct owned_result *owned = calloc(1, sizeof *owned);
    struct reading reading = {.json = {.text = text,
                                       .at = text,
                                       .end = text + length,
                                       .error = error,
                                       .arena = owned == NULL ? NULL : &owned->arena}};
    *error = (struct read_error){.message = "out of memory"};
    if (owned == NULL)
        return NULL;
    if (setjmp(reading.json.escape) != 0) {
        result_free(&owned->result);
        return NULL;
    }
    read_top(&reading, &owned->result);
    check_counts(&reading, &owned->result);
    check_paths(&reading, &owned->result);
    check_exploration(&reading, &owned->result);
    return &owned->result;
}

struct result *result_load(const char *path, struct read_error *error)
{
    size_t length;
    char *text = load_text(path, RESULT_FILE_MAX, &length, error);
    struct result *result = text == NULL ? NULL : result_read(text, length, error);
    free(text);
    return result;
}

void result_free(struct result *result)
{
    struct owned_result *owned = (struct owned_result *)result;
    if (owned == NULL)
        return;
    read_arena_free(&owned->arena);
    free(owned);
}
