/* Pins: the outcomes that a source states, after "=>". */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "operations.h"
#include "pagelaw/constants.h"
#include "parser.h"

/* A pin, while it is parsed. */
struct pinning {
    struct parser *parser;
    const struct step *step;
    const struct operation_outcome *outcome;
    struct pin *pin;
};

static bool is_constant(const struct expression *value, const char *name)
{
    return value->name && strcmp(value->name, name) == 0;
}

static bool is_prefixed(const struct expression *value, const char *prefix)
{
    return value->name && strncmp(value->name, prefix, strlen(prefix)) == 0;
}

static bool is_plain_number(const struct expression *value)
{
    return value->kind == EXPRESSION_NUMBER && !value->name;
}

static bool is_truth(const struct expression *value)
{
    return is_constant(value, "TRUE") || is_constant(value, "FALSE");
}

static void fail_outcome(const struct pinning *pinning, const struct token *at)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "what %s gives: %s",
             operation_info(pinning->step->operation)->name, pinning->outcome->wanted);
    parser_fail_wanted(pinning->parser, at, wanted);
}

/* ---- What came back ---- */

/* Whether a value may be what the operation returns. */
static bool is_returnable(enum operation operation, const struct expression *value)
{
    bool is_flag = is_prefixed(value, "MEM_") || is_prefixed(value, "PAGE_");
    bool is_failure = is_prefixed(value, "ERROR_") || is_prefixed(value, "STATUS_");
    if (operation == OP_GET_LAST_ERROR)
        return !is_truth(value) && !is_flag && !is_prefixed(value, "STATUS_");
    if (operation == OP_VIRTUAL_FREE || operation == OP_VIRTUAL_PROTECT)
        return is_truth(value) || is_plain_number(value);
    return !is_truth(value) && !is_flag && !is_failure;
}

/* ERROR_INVALID_ADDRESS, a number, or the name of an `each` that stands for one. */
static void parse_error(struct pinning *pinning)
{
    struct parser *parser = pinning->parser;
    struct token at = parser->token;
    bool is_there =
        at.kind == TOKEN_NUMBER || (at.kind == TOKEN_NAME && !parser_at_name(parser, "for"));
    if (!is_there || pinning->step->operation == OP_GET_LAST_ERROR)
        return;
    const struct expression *value = pinning->pin->value;
    if (value->kind != EXPRESSION_NUMBER || value->number != 0)
        parser_fail_wanted(parser, &at,
                           "'=>', 'for' or the end of the line: an error comes only "
                           "after FALSE, NULL or 0");
    const struct expression *error = parse_primary(parser);
    if (!is_plain_number(error) && !is_prefixed(error, "ERROR_"))
        parser_fail_wanted(parser, &at, "an ERROR_ name or a number");
    if (error->number > UINT32_MAX)
        parser_fail_wanted(parser, &at, "an error below 2^32");
    pinning->pin->has_error = true;
    pinning->pin->error = (uint32_t)error->number;
}

static void parse_value(struct pinning *pinning)
{
    struct token at = pinning->parser->token;
    pinning->pin->value = parse_expression(pinning->parser);
    if (!is_returnable(pinning->step->operation, pinning->pin->value))
        fail_outcome(pinning, &at);
    parse_error(pinning);
}

static void parse_status(struct pinning *pinning)
{
    struct token at = pinning->parser->token;
    const struct expression *value = parse_primary(pinning->parser);
    bool is_status = is_plain_number(value) || is_prefixed(value, "STATUS_");
    if (!is_status || value->number > UINT32_MAX)
        fail_outcome(pinning, &at);
    pinning->pin->value = value;
}

static void parse_side(struct pinning *pinning)
{
    parser_advance(pinning->parser);
    pinning->pin->value = parse_expression(pinning->parser);
}

static uint32_t parse_exception_code(struct parser *parser)
{
    struct token at = parser->token;
    uint32_t code = STATUS_ACCESS_VIOLATION;
    if (parser_at_name(parser, "GUARD_PAGE_VIOLATION"))
        code = STATUS_GUARD_PAGE_VIOLATION;
    if (at.kind == TOKEN_NUMBER) {
        if (at.number > UINT32_MAX)
            parser_fail_wanted(parser, &at, "the code of an exception");
        code = (uint32_t)at.number;
    }
    parser_advance(parser);
    return code;
}

