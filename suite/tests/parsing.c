/* Parsing in tests: scenarios made from a few lines. */
#include "parsing.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy without a byte to spare, so that a sanitizer sees a read past its end. */
static struct scenario *parse_exactly(const char *text, size_t length, struct scenario_error *error)
{
    char *copy = malloc(length ? length : 1);
    cr_assert_not_null(copy);
    memcpy(copy, text, length);
    struct scenario *scenario = scenario_parse("area/case.va", copy, length, error);
    free(copy);
    return scenario;
}

struct scenario *parse_text(const char *text)
{
    struct scenario_error error = {0};
    struct scenario *scenario = parse_exactly(text, strlen(text), &error);
    cr_assert_not_null(scenario, "%s\n%d:%d: %s", text, error.line, error.column, error.message);
    return scenario;
}

struct scenario *parse_lines(const char *lines)
{
    size_t size = strlen(BEFORE) + strlen(lines) + 1;
    char *text = malloc(size);
    cr_assert_not_null(text);
    snprintf(text, size, "%s%s", BEFORE, lines);
    struct scenario *scenario = parse_text(text);
    free(text);
    return scenario;
}

void refuse_text(const char *text, size_t length, int line, int column, const char *message)
{
    struct scenario_error error = {0};
    struct scenario *scenario = parse_exactly(text, length, &error);
    int shown = length > 400 ? 400 : (int)length;
    cr_expect_null(scenario, "accepted: %.*s", shown, text);
    scenario_free(scenario);
    cr_expect_str_eq(error.message, message, "%.*s\nsays: %s\nnot:  %s", shown, text, error.message,
                     message);
    cr_expect(error.line == line && error.column == column, "%.*s\nat %d:%d, not %d:%d", shown,
              text, error.line, error.column, line, column);
}
