/* `pagelaw explore`. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "reports.h"
#include "subject.h"
#include "suite/explore.h"
#include "suite/terminal.h"
#include "version.h"

static const char help[] =
    "usage: pagelaw explore [OPTION...]\n"
    "\n"
    "Finds differences that nobody wrote down: makes sequences of calls and touches on a subject,\n"
    "holds each against the model, and shrinks what differs to a scenario of a few calls.\n"
    "\n"
    "  --exhaustive       every transition between the states of a small hole\n"
    "  --random           sequences at random, led to what is rarely seen, until a limit\n"
    "                     (default: the one, then the other)\n"
    "  --subject SUBJECT  native (default), model, port:FILE or exec:COMMAND, as in `check`\n"
    "  --profile NAME     which Windows the model plays (default: the subject's own)\n"
    "  --pages N          of the hole, that the calls are about: 1 to 16 (default: 1; at random "
    "3)\n"
    "  --granules N       that the hole is large: 1 to 8 (default: 1; at random 2)\n"
    "  --scope SCOPE      full: from every state; plain: of states with several allocations, only\n"
    "                     from two that are each all of one kind and not written to (default: "
    "full\n"
    "                     for 1 and 2 pages, else plain)\n"
    "  --depth N          states that so many calls reach, at most\n"
    "  --states N         so many states, at most (default: 100000)\n"
    "  --sequences N      so many sequences, at most\n"
    "  --seconds N        so long, at most (--random: 5, if nothing else limits it)\n"
    "  --seed N           of --random; printed first, and enough to repeat a run of so many\n"
    "                     --sequences\n"
    "  --shard I/N        part I of N, from 1\n"
    "  --resume FILE      goes on where a run of this scope ended; the file is made and kept\n"
    "  --corpus FILE      the sequences that reached something new: made first, and kept\n"
    "  --keep FOLDER      writes a scenario for each finding there, as soon as it is shrunk\n"
    "  --timeout SECONDS  for one batch, and for one scenario (default: 10)\n"
    "  --format FORMAT    text (default) or json, a result file with a scenario for each finding\n"
    "  --full             the text report with everything\n"
    "\n"
    "Exit status: 0 no difference, 1 differences, 2 it could not be run. suite/EXPLORE.md has\n"
    "more, and how many machines share the work.\n";

static const struct option long_options[] = {
    {"exhaustive", no_argument, NULL, 'e'},
    {"random", no_argument, NULL, 'r'},
    {"subject", required_argument, NULL, 's'},
    {"profile", required_argument, NULL, 'p'},
    {"pages", required_argument, NULL, 'P'},
    {"granules", required_argument, NULL, 'G'},
    {"scope", required_argument, NULL, 'C'},
    {"depth", required_argument, NULL, 'd'},
    {"states", required_argument, NULL, 'S'},
    {"sequences", required_argument, NULL, 'n'},
    {"seconds", required_argument, NULL, 't'},
    {"seed", required_argument, NULL, 'x'},
    {"shard", required_argument, NULL, 'I'},
    {"resume", required_argument, NULL, 'R'},
    {"corpus", required_argument, NULL, 'c'},
    {"keep", required_argument, NULL, 'k'},
    {"timeout", required_argument, NULL, 'T'},
    {"format", required_argument, NULL, 'f'},
    {"full", no_argument, NULL, 'F'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

#define FULL_PAGES_MAX 2 /* of which every state is visited unless something else is asked for */

struct exploration {
    struct explore_options options;
    struct explored explored;
    struct started_subject subject;
    const char *subject_name, *profile_name;
    bool keeps, has_seed, has_scope, json, full, progress, unwritten;
    time_t began;
};

static volatile int stop_asked;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* ---- Options ---- */

static int read_number(const char *option, const char *text, uint64_t least, uint64_t most,
                       uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 0);
    if (errno == 0 && end != text && *end == '\0' && strchr(text, '-') == NULL &&
        *number >= least && *number <= most)
        return 0;
    return usage_error("explore", "%s: found \"%s\", wanted a number from %" PRIu64 " to %" PRIu64,
                       option, text, least, most);
}

