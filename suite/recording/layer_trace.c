/* The emulation layer's own recording: native/TRACE.md has the format. */
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "log_words.h"
#include "pagelaw/constants.h"
#include "recorded.h"

#define ROWS_MAX 65536 /* of one inherited allocation */

/* A process number, how often it was given, and the inherited allocation that is being told. */
struct layer_process {
    UT_hash_handle hh;
    uint64_t number, generation;
    bool seen;
    struct pagelaw_region *rows;
    size_t row_count, row_capacity;
};

struct layer_reader {
    struct recording *recording;
    struct layer_process *processes;
    struct recording_skipped skipped;
    size_t line;
    bool out_of_memory;
};

struct layer_reader *layer_reader_begin(struct recording *recording)
{
    struct layer_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->recording = recording;
    recording->decimal = true;
    return reader;
}

static void damaged(struct layer_reader *reader)
{
    if (reader->skipped.damaged++ == 0)
        reader->skipped.first_damaged = reader->line;
}

/* ---- Processes ------------------------------------------------------------------------------- */

static struct layer_process *find_process(struct layer_reader *reader, uint64_t number)
{
    struct layer_process *process;
    HASH_FIND(hh, reader->processes, &number, sizeof number, process);
    if (process != NULL)
        return process;
    process = calloc(1, sizeof *process);
    if (process != NULL) {
        process->number = number;
        HASH_ADD(hh, reader->processes, number, sizeof process->number, process);
        if (process->hh.tbl != NULL)
            return process;
    }
    free(process);
    reader->out_of_memory = true;
    return NULL;
}

static uint64_t id_of(const struct layer_process *process)
{
    return process->number | process->generation << 32;
}

/* "p4711", "t4711" */
static bool read_tag(struct log_line *words, char letter, uint64_t *number)
{
    size_t length;
    struct log_line before = *words;
    const char *word = log_next(words, &length);
    struct log_line digits = log_begin(word + 1, word + length);
    if (length > 1 && length < 12 && word[0] == letter && log_decimal(&digits, number) &&
        *number <= UINT32_MAX)
        return true;
    *words = before;
    return false;
}

static bool skip_word(struct log_line *words, const char *other)
{
    size_t length;
    struct log_line before = *words;
    const char *word = log_next(words, &length);
    if (log_is(word, length, other))
        return true;
    *words = before;
    return false;
}

/* ---- Inherited allocations ------------------------------------------------------------------- */

static bool is_row(const struct layer_reader *reader, const struct pagelaw_region *row)
{
    const struct pagelaw_profile *profile = reader->recording->profile;
    uint64_t last = row->base + row->size - 1;
    return (row->state == MEM_COMMIT || row->state == MEM_RESERVE) && row->size != 0 &&
           row->base % profile->page_size == 0 && row->size % profile->page_size == 0 &&
           row->base >= profile->address_min && last >= row->base && last <= profile->address_max;
}

static bool row_follows(const struct layer_process *process, const struct pagelaw_region *row)
{
    const struct pagelaw_region *last = &process->rows[process->row_count - 1];
    return row->allocation_base == last->allocation_base && row->base == last->base + last->size;
}

static bool make_room(struct layer_process *process)
{
    if (process->row_count < process->row_capacity)
        return true;
    size_t capacity = process->row_capacity == 0 ? 16 : 2 * process->row_capacity;
    struct pagelaw_region *rows =
        capacity > ROWS_MAX ? NULL : realloc(process->rows, capacity * sizeof *rows);
    if (rows == NULL)
        return false;
    process->rows = rows;
    process->row_capacity = capacity;
    return true;
}

/* The allocation that was being told has come to its end. */
static void hand_over_rows(struct layer_reader *reader, struct layer_process *process)
{
    if (process->row_count != 0 && !recording_adopt(reader->recording, id_of(process),
                                                    process->rows, process->row_count, false))
        reader->out_of_memory = true;
    process->row_count = 0;
}

