/* The trace reader: the lines of one scenario's answer, checked and put together. */
#include "suite/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

/* What may come next. For each step: its begin, one outcome, at most one watch, its map. */
enum place { AT_BEGIN, AT_OUTCOME, AT_WATCH_OR_MAP, AT_MAP, AT_REGION, AT_END };

/* While a map is being read, `regions` holds `count` of its `wanted` regions, which fill the
 * watches up to `filled` bytes of the watch at index `watch`. */
struct trace_reader {
    const struct scenario *scenario;
    struct trace *trace;
    unsigned step;
    enum place place;
    bool ended;
    struct subject_region *regions;
    unsigned wanted, count, watch;
    uint64_t filled;
    size_t mapped; /* regions of the whole trace so far */
};

/* A record: where it may stand, and what takes the rest of its line. NULL if it is well, else what
 * is wrong with it. */
struct record {
    const char *name;
    unsigned places; /* bits of enum place */
    const char *(*take)(struct trace_reader *reader, struct wire_scan *scan);
};

static const char malformed[] = "a malformed record";

static struct trace_step *current(struct trace_reader *reader)
{
    return &reader->trace->steps[reader->step];
}

static const struct step *current_call(const struct trace_reader *reader)
{
    return &reader->scenario->steps[reader->step];
}

static bool take_step_number(struct trace_reader *reader, struct wire_scan *scan)
{
    uint64_t number;
    return wire_take_number(scan, SCENARIO_STEPS_MAX, &number) && number == reader->step;
}

static const char *take_begin(struct trace_reader *reader, struct wire_scan *scan)
{
    if (!take_step_number(reader, scan) || !wire_take_nothing(scan))
        return "a step out of order";
    current(reader)->state = TRACE_ANNOUNCED;
    reader->place = AT_OUTCOME;
    return NULL;
}

static const char *take_done(struct trace_reader *reader, struct wire_scan *scan)
{
    struct trace_step step = *current(reader);
    if (!take_step_number(reader, scan))
        return "the outcome of another step";
    if (!wire_take_done(scan, current_call(reader)->operation, &step))
        return "an outcome that does not suit the step, or a number out of range";
    *current(reader) = step;
    current(reader)->state = TRACE_DONE;
    reader->place = AT_WATCH_OR_MAP;
    return NULL;
}

static const char *take_unsupported(struct trace_reader *reader, struct wire_scan *scan)
{
    if (!take_step_number(reader, scan) || !wire_take_nothing(scan))
        return "the outcome of another step";
    current(reader)->state = TRACE_UNSUPPORTED;
    reader->place = AT_MAP;
    return NULL;
}

static const char *take_impossible(struct trace_reader *reader, struct wire_scan *scan)
{
    char *problem = current(reader)->problem;
    if (!take_step_number(reader, scan) || !wire_take_words(scan, problem, SUBJECT_TEXT_MAX))
        return malformed;
    current(reader)->state = TRACE_IMPOSSIBLE;
    reader->place = AT_MAP;
    return NULL;
}

static const char *take_watch(struct trace_reader *reader, struct wire_scan *scan)
{
    struct trace *trace = reader->trace;
    struct trace_watch watch = {.step = reader->step};
    if (!wire_take_number(scan, UINT64_MAX, &watch.base) ||
        !wire_take_number(scan, UINT64_MAX, &watch.size) || !wire_take_nothing(scan))
        return malformed;
    if (watch.size == 0 || watch.size - 1 > UINT64_MAX - watch.base)
        return "a watch that is no range";
    if (trace->watch_count == TRACE_WATCHES_MAX)
        return "more watches than there may be";
    trace->watches[trace->watch_count++] = watch;
    reader->place = AT_MAP;
    return NULL;
}

static void close_step(struct trace_reader *reader)
{
    current(reader)->watch_count = reader->trace->watch_count;
    reader->step++;
    reader->place = reader->step < reader->trace->step_count ? AT_BEGIN : AT_END;
}

/* Before the first step the map is the empty one. */
static const char *take_same(struct trace_reader *reader)
{
    struct trace_step *step = current(reader);
    unsigned watches = 0;
    step->has_map = true;
    if (reader->step > 0) {
        step->regions = step[-1].regions;
        step->region_count = step[-1].region_count;
        step->has_map = step[-1].has_map;
        watches = step[-1].watch_count;
    }
    if (step->has_map && watches != reader->trace->watch_count)
        return "the same map with one watch more";
    close_step(reader);
    return NULL;
}

static const char *finish_map(struct trace_reader *reader)
{
    struct trace_step *step = current(reader);
    if (reader->watch != reader->trace->watch_count)
        return "a map that does not cover its watches";
    step->regions = reader->regions;
    step->region_count = reader->count;
    step->has_map = true;
    reader->regions = NULL;
    close_step(reader);
    return NULL;
}

static const char *start_map(struct trace_reader *reader, unsigned wanted)
{
    reader->mapped += wanted;
    if (reader->mapped > WIRE_MAPPED_MAX)
        return "more map than there may be in one trace";
    reader->wanted = wanted;
    reader->count = reader->watch = 0;
    reader->filled = 0;
    if (wanted == 0)
        return finish_map(reader);
    reader->regions = calloc(wanted, sizeof *reader->regions);
    reader->place = AT_REGION;
    return reader->regions ? NULL : "a map for which there is no memory here";
}

