/* Judging by the pins: what the scenario's own source states. */
#include <inttypes.h>
#include <stdio.h>

#include "judging.h"
#include "pagelaw/constants.h"
#include "print_outcome.h"
#include "text.h"

const struct pin *judge_pin_of(const struct judging *judging)
{
    const char *profile = pagelaw_model_profile(judging->model)->name;
    for (unsigned i = 0; i < judging->step->pin_count; i++) {
        if (pin_is_for(&judging->step->pins[i], profile))
            return &judging->step->pins[i];
    }
    return NULL;
}

static uint64_t value_of(const struct judging *judging, const struct expression *expression)
{
    return expression == NULL ? 0 : expression_value(expression, &judging->environment);
}

/* ---- The result ---- */

static uint64_t byte_count(const struct judging *judging, const struct byte_run *run)
{
    return run->count == NULL ? 1 : value_of(judging, run->count);
}

static bool bytes_match(const struct judging *judging, const struct pin *pin)
{
    const struct trace_step *observed = judging->observed;
    unsigned at = 0;
    uint64_t left = observed->run_count == 0 ? 0 : observed->runs[0].count;
    for (unsigned i = 0; i < pin->byte_count; i++) {
        uint64_t count = byte_count(judging, &pin->bytes[i]);
        while (count > 0) {
            if (at == observed->run_count || observed->runs[at].value != pin->bytes[i].value)
                return false;
            uint64_t part = count < left ? count : left;
            count -= part;
            left -= part;
            if (left == 0 && ++at < observed->run_count)
                left = observed->runs[at].count;
        }
    }
    return at == observed->run_count;
}

static bool result_matches(const struct judging *judging, const struct pin *pin)
{
    const struct trace_step *observed = judging->observed;
    uint64_t value = value_of(judging, pin->value);
    switch (pin->kind) {
    case PIN_VALUE:
        return observed->value == value &&
               (!pin->has_error || observed->no_error || observed->error == pin->error);
    case PIN_ABOVE:
        return observed->value > value;
    case PIN_BELOW:
        return observed->value < value && observed->value != 0;
    case PIN_STATUS:
        return observed->value == value;
    case PIN_EXCEPTION:
        return observed->exception.code == pin->exception &&
               observed->exception.access == pin->access && observed->exception.address == value;
    case PIN_RETURNED:
        return observed->exception.code == 0;
    case PIN_BYTES:
        return observed->exception.code == 0 && bytes_match(judging, pin);
    case PIN_ANY:
        return true;
    }
    return false;
}

/* ---- The fields ---- */

/* What a field holds, and what it would hold if the call had not written it. */
static uint64_t field_of(const struct judging *judging, enum field field, uint64_t *untouched)
{
    const struct trace_step *observed = judging->observed;
    bool query =
        judging->step->operation == OP_VIRTUAL_QUERY || judging->step->operation == OP_NT_QUERY;
    bool allocate = judging->step->operation == OP_NT_ALLOCATE;
    *untouched = field == FIELD_BASE_ADDRESS  ? judge_argument(judging, 0, 0)
                 : field == FIELD_REGION_SIZE ? judge_argument(judging, allocate ? 2 : 1, 0)
                                              : TRACE_OUTPUT_FILL;
    switch (field) {
    case FIELD_BASE_ADDRESS:
        return query ? observed->region.base : observed->base;
    case FIELD_REGION_SIZE:
        return query ? observed->region.size : observed->size;
    case FIELD_ALLOCATION_BASE:
        return observed->region.allocation_base;
    case FIELD_ALLOCATION_PROTECT:
        return observed->region.allocation_protect;
    case FIELD_STATE:
        return observed->region.state;
    case FIELD_PROTECT:
        return observed->region.protect;
    case FIELD_TYPE:
        return observed->region.type;
    case FIELD_OLD_PROTECT:
        return observed->old_protect;
    case FIELD_PAGE_SIZE:
        return observed->info.page_size;
    case FIELD_GRANULARITY:
        return observed->info.granule;
    case FIELD_MINIMUM_ADDRESS:
        return observed->info.address_min;
    case FIELD_MAXIMUM_ADDRESS:
        return observed->info.address_max;
    case FIELD_END:
        break;
    }
    return 0;
}