static bool take_row(struct layer_reader *reader, struct layer_process *process,
                     const struct pagelaw_region *row)
{
    if (process->row_count != 0 && !row_follows(process, row))
        hand_over_rows(reader, process);
    if (!is_row(reader, row) || !make_room(process) ||
        (process->row_count == 0 && row->allocation_base != row->base))
        return false;
    process->rows[process->row_count++] = *row;
    return true;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

/* The arguments of each: address, size, type, protection, zero bits. */
static const struct {
    const char *name, *arguments;
} functions[PAGELAW_FUNCTION_END] = {
    [PAGELAW_NT_ALLOCATE] = {"NtAllocateVirtualMemory", "azstp"},
    [PAGELAW_NT_FREE] = {"NtFreeVirtualMemory", "ast"},
    [PAGELAW_NT_PROTECT] = {"NtProtectVirtualMemory", "asp"},
    [PAGELAW_NT_QUERY] = {"NtQueryVirtualMemory", "as"},
    [PAGELAW_VIRTUAL_ALLOC] = {"VirtualAlloc", "astp"},
    [PAGELAW_VIRTUAL_FREE] = {"VirtualFree", "ast"},
    [PAGELAW_VIRTUAL_PROTECT] = {"VirtualProtect", "asp"},
    [PAGELAW_VIRTUAL_QUERY] = {"VirtualQuery", "as"},
};

static bool is_query(const struct pagelaw_call *call)
{
    return call->function == PAGELAW_NT_QUERY || call->function == PAGELAW_VIRTUAL_QUERY;
}

static void set_argument(struct pagelaw_call *call, char which, uint64_t value)
{
    switch (which) {
    case 'a':
        call->address = value;
        break;
    case 'z':
        call->zero_bits = value;
        break;
    case 's':
        call->size = value;
        break;
    case 't':
        call->type = (uint32_t)value;
        break;
    default:
        call->protect = (uint32_t)value;
        break;
    }
}

static bool read_call(struct log_line *words, enum pagelaw_function function,
                      struct recorded *event)
{
    event->call.function = function;
    for (const char *which = functions[function].arguments; *which != '\0'; which++) {
        uint64_t value;
        if (!log_number(words, &value))
            return false;
        set_argument(&event->call, *which, value);
    }
    if (!skip_word(words, "NULL"))
        return skip_word(words, "=>");
    event->call.no_old_protect = !is_query(&event->call);
    if (is_query(&event->call))
        event->beyond = "its output could not be written";
    return skip_word(words, "=>");
}

static bool read_native_result(struct log_line *words, struct recorded *event)
{
    uint64_t status;
    if (!log_number(words, &status) || status > UINT32_MAX)
        return false;
    event->known |= KNOWN_END | KNOWN_STATUS;
    event->status = (uint32_t)status;
    event->success = status == STATUS_SUCCESS;
    return true;
}

static bool read_failure(struct log_line *words, struct recorded *event)
{
    uint64_t error;
    if (!log_decimal(words, &error) || error > UINT32_MAX)
        return false;
    event->known |= KNOWN_END | KNOWN_ERROR;
    event->error = (uint32_t)error;
    return true;
}

static bool read_win32_result(struct log_line *words, struct recorded *event)
{
    uint64_t value = 1;
    if (skip_word(words, "NULL") || skip_word(words, "FALSE"))
        return read_failure(words, event);
    if (!skip_word(words, "TRUE") && !log_number(words, &value))
        return false;
    if (value == 0)
        return read_failure(words, event);
    event->known |= KNOWN_END;
    event->success = true;
    if (event->call.function == PAGELAW_VIRTUAL_ALLOC) {
        event->known |= KNOWN_BASE;
        event->base = value;
    }
    return true;
}

/* ---- What was written back ------------------------------------------------------------------- */

static bool take_region_field(struct recorded *event, const char *name, size_t length,
                              uint64_t value)
{
    struct pagelaw_region *region = &event->region;
    enum pagelaw_aspect aspect;
    if (log_is(name, length, "BaseAddress:"))
        aspect = PAGELAW_BASE, region->base = value;
    else if (log_is(name, length, "RegionSize:"))
        aspect = PAGELAW_SIZE, region->size = value;
    else if (log_is(name, length, "AllocationBase:"))
        aspect = PAGELAW_ALLOCATION_BASE, region->allocation_base = value;
    else if (log_is(name, length, "AllocationProtect:"))
        aspect = PAGELAW_ALLOCATION_PROTECT, region->allocation_protect = (uint32_t)value;
    else if (log_is(name, length, "State:"))
        aspect = PAGELAW_STATE, region->state = (uint32_t)value;
    else if (log_is(name, length, "Protect:"))
        aspect = PAGELAW_PROTECT, region->protect = (uint32_t)value;
    else
        return log_is(name, length, "Type:");
    event->region_known |= 1u << aspect;
    return true;
}

static bool take_call_field(struct recorded *event, const char *name, size_t length, uint64_t value)
{
    if (log_is(name, length, "BaseAddress:"))
        event->known |= KNOWN_BASE, event->base = value;
    else if (log_is(name, length, "RegionSize:"))
        event->known |= KNOWN_SIZE, event->size = value;
    else if (log_is(name, length, "OldProtect:"))
        event->known |= KNOWN_OLD, event->old_protect = (uint32_t)value;
    else
        return false;
    return true;
}

/* All up to the '#'. */
static bool read_fields(struct log_line *words, struct recorded *event)
{
    while (!skip_word(words, "#")) {
        size_t length;
        uint64_t value;
        const char *name = log_next(words, &length);
        if (!log_number(words, &value) ||
            !(is_query(&event->call) ? take_region_field(event, name, length, value)
                                     : take_call_field(event, name, length, value)))
            return false;
    }
    return true;
}

static bool find_function(const char *name, size_t length, enum pagelaw_function *function)
{
    for (unsigned i = 0; i < PAGELAW_FUNCTION_END; i++) {
        *function = (enum pagelaw_function)i;
        if (log_is(name, length, functions[i].name))
            return true;
    }
    return false;
}

/* ---- Touches --------------------------------------------------------------------------------- */

static bool read_access(struct log_line *words, enum pagelaw_access *access)
{
    *access = PAGELAW_READ;
    if (skip_word(words, "read"))
        return true;
    *access = skip_word(words, "write") ? PAGELAW_WRITE : PAGELAW_EXECUTE;
    return *access == PAGELAW_WRITE || skip_word(words, "execute");
}

static bool read_exception(struct log_line *words, struct pagelaw_exception *exception)
{
    uint64_t code = STATUS_ACCESS_VIOLATION;
    if (skip_word(words, "GUARD_PAGE_VIOLATION"))
        code = STATUS_GUARD_PAGE_VIOLATION;
    else if (!skip_word(words, "ACCESS_VIOLATION") && !log_number(words, &code))
        return false;
    exception->code = (uint32_t)code;
    return code <= UINT32_MAX && read_access(words, &exception->access) &&
           log_number(words, &exception->address);
}

/* What would have been written is not told, and was not. */
static bool read_touch(struct log_line *words, struct recorded *event)
{
    uint64_t value;
    event->is_touch = true;
    event->touch_size = 1;
    if (!read_access(words, &event->access) || !log_number(words, &event->address))
        return false;
    if (event->access == PAGELAW_WRITE && !log_number(words, &value))
        return false;
    return skip_word(words, "=>") && read_exception(words, &event->exception) &&
           skip_word(words, "#");
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static bool read_event(struct log_line *words, struct recorded *event)
{
    size_t length;
    struct log_line before = *words;
    enum pagelaw_function function;
    const char *name = log_next(words, &length);
    if (!find_function(name, length, &function)) {
        *words = before;
        return read_touch(words, event);
    }
    return read_call(words, function, event) &&
           (function <= PAGELAW_NT_QUERY ? read_native_result(words, event)
                                         : read_win32_result(words, event)) &&
           read_fields(words, event);
}

static bool take_event(struct layer_reader *reader, struct log_line words)
{
    uint64_t number, thread;
    struct recorded event = {.line = reader->line};
    if (!read_event(&words, &event) || !read_tag(&words, 'p', &number))
        return false;
    struct layer_process *process = find_process(reader, number);
    if (process == NULL)
        return true;
    if (skip_word(&words, "inherited"))
        return take_row(reader, process, &event.region);
    if (!read_tag(&words, 't', &thread))
        return false;
    hand_over_rows(reader, process);
    process->seen = true;
    event.process = id_of(process);
    if (!recording_take(reader->recording, &event))
        reader->out_of_memory = true;
    return true;
}

/* A process of this number begins, and nothing that was known of an earlier one holds. */
static bool take_process(struct layer_reader *reader, struct log_line words)
{
    uint64_t number, base, end;
    size_t length;
    const struct pagelaw_profile *profile = reader->recording->profile;
    if (!read_tag(&words, 'p', &number))
        return false;
    if (!skip_word(&words, "begins") && !(skip_word(&words, "is") && skip_word(&words, "forked")))
        return false;
    if (!skip_word(&words, "as") || (log_next(&words, &length), length == 0) ||
        !skip_word(&words, "arena") || !log_number(&words, &base) || !skip_word(&words, "to") ||
        !log_number(&words, &end) || base < profile->address_min || end <= base ||
        end > profile->address_max)
        return false;
    struct layer_process *process = find_process(reader, number);
    if (process == NULL)
        return true;
    process->row_count = 0;
    process->generation += process->seen;
    process->seen = true;
    if (!recording_is_free(reader->recording, id_of(process), base, end - base))
        reader->out_of_memory = true;
    return true;
}

bool layer_reader_line(struct layer_reader *reader, const char *line, size_t length)
{
    struct log_line words = log_begin(line, line + length);
    size_t rest;
    reader->line++;
    struct log_line before = words;
    if (skip_word(&words, "#")) {
        if (!take_process(reader, words))
            reader->skipped.lines++;
    } else if (log_next(&words, &rest), rest == 0) {
        reader->skipped.lines++;
    } else if (!take_event(reader, before)) {
        damaged(reader);
    }
    return !reader->out_of_memory;
}

bool layer_reader_end(struct layer_reader *reader, struct recording_skipped *skipped)
{
    struct layer_process *process, *next;
    HASH_ITER(hh, reader->processes, process, next)
    {
        HASH_DEL(reader->processes, process);
        free(process->rows);
        free(process);
    }
    bool whole = !reader->out_of_memory;
    *skipped = reader->skipped;
    free(reader);
    return whole;
}

/* Ends in "# p4711 t4711" or begins as a process does. */
bool is_layer_line(const char *line, size_t length)
{
    struct log_line words = log_begin(line, line + length);
    uint64_t number;
    if (skip_word(&words, "#"))
        return read_tag(&words, 'p', &number) &&
               (skip_word(&words, "begins") || skip_word(&words, "is"));
    const char *mark = line + length;
    while (mark > line && *--mark != '#')
        continue;
    words = log_begin(mark, line + length);
    return skip_word(&words, "#") && read_tag(&words, 'p', &number) &&
           (read_tag(&words, 't', &number) || skip_word(&words, "inherited"));
}
