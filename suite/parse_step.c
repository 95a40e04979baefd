/* The statements of a scenario: steps, and each with the statements that it repeats. */
#include <stdio.h>
#include <string.h>

#include "operations.h"
#include "parser.h"
#include "step_text.h"

/* A place to return to: an `each` parses its statements once for each value. */
struct mark {
    struct lexer lexer;
    struct token token;
};

static struct step *step_add(struct parser *parser, const struct token *at)
{
    struct scenario *scenario = parser->scenario;
    if (scenario->step_count == SCENARIO_STEPS_MAX)
        parser_fail(parser, at, "there are more than %u steps", SCENARIO_STEPS_MAX);
    if (scenario->step_count == parser->step_capacity) {
        unsigned capacity = parser->step_capacity ? parser->step_capacity * 2 : 16;
        struct step *steps = parser_take(parser, capacity * sizeof *steps);
        if (parser->steps)
            memcpy(steps, parser->steps, scenario->step_count * sizeof *steps);
        parser->steps = steps;
        parser->step_capacity = capacity;
        scenario->steps = steps;
    }
    struct step *step = &parser->steps[scenario->step_count++];
    *step = (struct step){.line = at->line, .column = at->column, .target = -1};
    return step;
}

static enum operation parse_call_name(struct parser *parser)
{
    const struct token *token = &parser->token;
    enum operation operation;
    if (token->kind != TOKEN_NAME)
        parser_fail_wanted(parser, token, "a call");
    if (!operation_find(token->start, token->length, &operation)) {
        struct nearest nearest = nearest_begin(token->start, token->length);
        for (int i = 0; i < OPERATION_END; i++)
            nearest_try(&nearest, operation_info((enum operation)i)->name);
        parser_fail_unknown(parser, token, "unknown call", &nearest);
    }
    parser_advance(parser);
    return operation;
}

/* Flags of another kind are a slip: whoever means a wrong value writes it as a number. */
static void check_flags(struct parser *parser, enum argument_kind kind)
{
    const struct token *token = &parser->token;
    bool wants_type = kind == ARGUMENT_ALLOCATION_TYPE || kind == ARGUMENT_FREE_TYPE;
    if (wants_type && parser_name_starts(token, "PAGE_"))
        parser_fail_wanted(parser, token, "MEM_ flags here, or a number");
    if (kind == ARGUMENT_PROTECT && parser_name_starts(token, "MEM_"))
        parser_fail_wanted(parser, token, "a PAGE_ protection here, or a number");
}

static const struct expression *parse_argument(struct parser *parser, enum argument_kind kind)
{
    if (kind == ARGUMENT_NULL && !parser_at_name(parser, "NULL"))
        parser_fail_wanted(parser, &parser->token, "the word NULL, or one argument less");
    check_flags(parser, kind);
    return parse_expression(parser);
}

static void fail_argument_count(struct parser *parser, const struct operation_info *info)
{
    char wanted[80];
    if (info->most > info->least)
        snprintf(wanted, sizeof wanted, "the %d or %d arguments of %s", info->least, info->most,
                 info->name);
    else if (info->most > 1)
        snprintf(wanted, sizeof wanted, "the %d arguments of %s", info->most, info->name);
    else
        snprintf(wanted, sizeof wanted, "%s argument of %s", info->most ? "the one" : "no",
                 info->name);
    parser_fail_wanted(parser, &parser->token, wanted);
}

/* From the parenthesis that opens to the one that closes. */
static void parse_arguments(struct parser *parser, struct step *step)
{
    const struct operation_info *info = operation_info(step->operation);
    parser_expect_sign(parser, '(', NULL);
    while (!parser_at_sign(parser, ')')) {
        unsigned index = step->argument_count;
        if (index > 0)
            parser_expect_sign(parser, ',', "',', ')' or a sign such as +");
        if (index == (unsigned)info->most)
            fail_argument_count(parser, info);
        if (index > 0 && parser_at_sign(parser, ')'))
            parser_fail_wanted(parser, &parser->token, "an argument after ','");
        if (info->arguments[index] == ARGUMENT_NULL)
            step->null_output = true;
        step->arguments[index] = parse_argument(parser, info->arguments[index]);
        step->argument_count++;
    }
    if (step->argument_count < (unsigned)info->least)
        fail_argument_count(parser, info);
    parser_advance(parser);
}

