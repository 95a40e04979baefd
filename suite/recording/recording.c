/* A recording: its processes, and what came of them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "recorded.h"
#include "suite/heap.h"
#include "suite/trace.h"

struct recording *recording_begin(const char *path, const struct pagelaw_profile *profile,
                                  bool sees_all)
{
    struct recording *recording = calloc(1, sizeof *recording);
    if (recording == NULL)
        return NULL;
    recording->profile = profile;
    recording->sees_all = sees_all;
    recording->path = keep_text(recording, path);
    return recording;
}

static void process_free(struct process *process)
{
    ranges_free(&process->free_ranges);
    ranges_free(&process->views);
    for (size_t i = 0; i < process->history_capacity; i++)
        free(process->history[i].text);
    free(process->history);
    pagelaw_model_destroy(process->model);
    free(process->differences);
    free(process);
}

void recording_free(struct recording *recording)
{
    if (recording == NULL)
        return;
    struct process *process, *next;
    HASH_ITER(hh, recording->processes, process, next)
    {
        HASH_DEL(recording->processes, process);
        process_free(process);
    }
    arena_free(&recording->arena);
    free(recording);
}

/* The process with that number; a new one if need be. NULL if memory is short. */
static struct process *find_process(struct recording *recording, uint64_t id)
{
    struct process *process;
    HASH_FIND(hh, recording->processes, &id, sizeof id, process);
    if (process != NULL)
        return process;
    process = calloc(1, sizeof *process);
    if (process == NULL)
        return NULL;
    process->id = id;
    process->model = pagelaw_model_create(recording->profile, &suite_heap);
    if (process->model != NULL)
        HASH_ADD(hh, recording->processes, id, sizeof process->id, process);
    if (process->hh.tbl == NULL) {
        process_free(process);
        return NULL;
    }
    return process;
}

struct pagelaw_model *recording_model(struct recording *recording, uint64_t id)
{
    struct process *process = find_process(recording, id);
    return process == NULL ? NULL : process->model;
}

bool recording_is_free(struct recording *recording, uint64_t id, uint64_t base, uint64_t size)
{
    struct process *process = find_process(recording, id);
    return process != NULL && ranges_add(&process->free_ranges, base, size);
}

/* ---- Touches ---- */

static void find_exception(struct hearing *hearing, const struct pagelaw_touch *touch)
{
    struct recorded lawful = *hearing->event;
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    lawful.exception = touch->exception;
    event_format(&lawful, true, allowed, sizeof allowed);
    event_format(hearing->event, true, observed, sizeof observed);
    find(hearing, touch->rule, "exception", allowed, observed);
}

static bool same_exception(const struct pagelaw_exception *one,
                           const struct pagelaw_exception *other)
{
    return one->code == other->code &&
           (one->code == 0 || (one->access == other->access && one->address == other->address));
}

/* The first byte that cannot be touched decides. Returns how many bytes lie before it. */
static uint64_t find_stop(const struct hearing *hearing, struct pagelaw_touch *touch)
{
    const struct recorded *event = hearing->event;
    uint64_t page = hearing->recording->profile->page_size, reach = 0;
    *touch = (struct pagelaw_touch){.rule = PAGELAW_ST_COMMITTED};
    while (reach < event->touch_size) {
        uint64_t address = event->address + reach;
        pagelaw_touch(hearing->process->model, event->access, address, touch);
        if (touch->either && event->exception.code != 0 && event->exception.address == address)
            touch->exception = event->exception;
        if (touch->exception.code != 0)
            return reach;
        reach += page - address % page;
    }
    return event->touch_size;
}

static void find_byte(struct hearing *hearing, uint64_t address, uint8_t got)
{
    char what[64], allowed[16], observed[16];
    uint8_t want = pagelaw_byte(hearing->process->model, address);
    snprintf(what, sizeof what, "byte at 0x%llx", (unsigned long long)address);
    snprintf(allowed, sizeof allowed, "0x%02X", want);
    snprintf(observed, sizeof observed, "0x%02X", got);
    find(hearing, want == 0 ? PAGELAW_ST_ZERO : PAGELAW_ST_CONTENTS, what, allowed, observed);
}

static void store_row(struct hearing *hearing, uint64_t address, uint8_t byte, uint64_t count)
{
    uint8_t bytes[4096];
    memset(bytes, byte, sizeof bytes);
    for (uint64_t offset = 0; offset < count; offset += sizeof bytes) {
        size_t part = count - offset < sizeof bytes ? (size_t)(count - offset) : sizeof bytes;
        size_t done;
        struct pagelaw_exception exception;
        if (!pagelaw_access(hearing->process->model, PAGELAW_WRITE, address + offset, bytes, part,
                            &done, &exception))
            hearing->recording->out_of_memory = true;
    }
}

/* Stores, or compares, the bytes that are known, as far as the touch came. */
static void take_bytes(struct hearing *hearing, uint64_t reach)
{
    const struct recorded *event = hearing->event;
    uint64_t done = 0;
    for (unsigned i = 0; i < event->byte_count && done < reach; i++) {
        uint64_t at = event->address + done, count = event->bytes[i].count;
        uint8_t byte = event->bytes[i].value;
        if (count > reach - done)
            count = reach - done;
        done += count;
        if (event->access == PAGELAW_WRITE) {
            store_row(hearing, at, byte, count);
            continue;
        }
        uint64_t good = pagelaw_bytes_allowed(hearing->process->model, at, byte, count);
        if (good < count) {
            find_byte(hearing, at + good, byte);
            return;
        }
    }
}

