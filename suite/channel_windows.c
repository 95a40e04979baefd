/* An agent's side on Windows: each program runs in this program, started anew. */
#include "channel.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_windows.h"
#include "process.h"
#include "suite/run.h"

#define COMMAND_LINE_MAX 32767

static HANDLE wire_in, wire_out;

/* ---- The wire -------------------------------------------------------------------------------- */

static HANDLE private_copy(DWORD which)
{
    HANDLE self = GetCurrentProcess(), copy = NULL;
    DuplicateHandle(self, GetStdHandle(which), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
}

/* Both layers know the standard files: the C library's numbers, and Windows's handles. */
static bool redirect(void)
{
    int nothing = _open("NUL", _O_RDWR);
    if (nothing < 0)
        return false;
    if (_get_osfhandle(2) < 0)
        _dup2(nothing, 2);
    bool redirected = _dup2(nothing, 0) == 0 && _dup2(2, 1) == 0;
    _close(nothing);
    SetStdHandle(STD_INPUT_HANDLE, (HANDLE)_get_osfhandle(0));
    SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)_get_osfhandle(1));
    SetStdHandle(STD_ERROR_HANDLE, (HANDLE)_get_osfhandle(2));
    return redirected;
}

/* A crash must not open a window. */
bool channel_open(void)
{
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    wire_in = private_copy(STD_INPUT_HANDLE);
    wire_out = private_copy(STD_OUTPUT_HANDLE);
    return wire_in && wire_out && redirect();
}

size_t channel_read(char *bytes, size_t capacity)
{
    DWORD count = 0;
    return ReadFile(wire_in, bytes, (DWORD)capacity, &count, NULL) ? count : 0;
}

bool channel_write(const char *bytes, size_t length)
{
    while (length > 0) {
        DWORD count = 0;
        if (!WriteFile(wire_out, bytes, (DWORD)length, &count, NULL))
            return false;
        bytes += count;
        length -= count;
    }
    return true;
}

/* ---- A process of its own -------------------------------------------------------------------- */

void channel_leave(int status)
{
    TerminateProcess(GetCurrentProcess(), (UINT)status);
    abort();
}

/* `input_end` is for the one operation that sends the input. */
struct child {
    HANDLE id, job;
    HANDLE input_end;
    OVERLAPPED operation;
    bool sending;
};

static HANDLE inheritable_copy(HANDLE handle)
{
    HANDLE self = GetCurrentProcess(), copy = NULL;
    DuplicateHandle(self, handle, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static bool start_again(struct child *child, const HANDLE standard[3])
{
    char path[MAX_PATH];
    char *line = malloc(COMMAND_LINE_MAX);
    bool started = false;
    if (line && own_path(path, sizeof path)) {
        snprintf(line, COMMAND_LINE_MAX, "%s --once", GetCommandLineA());
        started = host_start(path, line, standard, &child->id, &child->job);
    }
    free(line);
    return started;
}

static bool start_child(struct child *child)
{
    HANDLE standard[3] = {NULL, inheritable_copy(wire_out),
                          inheritable_copy(GetStdHandle(STD_ERROR_HANDLE))};
    bool started = host_pipe(false, &child->input_end, &standard[0]);
    if (started && !start_again(child, standard)) {
        CloseHandle(child->input_end);
        started = false;
    }
    for (int i = 0; i < 3; i++)
        if (standard[i])
            CloseHandle(standard[i]);
    return started;
}

static void CALLBACK on_sent(DWORD error, DWORD count, OVERLAPPED *operation)
{
    struct child *child = operation->hEvent;
    (void)error;
    (void)count;
    child->sending = false;
}

/* The pipe may be smaller than the input, and the child may never read it. Of an empty input there
 * is only the end. */
static void send_input(struct child *child, const struct isolated *isolated)
{
    if (isolated->input_length == 0) {
        CloseHandle(child->input_end);
        child->input_end = NULL;
        return;
    }
    child->operation.hEvent = child;
    child->sending = WriteFileEx(child->input_end, isolated->input, (DWORD)isolated->input_length,
                                 &child->operation, on_sent) != 0;
}

static bool wait_until(const struct child *child, uint64_t deadline)
{
    DWORD waited;
    do {
        uint64_t now = process_clock_us();
        uint64_t left = now < deadline ? (deadline - now) / 1000 + 1 : 0;
        waited = WaitForSingleObjectEx(child->id, (DWORD)left, TRUE);
    } while (waited == WAIT_IO_COMPLETION);
    return waited == WAIT_OBJECT_0;
}

static void close_child(struct child *child)
{
    host_stop(child->id, child->job);
    WaitForSingleObject(child->id, INFINITE);
    if (child->sending)
        CancelIoEx(child->input_end, &child->operation);
    while (child->sending)
        SleepEx(INFINITE, TRUE);
    if (child->input_end)
        CloseHandle(child->input_end);
    CloseHandle(child->id);
    if (child->job)
        CloseHandle(child->job);
}

static enum isolated_end judge_status(DWORD status, char *why, size_t capacity)
{
    if (status == CHANNEL_DONE)
        return ISOLATED_OK;
    if (status == CHANNEL_REFUSED)
        return ISOLATED_REFUSED;
    if (status == CHANNEL_CUT)
        snprintf(why, capacity, "it closed files that it had not opened: the agent's own");
    else
        host_describe_status(status, why, capacity);
    return ISOLATED_CRASHED;
}

enum isolated_end isolated_run(const struct isolated *isolated, char *why, size_t capacity)
{
    uint64_t deadline = process_clock_us() + (uint64_t)isolated->timeout_ms * 1000;
    struct child child = {0};
    DWORD status = 1;
    if (!start_child(&child)) {
        host_describe_error("the system gives no process for it", why, capacity);
        return ISOLATED_FAILED;
    }
    send_input(&child, isolated);
    bool ended = wait_until(&child, deadline);
    if (ended)
        GetExitCodeProcess(child.id, &status);
    close_child(&child);
    return ended ? judge_status(status, why, capacity) : ISOLATED_TIMED_OUT;
}
