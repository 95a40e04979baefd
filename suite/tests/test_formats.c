/* The other formats of a report, against golden texts and against programs that read them for real.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "golden.h"
#include "reports.h"
#include "sample_results.h"
#include "started.h"

static const char *report(enum report_format format, const struct result *result)
{
    static char *text;
    const struct report_style style = {.width = 80, .full_path = "zig-out/reports/wine.txt"};
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert(report_write(format, result, &style, file));
    free(text);
    return text = golden_contents(file);
}

static void check_golden(const char *name, enum report_format format, const struct result *result)
{
    char path[64];
    snprintf(path, sizeof path, "report-%s%s", name, report_format_ending(format));
    golden_check(path, report(format, result));
}

static const enum report_format others[] = {REPORT_JUNIT, REPORT_TAP, REPORT_MARKDOWN, REPORT_HTML};

Test(formats, golden)
{
    for (size_t i = 0; i < COUNT(others); i++) {
        check_golden("good", others[i], &result_good);
        check_golden("bad", others[i], &result_bad);
        check_golden("interrupted", others[i], &result_interrupted);
        check_golden("hostile", others[i], &result_hostile);
        check_golden("explored", others[i], &result_explored);
    }
}

/* ---- Beside a baseline ---- */

static const char beside[] =
    "pagelaw-baseline 1\nsubject Wine\n"
    "suite/scenarios/decommit/write-back.va\n    step 2: NtFreeVirtualMemory(p, 0, MEM_DECOMMIT)\n"
    "    rule NF-WRITE-BACK\n    what RegionSize\n    value 64K\n    reason Seen in 8.0, not "
    "fixed\n"
    "suite/scenarios/execute/code.va\n    step 4: execute(p)\n"
    "    what crashed\n    value the agent died of signal 4 (SIGILL)\n    reason Bug 1\n"
    "suite/scenarios/execute/early.va\n    step 0\n    what crashed\n"
    "    value the agent ended with status 3 before the first step\n    reason Bug 2\n"
    "suite/scenarios/guard/middle.va\n    step 3: write(p + PAGE, 1)\n    rule ACC-GUARD-ONCE\n"
    "    what exception\n    value no exception\n    reason Bug 3\n    link https://example.org/3\n"
    "suite/scenarios/guard/middle.va\n    step 1: <b>\"read\"(p)\n    rule ACC-GUARD-ONCE\n"
    "    what exception\n    value no | exception\n"
    "suite/scenarios/reserve/base-rounds-down.va\n    step 1: x\n    rule VA-ALIGN-BASE\n"
    "    what return value\n    value h + 4K\n    versions < 7.2\n"
    "suite/scenarios/reserve/base-rounds-down.va\n    step 1: x\n    rule VA-ALIGN-BASE\n"
    "    what return value\n    value h + 4K\n    versions >= 9\n"
    "suite/scenarios/reset/undo.va\n    step 1: x\n    rule VA-ALIGN-BASE\n    what return value\n"
    "    value h + 4K\n";

static void apply(struct baselined *baselined, struct baseline **baseline)
{
    struct read_error error;
    *baseline = baseline_read(beside, strlen(beside), "wine.baseline", &error);
    cr_assert_not_null(*baseline, "%d:%d: %s", error.line, error.column, error.message);
    cr_assert(baseline_apply(*baseline, &result_bad, NULL, baselined));
}

Test(formats, golden_beside_a_baseline)
{
    struct baseline *baseline;
    struct baselined baselined;
    apply(&baselined, &baseline);
    for (unsigned i = 0; i < REPORT_FORMAT_END; i++)
        check_golden("beside", (enum report_format)i, &baselined.result);
    const struct baseline_counts *counts = &baselined.counts;
    cr_assert(counts->known == 2 && counts->drift == 2 && counts->fixed == 1 &&
                  counts->expired == 1 && counts->other_versions == 1 && counts->not_run == 1,
              "%zu known, %zu drift, %zu fixed, %zu expired, %zu other, %zu not run", counts->known,
              counts->drift, counts->fixed, counts->expired, counts->other_versions,
              counts->not_run);
    baselined_free(&baselined);
    baseline_free(baseline);
}

/* ---- Nothing of a subject is markup ---- */

static struct result result_of_markup(struct result_scenario *scenario,
                                      struct result_difference *difference,
                                      struct result_finding *finding, const char *text)
{
    *finding = (struct result_finding){text, text, text, {text, text, text, text}, NOT_SAID};
    *difference = differences_hostile[0];
    difference->call = difference->host_call = difference->transcript = text;
    difference->findings = finding;
    *scenario =
        (struct result_scenario){text, text, text, VERDICT_DIFFER, text,  1, 0,     0, difference,
                                 1,    0,    text, text,           &text, 0, &text, 0, NOT_SAID};
    struct result result = result_bad;
    result.subject = result.system = result.backend = result.processor = result.profile = text;
    result.command = result.version = result.host_date = text;
    result.scenarios = scenario;
    result.scenario_count = 1;
    return result;
}

