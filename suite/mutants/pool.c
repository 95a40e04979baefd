/* All trials, on POSIX systems: a process is forked for each, and writes into shared memory. */
#include "pool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSORS_MAX 64

enum { TRIAL_ENDED = 0, TRIAL_CANNOT_RUN = 3 }; /* how a trial's process exits */

struct pool {
    const struct suite *suite;
    const struct mutant_list *mutants;
    struct trial *trials;
    unsigned seconds;
    bool progress;
    size_t begun, ended;
    unsigned running;
};

/* A mutant may die: quietly. One that hangs uses up its time on a processor; however busy the
 * machine is, a sound one does not. */
static bool begin_trial(struct pool *pool)
{
    size_t index = pool->begun;
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){.rlim_cur = 0});
        setrlimit(RLIMIT_CPU,
                  &(struct rlimit){.rlim_cur = pool->seconds, .rlim_max = pool->seconds + 1});
        trial_run(pool->suite, &pool->mutants->all[index], &pool->trials[index]);
        _exit(pool->trials[index].ended ? TRIAL_ENDED : TRIAL_CANNOT_RUN);
    }
    pool->begun++;
    pool->running++;
    return true;
}

/* Whether a process ended by what its mutant did; not for want of memory, nor by another's hand. */
static bool ended_by_itself(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status) != TRIAL_CANNOT_RUN;
    int number = WTERMSIG(status);
    return number != SIGKILL && number != SIGTERM && number != SIGINT && number != SIGHUP;
}

static bool await_trial(struct pool *pool)
{
    pid_t child;
    int status;
    do
        child = waitpid(-1, &status, 0);
    while (child < 0 && errno == EINTR);
    if (child < 0) {
        pool->running = 0; /* there are none */
        return false;
    }
    pool->running--;
    pool->ended++;
    if (pool->progress)
        fprintf(stderr, "\r%zu of %zu mutants", pool->ended, pool->mutants->count);
    return ended_by_itself(status);
}

static unsigned processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > PROCESSORS_MAX ? PROCESSORS_MAX : (unsigned)online;
}

static bool run_all(struct pool *pool)
{
    unsigned at_once = processors();
    bool goes_on = true;
    while (goes_on && pool->begun < pool->mutants->count) {
        goes_on = begin_trial(pool);
        while (goes_on && pool->running == at_once)
            goes_on = await_trial(pool);
    }
    while (pool->running != 0)
        goes_on = await_trial(pool) && goes_on;
    if (pool->progress)
        fputs("\r\033[K", stderr);
    return goes_on;
}

struct trial *pool_run(const struct suite *suite, const struct mutant_list *mutants,
                       unsigned seconds, bool progress)
{
    struct pool pool = {
        .suite = suite, .mutants = mutants, .seconds = seconds, .progress = progress};
    if (mutants->count == 0)
        return NULL;
    pool.trials = mmap(NULL, mutants->count * sizeof *pool.trials, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pool.trials == MAP_FAILED)
        return NULL;
    if (run_all(&pool))
        return pool.trials;
    trials_free(pool.trials, mutants->count);
    return NULL;
}

void trials_free(struct trial *trials, size_t count)
{
    if (trials != NULL)
        munmap(trials, count * sizeof *trials);
}
