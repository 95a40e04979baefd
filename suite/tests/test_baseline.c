/* Baselines: the file, ranges of versions, and what check says of a subject that changes. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "golden.h"
#include "sample_results.h"
#include "started.h"
#include "versions.h"

TestSuite(baselines, .init = folder_make, .fini = folder_remove, .timeout = 120);

/* ---- Versions ---- */

Test(baseline, ranges_are_of_ordered_versions)
{
    static const struct {
        const char *range, *version;
        enum range_place place;
    } rows[] = {
        {"", "8.0", RANGE_HOLDS},
        {"", "", RANGE_HOLDS},
        {">= 8.0 < 10.0", "8", RANGE_HOLDS},
        {">= 8.0 < 10.0", "9.21", RANGE_HOLDS},
        {">= 8.0 < 10.0", "10", RANGE_PAST},
        {">= 8.0 < 10.0", "10.0.1", RANGE_PAST},
        {">= 8.0 < 10.0", "7.22", RANGE_BEFORE},
        {">= 8.0 < 10.0", "", RANGE_UNKNOWN},
        {">8.0", "8.0.0", RANGE_BEFORE},
        {">8.0", "8.0.0.1", RANGE_HOLDS},
        {"<= 6.1.7601", "6.1.7601", RANGE_HOLDS},
        {"<= 6.1.7601", "6.1.7602", RANGE_PAST},
        {"= 5.0", "5.0", RANGE_HOLDS},
        {"= 5.0", "5.0.3", RANGE_PAST},
        {"= 5.0", "4", RANGE_BEFORE},
        {"< 99999999999999999999", "4294967295", RANGE_PAST},
        {"8.0", "8.0", RANGE_WRONG},
        {">= 8.0, < 9", "8.0", RANGE_WRONG},
        {">= x", "8.0", RANGE_WRONG},
        {">=", "", RANGE_WRONG},
        {"=> 8", "", RANGE_WRONG},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject_version version;
        version_read(&version, rows[i].version);
        cr_assert_eq(range_find(rows[i].range, &version), rows[i].place, "%s: %s", rows[i].range,
                     rows[i].version);
    }
}

