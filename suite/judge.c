/* The judge: goes through a trace step by step, the model beside it. */
#include "suite/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judging.h"
#include "operations.h"
#include "pagelaw/constants.h"
#include "suite/heap.h"
#include "suite/print.h"
#include "text.h"

static const char *keep(struct judging *judging, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_take(judging->arena, size);
    if (copy == NULL) {
        judging->out_of_memory = true;
        return "";
    }
    return memcpy(copy, text, size);
}

uint64_t judge_argument(const struct judging *judging, unsigned index, uint64_t otherwise)
{
    if (index >= judging->step->argument_count)
        return otherwise;
    return expression_value(judging->step->arguments[index], &judging->environment);
}

struct place judge_place(const struct judging *judging)
{
    return (struct place){.trace = judging->trace,
                          .scenario = judging->scenario,
                          .environment = &judging->environment,
                          .step = judging->index};
}

const char *judge_address(const struct judging *judging, uint64_t address, char *buffer)
{
    struct place place = judge_place(judging);
    struct text text = text_begin(buffer, WORDS_MAX);
    if (!place_add(&text, &place, address))
        text_add(&text, "an address elsewhere");
    return buffer;
}

const char *judge_location(const struct judging *judging, uint64_t address, char *buffer)
{
    struct place place = judge_place(judging);
    struct text text = text_begin(buffer, WORDS_MAX);
    if (place_add_target(&text, &place, address))
        return buffer;
    return judge_address(judging, address, buffer);
}

void judge_find(struct judging *judging, enum pagelaw_rule rule, const char *what,
                const char *allowed, const char *observed)
{
    if (judging->finding_count == FINDINGS_MAX)
        return;
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    judging->findings[judging->finding_count++] = (struct result_finding){
        .what = keep(judging, what),
        .allowed = keep(judging, allowed),
        .observed = keep(judging, observed),
        .rule = {.id = info->id,
                 .grade = pagelaw_grade_name(info->grade),
                 .sentence = info->sentence,
                 .source = info->source},
    };
}

bool judge_knows(const struct judging *judging, uint64_t address, uint64_t *end)
{
    bool known = false;
    for (unsigned i = 0; i < judging->observed->watch_count; i++) {
        const struct trace_watch *watch = &judging->trace->watches[i];
        if (address >= watch->base && address - watch->base < watch->size) {
            *end = watch->base + watch->size;
            known = true;
        }
    }
    return known;
}

/* ---- One step ---- */

static void judge_last_error(struct judging *judging)
{
    char allowed[64], observed[64];
    uint32_t error = (uint32_t)judging->observed->value;
    if (judging->last_error_known && error != judging->last_error)
        judge_find(judging, PAGELAW_ERR_KEPT, "return value",
                   error_format(judging->last_error, allowed, sizeof allowed),
                   error_format(error, observed, sizeof observed));
    judging->unspecified = !judging->last_error_known;
    judging->alternative = judging->last_error_other;
}

static void judge_by_model(struct judging *judging)
{
    enum operation operation = judging->step->operation;
    if (operation_function(operation) != PAGELAW_FUNCTION_END)
        judge_call(judging, operation_function(operation));
    else if (operation_info(operation)->group == GROUP_TOUCH)
        judge_touch(judging);
    else if (operation == OP_HOLE)
        judge_hole(judging);
    else if (operation == OP_COMMIT_LIMIT)
        pagelaw_model_set_commit_limit(judging->model, pagelaw_model_charge(judging->model) +
                                                           judge_argument(judging, 0, 0));
    else if (operation == OP_GET_SYSTEM_INFO)
        judge_system_info(judging);
    else if (operation == OP_GET_LAST_ERROR)
        judge_last_error(judging);
}

/* What GetLastError must say from here on: what it said, once it did. Whether a call that succeeds
 * leaves the last error is not settled. */
static void follow_last_error(struct judging *judging)
{
    const struct trace_step *observed = judging->observed;
    judging->last_error_other = judging->alternative;
    if (judging->step->operation == OP_SET_LAST_ERROR) {
        judging->last_error = (uint32_t)judge_argument(judging, 0, 0);
        judging->last_error_known = true;
    } else if (judging->step->operation == OP_GET_LAST_ERROR) {
        judging->last_error = (uint32_t)observed->value;
        judging->last_error_known = true;
    } else if (operation_info(judging->step->operation)->group == GROUP_WIN32) {
        bool failed = observed->value == 0 && judging->step->operation != OP_GET_SYSTEM_INFO;
        judging->last_error = observed->error;
        judging->last_error_known = failed && !observed->no_error;
    }
}

static void judge_pinned(struct judging *judging, const struct pin *pin)
{
    judge_pin(judging, pin);
    if (judging->finding_count != 0)
        judge_draw(judging);
}

