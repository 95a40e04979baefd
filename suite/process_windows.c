/* Started processes on Windows: overlapped pipes, whose completions run while this thread waits. */
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_windows.h"
#include "last_words.h"

#define COMMAND_LINE_MAX 32767

/* One end of a pipe, and the one operation that may be under way on it. */
struct end {
    HANDLE pipe; /* NULL once it is closed */
    OVERLAPPED operation;
    bool pending;
    bool closed; /* by the other side */
    char *bytes;
    size_t length, taken; /* of what was read */
    size_t capacity;
};

struct process {
    HANDLE id, job;
    struct end in, out, err;
    char out_bytes[1 << 14], err_bytes[1 << 10];
    char *queued;
    struct last_words words;
};

/* ---- Ends ------------------------------------------------------------------------------------ */

/* hEvent is the caller's own in operations with a completion routine. */
static void CALLBACK on_read(DWORD error, DWORD count, OVERLAPPED *operation)
{
    struct end *end = operation->hEvent;
    end->pending = false;
    end->closed = error != 0;
    end->length = error == 0 ? count : 0;
    end->taken = 0;
}

static void CALLBACK on_written(DWORD error, DWORD count, OVERLAPPED *operation)
{
    struct end *end = operation->hEvent;
    (void)error;
    (void)count;
    end->pending = false;
}

static void read_on(struct end *end)
{
    if (!end->pipe || end->pending || end->closed || end->taken < end->length)
        return;
    memset(&end->operation, 0, sizeof end->operation);
    end->operation.hEvent = end;
    end->pending =
        ReadFileEx(end->pipe, end->bytes, (DWORD)end->capacity, &end->operation, on_read) != 0;
    end->closed = !end->pending;
}

static void write_all(struct end *end, const char *bytes, size_t length)
{
    memset(&end->operation, 0, sizeof end->operation);
    end->operation.hEvent = end;
    end->pending = WriteFileEx(end->pipe, bytes, (DWORD)length, &end->operation, on_written) != 0;
}

/* After it nothing of the end's memory is in use. */
static void settle(struct end *end)
{
    if (end->pending)
        CancelIoEx(end->pipe, &end->operation);
    while (end->pending)
        SleepEx(INFINITE, TRUE);
}

static void close_end(struct end *end)
{
    if (!end->pipe)
        return;
    settle(end);
    CloseHandle(end->pipe);
    end->pipe = NULL;
}

/* ---- Starting -------------------------------------------------------------------------------- */

struct text {
    char *at, *end;
};

static void put(struct text *text, char character)
{
    if (text->at < text->end)
        *text->at++ = character;
}

/* As CommandLineToArgvW takes it apart: backslashes count double before a quotation mark. */
static void put_argument(struct text *text, const char *argument)
{
    size_t backslashes = 0;
    put(text, '"');
    for (; *argument; argument++) {
        if (*argument == '"')
            for (size_t i = 0; i <= backslashes; i++)
                put(text, '\\');
        backslashes = *argument == '\\' ? backslashes + 1 : 0;
        put(text, *argument);
    }
    while (backslashes-- > 0)
        put(text, '\\');
    put(text, '"');
}

static void put_verbatim(struct text *text, const char *argument)
{
    while (*argument)
        put(text, *argument++);
}

/* The command shell has its own way: "/s" takes one pair of quotation marks off, and leaves what is
 * between them alone. */
static void put_shell_argument(struct text *text, const char *argument)
{
    const char *mark = argument[0] == '/' ? "" : "\"";
    put_verbatim(text, mark);
    put_verbatim(text, argument);
    put_verbatim(text, mark);
}

static bool make_command_line(char *const *argv, char *line, size_t capacity)
{
    struct text text = {line, line + capacity - 1};
    bool shell = strcmp(argv[0], "cmd") == 0;
    put_verbatim(&text, shell ? "cmd /s" : "");
    for (size_t i = shell ? 1 : 0; argv[i]; i++) {
        if (text.at > line)
            put(&text, ' ');
        if (shell)
            put_shell_argument(&text, argv[i]);
        else
            put_argument(&text, argv[i]);
    }
    *text.at = '\0';
    return text.at < text.end;
}

/* Three pipes; `theirs` are the new process's standard handles. */
struct pipes {
    HANDLE mine[3], theirs[3];
    int count;
};

static void close_all(HANDLE *handles, int count)
{
    for (int i = 0; i < count; i++)
        CloseHandle(handles[i]);
}

static bool open_pipes(struct pipes *pipes)
{
    for (pipes->count = 0; pipes->count < 3; pipes->count++) {
        int i = pipes->count;
        if (!host_pipe(i != 0, &pipes->mine[i], &pipes->theirs[i])) {
            close_all(pipes->mine, i);
            close_all(pipes->theirs, i);
            return false;
        }
    }
    return true;
}

