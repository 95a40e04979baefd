/* Started processes on POSIX: pipes that do not block, and poll. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host_posix.h"
#include "last_words.h"

extern char **environ;

/* Files are -1 once they are closed. */
struct process {
    pid_t id;
    int in, out, err;
    char *queued; /* not all sent yet */
    size_t queued_length, sent;
    struct last_words words;
};

/* ---- Starting -------------------------------------------------------------------------------- */

/* Three pipes; ends[i][0] is read from. */
struct pipes {
    int ends[3][2];
};

static void close_file(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < 3; i++) {
        close_file(&pipes->ends[i][0]);
        close_file(&pipes->ends[i][1]);
    }
}

static bool open_pipes(struct pipes *pipes)
{
    bool opened = true;
    memset(pipes, -1, sizeof *pipes);
    for (int i = 0; i < 3 && opened; i++)
        opened = pipe(pipes->ends[i]) == 0;
    for (int i = 0; i < 6 && opened; i++)
        fcntl(pipes->ends[i / 2][i % 2], F_SETFD, FD_CLOEXEC);
    if (!opened)
        close_pipes(pipes);
    return opened;
}

/* Signals are as a new program expects them, and the group is its own. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t changed, none;
    sigemptyset(&none);
    sigemptyset(&changed);
    sigaddset(&changed, SIGPIPE);
    sigaddset(&changed, SIGINT);
    posix_spawnattr_setsigdefault(attributes, &changed);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setpgroup(attributes, 0);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETSIGMASK);
}

static int spawn(pid_t *id, const struct pipes *pipes, char *const *argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int problem = set_attributes(&attributes);
    for (int i = 0; i < 3 && problem == 0; i++)
        problem = posix_spawn_file_actions_adddup2(&actions, pipes->ends[i][i != 0], i);
    if (problem == 0)
        problem = posix_spawnp(id, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/* Keeps this side's ends and closes the other's. */
static void adopt_pipes(struct process *process, struct pipes *pipes)
{
    int *mine[3] = {&process->in, &process->out, &process->err};
    for (int i = 0; i < 3; i++) {
        *mine[i] = pipes->ends[i][i == 0];
        fcntl(*mine[i], F_SETFL, O_NONBLOCK);
        close(pipes->ends[i][i != 0]);
    }
}

