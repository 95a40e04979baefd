/* Drawing the watched ranges before and after a step that differs. */
#include <string.h>

#include "judging.h"
#include "operations.h"
#include "pagelaw/constants.h"
#include "suite/heap.h"
#include "text.h"

#define DRAWINGS_MAX 32 /* of one scenario; further differences tell no more by being drawn */
#define ROWS_MAX 256    /* of one map */

/* A map as it grows. */
struct drawing {
    struct judging *judging;
    const struct trace_watch *watch; /* that the rows are in */
    struct result_region *rows;
    unsigned count;
    bool failed; /* too many rows, or no memory */
};

/* ---- Words ---- */

static const char *keep(struct drawing *drawing, const char *words)
{
    size_t size = strlen(words) + 1;
    char *copy = arena_take(drawing->judging->arena, size);
    if (copy == NULL) {
        drawing->failed = true;
        return "";
    }
    return memcpy(copy, words, size);
}

/* By a variable, or else by where it is in its watch: rows have to be told apart. */
static const char *keep_place(struct drawing *drawing, uint64_t address)
{
    char words[WORDS_MAX], offset[64];
    struct place place = judge_place(drawing->judging);
    struct text text = text_begin(words, sizeof words);
    const struct trace_watch *watch = drawing->watch;
    if (place_add_target(&text, &place, address) || place_add(&text, &place, address))
        return keep(drawing, words);
    text_add(&text, "an address elsewhere");
    if (address > watch->base && address - watch->base < watch->size)
        text_add(&text, " + %s", size_format(address - watch->base, offset, sizeof offset));
    return keep(drawing, words);
}

static const char *keep_size(struct drawing *drawing, uint64_t size)
{
    char words[64];
    return keep(drawing, size_format(size, words, sizeof words));
}

static const char *keep_protect(struct drawing *drawing, uint32_t protect)
{
    char words[WORDS_MAX];
    return keep(drawing, constant_format(ARGUMENT_PROTECT, protect, words, sizeof words));
}

static const char *keep_state(struct drawing *drawing, uint32_t state)
{
    char words[64];
    return keep(drawing, state_format(state, words, sizeof words));
}

static void add_row(struct drawing *drawing, const struct pagelaw_region *region)
{
    if (drawing->count == ROWS_MAX)
        drawing->failed = true;
    if (drawing->failed)
        return;
    drawing->rows[drawing->count++] = (struct result_region){
        .start = keep_place(drawing, region->base),
        .size = keep_size(drawing, region->size),
        .state = keep_state(drawing, region->state),
        .protect = keep_protect(drawing, region->protect),
        .allocation_base = keep_place(drawing, region->allocation_base),
        .allocation_protect = keep_protect(drawing, region->allocation_protect),
        .type = keep_state(drawing, region->type),
    };
}

/* ---- Maps ---- */

static struct drawing draw_begin(struct judging *judging)
{
    struct drawing drawing = {.judging = judging};
    drawing.rows = arena_take(judging->arena, ROWS_MAX * sizeof *drawing.rows);
    drawing.failed = drawing.rows == NULL;
    return drawing;
}

static struct result_map draw_end(const struct drawing *drawing)
{
    if (drawing->failed)
        return (struct result_map){.known = false};
    return (struct result_map){
        .known = true, .regions = drawing->rows, .region_count = drawing->count};
}

static struct pagelaw_region model_region(const struct subject_region *shown)
{
    return (struct pagelaw_region){.base = shown->base,
                                   .allocation_base = shown->allocation_base,
                                   .size = shown->size,
                                   .allocation_protect = shown->allocation_protect,
                                   .state = shown->state,
                                   .protect = shown->protect,
                                   .type = shown->type};
}

/* What the subject showed after a step. */
static struct result_map draw_shown(struct judging *judging, const struct trace_step *step)
{
    if (!step->has_map)
        return (struct result_map){.known = false};
    struct drawing drawing = draw_begin(judging);
    unsigned next = 0;
    for (unsigned i = 0; i < step->watch_count && !drawing.failed; i++) {
        struct part part = judge_next_part(judging, step, i, &next);
        drawing.watch = part.watch;
        for (unsigned j = 0; j < part.count && !drawing.failed; j++) {
            struct pagelaw_region region = model_region(&part.regions[j]);
            add_row(&drawing, &region);
        }
    }
    return draw_end(&drawing);
}

/* The row of a model's that begins at an address, clipped to the watch. False if it has none. */
static bool next_row(struct pagelaw_model *model, const struct trace_watch *watch, uint64_t address,
                     struct pagelaw_region *region)
{
    struct pagelaw_plan plan;
    uint64_t left = watch->size - (address - watch->base);
    judge_ask(model, address, &plan);
    if (plan.status[0] != STATUS_SUCCESS || plan.region.size == 0)
        return false;
    *region = plan.region;
    region->size -= address - region->base;
    region->base = address;
    if (region->size > left)
        region->size = left;
    return true;
}

