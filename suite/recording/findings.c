/* What is found, in words, and what is remembered for them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "operations.h"
#include "pagelaw/constants.h"
#include "recorded.h"
#include "suite/scenario.h"
#include "text.h"

#define TRANSCRIPT_MAX 24 /* calls on the same allocation that a difference shows */

const char *keep_text(struct recording *recording, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_take(&recording->arena, size);
    if (copy == NULL) {
        recording->out_of_memory = true;
        return "";
    }
    return memcpy(copy, text, size);
}

void find(struct hearing *hearing, enum pagelaw_rule rule, const char *what, const char *allowed,
          const char *observed)
{
    if (hearing->finding_count == FINDINGS_MAX)
        return;
    struct result_finding *finding = &hearing->findings[hearing->finding_count++];
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    if (hearing->recording->counts.differ >= RECORDING_TOLD_MAX)
        return;
    *finding = (struct result_finding){
        .what = keep_text(hearing->recording, what),
        .allowed = keep_text(hearing->recording, allowed),
        .observed = keep_text(hearing->recording, observed),
        .rule = {.id = info->id,
                 .grade = pagelaw_grade_name(info->grade),
                 .sentence = info->sentence,
                 .source = info->source},
    };
}

/* ---- The event in words ---- */

static bool is_query(enum pagelaw_function function)
{
    return function == PAGELAW_NT_QUERY || function == PAGELAW_VIRTUAL_QUERY;
}

/* The arguments in the order of the language; returns how many. */
static unsigned list_arguments(const struct pagelaw_call *call,
                               uint64_t arguments[SCENARIO_ARGUMENTS_MAX])
{
    bool is_native_allocate = call->function == PAGELAW_NT_ALLOCATE;
    bool allocates = is_native_allocate || call->function == PAGELAW_VIRTUAL_ALLOC;
    bool protects =
        call->function == PAGELAW_NT_PROTECT || call->function == PAGELAW_VIRTUAL_PROTECT;
    unsigned count = 0;
    arguments[count++] = call->address;
    if (is_query(call->function))
        return count;
    if (is_native_allocate)
        arguments[count++] = call->zero_bits;
    arguments[count++] = call->size;
    if (!protects)
        arguments[count++] = call->type;
    if (allocates || protects)
        arguments[count++] = call->protect;
    if (protects && call->no_old_protect)
        arguments[count++] = 0;
    return count;
}

static void add_call(struct text *text, const struct pagelaw_call *call)
{
    uint64_t arguments[SCENARIO_ARGUMENTS_MAX];
    const struct operation_info *info = operation_info(function_operation(call->function));
    unsigned count = list_arguments(call, arguments);
    char words[WORDS_MAX];
    text_add(text, "%s(", info->name);
    for (unsigned i = 0; i < count; i++)
        text_add(text, "%s%s", i == 0 ? "" : ", ",
                 constant_format(info->arguments[i], arguments[i], words, sizeof words));
    text_add(text, ")");
}

/* What a query told, as far as it is known. */
static void add_region(struct text *text, const struct recorded *event)
{
    const struct pagelaw_region *region = &event->region;
    char words[WORDS_MAX];
    if ((event->region_known >> PAGELAW_BASE & 1) != 0)
        text_add(text, ", BaseAddress: 0x%" PRIx64, region->base);
    if ((event->region_known >> PAGELAW_ALLOCATION_BASE & 1) != 0)
        text_add(text, ", AllocationBase: 0x%" PRIx64, region->allocation_base);
    if ((event->region_known >> PAGELAW_ALLOCATION_PROTECT & 1) != 0)
        text_add(
            text, ", AllocationProtect: %s",
            constant_format(ARGUMENT_PROTECT, region->allocation_protect, words, sizeof words));
    if ((event->region_known >> PAGELAW_SIZE & 1) != 0)
        text_add(text, ", RegionSize: 0x%" PRIx64, region->size);
    if ((event->region_known >> PAGELAW_STATE & 1) != 0)
        text_add(text, ", State: %s", state_format(region->state, words, sizeof words));
    if ((event->region_known >> PAGELAW_PROTECT & 1) != 0)
        text_add(text, ", Protect: %s",
                 constant_format(ARGUMENT_PROTECT, region->protect, words, sizeof words));
}