/* A write of bytes that are not known leaves pages that may read as anything. */
static void forget(struct hearing *hearing, uint64_t size)
{
    const struct recorded *event = hearing->event;
    if (event->access == PAGELAW_WRITE && size != 0 &&
        !pagelaw_forget(hearing->process->model, event->address, size))
        hearing->recording->out_of_memory = true;
}

static void follow_touch(struct hearing *hearing, uint64_t reach)
{
    const struct recorded *event = hearing->event;
    if (event->byte_count != 0)
        take_bytes(hearing, reach);
    else
        forget(hearing, reach);
    if (event->exception.code == STATUS_GUARD_PAGE_VIOLATION &&
        !pagelaw_consume_guard(hearing->process->model, event->exception.address))
        hearing->recording->out_of_memory = true;
}

static void hear_touch(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    struct pagelaw_touch touch;
    hearing->unseen = event->beyond;
    if (hearing->unseen == NULL && !reach_byte(hearing, event->address))
        hearing->unseen = "pages that were not allocated within the recording";
    if (hearing->unseen == NULL && event->touch_size > TRACE_READ_MAX) {
        hearing->unseen = "a touch of more bytes than a harness makes";
        forget(hearing, event->touch_size);
    }
    if (hearing->unseen != NULL)
        return;
    uint64_t reach = find_stop(hearing, &touch);
    if (!same_exception(&touch.exception, &event->exception))
        find_exception(hearing, &touch);
    else
        follow_touch(hearing, reach);
}

/* ---- Events ---- */

/* Whether the model can have the pages that the rows show: of a log it is not known which Windows's
 * address space they lie in. */
static bool has_place(const struct pagelaw_profile *profile, const struct pagelaw_region *rows,
                      size_t row_count)
{
    for (size_t i = 0; i < row_count; i++) {
        uint64_t last = rows[i].base + rows[i].size - 1;
        if (rows[i].size == 0 || rows[i].base % profile->page_size != 0 ||
            rows[i].size % profile->page_size != 0 || rows[i].base < profile->address_min ||
            last < rows[i].base || last > profile->address_max)
            return false;
    }
    return true;
}

bool recording_take(struct recording *recording, const struct recorded *told)
{
    struct process *process = find_process(recording, told->process);
    struct recorded placed = *told;
    const struct recorded *event = &placed;
    if (process == NULL)
        return false;
    if (!has_place(recording->profile, told->rows, told->row_count)) {
        placed.known &= ~(unsigned)KNOWN_ROWS;
        placed.rows = NULL;
        placed.row_count = 0;
        placed.beyond = "pages that the profile's address space does not have";
    }
    struct hearing hearing = {.recording = recording, .process = process, .event = event};
    if (event->is_touch)
        hear_touch(&hearing);
    else
        compare_call(&hearing);
    conclude(&hearing);
    return !recording->out_of_memory;
}

bool recording_adopt(struct recording *recording, uint64_t id, const struct pagelaw_region *rows,
                     size_t row_count, bool is_view)
{
    struct process *process = find_process(recording, id);
    struct recorded event = {.rows = rows, .row_count = row_count, .is_view = is_view};
    struct hearing hearing = {.recording = recording, .process = process, .event = &event};
    if (process != NULL && has_place(recording->profile, rows, row_count))
        reach_adopt(&hearing);
    return process != NULL && !recording->out_of_memory;
}

void recording_skip(struct recording *recording, const char *reason)
{
    recording->counts.calls++;
    recording->counts.unseen++;
    count_unseen(&recording->counts, reason);
}

/* ---- Results ---- */

void recording_count(const struct recording *recording, struct recording_counts *counts)
{
    *counts = recording->counts;
}

static struct result_scenario result_of(struct recording *recording, const struct process *process)
{
    char words[WORDS_MAX];
    struct result_scenario result = {.area = "recording",
                                     .verdict = process->differ != 0   ? VERDICT_DIFFER
                                                : process->unseen != 0 ? VERDICT_UNSPECIFIED
                                                                       : VERDICT_AGREE,
                                     .steps = (unsigned)process->calls,
                                     .steps_agree = (unsigned)process->agree,
                                     .steps_unspecified = (unsigned)process->unseen,
                                     .differences = process->differences,
                                     .difference_count = process->difference_count,
                                     .text = "",
                                     .transcript = ""};
    snprintf(words, sizeof words,
             recording->decimal ? "Process %" PRIu64 " of the recording"
                                : "Process %" PRIx64 " of the recording",
             process->id & UINT32_MAX);
    result.title = keep_text(recording, words);
    result.path = recording->path;
    return result;
}

struct result_scenario *recording_results(struct recording *recording, size_t *count)
{
    struct result_scenario *results =
        calloc((size_t)HASH_COUNT(recording->processes) + 1, sizeof *results);
    *count = 0;
    for (const struct process *process = recording->processes; process != NULL && results != NULL;
         process = process->hh.next)
        results[(*count)++] = result_of(recording, process);
    return recording->out_of_memory ? (free(results), NULL) : results;
}
