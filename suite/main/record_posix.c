/* Running a program while its calls are recorded, on POSIX systems. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "record.h"
#include "suite/recording.h"

#define FAILED_TO_START 127
#define POLL_MS 200

static volatile sig_atomic_t wished; /* how often it was wished that this ends */
static volatile pid_t program;       /* 0: it does not run */

static bool fail(char *error, size_t capacity, const char *what, const char *name)
{
    snprintf(error, capacity, "%s%s: %s", what, name, strerror(errno));
    return false;
}

/* In the child; returns only if the program cannot be started: then errno says why. */
static void run_program(char *const *argv, const char *path, bool with_relay, int log,
                        const sigset_t *mask)
{
    char whole[4096];
    const char *own_path = realpath(path, whole);
    setenv("WINEDEBUG", with_relay ? "+pid,+virtual,+relay" : "+pid,+virtual", 1);
    setenv("PAGELAW_TRACE", own_path != NULL ? own_path : path, 1);
    signal(SIGPIPE, SIG_DFL);
    for (size_t i = 0; i < interrupt_signal_count; i++) {
        struct sigaction action;
        if (sigaction(interrupt_signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            signal(interrupt_signals[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (dup2(log, STDERR_FILENO) >= 0)
        execvp(argv[0], argv);
}

/* A wish that comes while the program is started waits until it can be passed on. Returns the mask
 * as it was. */
static sigset_t block_wishes(void)
{
    sigset_t set, was;
    sigemptyset(&set);
    for (size_t i = 0; i < interrupt_signal_count; i++)
        sigaddset(&set, interrupt_signals[i]);
    sigprocmask(SIG_BLOCK, &set, &was);
    return was;
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
    sigset_t mask = block_wishes();
    pid_t child = fork();
    if (child == 0) {
        close(output[0]);
        close(trouble[0]);
        run_program(argv, path, with_relay, output[1], &mask);
        ssize_t told = write(trouble[1], &errno, sizeof errno);
        _exit(told < 0 ? FAILED_TO_START + 1 : FAILED_TO_START);
    }
    program = child > 0 ? child : 0;
    sigprocmask(SIG_SETMASK, &mask, NULL);
    close(output[1]);
    close(trouble[1]);
    *log = output[0];
    *failure = trouble[0];
    return child;
}

/* What was read and is no whole line yet. */
struct lines {
    FILE *file;
    char *text;
    size_t length, capacity, kept;
};

/* Keeps a line of Wine's log; any other goes on to standard error. */
static void sort_line(struct lines *lines, const char *line, size_t length)
{
    bool is_log = is_wine_line(line, length);
    fwrite(line, 1, length, is_log ? lines->file : stderr);
    lines->kept += is_log;
}

static void sort_text(struct lines *lines)
{
    char *at = lines->text, *end = at + lines->length;
    for (char *line_end; (line_end = memchr(at, '\n', (size_t)(end - at))) != NULL;) {
        sort_line(lines, at, (size_t)(line_end + 1 - at));
        at = line_end + 1;
    }
    fflush(lines->file);
    lines->length = (size_t)(end - at);
    memmove(lines->text, at, lines->length);
}

static bool program_runs(void)
{
    siginfo_t info = {.si_pid = 0};
    return program != 0 && waitid(P_PID, (id_t)program, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

/* Whether there is something to read, if only the end. After a wish not once the program has ended:
 * what it started may keep the other end open for ever. */
static bool await_text(int log)
{
    struct pollfd file = {.fd = log, .events = POLLIN};
    while (poll(&file, 1, POLL_MS) <= 0) {
        if (wished > 1 || (wished == 1 && !program_runs()))
            return false;
    }
    return true;
}

static bool make_room(struct lines *lines)
{
    if (lines->capacity - lines->length >= 4096)
        return true;
    size_t capacity = lines->capacity == 0 ? (size_t)1 << 16 : 2 * lines->capacity;
    char *text = realloc(lines->text, capacity);
    if (text == NULL)
        return false;
    lines->text = text;
    lines->capacity = capacity;
    return true;
}

static size_t sort_lines(int log, FILE *file)
{
    struct lines lines = {.file = file};
    while (make_room(&lines) && await_text(log)) {
        ssize_t count = read(log, lines.text + lines.length, lines.capacity - lines.length);
        if (count == 0 || (count < 0 && errno != EINTR))
            break;
        lines.length += count > 0 ? (size_t)count : 0;
        sort_text(&lines);
    }
    if (lines.length != 0)
        sort_line(&lines, lines.text, lines.length);
    free(lines.text);
    return lines.kept;
}

/* A terminal tells the program itself; others may tell this process only. */
static void pass_on(int number)
{
    wished++;
    if (program != 0 && number != SIGINT)
        kill(program, number);
    if (wished > 1)
        signal(number, SIG_DFL);
}

static void catch_wishes(void)
{
    struct sigaction action = {.sa_handler = pass_on}, was;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < interrupt_signal_count; i++) {
        if (sigaction(interrupt_signals[i], &action, &was) == 0 && was.sa_handler == SIG_IGN)
            sigaction(interrupt_signals[i], &was, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* who reads standard error may go before the program does */
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

void record_occupy_standard(void)
{
    int file = 0;
    while (file >= 0 && file <= STDERR_FILENO)
        file = open("/dev/null", O_RDWR);
    if (file > STDERR_FILENO)
        close(file);
}

bool record_run(char *const *argv, FILE *file, const char *path, bool with_relay,
                struct record_counts *counts, char *error, size_t capacity)
{
    int output, trouble;
    *counts = (struct record_counts){.lines = 0};
    catch_wishes();
    pid_t child = start(argv, path, with_relay, &output, &trouble);
    if (child < 0)
        return fail(error, capacity, "no process can be started", "");
    counts->lines = sort_lines(output, file);
    counts->status = await(child);
    program = 0;
    bool failed = read(trouble, &errno, sizeof errno) > 0;
    close(trouble);
    close(output);
    return !failed || fail(error, capacity, "cannot start ", argv[0]);
}