/* The step as it was written if that is one line and says all. */
static const char *step_text(struct parser *parser, const struct step *step, const char *start,
                             const char *end)
{
    size_t length = (size_t)(end - start);
    if (parser->binding_count == 0 && !memchr(start, '\n', length))
        return parser_copy(parser, start, length);
    struct text measure = text_begin(NULL, 0);
    step_text_add(&measure, step, parser->scenario);
    char *buffer = parser_take(parser, measure.length + 1);
    struct text text = text_begin(buffer, measure.length + 1);
    step_text_add(&text, step, parser->scenario);
    return buffer;
}

/* The name before a "=", if there is one. */
static bool parse_target(struct parser *parser, struct token *target)
{
    *target = parser->token;
    if (target->kind != TOKEN_NAME || !parser_sign_follows(parser, '='))
        return false;
    parser_check_name(parser);
    parser_advance(parser);
    parser_advance(parser);
    return true;
}

/* The target has its value only after the step: neither arguments nor pins may name it before. */
static void parse_step(struct parser *parser)
{
    struct token start = parser->token, target;
    bool has_target = parse_target(parser, &target);
    struct step *step = step_add(parser, &start);
    struct token call = parser->token;
    step->operation = parse_call_name(parser);
    if (has_target && !operation_outcome(step->operation)->has_target)
        parser_fail(parser, &call, "%.*s gives nothing that a name could hold", (int)call.length,
                    call.start);
    parse_arguments(parser, step);
    const char *end = parser->last_end;
    parse_pins(parser, step);
    if (has_target)
        step->target = parser_variable(parser, &target);
    step->text = step_text(parser, step, start.start, end);
    parser_expect_line_end(parser, step->pin_count ? "'=>', 'for' or the end of the line"
                                                   : "'=>' or the end of the line");
}

static unsigned parse_values(struct parser *parser,
                             const struct expression *values[SCENARIO_VALUES_MAX])
{
    unsigned count = 0;
    do {
        parser_advance(parser);
        if (count == SCENARIO_VALUES_MAX)
            parser_fail(parser, &parser->token, "an 'each' has more than %u values",
                        SCENARIO_VALUES_MAX);
        values[count++] = parse_expression(parser);
    } while (parser_at_sign(parser, ','));
    return count;
}

static void parse_statement(struct parser *parser);

/* The statements up to the `end` of an `each` that began at `each`. */
static void parse_repeated(struct parser *parser, const struct token *each)
{
    unsigned steps = parser->scenario->step_count;
    while (!parser_at_name(parser, "end")) {
        if (parser->token.kind == TOKEN_END)
            parser_fail(parser, &parser->token,
                        "found the end of the text, wanted 'end' for the 'each' of line %d",
                        each->line);
        parse_statement(parser);
    }
    if (parser->scenario->step_count == steps)
        parser_fail_wanted(parser, &parser->token, "a step that the 'each' repeats");
}

static const char *parse_each_name(struct parser *parser)
{
    if (parser->binding_count == SCENARIO_EACH_MAX)
        parser_fail(parser, &parser->token, "'each' nests deeper than %d", SCENARIO_EACH_MAX);
    parser_advance(parser);
    parser_check_each_name(parser);
    const char *name = parser_copy(parser, parser->token.start, parser->token.length);
    parser_advance(parser);
    return name;
}

static void parse_each(struct parser *parser)
{
    const struct expression *values[SCENARIO_VALUES_MAX];
    struct token each = parser->token;
    const char *name = parse_each_name(parser);
    if (!parser_at_name(parser, "in"))
        parser_fail_wanted(parser, &parser->token, "'in'");
    unsigned count = parse_values(parser, values);
    parser_expect_line_end(parser, "',' or the end of the line");
    struct mark body = {parser->lexer, parser->token};
    for (unsigned i = 0; i < count; i++) {
        parser->lexer = body.lexer;
        parser->token = body.token;
        parser->bindings[parser->binding_count++] = (struct each_binding){name, values[i]};
        parse_repeated(parser, &each);
        parser->binding_count--;
    }
    parser_advance(parser);
    parser_expect_line_end(parser, "the end of the line");
}

static void check_no_stray(struct parser *parser)
{
    static const char *const header[] = {"scenario", "rules", "source", "profiles"};
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
        if (parser_at_name(parser, header[i]))
            parser_fail_wanted(parser, &parser->token, "a step: the header ends at the first one");
    if (parser_at_name(parser, "end"))
        parser_fail_wanted(parser, &parser->token, "a step: no 'each' is open");
}

static void parse_statement(struct parser *parser)
{
    check_no_stray(parser);
    if (parser_at_name(parser, "each"))
        parse_each(parser);
    else
        parse_step(parser);
}

void parse_statements(struct parser *parser)
{
    while (parser->token.kind != TOKEN_END)
        parse_statement(parser);
}
