/* A trace in the scenario language: the pins are what came back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "environment.h"
#include "operations.h"
#include "pagelaw/constants.h"
#include "suite/recording.h"
#include "suite/scenario.h"

static const char header[] = "scenario \"a trace\"\nrules SYS-PAGE\nsource \"a trace\"\n";

#define HEADER_LINES 3

struct story {
    struct recording *recording;
    const struct scenario *scenario;
    const struct pagelaw_profile *profile;
    struct pagelaw_model *model;
    struct environment environment;
    const struct step *step;
    const struct pin *pin;               /* NULL: the trace says nothing of how the step ended */
    int lines_before;                    /* of a header that is not the trace's own */
    bool untold[SCENARIO_VARIABLES_MAX]; /* variables whose value the trace does not tell */
    uint64_t next_hole;                  /* the lowest address that none has been put at */
    bool out_of_memory;
};

static uint64_t argument(const struct story *story, unsigned index, uint64_t otherwise)
{
    if (index >= story->step->argument_count)
        return otherwise;
    return expression_value(story->step->arguments[index], &story->environment);
}

static uint64_t value_of(const struct story *story, const struct expression *expression)
{
    return expression == NULL ? 0 : expression_value(expression, &story->environment);
}

static const struct pin *find_pin(const struct story *story)
{
    for (unsigned i = 0; i < story->step->pin_count; i++) {
        if (pin_is_for(&story->step->pins[i], story->profile->name))
            return &story->step->pins[i];
    }
    return NULL;
}

static void assign(struct story *story, uint64_t value, bool told)
{
    if (story->step->target < 0)
        return;
    story->environment.variables[story->step->target] = value;
    story->untold[story->step->target] = !told;
}

static bool is_told(const struct story *story, const struct expression *expression)
{
    if (expression == NULL)
        return true;
    if (expression->kind == EXPRESSION_VARIABLE)
        return !story->untold[expression->variable];
    return is_told(story, expression->left) && is_told(story, expression->right);
}

/* Why the law can say nothing of the step; NULL: it can. */
static const char *find_beyond(const struct story *story)
{
    for (unsigned i = 0; i < story->step->argument_count; i++) {
        if (!is_told(story, story->step->arguments[i]))
            return "it hangs on what the trace does not tell";
    }
    if (story->pin != NULL && story->pin->has_kind && story->pin->kind == PIN_ANY)
        return "the trace leaves it open";
    return NULL;
}

/* ---- Holes ---- */

/* Some free range will do: nothing that is judged depends on which. */
static void make_hole(struct story *story)
{
    uint64_t granule = story->profile->granule, size = argument(story, 0, 0);
    uint64_t base = story->next_hole, whole = (size + granule - 1) / granule * granule;
    if (size == 0 || whole < size || whole > story->profile->address_max - base - granule) {
        recording_skip(story->recording, "a hole that does not fit the address space");
        return;
    }
    if (!recording_is_free(story->recording, 0, base, whole))
        story->out_of_memory = true;
    story->next_hole = base + whole + granule;
    pagelaw_model_set_choice_range(story->model, story->next_hole, story->profile->address_max);
    assign(story, base, true);
}

/* ---- Calls ---- */

static struct pagelaw_call call_of(const struct story *story)
{
    enum operation operation = story->step->operation;
    struct pagelaw_call call = {.function = operation_function(operation),
                                .address = argument(story, 0, 0),
                                .no_old_protect = story->step->null_output};
    unsigned next = operation == OP_NT_ALLOCATE ? 2 : 1;
    if (operation == OP_NT_ALLOCATE)
        call.zero_bits = argument(story, 1, 0);
    call.size = argument(story, next, pagelaw_mbi_size(story->profile->pointer_bytes));
    if (operation == OP_VIRTUAL_PROTECT || operation == OP_NT_PROTECT)
        call.protect = (uint32_t)argument(story, next + 1, 0);
    else
        call.type = (uint32_t)argument(story, next + 1, 0);
    if (operation == OP_NT_ALLOCATE || operation == OP_VIRTUAL_ALLOC)
        call.protect = (uint32_t)argument(story, next + 2, 0);
    return call;
}

static void take_base(struct recorded *event, uint64_t base)
{
    event->base = base;
    event->known |= KNOWN_BASE;
}

