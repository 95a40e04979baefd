/* `oracle [--calls N] [--seed N] [PROFILE...]`: the model beside the naive oracle, on random calls,
 * a process for each profile, as many at once as there are processors. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "naive_rows.h"
#include "suite/terminal.h"

#define CALLS_DEFAULT 1000000
#define TRIALS_MAX 32

enum { STATUS_AGREE = 0, STATUS_DIFFER = 1, STATUS_CANNOT_RUN = 2 };

/* These five have every quirk between them. */
static const char *const usual[] = {"windows-98", "windows-2000-alpha", "windows-xp-x86",
                                    "windows-10-1809-x64", "windows-11-x64"};

/* Of one profile; written by its process, in memory that all share. */
struct trial {
    struct rows rows;
    struct rows_done done;
    volatile size_t calls; /* made so far */
    pid_t process;         /* 0: not begun, or over */
    int status;            /* as waitpid has it */
};

struct oracle {
    uint64_t seed;
    size_t calls;
    struct trial *trials;
    unsigned count, begun, running;
};

static const char usage[] =
    "usage: oracle [--calls N] [--seed N] [PROFILE...]\n\n"
    "Makes N random calls (default: a million) on the model and on a naive oracle, an array of\n"
    "pages, under each profile, and compares after each step all that can be seen of the two.\n"
    "The seed is chosen by the time, unless it is given, and printed.\n\n"
    "Exit status: 0 they agree, 1 they differ, 2 it could not be run.\n";

static int complain(const char *words, const char *more)
{
    fprintf(stderr, "oracle: %s%s\n", words, more);
    return STATUS_CANNOT_RUN;
}

/* ---- The arguments ---- */

static bool read_number(const char *text, uint64_t least, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = text == NULL ? 0 : strtoull(text, &end, 10);
    return text != NULL && *text >= '0' && *text <= '9' && *end == 0 && errno == 0 &&
           *number >= least;
}

static bool add_profile(struct oracle *oracle, const char *name)
{
    const struct pagelaw_profile *profile = pagelaw_profile_find(name);
    if (profile == NULL || !rows_knows(profile) || oracle->count == TRIALS_MAX)
        return false;
    oracle->trials[oracle->count++].rows.profile = profile;
    return true;
}

/* Fills the oracle, or says what is wrong with the arguments. */
static int read_arguments(struct oracle *oracle, int argc, char **argv)
{
    uint64_t number;
    for (int i = 1; i < argc; i++) {
        bool is_calls = strcmp(argv[i], "--calls") == 0, is_seed = strcmp(argv[i], "--seed") == 0;
        if ((is_calls || is_seed) && !read_number(argv[i + 1], is_calls, &number))
            return complain("a number is wanted after ", argv[i]);
        if (is_calls)
            oracle->calls = (size_t)number;
        else if (is_seed)
            oracle->seed = number;
        else if (argv[i][0] == '-')
            return complain("no such option: ", argv[i]);
        else if (!add_profile(oracle, argv[i]))
            return complain("no profile that the oracle knows the law of: ", argv[i]);
        i += is_calls || is_seed;
    }
    bool all = oracle->count == 0;
    for (size_t i = 0; all && i < sizeof usual / sizeof *usual; i++)
        add_profile(oracle, usual[i]);
    return STATUS_AGREE;
}

/* ---- The processes ---- */

static void note_calls(void *user, size_t calls)
{
    ((struct trial *)user)->calls = calls;
}

static bool begin_trial(struct oracle *oracle)
{
    struct trial *trial = &oracle->trials[oracle->begun];
    trial->rows.seed = oracle->seed;
    trial->rows.calls = oracle->calls;
    trial->rows.progress = note_calls;
    trial->rows.user = trial;
    trial->rows.out = tmpfile();
    fflush(NULL);
    pid_t child = trial->rows.out == NULL ? -1 : fork();
    if (child < 0)
        return false;
    if (child == 0) {
        bool agree = rows_run(&trial->rows, &trial->done);
        fflush(trial->rows.out);
        _exit(agree ? STATUS_AGREE : STATUS_DIFFER);
    }
    trial->process = child; /* not by the child, which shares it */
    oracle->begun++;
    oracle->running++;
    return true;
}

static void show_progress(const struct oracle *oracle)
{
    size_t done = 0, wanted = oracle->calls * oracle->count;
    for (unsigned i = 0; i < oracle->count; i++) {
        size_t calls = oracle->trials[i].calls;
        done += calls < oracle->calls ? calls : oracle->calls;
    }
    fprintf(stderr, "\r%zu of %zu calls", done, wanted);
}

/* Looks now and then who is still running. */
static void await_one(struct oracle *oracle, bool progress)
{
    const struct timespec moment = {.tv_nsec = 100 * 1000 * 1000};
    for (unsigned before = oracle->running; oracle->running == before;) {
        nanosleep(&moment, NULL);
        for (unsigned i = 0; i < oracle->begun; i++) {
            struct trial *trial = &oracle->trials[i];
            pid_t ended =
                trial->process == 0 ? 0 : waitpid(trial->process, &trial->status, WNOHANG);
            if (ended == 0 || (ended < 0 && errno == EINTR))
                continue;
            trial->process = 0;
            oracle->running--;
        }
        if (progress)
            show_progress(oracle);
    }
}

static bool run_all(struct oracle *oracle)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    bool progress = terminal_shows_progress(), goes_on = true;
    while (goes_on && oracle->begun < oracle->count) {
        goes_on = begin_trial(oracle);
        if (goes_on && (long)oracle->running >= processors)
            await_one(oracle, progress);
    }
    while (oracle->running != 0)
        await_one(oracle, progress);
    if (progress)
        fputs("\r\033[K", stderr);
    return goes_on;
}

/* ---- What came of it ---- */

static void copy_words(FILE *from)
{
    char line[512];
    rewind(from);
    while (fgets(line, sizeof line, from) != NULL)
        fputs(line, stdout);
}

static int tell(const struct trial *trial)
{
    const struct rows_done *done = &trial->done;
    enum pagelaw_function neglected = rows_neglected(&trial->rows, done);
    printf("%-20s %8zu calls %8zu steps %6zu processes  ", trial->rows.profile->name, done->calls,
           done->steps, done->ends + done->rows);
    if (!WIFEXITED(trial->status)) {
        printf("ended by signal %d\n", WTERMSIG(trial->status));
        return STATUS_CANNOT_RUN;
    }
    if (WEXITSTATUS(trial->status) != STATUS_AGREE) {
        puts("DIFFER");
        copy_words(trial->rows.out);
        return STATUS_DIFFER;
    }
    puts(neglected == PAGELAW_FUNCTION_END ? "agree" : "agree, but too few calls to say much");
    return STATUS_AGREE;
}

static int report(const struct oracle *oracle)
{
    int status = STATUS_AGREE;
    printf("The model beside the naive oracle, seed %" PRIu64 "\n", oracle->seed);
    for (unsigned i = 0; i < oracle->count; i++) {
        int one = tell(&oracle->trials[i]);
        status = one > status ? one : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct oracle oracle = {.calls = CALLS_DEFAULT, .seed = (uint64_t)time(NULL)};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return STATUS_AGREE;
    }
    oracle.trials = mmap(NULL, TRIALS_MAX * sizeof *oracle.trials, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (oracle.trials == MAP_FAILED)
        return complain("out of memory", "");
    int status = read_arguments(&oracle, argc, argv);
    if (status != STATUS_AGREE)
        return status;
    if (!run_all(&oracle))
        return complain("no process could be started", "");
    return report(&oracle);
}