static void judge_step(struct judging *judging)
{
    const struct pin *pin = judge_pin_of(judging);
    bool open = pin != NULL && pin->has_kind && pin->kind == PIN_ANY;
    if (judging->lost)
        judging->unspecified = true;
    else
        judge_by_model(judging);
    if (judging->finding_count != 0 && !open)
        judge_draw(judging);
    if (open || (judging->finding_count != 0 && !judge_learn(judging)))
        judge_adopt_map(judging);
    else if (judging->finding_count == 0 && pin != NULL && !judging->strayed &&
             !judging->alternative)
        judge_pinned(judging, pin);
    if (open) {
        judging->finding_count = 0;
        judging->unspecified = true;
    }
    follow_last_error(judging);
}

/* ---- The scenario ---- */

static const struct result_finding *keep_findings(struct judging *judging)
{
    size_t size = sizeof *judging->findings * judging->finding_count;
    if (size == 0)
        return NULL;
    struct result_finding *findings = arena_take(judging->arena, size);
    if (findings == NULL)
        judging->out_of_memory = true;
    else
        memcpy(findings, judging->findings, size);
    return findings;
}

static void add_difference(struct judging *judging, struct result_scenario *result)
{
    char call[WORDS_MAX];
    print_call_with_numbers(judging->step, &judging->environment, call, sizeof call);
    struct result_difference *differences = (struct result_difference *)result->differences;
    differences[result->difference_count++] = (struct result_difference){
        .step = judging->index,
        .line = judging->step->line,
        .call = judging->step->text,
        .host_call = keep(judging, call),
        .findings = keep_findings(judging),
        .finding_count = judging->finding_count,
        .before = judging->before,
        .after_allowed = judging->allowed,
        .after_observed = judging->shown,
    };
}

static void begin_step(struct judging *judging, unsigned index)
{
    judging->index = index;
    judging->step = &judging->scenario->steps[index];
    judging->observed = &judging->trace->steps[index];
    judging->finding_count = 0;
    judging->found[0] = judging->found[1] = 0;
    judging->unspecified = judging->alternative = judging->applied = false;
    judging->guard_due = false;
    judging->before = judging->allowed = judging->shown = (struct result_map){.known = false};
    judging->undefined = 0;
    trace_environment(judging->scenario, judging->trace, judging->info, index,
                      &judging->environment);
}

/* The step was left out: the subject has no such function, or the step is none that can be made. */
static void note_unsupported(struct judging *judging, struct result_scenario *result)
{
    char reason[WORDS_MAX];
    judging->strayed = true;
    if (result->verdict == VERDICT_DIFFER || result->reason != NULL)
        return;
    if (judging->observed->state == TRACE_IMPOSSIBLE)
        snprintf(reason, sizeof reason, "%s", judging->observed->problem);
    else
        snprintf(reason, sizeof reason, "the subject has no %s",
                 operation_info(judging->step->operation)->name);
    result->verdict = VERDICT_UNSUPPORTED;
    result->reason = keep(judging, reason);
}

/* A hole that could not be had is the subject's doing: it gave no free range, or took it back. */
static void find_impossible(struct judging *judging)
{
    const char *problem = judging->observed->problem;
    bool kept = strstr(problem, TRACE_NOT_RELEASED) != NULL;
    judge_find(judging, kept ? PAGELAW_VF_RELEASE_STATE : PAGELAW_VA_RESERVE, "the harness",
               "a free range of that size", problem);
}

/* Judges one step; false if the trace does not go on from there. */
static bool take_step(struct judging *judging, unsigned index, struct result_scenario *result)
{
    begin_step(judging, index);
    enum trace_state state = judging->observed->state;
    if (state == TRACE_UNSUPPORTED ||
        (state == TRACE_IMPOSSIBLE && judging->step->operation != OP_HOLE)) {
        note_unsupported(judging, result);
        return true;
    }
    if (state == TRACE_IMPOSSIBLE)
        find_impossible(judging); /* there is nothing to draw */
    else if (state == TRACE_DONE)
        judge_step(judging);
    else
        return false;
    if (judging->finding_count != 0) {
        add_difference(judging, result);
        result->verdict = VERDICT_DIFFER;
        judging->strayed = true;
    } else if (judging->unspecified) {
        result->steps_unspecified++;
    } else {
        result->steps_agree++;
    }
    return true;
}

/* How a trace that is not complete ended, and where. */
static void note_end(struct judging *judging, struct result_scenario *result)
{
    const struct trace *trace = judging->trace;
    bool at_step = judging->step != NULL && judging->observed->state == TRACE_ANNOUNCED;
    bool whole = judging->step != NULL && judging->observed->state > TRACE_ANNOUNCED;
    if (trace->end == TRACE_COMPLETE && whole)
        return;
    result->verdict = trace->end == TRACE_TIMED_OUT ? VERDICT_TIMED_OUT
                      : trace->end == TRACE_REFUSED ? VERDICT_UNSUPPORTED
                                                    : VERDICT_CRASHED;
    result->reason =
        keep(judging, trace->end != TRACE_COMPLETE ? trace->why
                                                   : "the trace stops before the scenario does");
    if (!at_step)
        return;
    judge_draw(judging);
    add_difference(judging, result); /* the step that it did not come back from */
}

