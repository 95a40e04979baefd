/* Texts as large, deep and odd as they come: limits hold, and nothing breaks. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsing.h"
#include "text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- Limits ---- */

static char large[512u << 10];

/* BEFORE, then `count` times a line, in which %u is the number of the repetition. */
static size_t repeat(const char *line, unsigned count)
{
    struct text text = text_begin(large, sizeof large);
    text_add(&text, "%s", BEFORE);
    for (unsigned i = 0; i < count; i++) {
        const char *number = strstr(line, "%u");
        if (number)
            text_add(&text, "%.*s%u%s", (int)(number - line), line, i, number + 2);
        else
            text_add(&text, "%s", line);
    }
    cr_assert_lt(text.length, sizeof large);
    return text.length;
}

static struct scenario *parse_large(size_t length)
{
    struct scenario_error error = {0};
    struct scenario *scenario = scenario_parse("large.va", large, length, &error);
    cr_expect_not_null(scenario, "%d:%d: %s", error.line, error.column, error.message);
    return scenario;
}

Test(language_limits, as_much_text_as_there_may_be)
{
    size_t length = repeat("# a comment that fills the text\n", 9000);
    cr_assert_gt(length, SCENARIO_TEXT_MAX);
    scenario_free(parse_large(SCENARIO_TEXT_MAX));
    refuse_text(large, SCENARIO_TEXT_MAX + 1, 1, 1, "the text has more than 256 KB");
    memset(large, '\0', sizeof large);
    refuse_text(large, sizeof large, 1, 1, "the text has more than 256 KB");
}

Test(language_limits, as_many_steps_as_there_may_be)
{
    unsigned most = SCENARIO_STEPS_MAX - BEFORE_STEPS;
    scenario_free(parse_large(repeat("read(p)\n", most)));
    refuse_text(large, repeat("read(p)\n", most + 1), (int)(most + 1) + BEFORE_LINES, 1,
                "there are more than 4096 steps");
}

Test(language_limits, as_many_variables_as_there_may_be)
{
    unsigned most = SCENARIO_VARIABLES_MAX - 2;
    scenario_free(parse_large(repeat("v%u = hole(1)\n", most)));
    refuse_text(large, repeat("v%u = hole(1)\n", most + 1), (int)(most + 1) + BEFORE_LINES, 1,
                "there are more than 64 variables");
}

/* A line of `count` words between a first and a last. */
static size_t repeat_in_line(const char *first, const char *word, unsigned count, const char *last)
{
    struct text text = text_begin(large, sizeof large);
    text_add(&text, "%s%s", BEFORE, first);
    for (unsigned i = 0; i < count; i++)
        text_add(&text, "%s", word);
    text_add(&text, "%s", last);
    cr_assert_lt(text.length, sizeof large);
    return text.length;
}

Test(language_limits, as_many_values_of_an_each_as_there_may_be)
{
    struct scenario *scenario =
        parse_large(repeat_in_line("each v in 0", ",1", SCENARIO_VALUES_MAX - 1, "\nread(v)\nend"));
    cr_expect_eq(scenario->step_count, BEFORE_STEPS + SCENARIO_VALUES_MAX);
    scenario_free(scenario);
    size_t length = repeat_in_line("each v in 0", ",1", SCENARIO_VALUES_MAX, "\nread(v)\nend");
    refuse_text(large, length, 1 + BEFORE_LINES, 11 + 2 * (int)SCENARIO_VALUES_MAX,
                "an 'each' has more than 256 values");
}

Test(language_limits, each_may_not_run_away)
{
    const char *each = "each a in 1,2,3,4,5,6,7,8,9\neach b in 1,2,3,4,5,6,7,8,9\n"
                       "each c in 1,2,3,4,5,6,7,8,9\nread(a)\nread(b)\nread(c)\nread(p)\n"
                       "read(h)\nread(p, 2)\nend\nend\nend\n";
    refuse_text(large, repeat(each, 1), BEFORE_LINES + 6, 1, "there are more than 4096 steps");
}

Test(language_limits, an_expression_has_an_end)
{
    unsigned most = (SCENARIO_EXPRESSION_MAX - 1) / 2;
    struct scenario *scenario = parse_large(repeat_in_line("read(1", "+1", most, ")"));
    struct environment environment = {.pointer_bytes = 8};
    cr_expect_eq(expression_value(scenario->steps[2].arguments[0], &environment), most + 1);
    scenario_free(scenario);
    refuse_text(large, repeat_in_line("read(1", "+1", most + 1, ")"), 1 + BEFORE_LINES,
                7 + 2 * (int)most, "the expression has more than 256 parts");
    refuse_text(large, repeat_in_line("read(1", "+1", 100000, ")"), 1 + BEFORE_LINES,
                7 + 2 * (int)most, "the expression has more than 256 parts");
}

/* The value of an `each` counts wherever its name stands. */
Test(language_limits, an_each_does_not_make_an_expression_endless)
{
    size_t length = repeat_in_line("each a in 1", "+1", 100, "\nread(a+a)\nend");
    refuse_text(large, length, 2 + BEFORE_LINES, 7, "the expression has more than 256 parts");
}

