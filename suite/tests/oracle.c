/* `oracle [OPTION...] [PROFILE...]`: the model beside the naive oracle, on random calls or in every
 * state of a small hole, a process for each profile, as many at once as there are processors. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "naive_rows.h"
#include "naive_states.h"
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
    struct states states;
    struct states_done crossed;
    volatile size_t calls; /* made so far */
    pid_t process;         /* 0: not begun, or over */
    int status;            /* as waitpid has it */
};

struct oracle {
    uint64_t seed;
    size_t calls;
    struct scope scope; /* with pages: each of its transitions, instead of calls at random */
    struct trial *trials;
    unsigned count, begun, running;
};

static const char usage[] =
    "usage: oracle [--calls N] [--seed N] [PROFILE...]\n"
    "       oracle --pages N [--scope within] [--protections all] [PROFILE...]\n\n"
    "Makes N random calls (default: a million) on the model and on a naive oracle, an array of\n"
    "pages, under each profile, and compares after each step all that can be seen of the two.\n"
    "The seed is chosen by the time, unless it is given, and printed. With --pages it makes "
    "instead\n"
    "every call of an alphabet in every state of so many pages: as `pagelaw explore "
    "--exhaustive`,\n"
    "with its scopes and protections.\n\n"
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

/* Where none is named: of states, which take a profile little time, all. */
static void add_profiles(struct oracle *oracle)
{
    if (oracle->scope.pages == 0)
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            add_profile(oracle, usual[i]);
    else
        for (size_t i = 0; pagelaw_profile_at(i) != NULL; i++)
            add_profile(oracle, pagelaw_profile_at(i)->name);
}

/* Whether it is an option with one of its words. */
static bool read_word(struct scope *scope, const char *option, const char *word)
{
    bool is_scope = strcmp(option, "--scope") == 0;
    bool is_protections = strcmp(option, "--protections") == 0;
    const char *yes = is_scope ? "within" : "all", *no = is_scope ? "full" : "few";
    if ((!is_scope && !is_protections) || word == NULL ||
        (strcmp(word, yes) != 0 && strcmp(word, no) != 0))
        return false;
    *(is_scope ? &scope->within : &scope->every_protection) = strcmp(word, yes) == 0;
    return true;
}

/* Fills the oracle, or says what is wrong with the arguments. */
static int read_arguments(struct oracle *oracle, int argc, char **argv)
{
    uint64_t number;
    for (int i = 1; i < argc; i++) {
        bool is_calls = strcmp(argv[i], "--calls") == 0, is_seed = strcmp(argv[i], "--seed") == 0,
             is_pages = strcmp(argv[i], "--pages") == 0;
        if ((is_calls || is_seed || is_pages) && !read_number(argv[i + 1], !is_seed, &number))
            return complain("a number is wanted after ", argv[i]);
        if (is_calls)
            oracle->calls = (size_t)number;
        else if (is_seed)
            oracle->seed = number;
        else if (is_pages)
            oracle->scope.pages = (unsigned)number;
        else if (read_word(&oracle->scope, argv[i], argv[i + 1]))
            i++;
        else if (argv[i][0] == '-')
            return complain("no such option: ", argv[i]);
        else if (!add_profile(oracle, argv[i]))
            return complain("no profile that the oracle knows the law of: ", argv[i]);
        i += is_calls || is_seed || is_pages;
    }
    if (oracle->count == 0)
        add_profiles(oracle);
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
    trial->rows.out = trial->states.out = tmpfile();
    trial->states.profile = trial->rows.profile;
    trial->states.scope = oracle->scope;
    fflush(NULL);
    pid_t child = trial->rows.out == NULL ? -1 : fork();
    if (child < 0)
        return false;
    if (child == 0) {
        bool agree = oracle->scope.pages != 0 ? states_run(&trial->states, &trial->crossed)
                                              : rows_run(&trial->rows, &trial->done);
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
    size_t done = 0, wanted = oracle->calls * oracle->count, states = 0;
    for (unsigned i = 0; i < oracle->count; i++) {
        size_t calls = oracle->trials[i].calls;
        done += calls < oracle->calls ? calls : oracle->calls;
        states += oracle->trials[i].crossed.states;
    }
    if (oracle->scope.pages != 0)
        fprintf(stderr, "\r%zu states", states);
    else
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

static const char *tell_rows(const struct trial *trial)
{
    const struct rows_done *done = &trial->done;
    printf("%8zu calls %8zu steps %6zu processes  ", done->calls, done->steps,
           done->ends + done->rows);
    return rows_neglected(&trial->rows, done) == PAGELAW_FUNCTION_END
               ? "agree"
               : "agree, but too few calls to say much";
}

static const char *tell_states(const struct trial *trial)
{
    const struct states_done *done = &trial->crossed;
    printf("%8" PRIu32 " states %10zu transitions, %8zu settled by no source  ", done->states,
           done->transitions, done->unsettled);
    return done->whole ? "agree" : "agree, as far as there is memory";
}

static int tell(const struct trial *trial, bool of_states)
{
    printf("%-20s ", trial->rows.profile->name);
    const char *agree = of_states ? tell_states(trial) : tell_rows(trial);
    if (!WIFEXITED(trial->status)) {
        printf("ended by signal %d\n", WTERMSIG(trial->status));
        return STATUS_CANNOT_RUN;
    }
    if (WEXITSTATUS(trial->status) != STATUS_AGREE) {
        puts("DIFFER");
        copy_words(trial->rows.out);
        return STATUS_DIFFER;
    }
    puts(agree);
    return STATUS_AGREE;
}

static int report(const struct oracle *oracle)
{
    int status = STATUS_AGREE;
    bool of_states = oracle->scope.pages != 0;
    if (of_states)
        puts("The model beside the naive oracle, in every state");
    else
        printf("The model beside the naive oracle, seed %" PRIu64 "\n", oracle->seed);
    for (unsigned i = 0; i < oracle->count; i++) {
        int one = tell(&oracle->trials[i], of_states);
        status = one > status ? one : status;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct oracle oracle = {
        .calls = CALLS_DEFAULT, .seed = (uint64_t)time(NULL), .scope = {.granules = 1}};
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