static const char *area_of(struct judging *judging, const char *path)
{
    char area[WORDS_MAX];
    const char *end = strrchr(path, '/');
    if (end == NULL)
        return "";
    const char *begin = end;
    while (begin > path && begin[-1] != '/')
        begin--;
    snprintf(area, sizeof area, "%.*s", (int)(end - begin), begin);
    return keep(judging, area);
}

static void judge_all(struct judging *judging, struct result_scenario *result)
{
    const struct scenario *scenario = judging->scenario;
    *result = (struct result_scenario){
        .path = scenario->path,
        .title = scenario->title,
        .steps = scenario->step_count,
        .area = area_of(judging, scenario->path),
        .verdict = VERDICT_AGREE,
        .host_microseconds = judging->trace->microseconds,
        .differences =
            arena_take(judging->arena, sizeof *result->differences * scenario->step_count),
        .transcript = "",
        .rules = scenario->rules,
        .rule_count = scenario->rule_count,
        .sources = scenario->sources,
        .source_count = scenario->source_count,
    };
    if (result->differences == NULL) {
        judging->out_of_memory = true;
        return;
    }
    for (unsigned i = 0; i < scenario->step_count; i++) {
        if (!take_step(judging, i, result))
            break;
    }
    note_end(judging, result);
    if (result->verdict == VERDICT_AGREE && result->steps_unspecified != 0)
        result->verdict = VERDICT_UNSPECIFIED;
}

struct judgement *judge_aloud(const struct scenario *scenario, const struct trace *trace,
                              const struct subject_info *info,
                              const struct pagelaw_profile *profile,
                              const struct judge_listener *listener)
{
    struct owned_judgement *owned = calloc(1, sizeof *owned);
    struct pagelaw_model *model = pagelaw_model_create(profile, &suite_heap);
    if (owned == NULL || model == NULL) {
        free(owned);
        pagelaw_model_destroy(model);
        return NULL;
    }
    struct judging judging = {.arena = &owned->arena,
                              .scenario = scenario,
                              .trace = trace,
                              .info = info,
                              .model = model,
                              .listener = listener};
    judge_all(&judging, &owned->judgement.result);
    pagelaw_model_destroy(model);
    bool differs = owned->judgement.result.difference_count != 0;
    if (differs && !judge_transcript(&owned->judgement, scenario, trace, info))
        judging.out_of_memory = true;
    if (judging.out_of_memory) {
        judgement_free(&owned->judgement);
        return NULL;
    }
    return &owned->judgement;
}

struct judgement *judge_trace(const struct scenario *scenario, const struct trace *trace,
                              const struct subject_info *info,
                              const struct pagelaw_profile *profile)
{
    static const struct judge_listener nobody = {.user = NULL};
    return judge_aloud(scenario, trace, info, profile, &nobody);
}

void judgement_free(struct judgement *judgement)
{
    if (judgement == NULL)
        return;
    struct owned_judgement *owned = (struct owned_judgement *)judgement;
    arena_free(&owned->arena);
    free(owned);
}

/* ---- Which profile ---- */

/* Wine's Windows version is a setting that changes nothing of its memory API: it is held to the
 * newest. */
static bool is_wine(const struct subject_info *info)
{
    return strncmp(info->system, "Wine", 4) == 0;
}

/* A port has no version. */
static bool names_no_version(const struct subject_info *info)
{
    return info->major == 0 && info->minor == 0 && info->build == 0;
}

const struct pagelaw_profile *judge_profile(const struct subject_info *info, char *reason,
                                            size_t capacity)
{
    enum pagelaw_processor processor;
    struct pagelaw_version version = {(uint16_t)info->major, (uint16_t)info->minor, info->build};
    const struct pagelaw_profile *profile = NULL;
    if (is_wine(info) || names_no_version(info))
        version = (struct pagelaw_version){UINT16_MAX, 0, 0};
    if (pagelaw_processor_find(info->processor, &processor))
        profile = pagelaw_profile_for(processor, version);
    if (profile == NULL)
        snprintf(reason, capacity, "no profile is for the processor \"%s\"", info->processor);
    else if (is_wine(info))
        snprintf(reason, capacity, "the newest %s: Wine's Windows version is only a setting",
                 info->processor);
    else if (names_no_version(info))
        snprintf(reason, capacity, "the newest %s: the subject does not say which Windows it plays",
                 info->processor);
    else
        snprintf(reason, capacity, "the subject is %s %u.%u.%u; this is the nearest profile",
                 info->processor, info->major, info->minor, info->build);
    return profile;
}
