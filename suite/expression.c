/* Expressions: their value, and how they are written. */
#include "expression.h"

#include "constants.h"

static uint64_t wrap(uint64_t value, const struct environment *environment)
{
    return environment->pointer_bytes == 4 ? (uint32_t)value : value;
}

static uint64_t symbol_value(enum symbol symbol, const struct environment *environment)
{
    switch (symbol) {
    case SYMBOL_PAGE:
        return environment->page;
    case SYMBOL_GRANULE:
        return environment->granule;
    case SYMBOL_MIN_ADDRESS:
        return environment->address_min;
    case SYMBOL_MAX_ADDRESS:
        return environment->address_max;
    case SYMBOL_SIZE_MAX:
        return UINT64_MAX;
    case SYMBOL_MBI_SIZE:
        return environment->pointer_bytes == 4 ? 28 : 48;
    }
    return 0;
}

static uint64_t binary_value(char operator, uint64_t left, uint64_t right)
{
    switch (operator) {
    case '+':
        return left + right;
    case '-':
        return left - right;
    case '*':
        return left * right;
    case '/':
        return right ? left / right : 0;
    case '%':
        return right ? left % right : 0;
    case '|':
        return left | right;
    default:
        return left & right;
    }
}

static uint64_t unwrapped_value(const struct expression *expression,
                                const struct environment *environment)
{
    switch (expression->kind) {
    case EXPRESSION_NUMBER:
        return expression->number;
    case EXPRESSION_VARIABLE:
        return environment->variables[expression->variable];
    case EXPRESSION_SYMBOL:
        return symbol_value(expression->symbol, environment);
    case EXPRESSION_NEGATE:
        return 0 - expression_value(expression->left, environment);
    case EXPRESSION_BINARY:
        break;
    }
    uint64_t left = expression_value(expression->left, environment);
    uint64_t right = expression_value(expression->right, environment);
    return binary_value(expression->operator, left, right);
}

uint64_t expression_value(const struct expression *expression,
                          const struct environment *environment)
{
    return wrap(unwrapped_value(expression, environment), environment);
}

/* How tightly an expression binds; what binds less than its place asks for needs parentheses. */
enum binding { BINDS_FLAGS, BINDS_SUM, BINDS_PRODUCT, BINDS_NEGATE, BINDS_PRIMARY };

static enum binding binding_of(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_NEGATE)
        return BINDS_NEGATE;
    if (expression->kind != EXPRESSION_BINARY)
        return BINDS_PRIMARY;
    switch (expression->operator) {
    case '|':
    case '&':
        return BINDS_FLAGS;
    case '+':
    case '-':
        return BINDS_SUM;
    default:
        return BINDS_PRODUCT;
    }
}

static void add_number(struct text *text, const struct expression *expression)
{
    char number[24];
    const char *written = expression->name ? expression->name : expression->literal;
    if (!written)
        written = size_format(expression->number, number, sizeof number);
    text_add(text, "%s", written);
}

static void add(struct text *text, const struct expression *expression,
                const struct scenario *scenario, enum binding least);

static void add_bare(struct text *text, const struct expression *expression,
                     const struct scenario *scenario)
{
    enum binding binding = binding_of(expression);
    switch (expression->kind) {
    case EXPRESSION_NUMBER:
        add_number(text, expression);
        break;
    case EXPRESSION_VARIABLE:
        text_add(text, "%s", scenario->variables[expression->variable]);
        break;
    case EXPRESSION_SYMBOL:
        text_add(text, "%s", symbol_name(expression->symbol));
        break;
    case EXPRESSION_NEGATE:
        text_add(text, "-");
        add(text, expression->left, scenario, BINDS_PRIMARY);
        break;
    case EXPRESSION_BINARY:
        add(text, expression->left, scenario, binding);
        text_add(text, " %c ", expression->operator);
        add(text, expression->right, scenario, binding + 1);
        break;
    }
}

static void add(struct text *text, const struct expression *expression,
                const struct scenario *scenario, enum binding least)
{
    bool enclosed = binding_of(expression) < least;
    if (enclosed)
        text_add(text, "(");
    add_bare(text, expression, scenario);
    if (enclosed)
        text_add(text, ")");
}

void expression_add(struct text *text, const struct expression *expression,
                    const struct scenario *scenario)
{
    add(text, expression, scenario, BINDS_FLAGS);
}

const char *expression_format(const struct expression *expression, const struct scenario *scenario,
                              char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    expression_add(&text, expression, scenario);
    return buffer;
}
