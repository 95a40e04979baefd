/* What changed between two results, and shards put together. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "merge.h"
#include "read_result.h"
#include "report_diff.h"
#include "sample_results.h"
#include "started.h"

/* ---- The diff ---- */

/* The bad sample, with one difference gone, one of another value, one more, and a scenario each
 * that only one of the two has, or that only one supports. */
static struct result changed(void)
{
    static struct result_scenario scenarios[COUNT(scenarios_bad)];
    static struct result_difference guard;
    static struct result_finding findings[3];
    memcpy(scenarios, scenarios_bad, sizeof scenarios);
    scenarios[0].verdict = VERDICT_DIFFER;
    scenarios[0].differences = differences_align_top;
    scenarios[0].difference_count = 1;
    scenarios[2].path = "suite/scenarios/execute/only-new.va";
    scenarios[3].verdict = VERDICT_AGREE;
    scenarios[3].difference_count = 0;
    guard = differences_guard[0];
    memcpy(findings, findings_guard, sizeof findings_guard);
    findings[0].observed = "no exception";
    guard.findings = findings;
    scenarios[4].differences = &guard;
    scenarios[11].verdict = VERDICT_AGREE;
    struct result result = result_bad;
    result.system = "Wine 10.0, Windows 10.0.19043";
    result.scenarios = scenarios;
    return result;
}

Test(diff, what_appeared_changed_and_went)
{
    struct result now = changed();
    struct result_diff diff;
    cr_assert(result_diff_make(&diff, &result_bad, &now));
    cr_assert_eq(diff.counts[CHANGE_APPEARED], 1);
    cr_assert_eq(diff.counts[CHANGE_VALUE], 1);
    cr_assert_eq(diff.counts[CHANGE_GONE], 1);
    cr_assert_eq(diff.uncompared_count, 3);
    const struct report_style style = {.width = 80};
    const char *names[] = {"diff.txt", "diff.json", "diff.md"};
    for (size_t i = 0; i < COUNT(names); i++) {
        FILE *file = tmpfile();
        cr_assert(i == 0   ? report_diff_text(&diff, &style, file)
                  : i == 1 ? report_diff_json(&diff, file)
                           : report_diff_markdown(&diff, file));
        char *text = golden_contents(file);
        golden_check(names[i], text);
        free(text);
    }
    result_diff_free(&diff);
}

Test(diff, of_a_result_and_itself_there_is_none)
{
    const struct result *results[] = {&result_good, &result_bad, &result_hostile};
    for (size_t i = 0; i < COUNT(results); i++) {
        struct result_diff diff;
        cr_assert(result_diff_make(&diff, results[i], results[i]));
        cr_assert(diff.change_count == 0 && diff.uncompared_count == 0 && diff.same_suite);
        result_diff_free(&diff);
    }
}

/* What only one exploration found the other need not have come to: it has neither appeared nor
 * gone. */