static void add_fields(struct text *text, const struct recorded *event)
{
    char words[WORDS_MAX];
    if (event->region_known != 0)
        add_region(text, event);
    else if (event->success && (event->known & KNOWN_SIZE) != 0)
        text_add(text, ", RegionSize: 0x%" PRIx64, event->size);
    if ((event->known & KNOWN_OLD) != 0)
        text_add(text, ", OldProtect: %s",
                 constant_format(ARGUMENT_PROTECT, event->old_protect, words, sizeof words));
}

static void add_outcome(struct text *text, const struct recorded *event)
{
    char words[WORDS_MAX];
    bool is_native = event->call.function <= PAGELAW_NT_QUERY;
    bool gives_address = event->call.function == PAGELAW_VIRTUAL_ALLOC;
    if ((event->known & KNOWN_END) == 0) {
        text_add(text, "  # how it ended is not recorded");
        return;
    }
    text_add(text, "  => ");
    if (event->success && is_native)
        text_add(text, "STATUS_SUCCESS");
    else if (event->success && gives_address)
        text_add(text, "0x%" PRIx64, event->base);
    else if (event->success)
        text_add(text, is_query(event->call.function) ? "MBI_SIZE" : "TRUE");
    else if (is_native)
        text_add(text, "%s",
                 (event->known & KNOWN_STATUS) == 0
                     ? "?  # a failure"
                     : status_format(event->status, words, sizeof words));
    else
        text_add(text, "%s %s",
                 gives_address                    ? "NULL"
                 : is_query(event->call.function) ? "0"
                                                  : "FALSE",
                 (event->known & KNOWN_ERROR) == 0
                     ? " # a failure"
                     : error_format(event->error, words, sizeof words));
    if (event->success && is_native && (event->known & KNOWN_BASE) != 0)
        text_add(text, ", BaseAddress: 0x%" PRIx64, event->base);
    add_fields(text, event);
}

static const char *access_name(enum pagelaw_access access)
{
    return access == PAGELAW_READ ? "read" : access == PAGELAW_WRITE ? "write" : "execute";
}

static void add_bytes(struct text *text, const struct recorded *event)
{
    for (unsigned i = 0; i < event->byte_count; i++) {
        text_add(text, "%s 0x%02X", i == 0 ? "  => bytes" : ",", event->bytes[i].value);
        if (event->bytes[i].count != 1)
            text_add(text, " * %" PRIu64, event->bytes[i].count);
    }
}

static void add_touch(struct text *text, const struct recorded *event, bool with_outcome)
{
    const struct pagelaw_exception *raised = &event->exception;
    text_add(text, "%s(0x%" PRIx64, access_name(event->access), event->address);
    if (event->access == PAGELAW_WRITE && event->byte_count != 0)
        text_add(text, ", 0x%02X", event->bytes[0].value);
    if (event->touch_size != 1)
        text_add(text, ", 0x%" PRIx64, event->touch_size);
    text_add(text, ")");
    if (!with_outcome)
        return;
    if (raised->code == 0 && event->access == PAGELAW_READ)
        add_bytes(text, event);
    if (raised->code == 0)
        return;
    if (raised->code == STATUS_ACCESS_VIOLATION || raised->code == STATUS_GUARD_PAGE_VIOLATION)
        text_add(text, "  => %s",
                 raised->code == STATUS_ACCESS_VIOLATION ? "ACCESS_VIOLATION"
                                                         : "GUARD_PAGE_VIOLATION");
    else
        text_add(text, "  => 0x%08" PRIX32, raised->code);
    text_add(text, " %s 0x%" PRIx64, access_name(raised->access), raised->address);
}

void event_format(const struct recorded *event, bool with_outcome, char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    if (event->is_touch) {
        add_touch(&text, event, with_outcome);
        return;
    }
    add_call(&text, &event->call);
    if (with_outcome)
        add_outcome(&text, event);
}

/* ---- What is remembered ---- */

/* The allocation that the event was about, as the model or the event itself has it. */
static void place_event(const struct hearing *hearing, uint64_t *base, uint64_t *end)
{
    const struct recorded *event = hearing->event;
    uint64_t address = event->is_touch               ? event->address
                       : (event->known & KNOWN_BASE) ? event->base
                                                     : event->call.address;
    struct pagelaw_region region = {.state = MEM_FREE};
    *base = address;
    *end = address + (event->is_touch ? event->touch_size : event->call.size);
    if (address != 0 && address <= hearing->recording->profile->address_max)
        region = reach_region(hearing, address);
    if (region.state != MEM_FREE && region.allocation_base < *base)
        *base = region.allocation_base;
    if (*end <= *base)
        *end = *base + 1;
}

