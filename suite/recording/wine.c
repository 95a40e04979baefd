/* Wine's log: which calls a program made, and what Wine shows of how they ended.
 *
 * With +virtual Wine names each native call with the values behind its pointers, and after a call
 * that allocated or protected something all pages of that allocation ("dump_view"): so a dump says
 * that the call succeeded. With +relay as well the status of native calls is there that came from
 * another module, and Win32 calls that ended above the native floor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "suite/recording.h"
#include "hash.h"
#include "log_words.h"

#define ROWS_MAX 65536 /* of one dump */
#define NESTED_MAX 16  /* Win32 calls within each other */
#define OWN_PROCESS UINT64_MAX
#define NOT_WHOLE "the pages that are shown are not whole"

/* A Win32 call that has begun. */
struct win32_call {
    struct pagelaw_call call;
    bool covered; /* a native call was made for it, which is judged instead */
    bool beyond;
    size_t line;
};

/* A thread, and the native call that it is in. */
struct wine_thread {
    UT_hash_handle hh;
    uint64_t id;
    struct wine_process *process;
    bool relayed; /* its native call was seen to begin, so its end will be seen */
    uint64_t zero_bits;
    bool zero_bits_known;
    bool pending;
    bool is_dump_alone; /* what is pending is no call, but an allocation that is shown */
    struct recorded event;
    uint64_t events_before; /* of the process, when the call began */
    struct pagelaw_region *rows;
    size_t row_count, row_capacity;
    uint64_t view_base, view_end; /* of the dump that is being told; both 0: none is */
    struct win32_call nested[NESTED_MAX];
    unsigned depth;
};

/* A process number, how often it has been given, and how many events it had. */
struct wine_process {
    UT_hash_handle hh;
    uint64_t id, generation, events;
    struct wine_thread *threads;
    struct wine_thread *shown; /* the one thread that has rows of a dump, if any has */
    bool unknown;              /* the log names threads only, more than one of them */
};

struct wine_reader {
    struct recording *recording;
    struct wine_process *processes;
    size_t line;
    struct recording_skipped skipped;
    bool out_of_memory;
};

struct wine_reader *wine_reader_begin(struct recording *recording)
{
    struct wine_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL)
        reader->recording = recording;
    return reader;
}

/* ---- Processes and threads ---- */

static struct wine_process *find_process(struct wine_reader *reader, uint64_t id)
{
    struct wine_process *process;
    HASH_FIND(hh, reader->processes, &id, sizeof id, process);
    return process;
}

static struct wine_process *add_process(struct wine_reader *reader, uint64_t id)
{
    struct wine_process *process = calloc(1, sizeof *process);
    if (process == NULL)
        return NULL;
    process->id = id;
    HASH_ADD(hh, reader->processes, id, sizeof process->id, process);
    if (process->hh.tbl != NULL)
        return process;
    free(process);
    return NULL;
}

static struct wine_thread *find_thread(const struct wine_process *process, uint64_t id)
{
    struct wine_thread *thread = NULL;
    if (process != NULL)
        HASH_FIND(hh, process->threads, &id, sizeof id, thread);
    return thread;
}

static struct wine_thread *add_thread(struct wine_process *process, uint64_t id)
{
    struct wine_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    thread->id = id;
    thread->process = process;
    HASH_ADD(hh, process->threads, id, sizeof thread->id, thread);
    if (thread->hh.tbl != NULL)
        return thread;
    free(thread);
    return NULL;
}

/* ---- Handing over ---- */

static uint64_t id_of(const struct wine_process *process)
{
    return process->id | process->generation << 32;
}

static void hand_over(struct wine_reader *reader, struct wine_process *process,
                      struct recorded *event)
{
    process->events++;
    event->process = id_of(process);
    if (process->unknown)
        event->beyond = "the log does not tell which process it was (WINEDEBUG=+pid)";
    if (!recording_take(reader->recording, event))
        reader->out_of_memory = true;
}

static bool is_allocate(const struct recorded *event)
{
    return event->call.function == PAGELAW_NT_ALLOCATE;
}