static int read_unsigned(const char *option, const char *text, unsigned most, unsigned *number)
{
    uint64_t wide = 0;
    int status = read_number(option, text, 1, most, &wide);
    *number = (unsigned)wide;
    return status;
}

static int read_shard(struct explore_options *options, const char *text)
{
    char rest;
    if (sscanf(text, "%u/%u%c", &options->shard, &options->shards, &rest) == 2 &&
        options->shard >= 1 && options->shard <= options->shards && options->shards <= 1000000)
        return 0;
    return usage_error("explore", "--shard: found \"%s\", wanted I/N: the part and how many", text);
}

static int read_format(struct exploration *exploration, const char *text)
{
    exploration->json = strcmp(text, "json") == 0;
    if (exploration->json || strcmp(text, "text") == 0)
        return 0;
    return usage_error("explore", "--format: found \"%s\", wanted text or json", text);
}

static int read_scope(struct exploration *exploration, const char *text)
{
    exploration->has_scope = true;
    exploration->options.plain = strcmp(text, "plain") == 0;
    if (exploration->options.plain || strcmp(text, "full") == 0)
        return 0;
    return usage_error("explore", "--scope: found \"%s\", wanted full or plain", text);
}

static int read_seconds(const char *option, const char *text, double *seconds)
{
    char *end;
    *seconds = strtod(text, &end);
    if (*end == '\0' && end != text && *seconds >= 0.001 && *seconds <= 86400)
        return 0;
    return usage_error("explore", "%s: found \"%s\", wanted seconds, from 0.001 to 86400", option,
                       text);
}

/* A dispatcher: one line for each option. */
static int read_option(struct exploration *exploration, int option, const char *value)
{
    struct explore_options *options = &exploration->options;
    double seconds = 0;
    uint64_t states = 0;
    int status;
    switch (option) {
    case 'e':
    case 'r':
        options->exhaustive = options->exhaustive || option == 'e';
        options->random = options->random || option == 'r';
        return 0;
    case 's':
        exploration->subject_name = value;
        return 0;
    case 'p':
        exploration->profile_name = value;
        return 0;
    case 'P':
        status = read_unsigned("--pages", value, 16, &options->pages);
        options->random_pages = options->pages;
        return status;
    case 'G':
        status = read_unsigned("--granules", value, 8, &options->granules);
        options->random_granules = options->granules;
        return status;
    case 'C':
        return read_scope(exploration, value);
    case 'd':
        return read_unsigned("--depth", value, 64, &options->depth);
    case 'S':
        status = read_number("--states", value, 1, 4000000, &states);
        options->states_max = (size_t)states;
        return status;
    case 'n':
        return read_number("--sequences", value, 1, UINT64_MAX, &options->sequences_max);
    case 't':
        return read_seconds("--seconds", value, &options->seconds);
    case 'x':
        exploration->has_seed = true;
        return read_number("--seed", value, 0, UINT64_MAX, &options->seed);
    case 'I':
        return read_shard(options, value);
    case 'R':
        options->crossed_path = value;
        return 0;
    case 'c':
        options->corpus_path = value;
        return 0;
    case 'k':
        options->folder = value;
        exploration->keeps = true;
        return 0;
    case 'T':
        status = read_seconds("--timeout", value, &seconds);
        options->timeout_ms = (unsigned)(seconds * 1000);
        return status;
    case 'f':
        return read_format(exploration, value);
    case 'F':
        exploration->full = true;
        return 0;
    default:
        fputs(help, stdout);
        return -1;
    }
}

static int check_options(struct exploration *exploration, int argc, char **argv)
{
    struct explore_options *options = &exploration->options;
    if (optind < argc)
        return usage_error("explore", "found \"%s\", wanted nothing more", argv[optind]);
    if (!options->exhaustive && !options->random)
        options->exhaustive = options->random = true;
    if (!options->exhaustive && exploration->has_scope)
        return usage_error("explore", "--scope is for --exhaustive");
    if (!exploration->has_scope)
        options->plain = options->pages > FULL_PAGES_MAX;
    if (!options->exhaustive && options->crossed_path != NULL)
        return usage_error("explore", "--resume is for --exhaustive; --random has --corpus");
    if (!options->random && (options->corpus_path != NULL || exploration->has_seed))
        return usage_error("explore", "--corpus and --seed are for --random");
    if (options->random && options->seconds <= 0 && options->sequences_max == 0)
        options->seconds = 5;
    if (options->random && !exploration->has_seed)
        options->seed = (uint64_t)time(NULL);
    return 0;
}

