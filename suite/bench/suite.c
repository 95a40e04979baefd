/* The program `pagelaw` on the whole built-in suite, as a user waits for it. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "bench.h"

#define TURNS 5

extern char **environ;

static pid_t start(const char *pagelaw, const char *subject)
{
    char *argv[] = {(char *)pagelaw, "check", "--subject", (char *)subject, NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(&pid, pagelaw, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        bench_cannot(pagelaw, strerror(error));
    return pid;
}

/* Differences, status 1, are not what this is about. */
static double check(const char *pagelaw, const char *subject)
{
    int status;
    double begin = bench_wall_ns();
    pid_t pid = start(pagelaw, subject);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            bench_cannot(pagelaw, strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        bench_cannot(pagelaw, "`check` could not be run");
    return bench_wall_ns() - begin;
}

void bench_suite(const char *pagelaw)
{
    double native[TURNS], model[TURNS];
    struct bench_row row = {.what = "`pagelaw check`: the suite on native",
                            .beside = "the suite on the model",
                            .hold = BENCH_AMOUNT_BELOW,
                            .limit = 2e9};
    bench_progress(row.what);
    check(pagelaw, "native");
    for (size_t i = 0; i < TURNS; i++) {
        native[i] = check(pagelaw, "native");
        model[i] = check(pagelaw, "model");
    }
    row.times = bench_medians(native, model, TURNS);
    bench_print_row(&row);
}