/* What the dump says of the call: that it succeeded, and where a new allocation is. */
static void take_rows(const struct wine_thread *thread, struct recorded *event)
{
    bool reserves =
        is_allocate(event) && (event->call.address == 0 || (event->call.type & MEM_RESERVE) != 0);
    if (thread->row_count == 0)
        return;
    event->known |= KNOWN_END | KNOWN_ROWS;
    event->success = true;
    event->rows = thread->rows;
    event->row_count = thread->row_count;
    if (!reserves || event->is_view)
        return;
    event->known |= KNOWN_BASE | KNOWN_SIZE;
    event->base = thread->view_base;
    event->size = thread->view_end - thread->view_base;
}

/* A dump without a call of ours shows an allocation all the same. */
static void adopt(struct wine_reader *reader, struct wine_thread *thread)
{
    const struct wine_process *process = thread->process;
    if (thread->row_count != 0 && thread->event.beyond == NULL && !process->unknown &&
        !recording_adopt(reader->recording, id_of(process), thread->rows, thread->row_count,
                         thread->event.is_view))
        reader->out_of_memory = true;
}

static void forget_rows(struct wine_thread *thread)
{
    thread->row_count = 0;
    thread->view_base = thread->view_end = 0;
    if (thread->process->shown == thread)
        thread->process->shown = NULL;
}

static void finish_call(struct wine_reader *reader, struct wine_thread *thread)
{
    struct recorded *event = &thread->event;
    take_rows(thread, event);
    if (event->beyond == NULL && thread->row_count == 0 &&
        thread->process->events != thread->events_before)
        event->beyond = "another thread's call came between";
    if (event->beyond == NULL && is_allocate(event) && !thread->zero_bits_known &&
        (event->known & KNOWN_END) != 0 && !event->success)
        event->beyond = "the zero bits are not recorded";
    hand_over(reader, thread->process, event);
    thread->relayed = thread->zero_bits_known = false;
}

/* Whether all rows of the dump are there, if there is one. */
static bool is_whole(const struct wine_thread *thread)
{
    if (thread->row_count == 0)
        return thread->view_end == 0;
    const struct pagelaw_region *last = &thread->rows[thread->row_count - 1];
    return last->base + last->size == thread->view_end;
}

static void finish(struct wine_reader *reader, struct wine_thread *thread)
{
    if (!thread->pending)
        return;
    thread->pending = false;
    if (!is_whole(thread))
        thread->event.beyond = NOT_WHOLE;
    if (thread->is_dump_alone)
        adopt(reader, thread);
    else
        finish_call(reader, thread);
    forget_rows(thread);
}

/* Dumps are made under a lock: whoever else has made one is done. */
static void finish_other(struct wine_reader *reader, const struct wine_thread *thread)
{
    struct wine_thread *other = thread->process->shown;
    if (other != NULL && other != thread)
        finish(reader, other);
}

/* Where the log names no process, each but the first thread may be of another one: what the first
 * has done by now is the last that can be judged. */
static void lose_process(struct wine_reader *reader, struct wine_process *process)
{
    if (process->id != 0 || process->threads == NULL || process->unknown)
        return;
    finish(reader, process->threads);
    process->unknown = true;
}

/* The thread of that number; a new one if need be. NULL if memory is short. */
static struct wine_thread *take_thread(struct wine_reader *reader, uint64_t process_id, uint64_t id)
{
    struct wine_process *process = find_process(reader, process_id);
    if (process == NULL)
        process = add_process(reader, process_id);
    struct wine_thread *thread = find_thread(process, id);
    if (thread != NULL || process == NULL)
        return thread;
    lose_process(reader, process);
    return add_thread(process, id);
}

/* ---- A native call begins ---- */

static void begin_native(struct wine_reader *reader, struct wine_thread *thread,
                         struct pagelaw_call call, uint64_t handle)
{
    finish(reader, thread);
    if (thread->depth != 0)
        thread->nested[thread->depth - 1].covered = true;
    thread->pending = true;
    thread->is_dump_alone = false;
    thread->events_before = thread->process->events;
    thread->event = (struct recorded){.line = reader->line, .call = call};
    thread->event.call.zero_bits = thread->zero_bits_known ? thread->zero_bits : 0;
    if (handle != OWN_PROCESS && handle != UINT32_MAX)
        thread->event.beyond = "another process's memory";
}