struct process *process_start(char *const *argv, char *error, size_t capacity)
{
    struct pipes pipes;
    struct process *process = calloc(1, sizeof *process);
    if (!process || !open_pipes(&pipes)) {
        snprintf(error, capacity, "no pipes for a new process: %s", strerror(errno));
        free(process);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    int problem = spawn(&process->id, &pipes, argv);
    if (problem != 0) {
        snprintf(error, capacity, "%s: %s", argv[0], strerror(problem));
        close_pipes(&pipes);
        free(process);
        return NULL;
    }
    adopt_pipes(process, &pipes);
    return process;
}

/* ---- Talking --------------------------------------------------------------------------------- */

/* A reader that is gone shows at its output's end. */
static void send_more(struct process *process)
{
    size_t left = process->queued_length - process->sent;
    ssize_t count = write(process->in, process->queued + process->sent, left);
    if (count >= 0)
        process->sent += (size_t)count;
    else if (errno != EAGAIN && errno != EINTR)
        close_file(&process->in);
}

bool process_send(struct process *process, const char *bytes, size_t length)
{
    char *queued = realloc(process->queued, length + 1);
    if (!queued)
        return false;
    memcpy(queued, bytes, length);
    process->queued = queued;
    process->queued_length = length;
    process->sent = 0;
    if (process->in >= 0)
        send_more(process);
    return true;
}

/* False if there was nothing. */
static bool hear(struct process *process)
{
    char bytes[1024];
    if (process->err < 0)
        return false;
    ssize_t count = read(process->err, bytes, sizeof bytes);
    if (count > 0)
        last_words_add(&process->words, bytes, (size_t)count);
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        close_file(&process->err);
    return count > 0;
}

/* As much as a pipe may hold: somebody may be writing all the time. */
static void hear_all(struct process *process)
{
    for (int i = 0; i < 64 && hear(process); i++)
        continue;
}

void process_forget_words(struct process *process)
{
    hear_all(process);
    process->words.length = 0;
}

void process_append_words(struct process *process, char *text, size_t capacity)
{
    hear_all(process);
    last_words_append(&process->words, text, capacity);
}

/* poll passes over files that are -1. */
static void fill_files(struct pollfd *files, const struct process *process)
{
    bool sending = process->sent < process->queued_length;
    files[0] = (struct pollfd){sending ? process->in : -1, POLLOUT, 0};
    files[1] = (struct pollfd){process->out, POLLIN, 0};
    files[2] = (struct pollfd){process->err, POLLIN, 0};
}

static void serve_files(const struct pollfd *files, struct process *process)
{
    if (files[0].revents)
        send_more(process);
    if (files[2].revents)
        hear(process);
}

void process_wait(struct process *const *processes, size_t count, unsigned timeout_ms)
{
    struct pollfd files[PROCESS_MAX * 3];
    size_t used = 0;
    for (size_t i = 0; i < count && used < PROCESS_MAX * 3; i++)
        if (processes[i]) {
            fill_files(files + used, processes[i]);
            used += 3;
        }
    if (poll(files, (nfds_t)used, (int)timeout_ms) <= 0)
        return;
    used = 0;
    for (size_t i = 0; i < count && used < PROCESS_MAX * 3; i++)
        if (processes[i]) {
            serve_files(files + used, processes[i]);
            used += 3;
        }
}

size_t process_take(struct process *process, char *bytes, size_t capacity, bool *closed)
{
    ssize_t count = process->out < 0 ? 0 : read(process->out, bytes, capacity);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        close_file(&process->out);
        *closed = true;
    }
    return count > 0 ? (size_t)count : 0;
}

void process_hang_up(struct process *process)
{
    close_file(&process->in);
}

/* ---- Ending ---------------------------------------------------------------------------------- */

static const char *signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"},   {SIGFPE, "SIGFPE"},
        {SIGABRT, "SIGABRT"}, {SIGTRAP, "SIGTRAP"}, {SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"},
        {SIGSYS, "SIGSYS"},   {SIGPIPE, "SIGPIPE"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].number == number)
            return names[i].name;
    return "another";
}

void host_describe_status(int status, char *words, size_t capacity)
{
    if (WIFEXITED(status))
        snprintf(words, capacity, "exit status %d", WEXITSTATUS(status));
    else
        snprintf(words, capacity, "signal %d (%s)", WTERMSIG(status),
                 signal_name(WTERMSIG(status)));
}

/* A process that is ending closes both of its outputs. */
static void wait_for_silence(struct process *process, unsigned patience_ms)
{
    uint64_t deadline = process_clock_us() + (uint64_t)patience_ms * 1000;
    char dropped[1024];
    bool closed = false;
    while (process->out >= 0 || process->err >= 0) {
        uint64_t now = process_clock_us();
        if (now >= deadline)
            return;
        process_wait(&process, 1, (unsigned)((deadline - now) / 1000 + 1));
        process_take(process, dropped, sizeof dropped, &closed);
    }
}

/* Its status is its own even if the signal meets it between its last close and its end. */
void process_end(struct process *process, unsigned patience_ms, char *how, size_t capacity)
{
    int status = 0;
    process_hang_up(process);
    wait_for_silence(process, patience_ms);
    bool silent = process->out < 0 && process->err < 0;
    kill(-process->id, SIGKILL);
    while (waitpid(process->id, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!silent && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        snprintf(how, capacity, "it was still running");
    else
        host_describe_status(status, how, capacity);
    last_words_append(&process->words, how, capacity);
    close_file(&process->out);
    close_file(&process->err);
    free(process->queued);
    free(process);
}

uint64_t process_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}
