/* The judge before traces that make no sense: whatever stands in them, it comes to a result. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judged.h"
#include "liar.h"
#include "parsing.h"
#include "suite/builtin.h"
#include "suite/model_backend.h"

#define TRACES 20000u
#define TRACES_OF_EACH 10u
#define LINES_MAX 4096u

static uint64_t seed;

/* Knuth's MMIX generator; its high bits are the good ones. */
static uint64_t draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 20) % below;
}

/* A number of the kind that is most likely to do harm, or one near what was there. */
static uint64_t absurd(uint64_t was)
{
    static const uint64_t numbers[] = {0,
                                       1,
                                       4095,
                                       4096,
                                       0xFFFF,
                                       0x10000,
                                       0x7FFFFFFEFFFF,
                                       0x7FFFFFFF0000,
                                       UINT32_MAX,
                                       UINT64_C(1) << 46,
                                       INT64_MAX,
                                       UINT64_MAX};
    switch (draw(4)) {
    case 0:
        return was ^ (UINT64_C(1) << draw(64));
    case 1:
        return was + (draw(2) ? 4096 : UINT64_MAX - 4095);
    default:
        return numbers[draw(sizeof numbers / sizeof *numbers)];
    }
}

/* ---- Carrying out the built-in scenarios ---- */

/* What an agent of the model said of one scenario. */
struct record {
    struct scenario *scenario;
    struct subject_info info;
    const struct pagelaw_profile *profile;
    char *lines[LINES_MAX]; /* without their ends */
    size_t count;
};

static void hear(void *user, const char *line, size_t length)
{
    struct record *record = user;
    if (record->count == LINES_MAX)
        return;
    char *copy = malloc(length);
    cr_assert(copy != NULL);
    memcpy(copy, line, length - 1);
    copy[length - 1] = '\0';
    record->lines[record->count++] = copy;
}

static void record_begin(struct record *record, const struct builtin_scenario *builtin)
{
    struct scenario_error error;
    char words[128];
    struct line_sink sink = {.line = hear, .user = record};
    struct backend backend = liar((enum lie)draw(LIE_END));
    record->count = 0;
    record->profile = pagelaw_profile_find("windows-11-x64");
    record->scenario = scenario_parse(builtin->path, builtin->text, builtin->length, &error);
    cr_assert(record->scenario != NULL, "%s", error.message);
    model_backend_set_profile(record->profile);
    cr_assert(model_backend.start(&record->info, words, sizeof words));
    execute_scenario(record->scenario, &backend, &record->info, &sink);
}

static void record_end(struct record *record)
{
    while (record->count > 0)
        free(record->lines[--record->count]);
    scenario_free(record->scenario);
}

/* ---- Damage to what an agent says ---- */

/* One character of a line becomes another; most such lines are still of the wire's language. */
static void damage_line(char *line)
{
    static const char characters[] = "0123456789abcdef f";
    size_t length = strlen(line), at = (size_t)draw(length + 1);
    if (at < length)
        line[at] = characters[draw(sizeof characters - 1)];
}

static struct trace *read_damaged(const struct record *record, unsigned damages)
{
    struct trace_reader *reader = trace_reader_create(record->scenario);
    char line[4096];
    cr_assert(reader != NULL);
    size_t end = draw(20) == 0 ? (size_t)draw(record->count + 1) : record->count;
    for (size_t i = 0; i < end; i++) {
        snprintf(line, sizeof line, "%s", record->lines[i]);
        if (draw(record->count) < damages)
            damage_line(line);
        trace_reader_line(reader, line, strlen(line));
    }
    return trace_reader_finish(reader);
}

/* ---- Damage to the trace itself ---- */

static void damage_region(struct subject_region *region)
{
    uint64_t *const wide[] = {&region->base, &region->size, &region->allocation_base};
    uint32_t *const narrow[] = {&region->state, &region->protect, &region->allocation_protect,
                                &region->type};
    size_t which = (size_t)draw(7);
    if (which < 3)
        *wide[which] = absurd(*wide[which]);
    else
        *narrow[which - 3] = (uint32_t)absurd(*narrow[which - 3]);
}

static void damage_outcome(struct trace_step *step)
{
    uint64_t *const wide[] = {&step->value,       &step->base,         &step->size,
                              &step->region.base, &step->region.size,  &step->exception.address,
                              &step->touched,     &step->runs[0].count};
    uint32_t *const narrow[] = {
        &step->error,          &step->old_protect,    &step->region.state,    &step->region.protect,
        &step->info.page_size, &step->exception.code, &step->exception.access};
    size_t which = (size_t)draw(15);
    if (which < 8)
        *wide[which] = absurd(*wide[which]);
    else
        *narrow[which - 8] = (uint32_t)absurd(*narrow[which - 8]);
}

static void damage_watches(struct trace *trace)
{
    struct trace_watch *watch = &trace->watches[draw(TRACE_WATCHES_MAX)];
    if (draw(8) == 0 && trace->step_count > 0) {
        trace->watch_count = TRACE_WATCHES_MAX;
        trace->steps[draw(trace->step_count)].watch_count = TRACE_WATCHES_MAX;
    }
    watch->base = absurd(trace->watches[0].base);
    watch->size = absurd(trace->watches[0].size);
    watch->step = (unsigned)draw(trace->step_count + 1);
}