static void damaged(struct wine_reader *reader)
{
    if (reader->skipped.damaged++ == 0)
        reader->skipped.first_damaged = reader->line;
}

/* NtAllocateVirtualMemory PROCESS BASE SIZE TYPE PROTECT, and the like. */
static void take_native(struct wine_reader *reader, struct wine_thread *thread,
                        enum pagelaw_function function, struct log_line words)
{
    uint64_t handle, address, size, last[2] = {0, 0};
    struct pagelaw_call call = {.function = function};
    bool whole = log_number(&words, &handle) && log_number(&words, &address) &&
                 log_number(&words, &size) && log_number(&words, &last[0]);
    if (function == PAGELAW_NT_ALLOCATE)
        whole = whole && log_number(&words, &last[1]);
    if (!whole) {
        damaged(reader);
        return;
    }
    call.address = address;
    call.size = size;
    call.type = (uint32_t)last[0];
    call.protect = (uint32_t)(function == PAGELAW_NT_ALLOCATE ? last[1] : last[0]);
    if (function == PAGELAW_NT_PROTECT)
        call.type = 0;
    begin_native(reader, thread, call, handle);
}

/* NtQueryVirtualMemory (PROCESS, ADDRESS, info_class=CLASS, BUFFER, LENGTH, RESULT) */
static void take_query(struct wine_reader *reader, struct wine_thread *thread,
                       struct log_line words)
{
    uint64_t handle, address, class, buffer, length;
    if (!log_number(&words, &handle) || !log_number(&words, &address) ||
        !log_skip(&words, "info_class=") || !log_number(&words, &class) ||
        !log_number(&words, &buffer) || !log_decimal(&words, &length)) {
        damaged(reader);
        return;
    }
    struct pagelaw_call call = {.function = PAGELAW_NT_QUERY, .address = address, .size = length};
    begin_native(reader, thread, call, handle);
    if (class != 0 && thread->event.beyond == NULL)
        thread->event.beyond = "a query of another class than basic information";
}

/* ---- Dumps ---- */

static void begin_dump(struct wine_reader *reader, struct wine_thread *thread,
                       struct log_line words)
{
    uint64_t base, last;
    finish_other(reader, thread);
    if (!thread->pending || thread->view_end != 0) {
        finish(reader, thread);
        thread->pending = thread->is_dump_alone = true;
        thread->event = (struct recorded){.line = reader->line};
    }
    if (!log_number(&words, &base) || !log_skip(&words, "-") || !log_number(&words, &last)) {
        damaged(reader);
        return;
    }
    thread->row_count = 0;
    thread->view_base = base;
    thread->view_end = last + 1;
    thread->event.is_view = !log_skip(&words, "(valloc)");
}

/* "c-rw-": committed, guard, read, write or write-copy, execute. False if it is no such thing. */
static bool read_protection(const char *text, size_t length, struct pagelaw_region *row)
{
    if (length != 5)
        return false;
    bool reads = text[2] == 'r', writes = text[3] == 'w', copies = text[3] == 'W';
    bool executes = text[4] == 'x';
    uint32_t protect = copies   ? PAGE_WRITECOPY
                       : writes ? PAGE_READWRITE
                       : reads  ? PAGE_READONLY
                                : PAGE_NOACCESS;
    if (executes)
        protect = protect == PAGE_NOACCESS ? PAGE_EXECUTE : protect << 4;
    row->state = text[0] == 'c' ? MEM_COMMIT : MEM_RESERVE;
    row->protect = protect | (text[1] == 'g' ? PAGE_GUARD : 0u);
    row->type = MEM_PRIVATE;
    return (text[0] == 'c' || text[0] == '-') && strchr("g-H", text[1]) != NULL;
}

