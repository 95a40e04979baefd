/* Expressions: flags of sums of products. */
#include <string.h>

#include "parser.h"

/* The signs of each level, the one that binds least first; all go from left to right. */
static const char *const levels[] = {"|&", "+-", "*/%"};

#define LEVEL_COUNT (sizeof levels / sizeof levels[0])

static const struct expression *compound_new(struct parser *parser, struct expression value,
                                             const struct token *at)
{
    value.size = 1 + value.left->size + (value.right ? value.right->size : 0);
    if (value.size > SCENARIO_EXPRESSION_MAX)
        parser_fail(parser, at, "the expression has more than %u parts", SCENARIO_EXPRESSION_MAX);
    struct expression *expression = parser_take(parser, sizeof *expression);
    *expression = value;
    return expression;
}

static const struct expression *parse_number(struct parser *parser)
{
    struct token token = parser->token;
    struct expression *number = parser_take(parser, sizeof *number);
    *number = (struct expression){.kind = EXPRESSION_NUMBER, .number = token.number, .size = 1};
    number->literal = parser_copy(parser, token.start, token.length);
    parser_advance(parser);
    return number;
}

static const struct expression *parse_enclosed(struct parser *parser)
{
    if (parser->depth == SCENARIO_DEPTH_MAX)
        parser_fail(parser, &parser->token, "parentheses nest deeper than %u", SCENARIO_DEPTH_MAX);
    parser->depth++;
    parser_advance(parser);
    const struct expression *inner = parse_expression(parser);
    parser_expect_sign(parser, ')', "')' or a sign such as +");
    parser->depth--;
    return inner;
}

const struct expression *parse_primary(struct parser *parser)
{
    if (parser->token.kind == TOKEN_NUMBER)
        return parse_number(parser);
    if (parser_at_sign(parser, '('))
        return parse_enclosed(parser);
    if (parser->token.kind != TOKEN_NAME)
        parser_fail_wanted(parser, &parser->token, "a number, a name or '('");
    const struct expression *named = parser_named(parser);
    parser_advance(parser);
    return named;
}

static const struct expression *parse_unary(struct parser *parser)
{
    struct token sign = parser->token;
    if (!parser_at_sign(parser, '-'))
        return parse_primary(parser);
    parser_advance(parser);
    struct expression value = {.kind = EXPRESSION_NEGATE, .left = parse_primary(parser)};
    return compound_new(parser, value, &sign);
}

static bool at_operator(const struct parser *parser, size_t level)
{
    return parser->token.kind == TOKEN_SIGN && strchr(levels[level], *parser->token.start);
}

static const struct expression *parse_level(struct parser *parser, size_t level)
{
    if (level == LEVEL_COUNT)
        return parse_unary(parser);
    const struct expression *left = parse_level(parser, level + 1);
    while (at_operator(parser, level)) {
        struct token sign = parser->token;
        parser_advance(parser);
        struct expression value = {
            .kind = EXPRESSION_BINARY, .operator= * sign.start, .left = left};
        value.right = parse_level(parser, level + 1);
        left = compound_new(parser, value, &sign);
    }
    return left;
}

const struct expression *parse_expression(struct parser *parser)
{
    return parse_level(parser, 0);
}
