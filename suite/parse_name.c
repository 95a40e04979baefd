/* Names in a scenario: which a variable may have, and what one stands for. */
#include "constants.h"
#include "operations.h"
#include "parser.h"
#include "text.h"

static const char *const keywords[] = {
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
    "ACCESS_VIOLATION",
    "GUARD_PAGE_VIOLATION",
};

static bool is_named(const struct token *token, const char *name)
{
    return text_is(name, token->start, token->length);
}

static bool is_keyword(const struct token *token)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (is_named(token, keywords[i]))
            return true;
    return false;
}

/* Whether the language has given the name a meaning. */
static bool is_reserved(const struct token *token)
{
    uint64_t value;
    enum symbol symbol;
    enum operation operation;
    enum field field;
    return is_keyword(token) || constant_find(token->start, token->length, &value) ||
           symbol_find(token->start, token->length, &symbol) ||
           operation_find(token->start, token->length, &operation) ||
           field_find(token->start, token->length, &field);
}

static const struct each_binding *binding_find(const struct parser *parser,
                                               const struct token *token)
{
    for (unsigned i = 0; i < parser->binding_count; i++)
        if (is_named(token, parser->bindings[i].name))
            return &parser->bindings[i];
    return NULL;
}

static int variable_find(const struct scenario *scenario, const struct token *token)
{
    for (unsigned i = 0; i < scenario->variable_count; i++)
        if (is_named(token, scenario->variables[i]))
            return (int)i;
    return -1;
}

void parser_check_name(struct parser *parser)
{
    const struct token *token = &parser->token;
    if (token->kind != TOKEN_NAME)
        parser_fail_wanted(parser, token, "a name");
    if (is_reserved(token))
        parser_fail_wanted(parser, token, "a name that has no meaning of its own");
    if (binding_find(parser, token))
        parser_fail_wanted(parser, token, "a name that no 'each' around it has");
}

void parser_check_each_name(struct parser *parser)
{
    parser_check_name(parser);
    if (variable_find(parser->scenario, &parser->token) >= 0)
        parser_fail_wanted(parser, &parser->token, "a name that no variable has");
}

static const char *const constant_prefixes[] = {"MEM_", "PAGE_", "STATUS_", "ERROR_"};

static bool looks_constant(const struct token *token)
{
    for (size_t i = 0; i < sizeof constant_prefixes / sizeof constant_prefixes[0]; i++)
        if (parser_name_starts(token, constant_prefixes[i]))
            return true;
    return false;
}

_Noreturn static void fail_unnamed(struct parser *parser)
{
    const struct token *token = &parser->token;
    struct nearest nearest = nearest_begin(token->start, token->length);
    for (size_t i = 0; constant_at(i); i++)
        nearest_try(&nearest, constant_at(i));
    for (int i = 0; symbol_name((enum symbol)i); i++)
        nearest_try(&nearest, symbol_name((enum symbol)i));
    if (looks_constant(token))
        parser_fail_unknown(parser, token, "unknown constant", &nearest);
    for (unsigned i = 0; i < parser->binding_count; i++)
        nearest_try(&nearest, parser->bindings[i].name);
    for (unsigned i = 0; i < parser->scenario->variable_count; i++)
        nearest_try(&nearest, parser->scenario->variables[i]);
    parser_fail_unknown(parser, token, "no step before this one has given a value to", &nearest);
}

static const struct expression *expression_new(struct parser *parser, struct expression value)
{
    struct expression *expression = parser_take(parser, sizeof *expression);
    *expression = value;
    expression->size = 1;
    return expression;
}

const struct expression *parser_named(struct parser *parser)
{
    const struct token *token = &parser->token;
    const struct each_binding *binding = binding_find(parser, token);
    if (binding)
        return binding->value;
    struct expression value = {.kind = EXPRESSION_VARIABLE};
    int variable = variable_find(parser->scenario, token);
    if (variable >= 0) {
        value.variable = (unsigned)variable;
        return expression_new(parser, value);
    }
    if (constant_find(token->start, token->length, &value.number))
        value.kind = EXPRESSION_NUMBER;
    else if (symbol_find(token->start, token->length, &value.symbol))
        value.kind = EXPRESSION_SYMBOL;
    else if (is_reserved(token))
        parser_fail_wanted(parser, token, "a number, a name or '('");
    else
        fail_unnamed(parser);
    value.name = parser_copy(parser, token->start, token->length);
    return expression_new(parser, value);
}

int parser_variable(struct parser *parser, const struct token *name)
{
    struct scenario *scenario = parser->scenario;
    int known = variable_find(scenario, name);
    if (known >= 0)
        return known;
    if (scenario->variable_count == SCENARIO_VARIABLES_MAX)
        parser_fail(parser, name, "there are more than %u variables", SCENARIO_VARIABLES_MAX);
    scenario->variables[scenario->variable_count] = parser_copy(parser, name->start, name->length);
    return (int)scenario->variable_count++;
}