/* Whether each '<' of a Markdown text stands in code or behind a backslash. */
static bool is_tame(const char *text)
{
    bool in_block = false, in_code = false;
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        bool fence = strncmp(line, "```", 3) == 0;
        in_block = in_block != fence;
        for (const char *at = line; !fence && !in_block && *at != '\n'; at++) {
            in_code = in_code != (*at == '`');
            if (*at == '<' && !in_code && at[-1] != '\\')
                return false;
        }
    }
    return !in_code && !in_block;
}

Test(formats, nothing_of_a_subject_is_markup)
{
    static const char *const texts[] = {"</pre><script>alert(1)</script>", "\" onclick=\"x()\" '",
                                        "]]>&lt;", "<img src=x onerror=y>"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct result_scenario scenario;
        struct result_difference difference;
        struct result_finding finding;
        struct result result = result_of_markup(&scenario, &difference, &finding, texts[i]);
        const char *html = report(REPORT_HTML, &result);
        cr_assert(strstr(html, texts[i]) == NULL && strstr(html, "<script") == NULL &&
                  strstr(html, "<img") == NULL && strstr(html, " onclick=\"") == NULL);
        cr_assert_null(strstr(report(REPORT_JUNIT, &result), texts[i]));
        cr_assert(is_tame(report(REPORT_MARKDOWN, &result)), "%s",
                  report(REPORT_MARKDOWN, &result));
    }
}

/* ---- Real readers ---- */

/* Fails the test if the command does not end with that status, or without those words. */
static void expect(const char *command, int status, const char *words)
{
    struct started started = start_and_wait(&(struct start){.command = command, .limit_s = 100});
    cr_assert(started.status == status && strstr(started.out, words) != NULL, "%s: status %d: %s%s",
              command, started.status, started.out, started.err);
    started_free(&started);
}

Test(formats, junit_is_what_a_schema_of_jenkins_accepts, .timeout = 120)
{
    expect("for file in suite/tests/golden/*.xml; do\n"
           "    xmllint --noout --schema .zigw/junit-10.xsd $file 2>&1 || exit 1\n"
           "done\n"
           "\"$PAGELAW\" check --subject model --format junit |\n"
           "    xmllint --noout --schema .zigw/junit-10.xsd - 2>&1",
           0, "validates");
}

/* Debian's prove refuses any version above 13, but takes what 14 says if no version is named. */
Test(formats, tap_is_what_prove_understands, .timeout = 120)
{
    expect("\"$PAGELAW\" check --subject model --format tap > /tmp/pagelaw-$$.tap\n"
           "prove -e 'sed 1d' /tmp/pagelaw-$$.tap\n"
           "status=$?; rm /tmp/pagelaw-$$.tap; exit $status",
           0, "Result: PASS");
    expect("prove -e 'sed 1d' suite/tests/golden/report-bad.tap "
           "suite/tests/golden/report-beside.tap suite/tests/golden/report-hostile.tap 2>&1 |\n"
           "    tee /dev/stderr | grep -c 'Parse errors'",
           1, "0");
}

Test(formats, json_is_what_its_schema_says, .timeout = 120)
{
    expect("cat > /tmp/pagelaw-$$.py <<'END'\n"
           "import json, jsonschema, sys\n"
           "schema = json.load(open('reports/result.schema.json'))\n"
           "jsonschema.Draft202012Validator.check_schema(schema)\n"
           "validator = jsonschema.Draft202012Validator(schema)\n"
           "for path in sys.argv[1:]:\n"
           "    validator.validate(json.load(open(path)))\n"
           "    print(path, 'is valid')\n"
           "wrong = json.load(open(sys.argv[1]))\n"
           "wrong['scenarios'][0]['verdict'] = 'fine'\n"
           "assert not validator.is_valid(wrong)\n"
           "END\n"
           "\"$PAGELAW\" check --subject model --format json > /tmp/pagelaw-$$.json\n"
           "/usr/bin/python3 /tmp/pagelaw-$$.py suite/tests/golden/result-bad.json "
           "suite/tests/golden/result-good.json suite/tests/golden/result-interrupted.json "
           "suite/tests/golden/report-beside.json suite/tests/golden/result-hostile.json "
           "suite/tests/golden/result-explored.json "
           "/tmp/pagelaw-$$.json 2>&1\n"
           "status=$?; rm /tmp/pagelaw-$$.*; exit $status",
           0, "report-beside.json is valid");
}