Test(language_limits, parentheses_have_a_depth)
{
    size_t length = repeat_in_line("read(", "(", SCENARIO_DEPTH_MAX, "1");
    memset(large + length, ')', SCENARIO_DEPTH_MAX + 1);
    scenario_free(parse_large(length + SCENARIO_DEPTH_MAX + 1));
    int column = 6 + (int)SCENARIO_DEPTH_MAX;
    refuse_text(large, repeat_in_line("read(", "(", SCENARIO_DEPTH_MAX + 1, "1"), 1 + BEFORE_LINES,
                column, "parentheses nest deeper than 64");
    refuse_text(large, repeat_in_line("read(", "(", 250000, "1"), 1 + BEFORE_LINES, column,
                "parentheses nest deeper than 64");
    refuse_text(large, repeat_in_line("read(", "-(", 125000, "1"), 1 + BEFORE_LINES,
                6 + 2 * (int)SCENARIO_DEPTH_MAX + 1, "parentheses nest deeper than 64");
}

/* 4000 steps with 16 pins each. */
Test(language_limits, memory_has_a_limit)
{
    const char *each = "each a in 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n"
                       "each b in 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n"
                       "each c in 1,2,3,4,5,6,7,8,9,10\nread(p)\n";
    const char *pin = "=> bytes 1 * (1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1) for a\n";
    struct scenario_error error = {0};
    size_t length = repeat_in_line(each, pin, SCENARIO_LIST_MAX, "end\nend\nend\n");
    cr_expect_null(scenario_parse("large.va", large, length, &error));
    cr_expect_str_eq(error.message, "the scenario takes more memory than there is, or than the "
                                    "64 MB that it may");
}

/* ---- Fuzz ---- */

static const char *const pieces[] = {
    "scenario",
    "rules",
    "source",
    "profiles",
    "each",
    "in",
    "end",
    "for",
    "above",
    "below",
    "bytes",
    "RETURNED",
    "untouched",
    "?",
    "=>",
    "=",
    "(",
    ")",
    ",",
    ":",
    "|",
    "&",
    "+",
    "-",
    "*",
    "/",
    "%",
    "\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    "#",
    "\"",
    "\"T\"",
    "\\",
    "p",
    "h",
    "q",
    "v",
    "0",
    "1",
    "64K",
    "0x",
    "0xFF",
    "99999999999999999999",
    "PAGE",
    "MEM_COMMIT",
    "ERROR_X",
    "NULL",
    "TRUE",
    "FALSE",
    "STATUS_SUCCESS",
    "read",
    "write",
    "execute",
    "hole",
    "VirtualAlloc",
    "VirtualQuery",
    "State",
    "windows-*",
    "OldProtect",
    "ACCESS_VIOLATION",
    "GetLastError",
    "read(p)",
    "=> bytes 1",
    "\xC3\xA9",
    "\xFF",
    "VirtualProtect",
    "NtFreeVirtualMemory",
    "each v in 1, 2\n",
    "p = hole(1)\n",
    "read(v)\n",
    "end\n",
    "VirtualFree(p, 0, 1) => FALSE",
    "(p, 0, 1)",
    "(p)",
    "=> State: 1",
    "ERROR_NOACCESS",
};

/* The generator of Numerical Recipes: the same texts on every machine. */
static unsigned next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static size_t fill_random(uint32_t *state, char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    if (next_random(state) % 4)
        text_add(&text, "%s", BEFORE);
    for (unsigned left = next_random(state) % 24; left > 0; left--) {
        const char *piece = pieces[next_random(state) % COUNT(pieces)];
        text_add(&text, "%s%s", piece, next_random(state) % 2 ? " " : "");
    }
    cr_assert_lt(text.length, capacity);
    return text.length;
}

/* Whether a text comes to a scenario, or to an error that is whole. */
static bool is_sane(const char *text, size_t length)
{
    struct scenario_error error = {0};
    char *copy = malloc(length + 1);
    cr_assert_not_null(copy);
    memcpy(copy, text, length);
    struct scenario *scenario = scenario_parse("fuzz.va", copy, length, &error);
    bool sane = scenario ? scenario->step_count > 0
                         : error.line > 0 && error.column > 0 && error.message[0] != '\0' &&
                               strlen(error.message) < sizeof error.message - 1;
    scenario_free(scenario);
    free(copy);
    return sane;
}

Test(language_limits, random_tokens)
{
    char text[2048];
    uint32_t state = 1;
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t seed = state;
        size_t length = fill_random(&state, text, sizeof text);
        cr_assert(is_sane(text, length), "seed %u:\n%s", (unsigned)seed, text);
    }
}

Test(language_limits, random_changes)
{
    static const char good[] = BEFORE
        "each v in 1, PAGE\n  VirtualProtect(p, v, PAGE_READONLY) => TRUE, OldProtect: 4 for a, b\n"
        "    => FALSE ERROR_NOACCESS\nend\nread(p, 4) => bytes 1, 0 * (PAGE - 1)\n";
    char text[sizeof good];
    uint32_t state = 2;
    for (unsigned i = 0; i < 25000; i++) {
        memcpy(text, good, sizeof good);
        for (unsigned changes = 1 + next_random(&state) % 3; changes > 0; changes--) {
            size_t at = next_random(&state) % (sizeof good - 1);
            text[at] = next_random(&state) % 2 ? text[next_random(&state) % (sizeof good - 1)]
                                               : (char)next_random(&state);
        }
        size_t length = next_random(&state) % sizeof good;
        cr_assert(is_sane(text, length), "round %u:\n%s", i, text);
        cr_assert(is_sane(text, sizeof good - 1), "round %u:\n%s", i, text);
    }
}