static int read_options(struct exploration *exploration, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        int status = option == '?' ? option_error("explore", argv)
                                   : read_option(exploration, option, optarg);
        if (status != 0)
            return status;
    }
    return check_options(exploration, argc, argv);
}

/* ---- While it runs ---- */

static void clear_progress(const struct exploration *exploration)
{
    if (exploration->progress)
        fputs("\r\033[K", stderr);
}

static void show_progress(void *user)
{
    const struct exploration *exploration = user;
    const struct explored *explored = &exploration->explored;
    if (exploration->progress)
        fprintf(stderr, "\r\033[K%" PRIu64 " sequences, %" PRIu64 " calls, %zu findings",
                explored->sequences, explored->acts, explored->finding_count);
}

/* What was found is written at once: an interruption costs nothing. */
static void keep_finding(void *user, size_t index)
{
    struct exploration *exploration = user;
    const struct explore_finding *finding = &exploration->explored.findings[index];
    clear_progress(exploration);
    fprintf(stderr, "found: %s, %s, in %u calls\n",
            finding->rule[0] != '\0' ? finding->rule : "no rule", finding->what, finding->calls);
    if (!exploration->keeps)
        return;
    FILE *file = fopen(finding->path, "wb");
    bool written = file != NULL && fputs(finding->text, file) >= 0;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (written)
        return;
    complain("%s: %s", finding->path, strerror(errno));
    exploration->unwritten = true;
}

/* ---- The report ---- */

static double percent(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : 100.0 * (double)part / (double)all;
}

static void print_reach(const struct explored *explored, FILE *out)
{
    if (explored->states_reached == explored->states)
        return;
    fprintf(out,
            "%" PRIu64 " states are reached, of their transitions %" PRIu64
            " were crossed (%.2f %%); on each way to the others the subject does otherwise:",
            explored->states_reached, explored->crossed,
            percent(explored->crossed, explored->transitions_reached));
    for (unsigned i = 0; i < explored->bar_count; i++)
        fprintf(out, "%s %s in %" PRIu64 " transitions", i == 0 ? "" : ",", explored->bars[i].rule,
                explored->bars[i].transitions);
    fputc('\n', out);
}

static void print_scope(const struct exploration *exploration, FILE *out)
{
    const struct explored *explored = &exploration->explored;
    fprintf(out,
            "%" PRIu64 " states%s, %" PRIu64 " transitions, %" PRIu64 " crossed (%.2f %%); %" PRIu64
            " are settled by no source\n",
            explored->states,
            !explored->whole             ? " within the bounds"
            : exploration->options.plain ? ", all plain ones"
                                         : ", all there are",
            explored->transitions, explored->crossed,
            percent(explored->crossed, explored->transitions), explored->barred);
    if (exploration->options.plain)
        fprintf(out,
                "%" PRIu64 " transitions lead to states that are not plain, from which nothing "
                "was tried: `--scope full` does\n",
                explored->left);
    print_reach(explored, out);
}

static void print_counts(const struct exploration *exploration, FILE *out)
{
    const struct explored *explored = &exploration->explored;
    double seconds = (double)explored->screening_us / 1e6;
    if (exploration->options.exhaustive)
        print_scope(exploration, out);
    if (exploration->options.random)
        fprintf(out, "%" PRIu64 " states of the model were seen at random\n",
                explored->states_at_random);
    fprintf(out,
            "%" PRIu64 " sequences, %" PRIu64 " calls; %" PRIu64
            " sequences were not as the model itself answers\n",
            explored->sequences, explored->acts, explored->odd);
    if (seconds > 0 && !exploration->json)
        fprintf(out, "screening took %.2f s: %.0f calls a second\n", seconds,
                (double)explored->acts / seconds);
}

