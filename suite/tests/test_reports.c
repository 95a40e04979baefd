/* The reports as text and JSON, against golden texts. */
#define _POSIX_C_SOURCE 200809L

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "golden.h"
#include "json_write.h"
#include "reports.h"
#include "sample_results.h"

#define FULL_PATH "zig-out/reports/wine.txt"

static const struct report_style style_short = {.width = 80, .full_path = FULL_PATH};
static const struct report_style style_short_colour = {
    .width = 120, .colour = true, .full_path = FULL_PATH};
static const struct report_style style_full = {.width = 100, .full = true};
static const struct report_style style_narrow = {.width = 1, .full_path = FULL_PATH};

/* ---- Texts in memory ------------------------------------------------------------------------- */

/* JSON if there is no style. */
static char *report(const struct result *result, const struct report_style *style)
{
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert(style != NULL ? report_text(result, style, file) : report_json(result, file));
    return golden_contents(file);
}

static void check_golden(const char *name, const struct result *result,
                         const struct report_style *style)
{
    char *text = report(result, style);
    golden_check(name, text);
    free(text);
}

/* ---- Golden texts ---------------------------------------------------------------------------- */

Test(reports, golden_no_differences)
{
    check_golden("report-good.txt", &result_good, &style_short);
    check_golden("report-good-full.txt", &result_good, &style_full);
}

Test(reports, golden_differences)
{
    check_golden("report-bad.txt", &result_bad, &style_short);
    check_golden("report-bad-colour.txt", &result_bad, &style_short_colour);
    check_golden("report-bad-full.txt", &result_bad, &style_full);
    check_golden("report-bad-narrow.txt", &result_bad, &style_narrow);
}

Test(reports, golden_interrupted)
{
    check_golden("report-interrupted.txt", &result_interrupted, &style_short);
}

Test(reports, golden_hostile)
{
    check_golden("report-hostile.txt", &result_hostile, &style_short);
    check_golden("report-hostile-full.txt", &result_hostile, &style_full);
}

Test(reports, golden_explored)
{
    check_golden("report-explored.txt", &result_explored, &style_short);
    check_golden("report-explored-narrow.txt", &result_explored, &style_narrow);
}

Test(reports, golden_json)
{
    check_golden("result-good.json", &result_good, NULL);
    check_golden("result-bad.json", &result_bad, NULL);
    check_golden("result-interrupted.json", &result_interrupted, NULL);
    check_golden("result-hostile.json", &result_hostile, NULL);
    check_golden("result-explored.json", &result_explored, NULL);
}

/* ---- What holds of every text ---------------------------------------------------------------- */

static const struct result *const samples[] = {&result_good, &result_bad, &result_interrupted,
                                               &result_hostile, &result_explored};

static void check_lines(const char *text)
{
    size_t length = strlen(text);
    cr_assert(length > 0 && text[length - 1] == '\n');
    cr_assert_null(strstr(text, " \n"), "a line ends in a space:\n%s", text);
    for (; *text != '\0'; text++)
        cr_assert((unsigned char)*text >= 0x20 || *text == '\n', "a control character");
    cr_assert_null(strchr(text, 0x7F));
}

Test(reports, no_control_character_and_no_trailing_space)
{
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct report_style *styles[] = {&style_short, &style_full, &style_narrow, NULL};
        for (size_t j = 0; j < COUNT(styles); j++) {
            char *text = report(samples[i], styles[j]);
            check_lines(text);
            free(text);
        }
    }
}

/* Commands and paths stay whole; of the rest nothing goes over the width. */
static bool may_be_long(const char *line)
{
    static const char *const marks[] = {"again: ", "--> ", "In full, ", "    suite/"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (strstr(line, marks[i]) != NULL)
            return true;
    }
    return strncmp(line, "  suite/", 8) == 0;
}

Test(reports, text_wraps_at_the_width)
{
    for (unsigned width = 60; width < 140; width++) {
        struct report_style style = {.width = width, .full_path = FULL_PATH};
        char *text = report(&result_bad, &style);
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
            cr_assert(strlen(line) <= width || may_be_long(line), "%u: %s", width, line);
        free(text);
    }
}

static char *without_colour(const char *text)
{
    char *plain = calloc(strlen(text) + 1, 1), *end = plain;
    cr_assert_not_null(plain);
    for (; *text != '\0'; text++) {
        if (*text == '\x1b')
            text = strchr(text, 'm');
        else
            *end++ = *text;
    }
    return plain;
}