static void draw_watch(struct drawing *drawing, struct pagelaw_model *model)
{
    const struct trace_watch *watch = drawing->watch;
    struct pagelaw_region region;
    for (uint64_t done = 0; done < watch->size && !drawing->failed; done += region.size) {
        if (!next_row(model, watch, watch->base + done, &region))
            return;
        add_row(drawing, &region);
    }
}

static struct result_map draw_model(struct judging *judging, struct pagelaw_model *model,
                                    unsigned watch_count)
{
    struct drawing drawing = draw_begin(judging);
    for (unsigned i = 0; i < watch_count && !drawing.failed; i++) {
        drawing.watch = &judging->trace->watches[i];
        draw_watch(&drawing, model);
    }
    return draw_end(&drawing);
}

/* ---- What the law says of a call that came back otherwise ---- */

/* Makes one watch of `copy` what it is in the judge's model. */
static bool copy_watch(struct judging *judging, const struct trace_watch *watch,
                       struct pagelaw_model *copy)
{
    struct pagelaw_region *rows = arena_take(judging->arena, ROWS_MAX * sizeof *rows);
    unsigned count = 0;
    for (uint64_t done = 0; rows != NULL && done < watch->size; done += rows[count++].size) {
        if (count == ROWS_MAX || !next_row(judging->model, watch, watch->base + done, &rows[count]))
            return false;
    }
    return rows != NULL && pagelaw_resync(copy, watch->base, watch->size, rows, count);
}

/* Whether the law says where the call's pages are; *base is where. */
static bool has_base(const struct judging *judging, const struct pagelaw_model *copy,
                     const struct pagelaw_plan *plan, uint64_t *base)
{
    *base = plan->base;
    if (plan->base_freedom != PAGELAW_CHOSEN)
        return true;
    *base = judging->step->operation == OP_NT_ALLOCATE ? judging->observed->base
                                                       : judging->observed->value;
    return judging->observed->state == TRACE_DONE && pagelaw_choice_allowed(copy, plan, *base);
}

static bool call_lawfully(struct judging *judging, struct pagelaw_model *copy)
{
    enum pagelaw_function function = operation_function(judging->step->operation);
    struct pagelaw_plan plan;
    uint64_t base;
    struct pagelaw_call call = judge_call_of(judging, function);
    pagelaw_plan(copy, &call, &plan);
    if (plan.unsettled || plan.status[0] != STATUS_SUCCESS)
        return !plan.unsettled;
    if (!has_base(judging, copy, &plan, &base))
        return false;
    pagelaw_apply(copy, &plan, base);
    return true;
}

/* Does the step in a copy, for the judge's own model stays as it is. */
static bool do_lawfully(struct judging *judging, struct pagelaw_model *copy, unsigned watch_count)
{
    for (unsigned i = 0; i < watch_count; i++) {
        if (!copy_watch(judging, &judging->trace->watches[i], copy))
            return false;
    }
    return judging->guard_due ? pagelaw_consume_guard(copy, judging->guard)
                              : call_lawfully(judging, copy);
}

static struct result_map draw_allowed(struct judging *judging, unsigned watch_count)
{
    bool is_call = operation_function(judging->step->operation) != PAGELAW_FUNCTION_END;
    if (judging->applied || !(is_call || judging->guard_due))
        return draw_model(judging, judging->model, watch_count);
    struct pagelaw_model *copy =
        pagelaw_model_create(pagelaw_model_profile(judging->model), &suite_heap);
    struct result_map map = {.known = false};
    if (copy != NULL && do_lawfully(judging, copy, watch_count))
        map = draw_model(judging, copy, watch_count);
    pagelaw_model_destroy(copy);
    return map;
}

/* Whether the model can be made what the step shows. */
static bool is_sound(const struct judging *judging, const struct trace_step *step)
{
    unsigned next = 0;
    for (unsigned i = 0; i < step->watch_count; i++) {
        struct part part = judge_next_part(judging, step, i, &next);
        if (!judge_is_sound(judging, &part))
            return false;
    }
    return step->has_map;
}

void judge_draw(struct judging *judging)
{
    const struct trace_step *before = judging->index == 0 ? NULL : judging->observed - 1;
    const struct trace_step *last =
        judging->observed->state == TRACE_DONE ? judging->observed : before;
    if (judging->drawn == DRAWINGS_MAX)
        return;
    judging->drawn++;
    if (before != NULL)
        judging->before = draw_shown(judging, before);
    if (last == judging->observed)
        judging->shown = draw_shown(judging, last);
    if (last != NULL && is_sound(judging, last))
        judging->allowed = draw_allowed(judging, last->watch_count);
}
