/* An agent's side on POSIX: each program runs in a fork of the agent. */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host_posix.h"
#include "process.h"

static int wire_in = -1, wire_out = -1;
static int child_ended[2] = {-1, -1}; /* a pipe that SIGCHLD writes to */

/* ---- The wire -------------------------------------------------------------------------------- */

static void on_child(int number)
{
    int saved = errno;
    ssize_t ignored = write(child_ended[1], "", 1);
    (void)ignored;
    (void)number;
    errno = saved;
}

static bool watch_children(void)
{
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
    if (pipe(child_ended) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(child_ended[i], F_SETFD, FD_CLOEXEC);
        fcntl(child_ended[i], F_SETFL, O_NONBLOCK);
    }
    return sigaction(SIGCHLD, &action, NULL) == 0;
}

/* A copy beyond the numbers that programs expect their files at, unless so many are not allowed. */
static int private_copy(int file)
{
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 64);
    return copy >= 0 ? copy : fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

bool channel_open(void)
{
    struct rlimit no_core = {0, 0};
    int nothing = open("/dev/null", O_RDONLY);
    wire_in = private_copy(STDIN_FILENO);
    wire_out = private_copy(STDOUT_FILENO);
    if (nothing < 0 || wire_in < 0 || wire_out < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
        dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return false;
    close(nothing);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_CORE, &no_core);
    return watch_children();
}

size_t channel_read(char *bytes, size_t capacity)
{
    ssize_t count;
    do
        count = read(wire_in, bytes, capacity);
    while (count < 0 && errno == EINTR);
    return count > 0 ? (size_t)count : 0;
}

bool channel_write(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(wire_out, bytes, length);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0) {
            bytes += count;
            length -= (size_t)count;
        }
    }
    return true;
}

/* ---- A process of its own -------------------------------------------------------------------- */

void channel_leave(int status)
{
    _exit(status);
}

/* If nobody reads the wire any more there is nothing to be done here. */
static void become_child(pid_t parent, const struct isolated *isolated)
{
    setpgid(0, 0);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    close(wire_in);
    close(child_ended[0]);
    close(child_ended[1]);
    host_end_with_parent();
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    channel_leave(isolated->work(isolated->user));
}

/* Ends the child with all that it started, and reaps it. */
static int end_group(pid_t child)
{
    int status = 0;
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static void leave_if_unheard(pid_t child, const struct pollfd *output)
{
    if (!(output->revents & (POLLERR | POLLHUP | POLLNVAL)))
        return;
    end_group(child);
    _exit(EXIT_FAILURE);
}

/* The child is left to be reaped, so that its number stays its own. */
static bool has_ended(pid_t child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child;
}

/* Whether the child ends by itself before `deadline`. */
static bool wait_until(pid_t child, uint64_t deadline)
{
    struct pollfd files[2] = {{child_ended[0], POLLIN, 0}, {wire_out, 0, 0}};
    char drained[16];
    while (!has_ended(child)) {
        uint64_t now = process_clock_us();
        if (now >= deadline)
            return false;
        poll(files, 2, (int)((deadline - now) / 1000 + 1));
        while (read(child_ended[0], drained, sizeof drained) > 0)
            continue;
        leave_if_unheard(child, &files[1]);
    }
    return true;
}

static enum isolated_end judge_status(int status, char *why, size_t capacity)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHANNEL_DONE)
        return ISOLATED_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHANNEL_REFUSED)
        return ISOLATED_REFUSED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHANNEL_CUT)
        snprintf(why, capacity, "it closed files that it had not opened: the agent's own");
    else
        host_describe_status(status, why, capacity);
    return ISOLATED_CRASHED;
}

enum isolated_end isolated_run(const struct isolated *isolated, char *why, size_t capacity)
{
    uint64_t deadline = process_clock_us() + (uint64_t)isolated->timeout_ms * 1000;
    pid_t parent = getpid(), child = fork();
    if (child < 0) {
        snprintf(why, capacity, "the system gives no process for it: %s", strerror(errno));
        return ISOLATED_FAILED;
    }
    if (child == 0)
        become_child(parent, isolated);
    setpgid(child, child);
    bool ended = wait_until(child, deadline);
    int status = end_group(child);
    return ended ? judge_status(status, why, capacity) : ISOLATED_TIMED_OUT;
}