Test(reports, colour_changes_nothing_else)
{
    struct report_style style = style_full;
    char *plain = report(&result_bad, &style);
    style.colour = true;
    char *coloured = report(&result_bad, &style);
    char *bleached = without_colour(coloured);
    cr_assert_str_eq(bleached, plain);
    cr_assert_null(strstr(plain, "\x1b"));
    free(bleached);
    free(coloured);
    free(plain);
}

Test(reports, width_zero_is_eighty)
{
    struct report_style style = style_short;
    char *eighty = report(&result_bad, &style);
    style.width = 0;
    char *zero = report(&result_bad, &style);
    cr_assert_str_eq(zero, eighty);
    free(zero);
    free(eighty);
}

Test(reports, a_run_of_nothing_says_so)
{
    struct result result = result_good;
    result.scenario_count = 0;
    char *text = report(&result, &style_short);
    cr_assert_not_null(strstr(text, "0 scenarios, 0 steps in 1.2 s. Nothing was checked.\n"));
    free(text);
    struct result unsupported = result_hostile;
    unsupported.scenarios++;
    unsupported.scenario_count = 1;
    text = report(&unsupported, &style_short);
    cr_assert_not_null(strstr(text, "1 unsupported. Nothing was checked.\n"));
    free(text);
}

/* There is no suite of one: what is in its result was found. */
Test(reports, an_exploration_that_found_nothing_says_so)
{
    struct result result = result_good;
    result.scenario_count = result.suite.scenario_count = 0;
    char *text = report(&result, &style_short);
    cr_assert_not_null(strstr(text, "\nNo differences.\n"), "%s", text);
    free(text);
    const struct result_exploration extent = {.exhaustive = true, .scope = {.within = "full"}};
    result.exploration = &extent; /* it came to nothing */
    text = report(&result, &style_short);
    cr_assert_not_null(strstr(text, "0 sequences, 0 calls"), "%s", text);
    cr_assert_not_null(strstr(text, "\nNothing was checked.\n"), "%s", text);
    free(text);
}

Test(reports, what_is_known_is_not_new)
{
    struct result_scenario scenario = scenarios_bad[5];
    cr_assert_eq(scenario.verdict, VERDICT_KNOWN);
    struct result result = result_good;
    result.scenarios = &scenario;
    result.scenario_count = 1;
    char *text = report(&result, &style_short);
    cr_assert_not_null(strstr(text, "1 known. No new differences.\n"));
    cr_assert_null(strstr(text, "broken"));
    free(text);
}

Test(reports, verdict_words)
{
    static const char *const words[VERDICT_END] = {"agree",  "unspecified", "unsupported", "known",
                                                   "differ", "crashed",     "timed out"};
    for (unsigned i = 0; i < VERDICT_END; i++)
        cr_assert_str_eq(report_verdict_word((enum verdict)i), words[i]);
}

/* ---- Many ------------------------------------------------------------------------------------ */

#define MANY 2000
#define MANY_RULES 50

static struct result_scenario many_scenarios[MANY];
static struct result_difference many_differences[MANY];
static struct result_finding many_findings[MANY];
static char many_ids[MANY_RULES][16];