/* An address that the trace leaves out is the system's choice: the model's own will do. */
static void choose_base(const struct story *story, struct recorded *event)
{
    struct pagelaw_plan plan;
    pagelaw_plan(story->model, &event->call, &plan);
    if (event->success && (event->known & KNOWN_BASE) == 0 && plan.status[0] == STATUS_SUCCESS)
        take_base(event, plan.base);
}

static void take_result(const struct story *story, struct recorded *event)
{
    const struct pin *pin = story->pin;
    uint64_t value = value_of(story, pin->value);
    if (!pin->has_kind)
        return;
    event->known |= KNOWN_END;
    if (pin->kind == PIN_STATUS) {
        event->status = (uint32_t)value;
        event->success = event->status == STATUS_SUCCESS;
        event->known |= KNOWN_STATUS;
    } else if (pin->kind == PIN_VALUE) {
        event->success = value != 0;
        event->error = pin->error;
        event->known |= pin->has_error ? KNOWN_ERROR : 0u;
        if (value != 0 && story->step->operation == OP_VIRTUAL_ALLOC)
            take_base(event, value);
    } else {
        event->success = true; /* an address above or below another */
    }
}

static void take_field(const struct story *story, const struct field_pin *field,
                       struct recorded *event)
{
    struct pagelaw_region *region = &event->region;
    uint64_t value = value_of(story, field->value);
    bool is_query = operation_info(story->step->operation)->most == 2;
    if (field->untouched)
        return;
    switch (field->field) {
    case FIELD_BASE_ADDRESS:
        region->base = value;
        event->region_known |= 1u << PAGELAW_BASE;
        if (!is_query)
            take_base(event, value);
        break;
    case FIELD_REGION_SIZE:
        region->size = event->size = value;
        event->region_known |= 1u << PAGELAW_SIZE;
        event->known |= KNOWN_SIZE;
        break;
    case FIELD_ALLOCATION_BASE:
        region->allocation_base = value;
        event->region_known |= 1u << PAGELAW_ALLOCATION_BASE;
        break;
    case FIELD_ALLOCATION_PROTECT:
        region->allocation_protect = (uint32_t)value;
        event->region_known |= 1u << PAGELAW_ALLOCATION_PROTECT;
        break;
    case FIELD_STATE:
        region->state = (uint32_t)value;
        event->region_known |= 1u << PAGELAW_STATE;
        break;
    case FIELD_PROTECT:
        region->protect = (uint32_t)value;
        event->region_known |= 1u << PAGELAW_PROTECT;
        break;
    case FIELD_OLD_PROTECT:
        event->old_protect = (uint32_t)value;
        event->known |= KNOWN_OLD;
        break;
    default:
        break;
    }
    if (!is_query)
        event->region_known = 0;
    else
        event->success = true;
    if (is_query)
        event->known |= KNOWN_END;
}

static void take_call(struct story *story)
{
    struct recorded event = {.line = (size_t)(story->step->line - story->lines_before),
                             .call = call_of(story)};
    event.beyond = find_beyond(story);
    if (event.beyond == NULL && story->pin != NULL)
        take_result(story, &event);
    for (unsigned i = 0; event.beyond == NULL && story->pin != NULL && i < story->pin->field_count;
         i++)
        take_field(story, &story->pin->fields[i], &event);
    if (story->step->operation == OP_VIRTUAL_ALLOC || story->step->operation == OP_NT_ALLOCATE)
        choose_base(story, &event);
    if (!recording_take(story->recording, &event))
        story->out_of_memory = true;
    bool ended = (event.known & KNOWN_END) != 0, has_base = (event.known & KNOWN_BASE) != 0;
    if (operation_gives_base(story->step->operation))
        assign(story, has_base ? event.base : event.call.address, ended);
    else if (story->step->operation == OP_VIRTUAL_ALLOC)
        assign(story, event.success ? event.base : 0, ended && (has_base || !event.success));
    else
        assign(story, event.success, ended);
}

/* ---- Touches ---- */

static void take_bytes(const struct story *story, struct recorded *event)
{
    const struct pin *pin = story->pin;
    if (story->step->operation == OP_WRITE) {
        event->bytes[0].value = (uint8_t)argument(story, 1, 0);
        event->bytes[0].count = event->touch_size;
        event->byte_count = 1;
    }
    if (pin == NULL || !pin->has_kind || pin->kind != PIN_BYTES)
        return;
    for (unsigned i = 0; i < pin->byte_count && i < RECORDED_BYTES_MAX; i++) {
        event->bytes[i].value = pin->bytes[i].value;
        event->bytes[i].count =
            pin->bytes[i].count == NULL ? 1 : value_of(story, pin->bytes[i].count);
        event->byte_count = i + 1;
    }
}