/* Counts stay within their arrays; nothing else stays as it has to be. */
static void damage_trace(struct trace *trace)
{
    struct trace_step *step = &trace->steps[draw(trace->step_count)];
    switch (draw(8)) {
    case 0:
        step->state = (enum trace_state)draw(TRACE_IMPOSSIBLE + 1);
        break;
    case 1:
        trace->end = (enum trace_end)draw(TRACE_GARBLED + 1);
        break;
    case 2:
        damage_watches(trace);
        break;
    case 3:
        step->region_count = (unsigned)draw(step->region_count + 1);
        step->has_map = draw(4) != 0;
        break;
    case 4:
    case 5:
        if (step->region_count > 0)
            damage_region((struct subject_region *)&step->regions[draw(step->region_count)]);
        break;
    default:
        damage_outcome(step);
    }
}

/* ---- The judge ---- */

static size_t measure_map(const struct result_map *map)
{
    size_t letters = 0;
    cr_assert(map->known || map->region_count == 0);
    for (unsigned i = 0; i < map->region_count; i++) {
        const struct result_region *region = &map->regions[i];
        letters += strlen(region->start) + strlen(region->size) + strlen(region->state) +
                   strlen(region->protect) + strlen(region->allocation_base) +
                   strlen(region->allocation_protect) + strlen(region->type);
    }
    return letters;
}

/* Everything is there, and everything is counted. */
static void expect_whole(const struct result_scenario *result)
{
    size_t letters = strlen(result->title) + strlen(result->area) + strlen(result->transcript);
    cr_assert(result->verdict < VERDICT_END && result->difference_count <= result->steps);
    cr_assert(result->steps_agree + result->steps_unspecified + result->difference_count <=
              result->steps);
    if (result->verdict == VERDICT_CRASHED || result->verdict == VERDICT_UNSUPPORTED)
        letters += strlen(result->reason);
    for (unsigned i = 0; i < result->difference_count; i++) {
        const struct result_difference *difference = &result->differences[i];
        letters += strlen(difference->call) + strlen(difference->host_call);
        letters += measure_map(&difference->before) + measure_map(&difference->after_allowed) +
                   measure_map(&difference->after_observed);
        for (unsigned j = 0; j < difference->finding_count; j++)
            letters +=
                strlen(difference->findings[j].what) + strlen(difference->findings[j].allowed) +
                strlen(difference->findings[j].observed) + strlen(difference->findings[j].rule.id);
    }
    cr_assert(letters > 0);
}

static void judge_damaged(const struct record *record)
{
    struct trace *trace = read_damaged(record, draw(2) ? 2 : 0);
    for (uint64_t damages = draw(4); damages > 0; damages--)
        damage_trace(trace);
    struct judgement *judgement =
        judge_trace(record->scenario, trace, &record->info, record->profile);
    if (judgement != NULL)
        expect_whole(&judgement->result);
    judgement_free(judgement);
    trace_free(trace);
}

Test(judge_damage, twenty_thousand_traces, .timeout = 120)
{
    static struct record record;
    for (unsigned done = 0; done < TRACES; done += TRACES_OF_EACH) {
        seed = done;
        record_begin(&record, &builtin_scenarios[done / TRACES_OF_EACH % builtin_scenario_count]);
        for (unsigned i = 0; i < TRACES_OF_EACH; i++) {
            seed = done + i;
            judge_damaged(&record);
        }
        record_end(&record);
    }
}

/* What the harness would not do, said to be done. */
Test(judge_damage, a_write_of_all_addresses, .timeout = 60)
{
    struct backend backend = liar(HONEST);
    struct judged judged;
    judged_run(&judged, "write(0, 1, SIZE_MAX)\nread(0, SIZE_MAX) => bytes 1\n", 4096, &backend);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert(judged.trace->steps[i].state == TRACE_IMPOSSIBLE);
        judged.trace->steps[i].state = TRACE_DONE;
    }
    judged_judge(&judged);
    expect_whole(judged.result);
    judged_free(&judged);
}

/* The most watches that there can be, all of one range, each with a map of its own. */
Test(judge_damage, thirty_two_watches)
{
    struct backend backend = liar(COMMIT_ALLOCATES);
    struct judged judged;
    struct subject_region *regions = calloc(TRACE_WATCHES_MAX, sizeof *regions);
    judged_run(&judged, "h = hole(4K)\nVirtualAlloc(h, 4K, MEM_COMMIT, PAGE_READWRITE) => NULL\n",
               4096, &backend);
    struct trace_step *step = &judged.trace->steps[1];
    struct trace_watch first = judged.trace->watches[0];
    cr_assert(regions != NULL && step->region_count == 2);
    for (unsigned i = 0; i < TRACE_WATCHES_MAX; i++) {
        judged.trace->watches[i] = first;
        regions[i] = step->regions[0];
        regions[i].size = first.size;
        regions[i].protect = 1u << i % 8;
    }
    free((void *)step->regions);
    step->regions = regions;
    step->region_count = step->watch_count = judged.trace->watch_count = TRACE_WATCHES_MAX;
    judged_judge(&judged);
    cr_expect(judged.result->difference_count == 1);
    expect_whole(judged.result);
    judged_free(&judged);
}