/* Each kind of verdict, over and over, and fifty rules. */
static struct result many(void)
{
    for (unsigned i = 0; i < MANY_RULES; i++)
        snprintf(many_ids[i], sizeof many_ids[i], "RULE-%u", i);
    for (unsigned i = 0; i < MANY; i++) {
        many_findings[i] = findings_align[0];
        many_findings[i].rule.id = many_ids[i * i % MANY_RULES];
        many_differences[i] = differences_align[0];
        many_differences[i].findings = &many_findings[i];
        many_differences[i].finding_count = 1;
        many_scenarios[i] = scenarios_bad[i % COUNT(scenarios_bad)];
        if (many_scenarios[i].verdict == VERDICT_DIFFER)
            many_scenarios[i].differences = &many_differences[i];
    }
    struct result result = result_bad;
    result.scenarios = many_scenarios;
    result.scenario_count = MANY;
    return result;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

Test(reports, the_same_bytes_twice, .timeout = 10)
{
    struct result result = many();
    const struct report_style *styles[] = {&style_short, &style_full, NULL};
    for (size_t i = 0; i < COUNT(styles); i++) {
        char *first = report(&result, styles[i]), *second = report(&result, styles[i]);
        cr_assert_str_eq(first, second);
        free(second);
        free(first);
    }
}

Test(reports, short_stays_short)
{
    struct result result = many();
    char *text = report(&result, &style_short);
    cr_assert_lt(count_lines(text), 160, "%zu", count_lines(text));
    cr_assert_not_null(strstr(text, FULL_PATH));
    free(text);
    text = report(&result_good, &style_short);
    cr_assert_lt(count_lines(text), 8);
    free(text);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

Test(reports, json_numbers_beyond_a_double_are_strings)
{
    FILE *file = tmpfile();
    struct json json;
    json_begin(&json, file);
    json_array(&json, NULL);
    json_number(&json, NULL, UINT64_C(9007199254740992));
    json_number(&json, NULL, UINT64_C(9007199254740993));
    json_number(&json, NULL, UINT64_MAX);
    json_end_array(&json);
    cr_assert(json_end(&json));
    char *text = golden_contents(file);
    cr_assert_str_eq(text, "[\n  9007199254740992,\n  \"9007199254740993\",\n"
                           "  \"18446744073709551615\"\n]\n");
    free(text);
}

static const char *string_as_json(const char *text, char *buffer, size_t capacity)
{
    FILE *file = tmpfile();
    struct json json;
    json_begin(&json, file);
    json_text(&json, NULL, text);
    cr_assert(json_end(&json));
    char *written = golden_contents(file);
    snprintf(buffer, capacity, "%s", written);
    free(written);
    return buffer;
}

Test(reports, json_strings)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {NULL, "null\n"},
        {"", "\"\"\n"},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\"\n"},
        {"\x01\n\x1f\x7f", "\"\\u0001\\n\\u001f\\u007f\"\n"},
        {"\xc2\x80\xc2\xa0", "\"\\u0080\xc2\xa0\"\n"},
        {"\xe2\x80\xa8\xe2\x80\xae", "\"\\u2028\\u202e\"\n"},
        {"\xff", "\"\\ufffd\"\n"},
        {"\xc3", "\"\\ufffd\"\n"},
        {"\xc0\xaf", "\"\\ufffd\\ufffd\"\n"},
        {"\xe0\x80\x80", "\"\\ufffd\\ufffd\\ufffd\"\n"},
        {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"\n"},
        {"\xf0\x9f\x90", "\"\\ufffd\\ufffd\\ufffd\"\n"},
        {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n"},
        {"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"\n"},
    };
    char buffer[128];
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *written = string_as_json(cases[i].text, buffer, sizeof buffer);
        cr_assert_str_eq(written, cases[i].wanted, "case %zu: %s", i, written);
    }
}

/* ---- Files ----------------------------------------------------------------------------------- */

static char directory[] = "/tmp/pagelaw-reports-XXXXXX";
static char saved[64], temporary[80];

static void make_directory(void)
{
    cr_assert_not_null(mkdtemp(directory));
    snprintf(saved, sizeof saved, "%s/result.json", directory);
    snprintf(temporary, sizeof temporary, "%s.tmp", saved);
}

static void remove_directory(void)
{
    remove(saved);
    rmdir(directory);
}

Test(report_files, python_reads_the_json, .init = make_directory, .fini = remove_directory)
{
    if (system("python3 --version > /dev/null 2>&1") != 0)
        cr_skip_test("there is no python3");
    struct result result = many();
    const struct result *results[] = {&result_good, &result_bad, &result_hostile, &result};
    for (size_t i = 0; i < COUNT(results); i++) {
        char command[128];
        cr_assert(report_save(saved, REPORT_JSON, results[i], NULL));
        snprintf(command, sizeof command, "python3 -m json.tool %s > /dev/null", saved);
        cr_assert_eq(system(command), 0);
    }
}

Test(report_files, save_replaces, .init = make_directory, .fini = remove_directory)
{
    cr_assert(report_save(saved, REPORT_TEXT, &result_bad, &style_full));
    cr_assert(report_save(saved, REPORT_JSON, &result_good, NULL));
    char *text = golden_contents(fopen(saved, "rb")), *wanted = report(&result_good, NULL);
    cr_assert_str_eq(text, wanted);
    cr_assert_neq(access(temporary, F_OK), 0);
    free(wanted);
    free(text);
}

Test(report_files, save_leaves_nothing_on_failure, .init = make_directory, .fini = remove_directory)
{
    cr_assert_not(report_save("/tmp/there/is/no/such/folder", REPORT_JSON, &result_good, NULL));
    cr_assert_not(report_save(directory, REPORT_JSON, &result_good, NULL));
    cr_assert_eq(access(directory, F_OK), 0);
    char beside[80];
    snprintf(beside, sizeof beside, "%s.tmp", directory);
    cr_assert_neq(access(beside, F_OK), 0);
}

Test(report_files, a_full_disk_is_told)
{
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    cr_assert_not(report_save("/dev/full", REPORT_JSON, &result_good, NULL));
    cr_assert_not(report_save("/dev/full", REPORT_TEXT, &result_good, &style_short));
    cr_assert(report_save("/dev/null", REPORT_JSON, &result_good, NULL));
}