static const char *take_map(struct trace_reader *reader, struct wire_scan *scan)
{
    uint64_t wanted = 0;
    bool same = wire_take_name(scan, "same");
    bool none = !same && wire_take_name(scan, "none");
    if (!same && !none && !wire_take_number(scan, TRACE_REGIONS_MAX, &wanted))
        return "a malformed map, or one with too many regions";
    if (!wire_take_nothing(scan))
        return malformed;
    if (same)
        return take_same(reader);
    if (!none)
        return start_map(reader, (unsigned)wanted);
    close_step(reader);
    return NULL;
}

static const char *take_region(struct trace_reader *reader, struct wire_scan *scan)
{
    const struct trace_watch *watch = &reader->trace->watches[reader->watch];
    struct subject_region *region = &reader->regions[reader->count];
    if (reader->watch == reader->trace->watch_count)
        return "a map that goes beyond its watches";
    if (!wire_take_region(scan, region))
        return malformed;
    if (region->size == 0 || region->size > watch->size - reader->filled)
        return "a region of no size, or beyond its watch";
    region->base = watch->base + reader->filled;
    reader->filled += region->size;
    if (reader->filled == watch->size) {
        reader->filled = 0;
        reader->watch++;
    }
    return ++reader->count == reader->wanted ? finish_map(reader) : NULL;
}

/* The process is over. Only now is it known whether it came to the end of the scenario. */
static const char *take_end(struct trace_reader *reader, struct wire_scan *scan)
{
    struct trace *trace = reader->trace;
    uint64_t id;
    if (!wire_take_number(scan, UINT64_MAX, &id))
        return malformed;
    if (wire_take_name(scan, "ok")) {
        if (reader->place != AT_END) {
            trace->end = TRACE_CRASHED;
            snprintf(trace->why, sizeof trace->why,
                     "the process ended by itself, with exit status 0, before the scenario did");
        }
    } else if (wire_take_name(scan, "timeout")) {
        trace->end = TRACE_TIMED_OUT;
        snprintf(trace->why, sizeof trace->why, "the time limit was over");
    } else {
        trace->end = wire_take_name(scan, "refused") ? TRACE_REFUSED : TRACE_CRASHED;
        if ((trace->end == TRACE_CRASHED && !wire_take_name(scan, "crashed")) ||
            !wire_take_words(scan, trace->why, sizeof trace->why))
            return malformed;
    }
    reader->ended = true;
    return wire_take_nothing(scan) ? NULL : malformed;
}

#define AT(place) (1u << AT_##place)

static const struct record records[] = {
    {"begin", AT(BEGIN), take_begin},
    {"done", AT(OUTCOME), take_done},
    {"unsupported", AT(OUTCOME), take_unsupported},
    {"impossible", AT(OUTCOME), take_impossible},
    {"watch", AT(WATCH_OR_MAP), take_watch},
    {"map", AT(WATCH_OR_MAP) | AT(MAP), take_map},
    {"region", AT(REGION), take_region},
    {"end", ~0u, take_end},
};

static const char *take_line(struct trace_reader *reader, const char *line, size_t length)
{
    struct wire_scan scan = wire_scan(line, length);
    if (reader->ended)
        return "a record after the end";
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        if (!wire_take_record(&scan, records[i].name))
            continue;
        if (!(records[i].places & 1u << reader->place))
            return "a record out of place";
        return records[i].take(reader, &scan);
    }
    return "an unknown record";
}

/* ---- Public ---------------------------------------------------------------------------------- */

struct trace_reader *trace_reader_create(const struct scenario *scenario)
{
    struct trace_reader *reader = calloc(1, sizeof *reader);
    struct trace *trace = calloc(1, sizeof *trace);
    struct trace_step *steps = calloc(scenario->step_count + 1, sizeof *steps);
    if (!reader || !trace || !steps) {
        free(reader);
        free(trace);
        free(steps);
        return NULL;
    }
    trace->steps = steps;
    trace->step_count = scenario->step_count;
    reader->trace = trace;
    reader->scenario = scenario;
    reader->place = trace->step_count ? AT_BEGIN : AT_END;
    return reader;
}

bool trace_reader_line(struct trace_reader *reader, const char *line, size_t length)
{
    struct trace *trace = reader->trace;
    if (trace->end == TRACE_GARBLED)
        return false;
    if (length > 0 && line[length - 1] == WIRE_VOID)
        return true;
    const char *problem = take_line(reader, line, length);
    if (!problem)
        return true;
    char quoted[sizeof trace->why];
    wire_quote(line, length, quoted, 160);
    trace->end = TRACE_GARBLED;
    snprintf(trace->why, sizeof trace->why, "%s: %.159s", problem, quoted);
    return false;
}

struct trace *trace_reader_finish(struct trace_reader *reader)
{
    struct trace *trace = reader->trace;
    if (trace->end == TRACE_COMPLETE && reader->place != AT_END) {
        trace->end = TRACE_CRASHED;
        if (!trace->why[0])
            snprintf(trace->why, sizeof trace->why, "the trace stops before the scenario does");
    }
    free(reader->regions);
    free(reader);
    return trace;
}

/* Steps with the same map share it, and stand side by side. */
void trace_free(struct trace *trace)
{
    if (!trace)
        return;
    const struct subject_region *freed = NULL;
    for (unsigned i = 0; i < trace->step_count; i++) {
        if (trace->steps[i].regions != freed)
            free((void *)trace->steps[i].regions);
        freed = trace->steps[i].regions;
    }
    free(trace->steps);
    free(trace);
}