static bool make_history(struct process *process)
{
    size_t was = process->history_capacity, capacity = was == 0 ? 16 : 2 * was;
    if (was == HISTORY_MAX || process->history_count < was)
        return true;
    struct remembered *history = realloc(process->history, capacity * sizeof *history);
    if (history == NULL)
        return false;
    memset(history + was, 0, (capacity - was) * sizeof *history);
    process->history = history;
    process->history_capacity = capacity;
    return true;
}

static void remember(struct hearing *hearing)
{
    struct process *process = hearing->process;
    if (!make_history(process)) {
        hearing->recording->out_of_memory = true;
        return;
    }
    struct remembered *slot = &process->history[process->history_count++ % HISTORY_MAX];
    char words[2 * WORDS_MAX];
    event_format(hearing->event, true, words, sizeof words);
    size_t size = strlen(words) + 1;
    free(slot->text);
    slot->text = malloc(size);
    if (slot->text == NULL) {
        hearing->recording->out_of_memory = true;
        return;
    }
    memcpy(slot->text, words, size);
    place_event(hearing, &slot->base, &slot->end);
}

static struct remembered *remembered_at(struct process *process, size_t index)
{
    return &process->history[index % HISTORY_MAX];
}

/* The newest calls that were about the same allocation as the last one. */
static const char *make_transcript(struct hearing *hearing)
{
    struct process *process = hearing->process;
    size_t newest = process->history_count - 1, lines[TRANSCRIPT_MAX], count = 0;
    size_t oldest = process->history_count > HISTORY_MAX ? process->history_count - HISTORY_MAX : 0;
    const struct remembered *last = remembered_at(process, newest);
    static char words[TRANSCRIPT_MAX * 2 * WORDS_MAX];
    struct text text = text_begin(words, sizeof words);
    for (size_t i = newest + 1; i-- > oldest && count < TRANSCRIPT_MAX;) {
        const struct remembered *other = remembered_at(process, i);
        if (other->base < last->end && last->base < other->end && other->text != NULL)
            lines[count++] = i;
    }
    while (count-- > 0)
        text_add(&text, "%s\n", remembered_at(process, lines[count])->text);
    return keep_text(hearing->recording, words);
}

static bool make_room(struct process *process)
{
    if (process->difference_count < process->difference_capacity)
        return true;
    unsigned capacity = process->difference_capacity == 0 ? 16 : 2 * process->difference_capacity;
    struct result_difference *differences =
        realloc(process->differences, capacity * sizeof *differences);
    if (differences == NULL)
        return false;
    process->differences = differences;
    process->difference_capacity = capacity;
    return true;
}

static void add_difference(struct hearing *hearing)
{
    struct process *process = hearing->process;
    char words[2 * WORDS_MAX];
    size_t size = hearing->finding_count * sizeof *hearing->findings;
    struct result_finding *findings = arena_take(&hearing->recording->arena, size);
    if (findings == NULL || !make_room(process)) {
        hearing->recording->out_of_memory = true;
        return;
    }
    memcpy(findings, hearing->findings, size);
    event_format(hearing->event, false, words, sizeof words);
    const char *call = keep_text(hearing->recording, words);
    process->differences[process->difference_count++] =
        (struct result_difference){.step = (unsigned)process->calls,
                                   .line = (int)hearing->event->line,
                                   .call = call,
                                   .host_call = call,
                                   .findings = findings,
                                   .finding_count = hearing->finding_count,
                                   .transcript = make_transcript(hearing)};
}

void count_unseen(struct recording_counts *counts, const char *reason)
{
    unsigned i = 0;
    while (i < counts->reason_count && strcmp(counts->reasons[i].reason, reason) != 0)
        i++;
    if (i == RECORDING_REASONS_MAX)
        return;
    if (i == counts->reason_count)
        counts->reasons[counts->reason_count++].reason = reason;
    counts->reasons[i].count++;
}

void conclude(struct hearing *hearing)
{
    struct recording_counts *counts = &hearing->recording->counts;
    remember(hearing);
    if (hearing->recording->out_of_memory)
        return;
    counts->calls++;
    if (hearing->finding_count != 0) {
        hearing->process->differ++;
        if (counts->differ++ < RECORDING_TOLD_MAX)
            add_difference(hearing);
        else
            counts->untold++;
    } else if (hearing->unseen != NULL) {
        counts->unseen++;
        hearing->process->unseen++;
        count_unseen(counts, hearing->unseen);
    } else {
        counts->agree++;
        hearing->process->agree++;
    }
    hearing->process->calls++;
}