Test(diff, explorations_are_told_as_such)
{
    struct result fewer = result_explored;
    fewer.scenario_count--;
    static const struct {
        bool of_suite;
        const char *note, *why;
    } rows[] = {{false, "Both are explorations", "only the old exploration found it"},
                {true, "One of the two is an exploration", "it is in the old result only"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct result_diff diff;
        struct result now = fewer;
        now.suite = rows[i].of_suite ? result_bad.suite : now.suite;
        now.exploration = rows[i].of_suite ? NULL : now.exploration;
        cr_assert(result_diff_make(&diff, &result_explored, &now));
        cr_assert(diff.change_count == 0 && diff.uncompared_count == 1);
        cr_assert_str_eq(diff.uncompared[0].why, rows[i].why);
        const struct report_style style = {.width = 200};
        for (int markdown = 0; markdown < 2; markdown++) {
            FILE *file = tmpfile();
            cr_assert(markdown ? report_diff_markdown(&diff, file)
                               : report_diff_text(&diff, &style, file));
            char *text = golden_contents(file);
            cr_assert(strstr(text, rows[i].note) != NULL && strchr(text, '\x1b') == NULL &&
                          strstr(text, "763442 transitions, 163898 crossed") != NULL,
                      "%s", text);
            free(text);
        }
        result_diff_free(&diff);
    }
}

/* ---- Merging ---- */

#define PARTS 3

/* Every third scenario of the bad sample, as check deals them out. */
static void deal(struct result parts[PARTS], struct result_scenario scenarios[PARTS][8])
{
    for (unsigned i = 0; i < PARTS; i++) {
        parts[i] = result_bad;
        parts[i].scenarios = scenarios[i];
        parts[i].scenario_count = 0;
        parts[i].suite.shard = i + 1;
        parts[i].suite.shard_count = PARTS;
        for (size_t j = i; j < COUNT(scenarios_bad); j += PARTS)
            scenarios[i][parts[i].scenario_count++] = scenarios_bad[j];
    }
}

static const char *const part_names[] = {"a.json", "b.json", "c.json"};

Test(merge, shards_make_up_the_whole)
{
    static struct result parts[PARTS];
    static struct result_scenario scenarios[PARTS][8];
    const struct result *order[PARTS] = {&parts[2], &parts[0], &parts[1]};
    struct merged merged;
    char error[256];
    deal(parts, scenarios);
    cr_assert(merge_results(&merged, order, part_names, PARTS, false, error, sizeof error), "%s",
              error);
    cr_assert_eq(merged.result.scenario_count, COUNT(scenarios_bad));
    cr_assert_eq(merged.result.suite.shard_count, 0);
    cr_assert_not(merged.result.interrupted);
    cr_assert_eq(merged.result.host_microseconds, PARTS * result_bad.host_microseconds);
    for (size_t i = 1; i < merged.result.scenario_count; i++)
        cr_assert_lt(strcmp(merged.result.scenarios[i - 1].path, merged.result.scenarios[i].path),
                     0);
    merged_free(&merged);
    cr_assert(merge_results(&merged, order, part_names, PARTS - 1, true, error, sizeof error));
    cr_assert(merged.result.interrupted);
    merged_free(&merged);
}

/* What two of an exploration's shards found alike is there once; what came back otherwise is not
 * the same. */
Test(merge, equal_findings_are_one)
{
    static struct result parts[PARTS];
    static struct result_scenario found[PARTS];
    static const char *const paths[PARTS] = {"a-1of3.va", "a-2of3.va", "a-3of3.va"};
    const struct result *order[PARTS] = {&parts[0], &parts[1], &parts[2]};
    struct merged merged;
    char error[256];
    for (unsigned i = 0; i < PARTS; i++) {
        parts[i] = result_bad;
        parts[i].suite = (struct result_suite){result_bad.suite.hash, 0, i + 1, PARTS};
        parts[i].scenarios = &found[i];
        parts[i].scenario_count = 1;
        found[i] = scenarios_bad[0];
        found[i].path = paths[i];
    }
    found[1].transcript = "otherwise";
    cr_assert(merge_results(&merged, order, part_names, PARTS, false, error, sizeof error), "%s",
              error);
    cr_assert_eq(merged.result.scenario_count, 2);
    cr_assert_str_eq(merged.result.scenarios[0].path, paths[0]);
    cr_assert_str_eq(merged.result.scenarios[1].path, paths[1]);
    merged_free(&merged);
}

/* The transitions of the parts are added up; what all walk is there once. */
Test(merge, how_far_the_parts_came_is_added_up)
{
    static struct result parts[PARTS];
    static struct result_exploration extents[PARTS];
    static const struct result_bar other[] = {{"VF-PAST-END", 5}, {"NF-RELEASE-PART", 1}};
    const struct result *order[PARTS] = {&parts[0], &parts[1], &parts[2]};
    struct merged merged;
    char error[256];
    for (unsigned i = 0; i < PARTS; i++) {
        parts[i] = result_explored;
        parts[i].interrupted = false;
        parts[i].scenario_count = 0;
        parts[i].suite.shard = i + 1;
        parts[i].suite.shard_count = PARTS;
        parts[i].exploration = &extents[i];
        extents[i] = extent_both;
    }
    extents[1].scope.bars = other;
    extents[1].scope.states_reached = 360;
    extents[2].sample.states = 20000;
    cr_assert(merge_results(&merged, order, part_names, PARTS, false, error, sizeof error), "%s",
              error);
    const struct result_exploration *extent = merged.result.exploration;
    cr_assert_not_null(extent);
    cr_assert_eq(extent->sequences, PARTS * extent_both.sequences);
    cr_assert_eq(extent->calls, PARTS * extent_both.calls);
    cr_assert_eq(extent->odd, PARTS * extent_both.odd);
    const struct result_scope *scope = &extent->scope;
    cr_assert_eq(scope->states, extent_both.scope.states);
    cr_assert_eq(scope->states_reached, 360);
    cr_assert_eq(scope->transitions, PARTS * extent_both.scope.transitions);
    cr_assert_eq(scope->crossed, PARTS * extent_both.scope.crossed);
    cr_assert_eq(scope->unsettled, PARTS * extent_both.scope.unsettled);
    cr_assert_eq(scope->bar_count, 3);
    cr_assert_eq(scope->bars[0].transitions, 2 * bars[0].transitions + 1);
    cr_assert_eq(extent->sample.seed, extent_both.sample.seed);
    cr_assert_eq(extent->sample.states, 20000);
    merged_free(&merged);
    extents[0].scope.states = 100; /* one was interrupted while it walked the states */
    extents[0].scope.states_reached = 90;
    extents[2].scope.transitions = UINT64_MAX; /* and one lies */
    extents[2].scope.crossed = extents[2].calls = UINT64_MAX - 1;
    cr_assert(merge_results(&merged, order, part_names, PARTS, false, error, sizeof error));
    extent = merged.result.exploration;
    cr_assert_eq(extent->scope.states - extent->scope.states_reached,
                 extent_both.scope.states - 360);
    cr_assert_eq(extent->scope.transitions, UINT64_MAX);
    cr_assert_eq(extent->scope.crossed, UINT64_MAX);
    cr_assert_eq(extent->calls, UINT64_MAX);
    merged_free(&merged);
    parts[1].exploration = NULL; /* one does not say */
    cr_assert(merge_results(&merged, order, part_names, PARTS, false, error, sizeof error));
    cr_assert_null(merged.result.exploration);
    merged_free(&merged);
}

static void spoil(struct result *parts, int row)
{
    switch (row) {
    case 0:
        parts[1].subject = "model";
        break;
    case 1:
        parts[1].profile = "windows-98";
        break;
    case 2:
        parts[1].suite.hash = "fedcba9876543210";
        break;
    case 3:
        parts[1].version = "0.0.9";
        break;
    case 4:
        parts[1].suite.shard = 1;
        break;
    case 5:
        parts[1].suite.shard = parts[0].suite.shard = parts[2].suite.shard = 0;
        parts[1].suite.shard_count = parts[0].suite.shard_count = parts[2].suite.shard_count = 0;
        break;
    case 6:
        parts[1].suite.shard_count = 4;
        break;
    case 7:
        parts[1].suite.shard_count = parts[0].suite.shard_count = parts[2].suite.shard_count = 5;
        break;
    case 8:
        parts[1].suite.shard_count = parts[0].suite.shard_count = parts[2].suite.shard_count =
            2000000000;
        break;
    case 9:
        parts[1].scenarios = parts[0].scenarios;
        parts[1].scenario_count = parts[0].scenario_count;
        break;
    }
}

Test(merge, what_does_not_fit_together_is_refused)
{
    static const char *const words[] = {
        "a.json has the subject \"exec:wine",
        "the profile \"windows-10-x64\", b.json \"windows-98\": they are not parts of one run",
        "the suite \"0123456789abcdef\", b.json \"fedcba9876543210\"",
        "the version of Pagelaw \"0.1.0\", b.json \"0.0.9\"",
        "a.json and b.json are both shard 1",
        "a.json is no shard: it is of the whole suite",
        "a.json is of 3 shards of 13 scenarios, b.json of 4 of 13",
        "2 of 5 shards are missing: 4, 5",
        "one of 2000000000 shards, wanted at most 10000",
        "is in two of the shards",
    };
    for (int row = 0; row < (int)COUNT(words); row++) {
        static struct result parts[PARTS];
        static struct result_scenario scenarios[PARTS][8];
        const struct result *all[PARTS] = {&parts[0], &parts[1], &parts[2]};
        struct merged merged;
        char error[512];
        deal(parts, scenarios);
        spoil(parts, row);
        cr_assert_not(merge_results(&merged, all, part_names, PARTS, false, error, sizeof error),
                      "row %d", row);
        cr_assert_not_null(strstr(error, words[row]), "row %d: %s", row, error);
    }
}

/* ---- The commands ---- */

TestSuite(results, .init = folder_make, .fini = folder_remove, .timeout = 120);

static void expect(const char *command, int status, const char *words)
{
    struct started started =
        start_and_wait(&(struct start){.command = command, .folder = folder_path(), .limit_s = 60});
    cr_assert(started.status == status &&
                  (strstr(started.out, words) != NULL || strstr(started.err, words) != NULL),
              "%s: status %d: %s%s", command, started.status, started.out, started.err);
    started_free(&started);
}

/* As `check` of the whole says. */
Test(results, shards_in_which_nothing_was_checked_do_not_pass)
{
    start_and_expect(
        &(struct start){.command = "for i in 1 2; do \"$PAGELAW\" check native --subject model "
                                   "--profile windows-98 --shard $i/2 --output $i.json "
                                   "> none 2>&1; done; exec \"$PAGELAW\" merge 1.json 2.json "
                                   "--output whole.json",
                        .folder = folder_path()},
        2, "", "nothing was checked: the subject supports none of it");
}

Test(results, shards_are_run_merged_and_compared)
{
    expect(
        "for i in 1 2 3; do\n"
        "    \"$PAGELAW\" check --subject model --shard $i/3 --output $i.json reserve || exit 2\n"
        "done\n"
        "\"$PAGELAW\" check --subject model --output all.json reserve\n"
        "\"$PAGELAW\" merge 3.json 1.json 2.json --output merged.json && \"$PAGELAW\" merge "
        "2.json 1.json 3.json > again.json && cmp merged.json again.json\n"
        "\"$PAGELAW\" diff all.json merged.json",
        0, "0 appeared, 0 changed, 0 gone, 0 as before.");
    char *all = folder_read("all.json"), *merged = folder_read("merged.json");
    json_drop_hosts(all);
    json_drop_hosts(merged);
    cr_assert_str_eq(all, merged);
    free(all);
    free(merged);
    expect("\"$PAGELAW\" merge 1.json 3.json", 2, "1 of 3 shards is missing: 2");
    expect("\"$PAGELAW\" merge 1.json 3.json --partial", 0, "\"interrupted\": true");
    expect("\"$PAGELAW\" merge 1.json all.json", 2, "they are not parts of one run");
    expect("\"$PAGELAW\" merge 2.json 3.json 1.json --format markdown --output again.json && cmp "
           "merged.json again.json",
           0, "# Pagelaw: model");
    expect("\"$PAGELAW\" merge 1.json 2.json 3.json --format text,tap --output both && ls both.txt "
           "both.json both.tap",
           0, "agree");
}

Test(results, a_diff_says_what_changed)
{
    expect("for port in reference decommit-past-the-end; do\n"
           "    \"$PAGELAW\" check --jobs 1 --subject port:$PAGELAW_PORTS/$port.so --output "
           "$port.json decommit\n"
           "done\n"
           "\"$PAGELAW\" diff reference.json decommit-past-the-end.json",
           1, "3 appeared, 0 changed, 0 gone, 0 as before.");
    expect("\"$PAGELAW\" diff decommit-past-the-end.json reference.json --format markdown", 1,
           "0 appeared, 0 changed, 3 gone, 0 as before");
    expect("\"$PAGELAW\" diff reference.json reference.json --format json", 0,
           "\"pagelaw-diff\": 1");
}

Test(results, what_was_mistyped_is_named)
{
    expect("\"$PAGELAW\" diff", 2, "found 0 result files, wanted two");
    expect("\"$PAGELAW\" diff a b c", 2, "found 3 result files");
    expect("\"$PAGELAW\" diff a.json b.json", 2, "a.json: the result cannot be read: No such file");
    expect("\"$PAGELAW\" diff --format html a b", 2, "wanted text, json or markdown");
    expect("\"$PAGELAW\" diff --fast a b", 2, "there is no option --fast");
    expect("echo '{\"pagelaw-result\":9' > a.json; \"$PAGELAW\" diff a.json a.json", 2,
           "a.json:1:19: found version 9 of the format, wanted at most 3");
    expect("\"$PAGELAW\" merge", 2, "found 0 result files");
    expect("\"$PAGELAW\" merge a.json", 2, "found version 9");
    expect("\"$PAGELAW\" merge --format words a.json", 2, "--format: found \"words\"");
    expect("\"$PAGELAW\" diff --help", 0, "usage: pagelaw diff");
    expect("\"$PAGELAW\" merge --help", 0, "usage: pagelaw merge");
}
