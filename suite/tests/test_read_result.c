/* Result files read back; and damaged, cut off, deep, huge and hostile ones refused. */
#define _POSIX_C_SOURCE 200809L

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read_result.h"
#include "reports.h"
#include "sample_results.h"

static char *contents(FILE *file, size_t *length)
{
    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(*length + 1, 1);
    cr_assert_not_null(text);
    cr_assert_eq(fread(text, 1, *length, file), *length);
    fclose(file);
    return text;
}

static char *as_json(const struct result *result, size_t *length)
{
    FILE *file = tmpfile();
    cr_assert(report_json(result, file));
    return contents(file, length);
}

static struct result *read_whole(const char *text, size_t length)
{
    struct read_error error;
    struct result *result = result_read(text, length, &error);
    cr_assert_not_null(result, "%d:%d: %s", error.line, error.column, error.message);
    return result;
}

static void expect_error(const char *text, size_t length, int line, int column, const char *message)
{
    struct read_error error;
    cr_assert_null(result_read(text, length, &error), "%s", text);
    cr_assert_str_eq(error.message, message);
    cr_assert(error.line == line && error.column == column, "%d:%d: %s", error.line, error.column,
              error.message);
}

/* ---- What is whole --------------------------------------------------------------------------- */

Test(read_result, what_was_written_is_read_and_written_again)
{
    const struct result *samples[] = {&result_good, &result_bad, &result_interrupted,
                                      &result_hostile, &result_explored};
    for (size_t i = 0; i < COUNT(samples); i++) {
        size_t length, again_length;
        char *text = as_json(samples[i], &length);
        struct result *result = read_whole(text, length);
        char *again = as_json(result, &again_length);
        cr_assert_str_eq(again, text);
        result_free(result);
        free(again);
        free(text);
    }
}

Test(read_result, version_1)
{
    struct read_error error;
    struct result *result = result_load("suite/tests/golden/result-bad-version-1.json", &error);
    cr_assert_not_null(result, "%d:%d: %s", error.line, error.column, error.message);
    cr_assert_eq(result->scenario_count, COUNT(scenarios_bad));
    const struct result_scenario *scenario = &result->scenarios[8];
    cr_assert_str_eq(scenario->path, "suite/scenarios/reserve/top-down at.va");
    cr_assert(scenario->difference_count == 2 && scenario->rule_count == 0);
    cr_assert_str_eq(scenario->differences[0].transcript, "h = hole(GRANULE)\n");
    cr_assert_not_null(strstr(scenario->differences[1].transcript, "NULL ERROR_INVALID_ADDRESS"));
    cr_assert_str_eq(scenario->transcript, "");
    cr_assert_str_eq(scenario->text, "");
    cr_assert_str_eq(result->suite.hash, "");
    cr_assert_not(scenario->differences[0].before.known);
    result_free(result);
}

Test(read_result, version_2)
{
    struct read_error error;
    struct result *result = result_load("suite/tests/golden/result-bad-version-2.json", &error);
    cr_assert_not_null(result, "%d:%d: %s", error.line, error.column, error.message);
    cr_assert_eq(result->scenario_count, COUNT(scenarios_bad));
    cr_assert_null(result->baseline.path);
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        cr_assert(scenario->standing == STANDING_NONE && scenario->entry == NULL);
    }
    result_free(result);
}

/* As small as a file can be, with what an older or a later writer may do. */
#define HEAD "{\"pagelaw-result\":2,"
#define SUITE "\"suite\":{\"hash\":\"0\",\"scenarios\":0,\"shard\":0,\"shards\":0},"
#define TEXTS                                                                                      \
    "\"version\":\"\",\"subject\":\"\",\"backend\":\"\",\"processor\":\"\",\"profile\":\"\","      \
    "\"profile_reason\":\"\",\"command\":\"\",\"interrupted\":false,"
#define COUNTS(differ)                                                                             \
    "\"counts\":{\"agree\":0,\"unspecified\":0,\"unsupported\":0,\"known\":0,\"differ\":" differ   \
    ",\"crashed\":0,\"timed out\":0},"
#define HOST "\"host\":{\"system\":\"\",\"date\":\"\",\"microseconds\":\"18446744073709551615\"}"
#define SMALL(extra, rules, scenarios)                                                             \
    HEAD extra SUITE TEXTS COUNTS("0") "\"rules\":[" rules "],\"scenarios\":[" scenarios "]," HOST \
                                       "}"