static uint32_t parse_access(struct parser *parser)
{
    uint32_t access = 0;
    if (parser_at_name(parser, "write"))
        access = 1;
    else if (parser_at_name(parser, "execute"))
        access = 8;
    else if (!parser_at_name(parser, "read"))
        parser_fail_wanted(parser, &parser->token, "read, write or execute");
    parser_advance(parser);
    return access;
}

static void parse_exception(struct pinning *pinning)
{
    pinning->pin->exception = parse_exception_code(pinning->parser);
    pinning->pin->access = parse_access(pinning->parser);
    pinning->pin->value = parse_expression(pinning->parser);
}

static struct byte_run parse_byte(struct parser *parser)
{
    static const struct expression once = {
        .kind = EXPRESSION_NUMBER, .number = 1, .literal = "1", .size = 1};
    struct token at = parser->token;
    const struct expression *value = parse_primary(parser);
    if (!is_plain_number(value) || value->number > UINT8_MAX)
        parser_fail_wanted(parser, &at, "a byte, a number from 0 to 255");
    struct byte_run run = {(uint8_t)value->number, &once};
    if (parser_at_sign(parser, '*')) {
        parser_advance(parser);
        run.count = parse_primary(parser);
    }
    return run;
}

static void parse_bytes(struct pinning *pinning)
{
    struct pin *pin = pinning->pin;
    do {
        parser_advance(pinning->parser);
        if (pin->byte_count == SCENARIO_RUNS_MAX)
            parser_fail(pinning->parser, &pinning->parser->token,
                        "there are more than %d rows of bytes", SCENARIO_RUNS_MAX);
        pin->bytes[pin->byte_count++] = parse_byte(pinning->parser);
    } while (parser_at_sign(pinning->parser, ','));
}

/* A number too large for a byte that was read. */
static bool at_exception_code(const struct pinning *pinning)
{
    const struct token *token = &pinning->parser->token;
    return operation_info(pinning->step->operation)->group == GROUP_TOUCH &&
           token->kind == TOKEN_NUMBER && token->number > UINT8_MAX;
}

/* What the next token begins. */
static enum pin_kind kind_ahead(const struct pinning *pinning)
{
    const struct parser *parser = pinning->parser;
    enum operation_group group = operation_info(pinning->step->operation)->group;
    if (parser_at_name(parser, "above"))
        return PIN_ABOVE;
    if (parser_at_name(parser, "below"))
        return PIN_BELOW;
    if (parser_at_name(parser, "RETURNED"))
        return PIN_RETURNED;
    if (parser_at_name(parser, "bytes"))
        return PIN_BYTES;
    if (parser_at_name(parser, "ACCESS_VIOLATION"))
        return PIN_EXCEPTION;
    if (parser_at_name(parser, "GUARD_PAGE_VIOLATION"))
        return PIN_EXCEPTION;
    if (at_exception_code(pinning))
        return PIN_EXCEPTION;
    if (group == GROUP_NT)
        return PIN_STATUS;
    return PIN_VALUE;
}

static void parse_result(struct pinning *pinning)
{
    struct pin *pin = pinning->pin;
    pin->has_kind = true;
    pin->kind = kind_ahead(pinning);
    if (!(pinning->outcome->kinds & 1u << pin->kind))
        fail_outcome(pinning, &pinning->parser->token);
    switch (pin->kind) {
    case PIN_VALUE:
        parse_value(pinning);
        break;
    case PIN_ABOVE:
    case PIN_BELOW:
        parse_side(pinning);
        break;
    case PIN_STATUS:
        parse_status(pinning);
        break;
    case PIN_EXCEPTION:
        parse_exception(pinning);
        break;
    case PIN_BYTES:
        parse_bytes(pinning);
        break;
    case PIN_RETURNED:
    case PIN_ANY:
        parser_advance(pinning->parser);
        break;
    }
}

/* ---- Fields ---- */

static bool at_field(const struct parser *parser)
{
    return parser->token.kind == TOKEN_NAME && parser_sign_follows(parser, ':');
}