static bool make_room(struct wine_thread *thread)
{
    if (thread->row_count < thread->row_capacity)
        return true;
    size_t capacity = thread->row_capacity == 0 ? 16 : 2 * thread->row_capacity;
    struct pagelaw_region *rows =
        capacity > ROWS_MAX ? NULL : realloc(thread->rows, capacity * sizeof *rows);
    if (rows == NULL)
        return false;
    thread->rows = rows;
    thread->row_capacity = capacity;
    return true;
}

/* BASE - LAST PROTECTION */
static void take_row(struct wine_reader *reader, struct wine_thread *thread, struct log_line words)
{
    uint64_t base, last;
    size_t length;
    struct pagelaw_region row = {.base = 0};
    if (!thread->pending)
        return;
    bool whole = log_number(&words, &base) && log_skip(&words, "-") && log_number(&words, &last);
    const char *protection = log_next(&words, &length);
    uint64_t expected = thread->row_count == 0 ? thread->view_base
                                               : thread->rows[thread->row_count - 1].base +
                                                     thread->rows[thread->row_count - 1].size;
    if (!whole || thread->view_end == 0 || !read_protection(protection, length, &row) ||
        base != expected || last < base || !make_room(thread)) {
        damaged(reader);
        thread->event.beyond = NOT_WHOLE;
        return;
    }
    row.base = base;
    row.size = last - base + 1;
    row.allocation_base = thread->view_base;
    row.allocation_protect = thread->event.call.protect;
    thread->rows[thread->row_count++] = row;
    thread->process->shown = thread;
}

/* ---- Relayed calls ---- */

static const struct {
    const char *name;
    enum pagelaw_function function;
} functions[] = {
    {"NtAllocateVirtualMemory", PAGELAW_NT_ALLOCATE}, {"NtFreeVirtualMemory", PAGELAW_NT_FREE},
    {"NtProtectVirtualMemory", PAGELAW_NT_PROTECT},   {"NtQueryVirtualMemory", PAGELAW_NT_QUERY},
    {"VirtualAlloc", PAGELAW_VIRTUAL_ALLOC},          {"VirtualFree", PAGELAW_VIRTUAL_FREE},
    {"VirtualProtect", PAGELAW_VIRTUAL_PROTECT},      {"VirtualQuery", PAGELAW_VIRTUAL_QUERY},
};

/* The function of that name; "Ex" may follow a Win32 one, which then has a process first. */
static bool find_function(const char *name, size_t length, enum pagelaw_function *function,
                          bool *has_process)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        size_t own = strlen(functions[i].name);
        if (length < own || strncmp(name, functions[i].name, own) != 0)
            continue;
        *function = functions[i].function;
        *has_process = length == own + 2 && strncmp(name + own, "Ex", 2) == 0;
        if (length == own || (*has_process && *function >= PAGELAW_VIRTUAL_ALLOC))
            return true;
    }
    return false;
}

static void begin_win32(struct wine_reader *reader, struct wine_thread *thread,
                        enum pagelaw_function function, bool has_process, struct log_line words)
{
    uint64_t handle = OWN_PROCESS, arguments[4] = {0};
    unsigned count = function == PAGELAW_VIRTUAL_QUERY || function == PAGELAW_VIRTUAL_FREE ? 3 : 4;
    bool whole = !has_process || log_number(&words, &handle);
    for (unsigned i = 0; i < count; i++)
        whole = whole && log_number(&words, &arguments[i]);
    if (thread->depth != 0)
        thread->nested[thread->depth - 1].covered = true;
    if (!whole || thread->depth == NESTED_MAX) {
        damaged(reader);
        return;
    }
    struct win32_call *nested = &thread->nested[thread->depth++];
    *nested = (struct win32_call){.line = reader->line,
                                  .beyond = handle != OWN_PROCESS && handle != UINT32_MAX};
    nested->call =
        (struct pagelaw_call){.function = function, .address = arguments[0], .size = arguments[1]};
    if (function == PAGELAW_VIRTUAL_QUERY)
        nested->call.size = arguments[2];
    else if (function == PAGELAW_VIRTUAL_PROTECT)
        nested->call.protect = (uint32_t)arguments[2];
    else
        nested->call.type = (uint32_t)arguments[2];
    if (function == PAGELAW_VIRTUAL_ALLOC)
        nested->call.protect = (uint32_t)arguments[3];
    nested->call.no_old_protect = function == PAGELAW_VIRTUAL_PROTECT && arguments[3] == 0;
}