Test(read_result, keys_that_nobody_knows_are_passed_over)
{
    static const char text[] =
        SMALL("\"x\":[1,-0.5e+7,{\"a\":[[],{}],\"b\":\"\\u00e4\\ud83d\\udc27\"},null,true,false],",
              "", "");
    struct result *result = read_whole(text, sizeof text - 1);
    cr_assert_eq(result->scenario_count, 0);
    cr_assert_eq(result->host_microseconds, UINT64_MAX);
    result_free(result);
}

Test(read_result, escapes_become_characters)
{
    static const char text[] = HEAD SUITE
        "\"version\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E4\\u20ac\\ud83d\\udc27\xc3\xa4\","
        "\"subject\":\"\",\"backend\":\"\",\"processor\":\"\",\"profile\":\"\",\"profile_reason\":"
        "\"\",\"command\":\"\",\"interrupted\":true," COUNTS(
            "0") "\"rules\":[],\"scenarios\":[]," HOST "}\r\n\t ";
    struct result *result = read_whole(text, sizeof text - 1);
    cr_assert_str_eq(result->version,
                     "\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\xc3\xa4");
    cr_assert(result->interrupted);
    result_free(result);
}

/* ---- What is refused ------------------------------------------------------------------------- */

#define RULE(id) "{\"id\":\"" id "\",\"grade\":\"\",\"sentence\":\"\",\"source\":\"\"}"

