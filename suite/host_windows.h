/* What the Windows files share: pipes that can be waited for, and processes in a job. */
#ifndef SUITE_HOST_WINDOWS_H
#define SUITE_HOST_WINDOWS_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>

/* A pipe whose `mine` end is for ReadFileEx or WriteFileEx, and whose `theirs` end is inheritable
 * and plain. */
bool host_pipe(bool mine_reads, HANDLE *mine, HANDLE *theirs);

/* Starts a program in a job of its own, which ends with its last handle. `standard` are inheritable
 * handles for its input, output and error. `program` may be NULL: then the command line's first
 * word is looked for. */
bool host_start(const char *program, char *command_line, const HANDLE standard[3], HANDLE *process,
                HANDLE *job);

/* Ends all of the job; the process too if it is not in it. */
void host_stop(HANDLE process, HANDLE job);

/* How a process ended: "exit status 3", "exception 0xc0000005". */
void host_describe_status(DWORD status, char *words, size_t capacity);

/* The words for GetLastError(), after those of what failed. */
void host_describe_error(const char *what, char *words, size_t capacity);

#endif