static void end_win32(struct wine_reader *reader, struct wine_thread *thread,
                      enum pagelaw_function function, uint64_t value)
{
    while (thread->depth != 0) {
        struct win32_call *nested = &thread->nested[--thread->depth];
        if (nested->call.function != function)
            continue;
        struct recorded event = {.line = nested->line,
                                 .call = nested->call,
                                 .known = KNOWN_END,
                                 .success = value != 0,
                                 .base = value,
                                 .beyond = nested->beyond ? "another process's memory" : NULL};
        if (function == PAGELAW_VIRTUAL_ALLOC && value != 0)
            event.known |= KNOWN_BASE;
        if (!nested->covered)
            hand_over(reader, thread->process, &event);
        return;
    }
}

/* MODULE.FUNCTION(ARGUMENTS) ret=ADDRESS; the name, and the words behind it. */
static bool split_relay(struct log_line *words, enum pagelaw_function *function, bool *has_process)
{
    size_t length;
    const char *name = log_next(words, &length);
    const char *dot = memchr(name, '.', length);
    if (dot == NULL)
        return false;
    return find_function(dot + 1, length - (size_t)(dot + 1 - name), function, has_process);
}

static void take_call(struct wine_reader *reader, struct wine_thread *thread, struct log_line words)
{
    enum pagelaw_function function;
    uint64_t ignored;
    bool has_process;
    finish(reader, thread);
    if (!split_relay(&words, &function, &has_process)) {
        reader->skipped.lines++;
        return;
    }
    if (function >= PAGELAW_VIRTUAL_ALLOC) {
        begin_win32(reader, thread, function, has_process, words);
        return;
    }
    thread->relayed = true;
    if (function == PAGELAW_NT_ALLOCATE)
        thread->zero_bits_known = log_number(&words, &ignored) && log_number(&words, &ignored) &&
                                  log_number(&words, &thread->zero_bits);
}

static void take_return(struct wine_reader *reader, struct wine_thread *thread,
                        struct log_line words)
{
    enum pagelaw_function function;
    uint64_t value;
    bool has_process, known = split_relay(&words, &function, &has_process);
    if (!known) {
        finish(reader, thread);
        reader->skipped.lines++;
        return;
    }
    if (!log_skip(&words, "retval=") || !log_number(&words, &value)) {
        damaged(reader);
        return;
    }
    if (function >= PAGELAW_VIRTUAL_ALLOC) {
        finish(reader, thread);
        end_win32(reader, thread, function, value);
        return;
    }
    thread->relayed = false;
    if (thread->pending && thread->event.call.function == function) {
        thread->event.known |= KNOWN_END | KNOWN_STATUS;
        thread->event.status = (uint32_t)value;
        thread->event.success = (uint32_t)value == STATUS_SUCCESS;
    }
    finish(reader, thread);
}

/* ---- Lines ---- */

static void take_virtual(struct wine_reader *reader, struct wine_thread *thread,
                         struct log_line words)
{
    size_t length;
    const char *name = log_next(&words, &length);
    for (size_t i = 0; i < 3; i++) {
        if (strlen(functions[i].name) == length && memcmp(name, functions[i].name, length) == 0) {
            take_native(reader, thread, functions[i].function, words);
            return;
        }
    }
    if (log_is(name, length, "NtQueryVirtualMemory")) {
        take_query(reader, thread, words);
    } else if (log_is(name, length, "dump_view")) {
        if (log_skip(&words, "View:"))
            begin_dump(reader, thread, words);
        else
            take_row(reader, thread, words);
    } else {
        if (!log_is(name, length, "map_view") && !log_is(name, length, "get_vprot_range_size"))
            finish(reader, thread);
        reader->skipped.lines++;
    }
}