static enum field parse_field_name(struct pinning *pinning)
{
    struct parser *parser = pinning->parser;
    const struct token *token = &parser->token;
    enum field field;
    if (!at_field(parser))
        parser_fail_wanted(parser, token, "a field such as OldProtect:");
    if (!field_find(token->start, token->length, &field)) {
        struct nearest nearest = nearest_begin(token->start, token->length);
        for (int i = 0; i < FIELD_END; i++)
            nearest_try(&nearest, field_name((enum field)i));
        parser_fail_unknown(parser, token, "unknown field", &nearest);
    }
    if (!(pinning->outcome->fields & 1u << field))
        fail_outcome(pinning, token);
    if (field == FIELD_OLD_PROTECT && pinning->step->null_output)
        parser_fail(parser, token, "OldProtect cannot come back: the call has NULL for it");
    for (unsigned i = 0; i < pinning->pin->field_count; i++)
        if (pinning->pin->fields[i].field == field)
            parser_fail(parser, token, "there is a second %s in the outcome", field_name(field));
    parser_advance(parser);
    parser_advance(parser);
    return field;
}

/* Only a variable that the caller hands in can keep what it had. */
static void check_untouched(struct pinning *pinning, enum field field)
{
    bool is_range = field == FIELD_BASE_ADDRESS || field == FIELD_REGION_SIZE;
    bool is_handed_in = is_range && operation_gives_base(pinning->step->operation);
    if (field != FIELD_OLD_PROTECT && !is_handed_in)
        parser_fail_wanted(pinning->parser, &pinning->parser->token, "a value");
}

static void parse_field(struct pinning *pinning)
{
    struct pin *pin = pinning->pin;
    enum field name = parse_field_name(pinning);
    assert(pin->field_count < SCENARIO_FIELDS_MAX); /* no operation has so many */
    struct field_pin *field = &pin->fields[pin->field_count++];
    field->field = name;
    field->untouched = parser_at_name(pinning->parser, "untouched");
    if (field->untouched) {
        check_untouched(pinning, field->field);
        parser_advance(pinning->parser);
    } else {
        field->value = parse_expression(pinning->parser);
    }
}

/* ---- The whole pin ---- */

static void parse_outcome(struct pinning *pinning)
{
    struct parser *parser = pinning->parser;
    if (parser_at_sign(parser, '?')) {
        pinning->pin->has_kind = true;
        pinning->pin->kind = PIN_ANY;
        parser_advance(parser);
        return;
    }
    if (at_field(parser))
        parse_field(pinning);
    else
        parse_result(pinning);
    while (parser_at_sign(parser, ',')) {
        parser_advance(parser);
        parse_field(pinning);
    }
}

static void parse_pin(struct parser *parser, const struct step *step, struct pin *pin)
{
    struct pinning pinning = {parser, step, operation_outcome(step->operation), pin};
    *pin = (struct pin){.line = parser->token.line, .column = parser->token.column};
    if (!pinning.outcome->kinds && !pinning.outcome->fields)
        parser_fail(parser, &parser->token, "%s has no outcome that could be stated",
                    operation_info(step->operation)->name);
    parser_advance(parser);
    parse_outcome(&pinning);
    if (parser_at_name(parser, "for"))
        parser_words(parser, true, "a profile's name, with * for anything", pin->profiles,
                     &pin->profile_count);
}

void parse_pins(struct parser *parser, struct step *step)
{
    struct pin pins[SCENARIO_LIST_MAX];
    unsigned count = 0;
    while (parser->token.kind == TOKEN_ARROW) {
        if (count == SCENARIO_LIST_MAX)
            parser_fail(parser, &parser->token, "the step has more than %d outcomes",
                        SCENARIO_LIST_MAX);
        if (count > 0 && pins[count - 1].profile_count == 0)
            parser_fail(parser, &parser->token,
                        "this outcome never counts: the one before it is for every profile");
        parse_pin(parser, step, &pins[count]);
        if (pins[count].has_kind && pins[count].kind == PIN_ANY)
            step->unsettled = true;
        count++;
    }
    if (count == 0)
        return;
    struct pin *copy = parser_take(parser, count * sizeof *copy);
    memcpy(copy, pins, count * sizeof *copy);
    step->pins = copy;
    step->pin_count = count;
}