Test(read_result, errors_say_where_what_and_what_was_wanted)
{
    static const struct {
        const char *text;
        int line, column;
        const char *message;
    } cases[] = {
        {"", 1, 1, "found the end of the file, wanted '{': this is no result file"},
        {"<html>", 1, 1, "found '<html>', wanted '{': this is no result file"},
        {"{}", 1, 2, "found '}', wanted \"pagelaw-result\": this is no result file"},
        {"{\"a\":1}", 1, 3, "found 'a', wanted \"pagelaw-result\": this is no result file"},
        {"{\"pagelaw-result\": 4}", 1, 20,
         "found version 4 of the format, wanted at most 3: a newer Pagelaw wrote this file, and an "
         "older one would misread it"},
        {"{\"pagelaw-result\": 0}", 1, 20, "found '0', wanted the format's version, from 1"},
        {"{\"pagelaw-result\": 1.5}", 1, 20, "found '1.5', wanted the format's version"},
        {"{\"pagelaw-result\": -1}", 1, 20, "found '-1', wanted the format's version"},
        {"{\"pagelaw-result\": 2}", 1, 1, "there is no \"version\" in the object that begins here"},
        {"{\"pagelaw-result\": 2,\n \"version\": 7}", 2, 13,
         "found '7', wanted the text of \"version\""},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\", \"version\": \"\"}", 2, 16,
         "found \"version\" a second time"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"a", 2, 14,
         "found the end of the file, wanted the rest of a string"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\\x\"", 2, 13,
         "found '\\x', wanted an escape that JSON has"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\\u12g4\"", 2, 17,
         "found 'g4', wanted four hexadecimal digits"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\\u0000\"", 2, 13,
         "found the character U+0000, wanted another"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\\ud83d!\"", 2, 13,
         "found half of a surrogate pair, wanted a character"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"a\nb\"", 2, 14,
         "found the byte 0x0A in a string, wanted it escaped"},
        {"{\"pagelaw-result\": 2,\n\"version\": \"\xff\"", 2, 13,
         "found a byte that is no UTF-8 (0xFF)"},
        {"{\"pagelaw-result\": 2 \"version\"", 1, 22, "found a string, wanted ',' or '}'"},
        {"{\"pagelaw-result\": 2, version", 1, 23, "found 'version', wanted a key, in quotes"},
        {"{\"pagelaw-result\": 2, \"version\" 1", 1, 33, "found '1', wanted ':'"},
        {"{\"pagelaw-result\": 2, \"interrupted\": 0", 1, 38, "found '0', wanted true or false"},
        {"{\"pagelaw-result\": 2, \"x\": 01}", 1, 29, "found '1', wanted ',' or '}'"},
        {"{\"pagelaw-result\": 2, \"x\": truth}", 1, 28, "found 'truth', wanted a value"},
        {"{\"pagelaw-result\": 2, \"x\": \x01}", 1, 28, "found the byte 0x01, wanted a value"},
        {"{\"pagelaw-result\": 2, \"scenarios\": []}", 1, 36,
         "found \"scenarios\", wanted \"rules\" before them"},
        {"{\"pagelaw-result\": 2, \"rules\": [" RULE("B") "," RULE("A") "]}", 1, 32,
         "found the rule A after B, wanted them sorted"},
        {SMALL("", "", "") "\n\n x", 3, 2, "found 'x', wanted the end of the file"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_error(cases[i].text, strlen(cases[i].text), cases[i].line, cases[i].column,
                     cases[i].message);
}

Test(read_result, counts_that_are_wrong)
{
    static const char wrong_count[] =
        HEAD SUITE TEXTS COUNTS("1") "\"rules\":[],\"scenarios\":[]," HOST "}";
    struct read_error error;
    cr_assert_null(result_read(wrong_count, sizeof wrong_count - 1, &error));
    cr_assert_str_eq(error.message,
                     "found a count of 1 for \"differ\", wanted the 0 that are in the file");
}

/* A result's text with one thing in it replaced by another. */
static void expect_refused_of(const struct result *result, const char *from, const char *to,
                              const char *message)
{
    size_t length;
    char *text = as_json(result, &length), *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    size_t before = (size_t)(at - text);
    char *changed = calloc(length + strlen(to) + 1, 1);
    memcpy(changed, text, before);
    strcpy(changed + before, to);
    strcat(changed, at + strlen(from));
    struct read_error error;
    cr_assert_null(result_read(changed, strlen(changed), &error), "%s", to);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
    cr_assert(error.line > 1 && error.column > 0);
    free(changed);
    free(text);
}

static void expect_refused(const char *from, const char *to, const char *message)
{
    expect_refused_of(&result_bad, from, to, message);
}

Test(read_result, what_does_not_fit_together_is_refused)
{
    expect_refused("\"verdict\": \"crashed\"", "\"verdict\": \"cra\x1bshed\"", "0x1B");
    expect_refused("\"verdict\": \"crashed\"", "\"verdict\": \"crash\"",
                   "found the word 'crash', wanted a verdict");
    expect_refused("\"verdict\": \"crashed\"", "\"verdict\": \"\\u001b[31m\"",
                   "found the word '?[31m', wanted a verdict");
    expect_refused("\"rule\": \"VA-ALIGN-BASE\"", "\"rule\": \"VA\"",
                   "found the rule VA, wanted one of this file's \"rules\"");
    expect_refused("\"standing\": null", "\"standing\": \"old\"",
                   "found the word 'old', wanted new, known or drift");
    expect_refused("\"standing\": null", "\"standing\": \"drift\"",
                   "found null, wanted the entry of what is not new");
    expect_refused("\"entry\": null", "\"entry\": {\"path\": \"\"}", "there is no \"step\"");
    expect_refused("\"baseline\": null", "\"baseline\": {\"path\": \"\", \"fixed\": []}",
                   "there is no \"expired\"");
    expect_refused("\"step\": 4,", "\"step\": 6,", "found a difference at step 6");
    expect_refused("\"transcript_lines\": 3", "\"transcript_lines\": 4",
                   "found 4 lines of a transcript that has 3");
    expect_refused("\"path\": \"suite/scenarios/execute/code.va\",\n"
                   "      \"title\": \"Code in a page that may be executed comes back\"",
                   "\"path\": \"suite/scenarios/execute/early.va\",\n"
                   "      \"title\": \"A page without execute is not executed\"",
                   "found the scenario suite/scenarios/execute/early.va twice");
    expect_refused("\"shard\": 0", "\"shard\": 2", "found shard 2 of 0");
    expect_refused("\"after\": {", "\"after\": null, \"x\": {", "found 'null', wanted the maps");
    expect_refused("\"steps\": 6", "\"steps\": 4294967296", "found '4294967296'");
    expect_refused("\"steps_agree\": 6", "\"steps_agree\": 7",
                   "found 7 steps that agree and 0 unspecified ones, wanted no more than the 6");
    expect_refused("\"steps_unspecified\": 0", "\"steps_unspecified\": 2147483647",
                   "wanted no more than");
    expect_refused("\"verdict\": \"differ\"", "\"verdict\": \"agree\"",
                   "found the verdict agree and a difference");
    expect_refused("\"microseconds\": 1200", "\"microseconds\": 18446744073709551616",
                   "found '18446744073709551616'");
}

Test(read_result, what_does_not_fit_an_exploration_is_refused)
{
    const struct result *result = &result_explored;
    expect_refused_of(result, "\"crossed\": 163898", "\"crossed\": 763443",
                      "found more transitions crossed");
    expect_refused_of(result, "\"states_reached\": 361", "\"states_reached\": 1694",
                      "more states reached, than there are");
    expect_refused_of(result, "\"scenarios\": 0", "\"scenarios\": 7",
                      "found a suite of 7 scenarios");
    expect_refused_of(result, "\"exploration\": {", "\"exploration\": null, \"x\": {",
                      "found 'null', wanted the extent of an exploration");
    expect_refused_of(result, "\"odd\": 3", "\"even\": 3", "there is no \"odd\"");
    expect_refused_of(result, "\"depth\": 3", "\"depth\": -3", "found '-3'");
}

Test(read_result, cut_off_anywhere)
{
    size_t length;
    char *text = as_json(&result_hostile, &length);
    for (size_t cut = 0; cut + 2 < length; cut++) {
        struct read_error error;
        char *part = malloc(cut > 0 ? cut : 1);
        cr_assert_not_null(part);
        memcpy(part, text, cut);
        cr_assert_null(result_read(part, cut, &error), "%zu", cut);
        cr_assert(error.line > 0 && error.column > 0 && error.message[0] != '\0');
        free(part);
    }
    free(text);
}

/* Brackets within brackets cost no stack. */
Test(read_result, deep, .timeout = 10)
{
    static const char head[] = "{\"pagelaw-result\":2,\"x\":";
    const size_t depth = 1000000;
    struct read_error error;
    for (unsigned kind = 0; kind < 2; kind++) {
        const char *piece = kind == 0 ? "[" : "{\"\":";
        size_t length = sizeof head - 1;
        char *text = malloc(sizeof head + depth * strlen(piece));
        cr_assert_not_null(text);
        memcpy(text, head, sizeof head);
        for (size_t i = 0; i < depth; i++, length += strlen(piece))
            memcpy(text + length, piece, strlen(piece));
        cr_assert_null(result_read(text, length, &error));
        cr_assert_str_eq(error.message, "found more than 64 brackets within each other");
        free(text);
    }
}

/* A file of zeros, as long as may be and longer: it has holes and takes no disk. */
Test(read_result, huge, .timeout = 60)
{
    char path[] = "/tmp/pagelaw-huge-XXXXXX";
    struct read_error error;
    int handle = mkstemp(path);
    cr_assert_geq(handle, 0);
    FILE *file = fdopen(handle, "wb");
    cr_assert_not_null(file);
    fputs("{\"pagelaw-result\": 2, \"x\": \"", file);
    fseek(file, (long)RESULT_FILE_MAX, SEEK_SET);
    fputc('"', file);
    fclose(file);
    cr_assert_null(result_load(path, &error));
    cr_assert_str_eq(error.message, "found more than 64 MB, wanted less");
    cr_assert_eq(error.line, 0);
    remove(path);
    cr_assert_null(result_load(path, &error));
    cr_assert_str_eq(error.message, "No such file or directory");
    cr_assert_null(result_load("/tmp", &error));
    cr_assert(error.line == 0 && error.message[0] != '\0');
}

/* ---- Random damage --------------------------------------------------------------------------- */

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint64_t next_random(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

/* Changes, takes away or doubles some bytes. Returns the new length; there is room for 64 more. */
static size_t damage(char *text, size_t length)
{
    static const char bytes[] = "{}[],:\"\\u0019-+.eEtfn \n\x01\x80\xc3\xff";
    size_t at = (size_t)next_random(length), count = (size_t)next_random(64);
    if (count > length - at)
        count = length - at;
    switch (next_random(4)) {
    case 0:
        text[at] = bytes[next_random(sizeof bytes)];
        return length;
    case 1:
        text[at] = (char)next_random(256);
        return length;
    case 2:
        memmove(text + at, text + at + count, length - at - count);
        return length - count;
    default:
        memmove(text + at + count, text + at, length - at);
        return length + count;
    }
}

/* Whatever comes, there is a result that can be written, or an error. */
static size_t try_damaged(const struct result *sample, unsigned turns)
{
    size_t whole, good = 0;
    char *text = as_json(sample, &whole);
    for (unsigned i = 0; i < turns; i++) {
        size_t length = whole, damages = 1 + (size_t)next_random(3), again_length;
        char *damaged = malloc(whole + 64 * damages);
        struct read_error error;
        memcpy(damaged, text, whole);
        for (size_t j = 0; j < damages && length > 0; j++)
            length = damage(damaged, length);
        char *exact = realloc(damaged, length > 0 ? length : 1); /* what is read past it is seen */
        struct result *result = result_read(exact, length, &error);
        cr_assert(result != NULL || error.line > 0);
        if (result != NULL) {
            good++;
            free(as_json(result, &again_length));
        }
        result_free(result);
        free(exact);
    }
    free(text);
    return good;
}

Test(read_result, random_damage, .timeout = 120)
{
    size_t good = try_damaged(&result_bad, 3000) + try_damaged(&result_hostile, 3000);
    cr_assert_gt(good, 100, "only %zu of the damaged files could be read", good);
    cr_assert_lt(good, 5000, "%zu of the damaged files could be read", good);
}