/* The numbers before a line's message: a time, the process and the thread, or fewer. */
static const char *read_prefix(const char *line, size_t length, uint64_t *process, uint64_t *thread)
{
    const char *end = line + length;
    uint64_t numbers[2] = {0, 0};
    for (;;) {
        const char *colon = memchr(line, ':', (size_t)(end - line));
        if (colon == NULL || colon == line)
            break;
        uint64_t number = 0;
        bool is_number = true, is_time = false;
        for (const char *c = line; c < colon && is_number; c++) {
            const char *digit = strchr("0123456789abcdef", *c);
            is_time |= *c == '.';
            is_number = (*c != '\0' && digit != NULL && colon - line <= 16) || *c == '.';
            number = number << 4 | (digit != NULL ? (uint64_t)(digit - "0123456789abcdef") : 0);
        }
        if (!is_number)
            break;
        if (!is_time) {
            numbers[0] = numbers[1];
            numbers[1] = number;
        }
        line = colon + 1;
    }
    *process = numbers[0] & UINT32_MAX;
    *thread = numbers[1];
    return line;
}

static bool starts(const char *at, const char *end, const char *words)
{
    size_t length = strlen(words);
    return (size_t)(end - at) >= length && memcmp(at, words, length) == 0;
}

/* A process of this number begins, and nothing that was known of an earlier one holds. */
static void begin_process(struct wine_reader *reader, uint64_t id)
{
    struct wine_process *process = find_process(reader, id);
    if (process != NULL && process->events != 0)
        process->generation++;
}

/* A line of no call ends the one that its thread is in. */
static void take_other(struct wine_reader *reader, uint64_t process_id, uint64_t thread_id,
                       bool begins)
{
    struct wine_thread *thread = find_thread(find_process(reader, process_id), thread_id);
    if (thread != NULL && !thread->relayed)
        finish(reader, thread);
    if (begins)
        begin_process(reader, process_id);
    reader->skipped.lines++;
}

bool wine_reader_line(struct wine_reader *reader, const char *line, size_t length)
{
    uint64_t process_id, thread_id;
    const char *at = read_prefix(line, length, &process_id, &thread_id), *end = line + length;
    bool is_virtual = starts(at, end, "trace:virtual:"), is_call = starts(at, end, "Call ");
    reader->line++;
    if (at == line) {
        if (starts(at, end, "trace:virtual:Nt"))
            recording_skip(reader->recording, "the process had no number yet");
        reader->skipped.lines++;
        return !reader->out_of_memory;
    }
    if (!is_virtual && !is_call && !starts(at, end, "Ret  ")) {
        take_other(reader, process_id, thread_id, starts(at, end, "Starting process"));
        return !reader->out_of_memory;
    }
    struct wine_thread *thread = take_thread(reader, process_id, thread_id);
    if (thread == NULL)
        reader->out_of_memory = true;
    else if (is_virtual)
        take_virtual(reader, thread, log_begin(at + 14, end));
    else if (is_call)
        take_call(reader, thread, log_begin(at + 5, end));
    else
        take_return(reader, thread, log_begin(at + 5, end));
    return !reader->out_of_memory;
}

static void end_process(struct wine_reader *reader, struct wine_process *process)
{
    struct wine_thread *thread, *next;
    HASH_ITER(hh, process->threads, thread, next)
    {
        finish(reader, thread);
        HASH_DEL(process->threads, thread);
        free(thread->rows);
        free(thread);
    }
}

bool wine_reader_end(struct wine_reader *reader, struct recording_skipped *skipped)
{
    struct wine_process *process, *next;
    HASH_ITER(hh, reader->processes, process, next)
    {
        end_process(reader, process);
        HASH_DEL(reader->processes, process);
        free(process);
    }
    bool whole = !reader->out_of_memory;
    *skipped = reader->skipped;
    free(reader);
    return whole;
}

bool is_wine_line(const char *line, size_t length)
{
    uint64_t process, thread;
    const char *at = read_prefix(line, length, &process, &thread), *end = line + length;
    return starts(at, end, "trace:virtual:") || starts(at, end, "trace:relay:") ||
           (at != line && (starts(at, end, "Call ") || starts(at, end, "Ret  ")));
}