static bool start(struct process *process, char *const *argv, struct pipes *pipes)
{
    char *line = malloc(COMMAND_LINE_MAX);
    bool started = line && make_command_line(argv, line, COMMAND_LINE_MAX) &&
                   host_start(NULL, line, pipes->theirs, &process->id, &process->job);
    free(line);
    return started;
}

static void adopt_pipes(struct process *process, const struct pipes *pipes)
{
    process->in.pipe = pipes->mine[0];
    process->out.pipe = pipes->mine[1];
    process->err.pipe = pipes->mine[2];
    process->out.bytes = process->out_bytes;
    process->out.capacity = sizeof process->out_bytes;
    process->err.bytes = process->err_bytes;
    process->err.capacity = sizeof process->err_bytes;
    read_on(&process->out);
    read_on(&process->err);
}

struct process *process_start(char *const *argv, char *error, size_t capacity)
{
    struct pipes pipes;
    struct process *process = calloc(1, sizeof *process);
    if (!process || !open_pipes(&pipes)) {
        host_describe_error("no pipes for a new process", error, capacity);
        free(process);
        return NULL;
    }
    if (!start(process, argv, &pipes)) {
        host_describe_error(argv[0], error, capacity);
        close_all(pipes.mine, 3);
        close_all(pipes.theirs, 3);
        free(process);
        return NULL;
    }
    close_all(pipes.theirs, 3);
    adopt_pipes(process, &pipes);
    return process;
}

/* ---- Talking --------------------------------------------------------------------------------- */

bool process_send(struct process *process, const char *bytes, size_t length)
{
    settle(&process->in);
    char *queued = realloc(process->queued, length + 1);
    if (!queued)
        return false;
    memcpy(queued, bytes, length);
    process->queued = queued;
    if (process->in.pipe)
        write_all(&process->in, queued, length);
    return true;
}

static void hear(struct process *process)
{
    struct end *err = &process->err;
    last_words_add(&process->words, err->bytes + err->taken, err->length - err->taken);
    err->taken = err->length;
    read_on(err);
}

void process_forget_words(struct process *process)
{
    SleepEx(0, TRUE);
    hear(process);
    process->words.length = 0;
}

void process_append_words(struct process *process, char *text, size_t capacity)
{
    SleepEx(0, TRUE);
    hear(process);
    last_words_append(&process->words, text, capacity);
}

static bool has_something(const struct process *process)
{
    return process->out.pipe && (process->out.closed || process->out.taken < process->out.length);
}

void process_wait(struct process *const *processes, size_t count, unsigned timeout_ms)
{
    for (size_t i = 0; i < count; i++)
        if (processes[i] && has_something(processes[i]))
            timeout_ms = 0;
    SleepEx(timeout_ms, TRUE);
    for (size_t i = 0; i < count; i++)
        if (processes[i])
            hear(processes[i]);
}

size_t process_take(struct process *process, char *bytes, size_t capacity, bool *closed)
{
    struct end *out = &process->out;
    size_t count = out->length - out->taken;
    if (count > capacity)
        count = capacity;
    memcpy(bytes, out->bytes + out->taken, count);
    out->taken += count;
    read_on(out);
    *closed = count == 0 && out->closed;
    return count;
}

void process_hang_up(struct process *process)
{
    close_end(&process->in);
}

/* ---- Ending ---------------------------------------------------------------------------------- */

/* Whether the process ends by itself. What it still says is dropped. */
static bool wait_for_end(struct process *process, unsigned patience_ms)
{
    uint64_t deadline = process_clock_us() + (uint64_t)patience_ms * 1000;
    char dropped[1024];
    bool closed;
    for (;;) {
        uint64_t now = process_clock_us();
        unsigned left = now < deadline ? (unsigned)((deadline - now) / 1000 + 1) : 0;
        DWORD waited = WaitForSingleObjectEx(process->id, left, TRUE);
        process_take(process, dropped, sizeof dropped, &closed);
        hear(process);
        if (waited != WAIT_IO_COMPLETION)
            return waited == WAIT_OBJECT_0;
    }
}

void process_end(struct process *process, unsigned patience_ms, char *how, size_t capacity)
{
    DWORD status = 0;
    process_hang_up(process);
    if (wait_for_end(process, patience_ms) && GetExitCodeProcess(process->id, &status))
        host_describe_status(status, how, capacity);
    else
        snprintf(how, capacity, "it was still running");
    host_stop(process->id, process->job);
    SleepEx(0, TRUE);
    hear(process);
    last_words_append(&process->words, how, capacity);
    close_end(&process->out);
    close_end(&process->err);
    CloseHandle(process->id);
    if (process->job)
        CloseHandle(process->job);
    free(process->queued);
    free(process);
}