/* A touch without an outcome raised nothing: so do traces print. */
static void take_touch(struct story *story)
{
    enum operation operation = story->step->operation;
    const struct pin *pin = story->pin;
    struct recorded event = {.line = (size_t)(story->step->line - story->lines_before),
                             .is_touch = true,
                             .access = operation_access(operation),
                             .address = argument(story, 0, 0),
                             .touch_size = 1};
    if (operation == OP_READ)
        event.touch_size = argument(story, 1, 1);
    else if (operation == OP_WRITE)
        event.touch_size = argument(story, 2, 1);
    take_bytes(story, &event);
    if (pin != NULL && pin->has_kind && pin->kind == PIN_EXCEPTION)
        event.exception = (struct pagelaw_exception){
            pin->exception, (enum pagelaw_access)pin->access, value_of(story, pin->value)};
    event.beyond = find_beyond(story);
    if (!recording_take(story->recording, &event))
        story->out_of_memory = true;
}

/* ---- The story ---- */

static void take_step(struct story *story)
{
    switch (operation_info(story->step->operation)->group) {
    case GROUP_TOUCH:
        take_touch(story);
        break;
    case GROUP_HARNESS:
        if (story->step->operation == OP_HOLE)
            make_hole(story);
        else
            pagelaw_model_set_commit_limit(story->model, pagelaw_model_charge(story->model) +
                                                             argument(story, 0, 0));
        break;
    case GROUP_WIN32:
    case GROUP_NT:
        if (operation_function(story->step->operation) != PAGELAW_FUNCTION_END)
            take_call(story);
        else
            recording_skip(story->recording, "calls that tell of no memory");
        break;
    }
}

static void tell(struct story *story)
{
    struct pagelaw_system_info system;
    struct subject_info info = {.pointer_bytes = story->profile->pointer_bytes};
    pagelaw_get_system_info(story->model, &system);
    info.page_size = system.page_size;
    info.granule = system.granule;
    info.address_min = system.address_min;
    info.address_max = system.address_max;
    story->environment = environment_begin(&info);
    story->next_hole = system.address_min;
    for (unsigned i = 0; i < story->scenario->step_count && !story->out_of_memory; i++) {
        story->step = &story->scenario->steps[i];
        story->pin = find_pin(story);
        take_step(story);
    }
}

/* Whether the first word is the one that a header begins with. */
static bool has_header(const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    while (at < end && (*at == '#' || strchr(" \t\r\n", *at) != NULL)) {
        const char *line_end = *at == '#' ? memchr(at, '\n', (size_t)(end - at)) : at;
        at = line_end == NULL ? end : line_end + 1;
    }
    return end - at >= 8 && memcmp(at, "scenario", 8) == 0;
}

static struct scenario *parse(const char *text, size_t length, int *lines_before,
                              struct scenario_error *error)
{
    *lines_before = 0;
    if (has_header(text, length))
        return scenario_parse("trace", text, length, error);
    char *whole = malloc(sizeof header + length);
    if (whole == NULL) {
        *error = (struct scenario_error){.message = "there is not enough memory"};
        return NULL;
    }
    memcpy(whole, header, sizeof header - 1);
    if (length != 0)
        memcpy(whole + sizeof header - 1, text, length);
    struct scenario *scenario = scenario_parse("trace", whole, sizeof header - 1 + length, error);
    free(whole);
    *lines_before = HEADER_LINES;
    if (scenario == NULL)
        error->line = error->line > HEADER_LINES ? error->line - HEADER_LINES : 1;
    return scenario;
}

bool recording_read_story(struct recording *recording, const char *text, size_t length,
                          struct scenario_error *error)
{
    struct story story = {.recording = recording, .model = recording_model(recording, 0)};
    struct scenario *scenario = parse(text, length, &story.lines_before, error);
    if (scenario == NULL)
        return false;
    story.scenario = scenario;
    story.out_of_memory = story.model == NULL;
    if (story.model != NULL) {
        story.profile = pagelaw_model_profile(story.model);
        tell(&story);
    }
    scenario_free(scenario);
    if (story.out_of_memory)
        *error = (struct scenario_error){.message = "there is not enough memory"};
    return !story.out_of_memory;
}