Test(baseline, bounds_that_contradict_each_other_are_found)
{
    static const struct {
        const char *range;
        bool empty;
    } rows[] = {
        {"", false},
        {">= 8 < 10", false},
        {">= 8 <= 8.0", false},
        {"> 8 <= 8", true},
        {">= 8 < 8", true},
        {"< 8 >= 10", true},
        {"= 8 = 9", true},
        {"= 8 >= 8", false},
        {"= 8 > 8", true},
        {"< 0", true},
        {"<= 0", false},
        {"> 9 < 12 < 9", true},
        {"> 1 > 2 < 3", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(range_is_empty(rows[i].range), rows[i].empty, "%s", rows[i].range);
}

Test(baseline, a_system_has_a_name_and_a_version)
{
    static const struct {
        const char *system, *name, *version;
    } rows[] = {
        {"Wine 8.0 as Windows 6.1.7601", "Wine", "8.0"},
        {"Windows 10.0.19045", "Windows", "10.0.19045"},
        {"Pagelaw's emulation layer on Linux 6.18.44-fc x86_64",
         "Pagelaw's emulation layer on Linux", "6.18.44"},
        {"the port lib7zip.so", "the port lib7zip.so", ""},
        {"1.2", "", "1.2"},
        {"", "", ""},
        {"x 1.2.3.4.5.6", "x", "1.2.3.4"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject_version version;
        char text[VERSION_TEXT_MAX];
        cr_assert_eq(version_of_system(&version, rows[i].system), strlen(rows[i].name), "%s",
                     rows[i].system);
        cr_assert_str_eq(version_spell(&version, text), rows[i].version);
    }
}

/* ---- The file ---- */

static const char *written(const struct baseline *baseline)
{
    static char *text;
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert(baseline_write(baseline, file));
    free(text);
    return text = golden_contents(file);
}

static struct baseline *read_text(const char *text)
{
    struct read_error error;
    struct baseline *baseline = baseline_read(text, strlen(text), "a baseline", &error);
    cr_assert_not_null(baseline, "%d:%d: %s\n%s", error.line, error.column, error.message, text);
    return baseline;
}

/* Of a run with everything in it, and hostile texts. */
Test(baseline, what_is_written_is_read_and_written_again)
{
    const struct result *results[] = {&result_bad, &result_hostile};
    for (size_t i = 0; i < COUNT(results); i++) {
        struct baseline *baseline = baseline_new("new");
        cr_assert(baseline_update(baseline, results[i], NULL, "2026-11-25"));
        char *text = strdup(written(baseline));
        struct baseline *again = read_text(text);
        cr_assert_str_eq(written(again), text);
        struct baselined baselined;
        cr_assert(baseline_apply(again, results[i], NULL, &baselined));
        const struct baseline_counts *counts = &baselined.counts;
        cr_assert(counts->known != 0 && counts->drift + counts->fresh + counts->fixed == 0);
        for (size_t j = 0; j < baselined.result.scenario_count; j++)
            cr_assert_lt(baselined.result.scenarios[j].verdict, VERDICT_DIFFER);
        baselined_free(&baselined);
        baseline_free(again);
        baseline_free(baseline);
        free(text);
    }
}

#define HEAD "pagelaw-baseline 1\nsubject Wine\n"
#define ENTRY "a.va\n    step 1: f()\n    rule A\n    what x\n    value y\n"

Test(baseline, what_is_written_by_hand_stays)
{
    static const char text[] =
        "# a head\n# of two lines\n" HEAD "\n# of one entry\n\n# and more\n" ENTRY
        "    reason    because # of it\n    link      https://example.org/1\n"
        "\n# the end,\n# of two lines too\n";
    struct baseline *baseline = read_text(text);
    const char *again = written(baseline);
    cr_assert_not_null(strstr(again, "# a head\n# of two lines\npagelaw-baseline 1\n"));
    cr_assert_not_null(strstr(again, "\n# of one entry\n\n# and more\na.va\n"));
    cr_assert_not_null(strstr(again, "    reason    because # of it\n"));
    cr_assert_not_null(strstr(again, "    link      https://example.org/1\n"));
    cr_assert_not_null(strstr(again, "\n\n# the end,\n# of two lines too\n"));
    baseline_free(baseline);
}

/* As an editor of Windows leaves it, and with a tab. */
Test(baseline, marks_and_tabs_of_editors_are_passed_over)
{
    struct baseline *baseline =
        read_text("\xef\xbb\xbfpagelaw-baseline 1\r\nsubject\tWine\r\n" ENTRY);
    cr_assert_not_null(strstr(written(baseline), "\nsubject Wine\n\na.va\n"));
    baseline_free(baseline);
}

Test(baseline, errors_say_where_what_and_what_was_wanted)
{
    static const struct {
        const char *text;
        int line, column;
        const char *words;
    } rows[] = {
        {"", 0, 1, "wanted \"pagelaw-baseline 1\": this is no baseline file"},
        {"hello\n", 1, 1, "this is no baseline file"},
        {"pagelaw-baseline x\n", 1, 18, "found \"x\", wanted the format's version"},
        {"pagelaw-baseline 0\n", 1, 18, "wanted the format's version"},
        {"pagelaw-baseline 2\nsubject x\n", 1, 18, "a newer Pagelaw wrote this file"},
        {"pagelaw-baseline 1\n", 1, 1, "wanted \"subject\""},
        {HEAD "    step 1\n", 3, 1, "wanted the path of a scenario"},
        {HEAD "a.va\n", 3, 1, "there is no step in the entry"},
        {HEAD "a.va\n    step 1\n    what x\n", 3, 1, "there is no value"},
        {HEAD "a.va\n    step one\n", 4, 10, "found \"one\", wanted the number of a step"},
        {HEAD "a.va\n    step 99999999999\n", 4, 10, "wanted the number of a step"},
        {HEAD "a.va\n    stop 1\n", 4, 5, "found \"stop\", wanted step, rule, what"},
        {HEAD ENTRY "    value z\n", 8, 5, "found value a second time"},
        {HEAD ENTRY "    # why\n", 8, 5, "found a comment within an entry"},
        {HEAD ENTRY "    date today\n", 8, 10, "found \"today\", wanted a date"},
        {HEAD ENTRY "    versions 8.0\n", 8, 14, "wanted a range of versions"},
        {HEAD ENTRY "    reason \\q\n", 8, 12, "begins no escape"},
        {HEAD ENTRY "    reason \\x0\n", 8, 12, "begins no escape"},
        {HEAD ENTRY "    reason \\", 8, 12, "begins no escape"},
        {HEAD ENTRY "    versions >= 10 < 8", 8, 14, "in which some version lies"},
        {HEAD ENTRY "\n    reason x\n", 9, 1, "found a line of no entry"},
        {HEAD ENTRY "\n# why\n" ENTRY "    date x\n", 15, 10, "wanted a date"},
        {HEAD ENTRY "<<<<<<< HEAD\n", 8, 1, "there is no step in the entry"},
        {"pagelaw-baseline -1\n", 1, 18, "found \"-1\", wanted the format's version"},
        {"pagelaw-baseline 1\nsubjects x\n", 2, 1, "wanted \"subject\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct read_error error;
        struct baseline *baseline =
            baseline_read(rows[i].text, strlen(rows[i].text), "a baseline", &error);
        cr_assert_null(baseline, "%s", rows[i].text);
        cr_assert(error.line == rows[i].line && error.column == rows[i].column &&
                      strstr(error.message, rows[i].words) != NULL,
                  "%s\n%d:%d: %s", rows[i].text, error.line, error.column, error.message);
    }
}

/* Cut off anywhere, and a few bytes changed at random: an error or a baseline, and no harm. */
Test(baseline, damage_does_no_harm)
{
    struct baseline *baseline = baseline_new("new");
    cr_assert(baseline_update(baseline, &result_hostile, NULL, "2026-11-25"));
    char *text = strdup(written(baseline));
    size_t length = strlen(text);
    uint32_t random = 1;
    struct read_error error;
    for (size_t i = 0; i < length; i++)
        baseline_free(baseline_read(text, i, "cut", &error));
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = (random >> 8) % length;
        char was = text[at];
        text[at] = "\n \\#:x1\t\0\xff"[random % 10];
        baseline_free(baseline_read(text, length, "changed", &error));
        if (random % 7 != 0)
            text[at] = was;
    }
    free(text);
    baseline_free(baseline);
}

/* ---- Taking runs in ---- */

/* A result of one scenario with one difference, or with none if there is no value. */
static struct result run_of(const char *system, const char *value)
{
    static struct result_scenario scenario;
    static struct result_difference difference;
    static struct result_finding finding;
    finding = findings_align[0];
    finding.observed = value;
    difference = differences_align[0];
    difference.findings = &finding;
    difference.finding_count = 1;
    scenario = scenarios_bad[7];
    scenario.differences = &difference;
    scenario.difference_count = value != NULL;
    scenario.verdict = value != NULL ? VERDICT_DIFFER : VERDICT_AGREE;
    struct result result = result_bad;
    result.system = system;
    result.scenarios = &scenario;
    result.scenario_count = 1;
    return result;
}

/* A baseline that one run made, and what another run makes of it. */
Test(baseline, a_run_is_taken_in_by_version)
{
    static const struct {
        const char *first_system, *first_value, *system, *value;
        const char *wanted[3]; /* lines of the file, in order; the last may be unwanted: "!" */
    } rows[] = {
        {"Wine 8.0",
         "a",
         "Wine 8.0",
         "a",
         {"value     a\n    versions  >= 8.0\n    reason    why"}},
        {"Wine 8.0",
         "a",
         "Wine 8.0",
         "b",
         {"value     b\n    versions  >= 8.0\n    reason    why", "!value     a"}},
        {"Wine 8.0", "a", "Wine 8.0", NULL, {"!value"}},
        {"Wine 8.0", "a", "Wine 10.0", "a", {"value     a\n    versions  >= 8.0\n"}},
        {"Wine 8.0",
         "a",
         "Wine 10.0",
         "b",
         {"value     a\n    versions  >= 8.0 < 10.0\n    reason    why",
          "value     b\n    versions  >= 10.0\n    reason    why"}},
        {"Wine 8.0", "a", "Wine 10.0", NULL, {"value     a\n    versions  >= 8.0 < 10.0\n"}},
        {"Wine 8.0",
         "a",
         "Wine 5.0",
         "a",
         {"value     a\n    versions  >= 5.0\n", "value     a\n    versions  >= 8.0\n"}},
        {"the port x", "a", "the port x", "b", {"value     b\n    reason    why", "!value     a"}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct baseline *first = baseline_new("x"), *baseline;
        struct result run = run_of(rows[i].first_system, rows[i].first_value);
        cr_assert(baseline_update(first, &run, NULL, "2026-11-25"));
        char text[4096];
        snprintf(text, sizeof text, "%s", written(first));
        char *date = strstr(text, "    date");
        cr_assert_not_null(date);
        snprintf(date, sizeof text - (size_t)(date - text), "    reason    why\n");
        baseline = read_text(text);
        run = run_of(rows[i].system, rows[i].value);
        cr_assert(baseline_update(baseline, &run, NULL, "2026-11-26"));
        const char *at = written(baseline);
        for (int j = 0; j < 3 && rows[i].wanted[j] != NULL; j++) {
            const char *wanted = rows[i].wanted[j];
            const char *found = strstr(at, wanted + (*wanted == '!'));
            cr_assert((found != NULL) == (*wanted != '!'), "row %zu: %s\n%s", i, wanted, at);
            at = found != NULL ? found : at;
        }
        baseline_free(first);
        baseline_free(baseline);
    }
}

/* What drifts keeps its comment, and bounds of which one is the version itself leave no range that
 * cannot be read. */
Test(baseline, what_drifts_is_read_again)
{
    char text[4096], edited[4096];
    struct baseline *baseline = baseline_new("x");
    struct result run = run_of("Wine 10.0", "a");
    cr_assert(baseline_update(baseline, &run, NULL, "2026-11-25"));
    snprintf(text, sizeof text, "%s", written(baseline));
    baseline_free(baseline);
    char *entry = strstr(text, "\n\n"), *versions = strstr(text, ">= 10.0\n");
    cr_assert(entry != NULL && versions != NULL);
    snprintf(edited, sizeof edited, "%.*s\n# by hand%.*s>= 8.0 >= 10.0\n", (int)(entry - text) + 1,
             text, (int)(versions - entry) - 1, entry + 1);
    baseline = read_text(edited);
    run = run_of("Wine 10.0", "b");
    cr_assert(baseline_update(baseline, &run, NULL, "2026-11-26"));
    snprintf(text, sizeof text, "%s", written(baseline));
    baseline_free(baseline);
    baseline = read_text(text);
    cr_assert(strstr(text, "\n# by hand\n") != NULL && strstr(text, "value     b\n") != NULL &&
                  strstr(text, "value     a\n") == NULL,
              "%s", text);
    baseline_free(baseline);
}

/* A file that would be refused does not take the place of one that is not. */
Test(baselines, what_could_not_be_read_again_is_not_written)
{
    const size_t length = BASELINE_FILE_MAX - 100;
    char *text = malloc(length + 300);
    int head = sprintf(text, HEAD "a.va\n    step 1: f()\n    what x\n    value ");
    memset(text + head, 'y', length - (size_t)head);
    strcpy(text + length, "\n");
    struct baseline *baseline = read_text(text);
    char path[512];
    snprintf(path, sizeof path, "%s/known", folder_path());
    folder_write("known", "old");
    cr_assert(!baseline_save(baseline, path) && errno == EFBIG);
    char *known = folder_read("known");
    cr_assert_str_eq(known, "old");
    free(known);
    free(text);
    baseline_free(baseline);
}

/* ---- A subject that somebody works on ---- */

/* The subject is the library port.so in the test's folder, as it is at that time. */
static struct started check_port(const char *port, const char *options)
{
    char command[1024];
    snprintf(command, sizeof command,
             "cp \"$PAGELAW_PORTS/%s.so\" port.so\n"
             "exec \"$PAGELAW\" check --jobs 1 --subject port:./port.so %s decommit",
             port, options);
    return start_and_wait(
        &(struct start){.command = command, .folder = folder_path(), .limit_s = 60});
}

static void expect(const char *port, const char *options, int status, const char *words)
{
    struct started started = check_port(port, options);
    cr_assert(started.status == status && strstr(started.out, words) != NULL,
              "%s %s: status %d: %s%s", port, options, started.status, started.out, started.err);
    started_free(&started);
}

Test(baselines, new_known_drift_fixed)
{
    static const char known[] = "--baseline known";
    expect("reference", "--rebaseline known", 0, "0 entries came or went");
    expect("decommit-past-the-end", known, 1, "0 known, 3 new, 0 drifted, 0 fixed");
    expect("decommit-past-the-end", "--rebaseline known", 0, "3 entries came or went");
    expect("decommit-past-the-end", known, 0, "3 known, 0 new, 0 drifted, 0 fixed");
    expect("decommit-past-the-end-is-an-address", known, 1, "0 known, 0 new, 3 drifted, 0 fixed");
    expect("reference", known, 1, "0 known, 0 new, 0 drifted, 3 fixed");
    expect("reference", "--rebaseline known", 0, "3 entries came or went");
    expect("reference", known, 0, "0 known, 0 new, 0 drifted, 0 fixed");
}

/* One finding changed by hand, in the file. */
Test(baselines, a_value_that_is_changed_is_drift)
{
    expect("decommit-past-the-end", "--rebaseline known --subject-version 1.0", 0, "came or went");
    char *text = folder_read("known"), *at = strstr(text, "value     TRUE");
    cr_assert_not_null(at);
    memcpy(at + 10, "TRUF", 4);
    folder_write("known", text);
    expect("decommit-past-the-end", "--baseline known --subject-version 1.0", 1,
           "2 known, 0 new, 1 drifted, 0 fixed");
    expect("decommit-past-the-end", "--baseline known --subject-version 0.9", 1,
           "0 known, 3 new, 0 drifted, 0 fixed, 0 expired");
    free(text);
}

Test(baselines, versions_that_are_past_have_expired)
{
    expect("decommit-past-the-end", "--rebaseline known --subject-version 1.0", 0, "came or went");
    expect("reference", "--rebaseline known --subject-version 2.0", 0, "came or went");
    expect("reference", "--baseline known --subject-version 2.0", 0, "0 fixed, 3 expired");
    expect("decommit-past-the-end", "--baseline known --subject-version 1.5", 0, "3 known");
    expect("decommit-past-the-end", "--baseline known --subject-version 2.0", 1, "3 new");
}

Test(baselines, a_part_of_the_suite_leaves_the_rest_alone)
{
    expect("decommit-past-the-end", "--rebaseline known limits", 0, "4 entries came or went");
    expect("reference", "--rebaseline known limits/shared-by-all-allocations", 0,
           "3 entries came or went");
    char *text = folder_read("known");
    cr_assert(strstr(text, "limits/failed-free") != NULL && strstr(text, "\ndecommit/") == NULL);
    free(text);
}

/* What explore finds has a baseline too. */
Test(baselines, what_was_explored_is_known_from_then_on)
{
    static const char explore[] =
        "cp \"$PAGELAW_PORTS/decommit-past-the-end.so\" port.so\n"
        "exec \"$PAGELAW\" explore --exhaustive --subject port:./port.so --output found ";
    static const struct {
        const char *options, *words;
        int status;
    } rows[] = {
        {"", "VF-PAST-END", 1},
        {"--rebaseline known", "VF-PAST-END", 0},
        {"--baseline known", "0 new, 0 drifted, 0 fixed", 0},
        {"--baseline known --format junit,tap", "<testsuites", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char command[512];
        snprintf(command, sizeof command, "%s%s", explore, rows[i].options);
        struct started started = start_and_wait(
            &(struct start){.command = command, .folder = folder_path(), .limit_s = 100});
        cr_assert(started.status == rows[i].status && strstr(started.out, rows[i].words) != NULL,
                  "%s: status %d: %s%s", command, started.status, started.out, started.err);
        started_free(&started);
    }
    char *json = folder_read("found.json"), *tap = folder_read("found.tap");
    cr_assert(json != NULL && tap != NULL && strstr(json, "\"standing\": \"known\"") != NULL);
    free(json);
    free(tap);
}

/* The reference is correct and the file is not: nothing is run, and the file stays. */
Test(baselines, a_file_that_is_wrong_is_refused_before_the_run)
{
    static const struct {
        const char *text, *options, *words;
    } rows[] = {
        {"nonsense", "--baseline known", "known:1:1: wanted \"pagelaw-baseline 1\""},
        {"nonsense", "--rebaseline known", "known:1:1: wanted \"pagelaw-baseline 1\""},
        {HEAD, "--baseline known",
         "this is the baseline of \"Wine\", and the subject is \"the port"},
        {HEAD, "--rebaseline known", "each subject has a file of its own"},
        {"pagelaw-baseline 1\nsubject a\\x1b[31m\xc2\x9b\n", "--baseline known",
         "baseline of \"a?[31m??\", and"},
        {HEAD ENTRY "    \x1b[31mx y\n", "--baseline known", "known:8:5: found \"?[31mx\", wanted"},
        {HEAD, "--baseline missing", "missing: the baseline cannot be read: No such file"},
        {HEAD, "--baseline known --rebaseline known", "one of them is enough"},
        {HEAD, "--subject-version x", "wanted numbers between dots: 8.0"},
        {HEAD, "--rebaseline no/such/folder", "the baseline could not be written: No such file"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        folder_write("known", rows[i].text);
        struct started started = check_port("reference", rows[i].options);
        cr_assert(started.status == 2 && strstr(started.err, rows[i].words) != NULL,
                  "%s: status %d: %s", rows[i].options, started.status, started.err);
        char *text = folder_read("known");
        cr_assert_str_eq(text, rows[i].text);
        free(text);
        started_free(&started);
    }
}
