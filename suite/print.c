/* Traces in the words of the scenario language. */
#include "suite/print.h"

#include <string.h>

#include "environment.h"
#include "print_outcome.h"

#define LINE_MAX_BYTES 100

/* ---- Steps ---------------------------------------------------------------------------------- */

/* Why there is no outcome, or NULL if there is one. */
static const char *missing_words(enum trace_state state)
{
    switch (state) {
    case TRACE_NOT_REACHED:
        return "not reached";
    case TRACE_ANNOUNCED:
        return "did not come back";
    case TRACE_UNSUPPORTED:
        return "unsupported";
    case TRACE_IMPOSSIBLE:
        return "impossible: ";
    case TRACE_DONE:
        break;
    }
    return NULL;
}

/* A comment ends with its line: what the harness said stays on it, and is text. */
static void add_comment(struct text *text, const struct trace_step *observed)
{
    text_add(text, "  # %s", missing_words(observed->state));
    if (observed->state != TRACE_IMPOSSIBLE)
        return;
    for (const char *c = observed->problem; *c; c++)
        text_add(text, "%c", *c >= ' ' && *c <= '~' ? *c : '?');
}

static void add_step(struct text *text, const struct place *place)
{
    const struct trace_step *observed = &place->trace->steps[place->step];
    struct text outcome = text_begin(NULL, 0);
    size_t begin = text->length;
    text_add(text, "%s", place->scenario->steps[place->step].text);
    if (missing_words(observed->state)) {
        add_comment(text, observed);
        return;
    }
    outcome_add(&outcome, place);
    if (outcome.length == 0)
        return;
    bool fits = text->length - begin + strlen("  => ") + outcome.length <= LINE_MAX_BYTES;
    text_add(text, fits ? "  => " : "\n    => ");
    outcome_add(text, place);
}

size_t print_step(const struct scenario *scenario, const struct trace *trace,
                  const struct subject_info *info, unsigned step, char *buffer, size_t capacity)
{
    struct environment environment;
    trace_environment(scenario, trace, info, step, &environment);
    struct place place = {trace, scenario, &environment, step};
    struct text text = text_begin(buffer, capacity);
    add_step(&text, &place);
    return text.length;
}

size_t print_trace(const struct scenario *scenario, const struct trace *trace,
                   const struct subject_info *info, unsigned step_count, char *buffer,
                   size_t capacity)
{
    struct environment environment = environment_begin(info);
    struct place place = {trace, scenario, &environment, 0};
    struct text text = text_begin(buffer, capacity);
    for (unsigned i = 0; i < step_count && i < trace->step_count; i++) {
        place.step = i;
        add_step(&text, &place);
        text_add(&text, "\n");
        environment_assign(&environment, &scenario->steps[i], &trace->steps[i]);
    }
    return text.length;
}

/* ---- The header, and calls with numbers ------------------------------------------------------ */

static void add_quoted(struct text *text, const char *key, const char *words)
{
    text_add(text, "%s\"", key);
    for (const char *c = words; *c; c++)
        text_add(text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    text_add(text, "\"\n");
}

size_t print_header(const struct scenario *scenario, char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    add_quoted(&text, "scenario ", scenario->title);
    text_add(&text, "rules   ");
    for (unsigned i = 0; i < scenario->rule_count; i++)
        text_add(&text, " %s", scenario->rules[i]);
    text_add(&text, "\n");
    for (unsigned i = 0; i < scenario->source_count; i++)
        add_quoted(&text, "source   ", scenario->sources[i]);
    for (unsigned i = 0; i < scenario->profile_count; i++)
        text_add(&text, "%s %s%s", i ? "," : "profiles", scenario->profiles[i],
                 i + 1 == scenario->profile_count ? "\n" : "");
    return text.length;
}

size_t print_call_with_numbers(const struct step *step, const struct environment *environment,
                               char *buffer, size_t capacity)
{
    const struct operation_info *info = operation_info(step->operation);
    struct text text = text_begin(buffer, capacity);
    text_add(&text, "%s(", info->name);
    for (unsigned i = 0; i < step->argument_count; i++) {
        char words[256];
        enum argument_kind kind = info->arguments[i];
        uint64_t value = expression_value(step->arguments[i], environment);
        constant_format(kind == ARGUMENT_SIZE ? ARGUMENT_NUMBER : kind, value, words, sizeof words);
        text_add(&text, "%s%s", i ? ", " : "", words);
    }
    text_add(&text, ")");
    return text.length;
}
