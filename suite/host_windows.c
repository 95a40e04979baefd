/* Pipes, jobs and this program's own file on Windows. */
#include "host_windows.h"

#include <stdio.h>
#include <string.h>

#include "process.h"
#include "suite/run.h"

#define PIPE_BYTES 65536
#define START_ATTEMPTS 3

/* Anonymous pipes cannot be read without blocking: the name is only for the moment of opening. */
bool host_pipe(bool mine_reads, HANDLE *mine, HANDLE *theirs)
{
    static unsigned number;
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
    char name[64];
    snprintf(name, sizeof name, "\\\\.\\pipe\\pagelaw-%lu-%u", (unsigned long)GetCurrentProcessId(),
             number++);
    DWORD mode = mine_reads ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
    mode |= FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE;
    *mine = CreateNamedPipeA(name, mode, PIPE_TYPE_BYTE, 1, PIPE_BYTES, PIPE_BYTES, 0, NULL);
    if (*mine == INVALID_HANDLE_VALUE)
        return false;
    *theirs = CreateFileA(name, mine_reads ? GENERIC_WRITE : GENERIC_READ, 0, &inheritable,
                          OPEN_EXISTING, 0, NULL);
    if (*theirs == INVALID_HANDLE_VALUE)
        CloseHandle(*mine);
    return *theirs != INVALID_HANDLE_VALUE;
}

/* NULL if there is none: then the process is ended by its own handle alone. */
static HANDLE make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    HANDLE job = CreateJobObjectA(NULL, NULL);
    memset(&limits, 0, sizeof limits);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job)
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    return job;
}

/* Of a thousand processes Wine loses one or two at their start. Nothing of them has run. */
static bool create(const char *program, char *command_line, STARTUPINFOA *startup,
                   PROCESS_INFORMATION *started)
{
    for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
        if (CreateProcessA(program, command_line, NULL, NULL, TRUE,
                           CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP, NULL, NULL, startup,
                           started))
            return true;
        if (GetLastError() != ERROR_INTERNAL_ERROR)
            return false;
    }
    return false;
}

/* It begins suspended, so that nothing it does is done outside its job. In a group of its own it
 * does not hear the console's Ctrl-C. */
bool host_start(const char *program, char *command_line, const HANDLE standard[3], HANDLE *process,
                HANDLE *job)
{
    STARTUPINFOA startup = {.cb = sizeof startup,
                            .dwFlags = STARTF_USESTDHANDLES,
                            .hStdInput = standard[0],
                            .hStdOutput = standard[1],
                            .hStdError = standard[2]};
    PROCESS_INFORMATION started;
    if (!create(program, command_line, &startup, &started))
        return false;
    *job = make_job();
    if (*job)
        AssignProcessToJobObject(*job, started.hProcess);
    ResumeThread(started.hThread);
    CloseHandle(started.hThread);
    *process = started.hProcess;
    return true;
}

void host_stop(HANDLE process, HANDLE job)
{
    if (job)
        TerminateJobObject(job, 1);
    TerminateProcess(process, 1);
}

void host_describe_status(DWORD status, char *words, size_t capacity)
{
    if (status >= 0x80000000u)
        snprintf(words, capacity, "exception 0x%08lx", (unsigned long)status);
    else
        snprintf(words, capacity, "exit status %lu", (unsigned long)status);
}

void host_describe_error(const char *what, char *words, size_t capacity)
{
    DWORD error = GetLastError();
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND)
        snprintf(words, capacity, "%s: No such file or directory", what);
    else
        snprintf(words, capacity, "%s: Windows error %lu", what, (unsigned long)error);
}

uint64_t process_clock_us(void)
{
    LARGE_INTEGER now, per_second;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    uint64_t count = (uint64_t)now.QuadPart, frequency = (uint64_t)per_second.QuadPart;
    return count / frequency * 1000000u + count % frequency * 1000000u / frequency;
}

bool own_path(char *buffer, size_t capacity)
{
    DWORD length = GetModuleFileNameA(NULL, buffer, (DWORD)capacity);
    return length > 0 && length < capacity;
}