static const char *format_field(const struct judging *judging, enum field field, uint64_t value,
                                char *buffer)
{
    switch (field) {
    case FIELD_BASE_ADDRESS:
    case FIELD_ALLOCATION_BASE:
    case FIELD_MINIMUM_ADDRESS:
    case FIELD_MAXIMUM_ADDRESS:
        return judge_address(judging, value, buffer);
    case FIELD_ALLOCATION_PROTECT:
    case FIELD_PROTECT:
    case FIELD_OLD_PROTECT:
        return constant_format(ARGUMENT_PROTECT, value, buffer, WORDS_MAX);
    case FIELD_STATE:
    case FIELD_TYPE:
        return state_format((uint32_t)value, buffer, WORDS_MAX);
    default:
        return size_format(value, buffer, WORDS_MAX);
    }
}

/* ---- The pin ---- */

/* The rule that a pin stands for: the first that the scenario names. */
static enum pagelaw_rule pin_rule(const struct judging *judging)
{
    return pagelaw_rule_find(judging->scenario->rules[0]);
}

static void print_bytes(const struct judging *judging, const struct pin *pin, struct text *text)
{
    char words[64];
    text_add(text, "bytes");
    for (unsigned i = 0; i < pin->byte_count; i++) {
        uint64_t count = byte_count(judging, &pin->bytes[i]);
        text_add(text, "%s %s", i == 0 ? "" : ",",
                 constant_format(ARGUMENT_NUMBER, pin->bytes[i].value, words, sizeof words));
        if (count != 1)
            text_add(text, " * %s", size_format(count, words, sizeof words));
    }
}

/* The result that a pin asks for, as it was written. */
static void print_result(const struct judging *judging, const struct pin *pin, struct text *text)
{
    static const char *const touches[] = {"read", "write"};
    char words[WORDS_MAX] = "", error[64];
    if (pin->value != NULL)
        expression_format(pin->value, judging->scenario, words, sizeof words);
    if (pin->kind == PIN_BYTES)
        print_bytes(judging, pin, text);
    else if (pin->kind == PIN_RETURNED)
        text_add(text, "RETURNED");
    else if (pin->kind == PIN_EXCEPTION)
        text_add(text, "%s %s %s",
                 pin->exception == STATUS_ACCESS_VIOLATION ? "ACCESS_VIOLATION"
                                                           : "GUARD_PAGE_VIOLATION",
                 pin->access <= PAGELAW_WRITE ? touches[pin->access] : "execute", words);
    else
        text_add(text, "%s%s",
                 pin->kind == PIN_ABOVE   ? "above "
                 : pin->kind == PIN_BELOW ? "below "
                                          : "",
                 words);
    if (pin->has_error)
        text_add(text, " %s", error_format(pin->error, error, sizeof error));
}

static void judge_result(struct judging *judging, const struct pin *pin)
{
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    struct text allowed_text = text_begin(allowed, sizeof allowed);
    struct text observed_text = text_begin(observed, sizeof observed);
    struct place place = judge_place(judging);
    if (result_matches(judging, pin))
        return;
    print_result(judging, pin, &allowed_text);
    outcome_add(&observed_text, &place);
    judge_find(judging, pin_rule(judging), "what the source states", allowed, observed);
}

/* Whether the pin's source is one that the profile does not follow. */
static bool is_undefined(const struct judging *judging, enum field field)
{
    static const unsigned aspects[FIELD_END] = {
        [FIELD_ALLOCATION_BASE] = ASPECT(ALLOCATION_BASE),
        [FIELD_ALLOCATION_PROTECT] = ASPECT(ALLOCATION_PROTECT),
        [FIELD_PROTECT] = ASPECT(PROTECT),
        [FIELD_TYPE] = ASPECT(TYPE),
        [FIELD_BASE_ADDRESS] = ASPECT(BASE),
        [FIELD_REGION_SIZE] = ASPECT(SIZE),
        [FIELD_OLD_PROTECT] = ASPECT(OLD_PROTECT),
    };
    return (judging->undefined & aspects[field]) != 0;
}

void judge_pin(struct judging *judging, const struct pin *pin)
{
    if (pin->has_kind)
        judge_result(judging, pin);
    for (unsigned i = 0; i < pin->field_count; i++) {
        const struct field_pin *field = &pin->fields[i];
        char allowed[WORDS_MAX], observed[WORDS_MAX];
        uint64_t untouched;
        uint64_t got = field_of(judging, field->field, &untouched);
        uint64_t want = field->untouched ? untouched : value_of(judging, field->value);
        if (got != want && !is_undefined(judging, field->field))
            judge_find(judging, pin_rule(judging), field_name(field->field),
                       format_field(judging, field->field, want, allowed),
                       format_field(judging, field->field, got, observed));
    }
}
