/* Running a program while its calls are recorded, on POSIX systems. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record.h"
#include "suite/recording.h"

#define FAILED_TO_START 127

static bool fail(char *error, size_t capacity, const char *what, const char *name)
{
    snprintf(error, capacity, "%s%s: %s", what, name, strerror(errno));
    return false;
}

/* In the child; returns only if the program cannot be started: then errno says why. */
static void run_program(char *const *argv, const char *path, bool with_relay, int log)
{
    char whole[4096];
    const char *own_path = realpath(path, whole);
    setenv("WINEDEBUG", with_relay ? "+pid,+virtual,+relay" : "+pid,+virtual", 1);
    setenv("PAGELAW_TRACE", own_path != NULL ? own_path : path, 1);
    signal(SIGINT, SIG_DFL);
    if (dup2(log, STDERR_FILENO) >= 0)
        execvp(argv[0], argv);
}

/* Starts the program. What it writes to standard error can be read from *log; if it could not be
 * started, the reason can be read from *failure. */
static pid_t start(char *const *argv, const char *path, bool with_relay, int *log, int *failure)
{
    int output[2], trouble[2];
    if (pipe(output) != 0)
        return -1;
    if (pipe(trouble) != 0) {
        close(output[0]);
        close(output[1]);
        return -1;
    }
    fcntl(trouble[1], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child == 0) {
        close(output[0]);
        close(trouble[0]);
        run_program(argv, path, with_relay, output[1]);
        ssize_t told = write(trouble[1], &errno, sizeof errno);
        _exit(told < 0 ? FAILED_TO_START + 1 : FAILED_TO_START);
    }
    close(output[1]);
    close(trouble[1]);
    *log = output[0];
    *failure = trouble[0];
    return child;
}

/* Keeps the lines of Wine's log; all others go on to standard error. */
static size_t sort_lines(FILE *log, FILE *file)
{
    char *line = NULL;
    size_t capacity = 0, kept = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, log)) > 0) {
        bool is_log = is_wine_line(line, (size_t)length);
        fwrite(line, 1, (size_t)length, is_log ? file : stderr);
        kept += is_log;
    }
    free(line);
    return kept;
}

static int await(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool record_run(char *const *argv, FILE *file, const char *path, bool with_relay,
                struct record_counts *counts, char *error, size_t capacity)
{
    int output, trouble;
    *counts = (struct record_counts){.lines = 0};
    signal(SIGINT, SIG_IGN); /* it is the program's, which ends; what it did is kept */
    pid_t child = start(argv, path, with_relay, &output, &trouble);
    if (child < 0)
        return fail(error, capacity, "no process can be started", "");
    FILE *log = fdopen(output, "r");
    if (log != NULL)
        counts->lines = sort_lines(log, file);
    counts->status = await(child);
    bool failed = read(trouble, &errno, sizeof errno) > 0;
    close(trouble);
    if (log != NULL)
        fclose(log);
    signal(SIGINT, SIG_DFL);
    if (failed)
        return fail(error, capacity, "cannot start ", argv[0]);
    return log != NULL || fail(error, capacity, "standard error cannot be read", "");
}