static bool print_result(const struct exploration *exploration, const char *command,
                         const struct result_scenario *scenarios, size_t count)
{
    char date[32] = "", hash[17];
    const struct explore_options *options = &exploration->options;
    const struct tm *utc = gmtime(&exploration->began);
    if (utc != NULL)
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", utc);
    const struct result result = {
        .version = PAGELAW_VERSION,
        .subject = exploration->subject_name,
        .backend = exploration->subject.info.backend,
        .processor = exploration->subject.info.processor,
        .system = exploration->subject.info.system,
        .profile = exploration->subject.profile->name,
        .profile_reason = exploration->subject.profile_reason,
        .command = command,
        .scenarios = scenarios,
        .scenario_count = count,
        .interrupted = exploration->explored.interrupted,
        .host_date = date,
        .suite = {.hash = hash, .shard = options->shard, .shard_count = options->shards}};
    snprintf(hash, sizeof hash, "%016" PRIx64, exploration->explored.hash);
    const struct report_style style = {
        .full = exploration->full, .width = terminal_width(), .colour = terminal_colour()};
    return exploration->json ? report_json(&result, stdout) : report_text(&result, &style, stdout);
}

static int by_path(const void *one, const void *other)
{
    return strcmp(((const struct result_scenario *)one)->path,
                  ((const struct result_scenario *)other)->path);
}

static bool report(const struct exploration *exploration)
{
    const struct explored *explored = &exploration->explored;
    struct result_scenario *scenarios = calloc(explored->finding_count + 1, sizeof *scenarios);
    size_t count = 0;
    char command[512];
    snprintf(command, sizeof command, "pagelaw check --subject '%s'", exploration->subject_name);
    for (size_t i = 0; scenarios != NULL && i < explored->finding_count; i++)
        if (explored->findings[i].judgement != NULL)
            scenarios[count++] = explored->findings[i].judgement->result;
    bool printed = scenarios != NULL;
    if (scenarios != NULL)
        qsort(scenarios, count, sizeof *scenarios, by_path);
    if (printed && (count != 0 || exploration->json))
        printed = print_result(exploration, command, scenarios, count);
    free(scenarios);
    print_counts(exploration, exploration->json ? stderr : stdout);
    if (count != 0 && !exploration->keeps)
        fputs("`--keep FOLDER` writes these scenarios to files\n", stderr);
    if (count == 0 && !exploration->json)
        puts("No differences.");
    return printed;
}

static int conclude(struct exploration *exploration, bool ran, const char *error)
{
    clear_progress(exploration);
    if (!ran)
        complain("%s", error);
    bool reported = report(exploration);
    if (exploration->explored.interrupted)
        complain("interrupted: what was found by then is in the report");
    if (!ran || !reported || exploration->unwritten || exploration->explored.acts == 0 ||
        exploration->explored.interrupted)
        return STATUS_CANNOT_RUN;
    return exploration->explored.finding_count == 0 ? STATUS_NO_DIFFERENCE : STATUS_DIFFERENCES;
}

int command_explore(int argc, char **argv)
{
    static struct exploration exploration;
    char error[512];
    struct explore_options *options = &exploration.options;
    *options = (struct explore_options){.pages = 1,
                                        .granules = 1,
                                        .random_pages = 3,
                                        .random_granules = 2,
                                        .folder = "explored",
                                        .states_max = 100000,
                                        .timeout_ms = 10000,
                                        .start_timeout_ms = SUBJECT_START_MS,
                                        .stop = &stop_asked,
                                        .found = keep_finding,
                                        .progress = show_progress,
                                        .user = &exploration};
    exploration.subject_name = "native";
    int status = read_options(&exploration, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    if (options->random)
        fprintf(stderr, "seed %" PRIu64 "\n", options->seed);
    exploration.began = time(NULL);
    exploration.progress = terminal_shows_progress();
    status = subject_start(&exploration.subject, "explore", exploration.subject_name,
                           exploration.profile_name);
    if (status != 0)
        return status;
    options->subject = &exploration.subject.chosen.subject;
    options->info = &exploration.subject.info;
    options->profile = exploration.subject.profile;
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    bool ran = explore_run(options, &exploration.explored, error, sizeof error);
    status = conclude(&exploration, ran, error);
    explored_free(&exploration.explored);
    return status;
}
