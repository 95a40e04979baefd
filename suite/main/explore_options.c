/* The options of `pagelaw explore`. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exploration.h"

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
    "  --scope SCOPE      within: no allocation reaches beyond the pages; full: some do, by up to\n"
    "                     as many pages and one (default: full for 1 and 2 pages, else within)\n"
    "  --protections SET  few (default): NOACCESS, READONLY, READWRITE, one with GUARD, wrong "
    "ones;\n"
    "                     all: code as well, and PAGE_NOCACHE and PAGE_WRITECOMBINE\n"
    "  --depth N          states that so many calls reach, at most\n"
    "  --states N         so many states, at most (default: 100000)\n"
    "  --sequences N      so many sequences, at most\n"
    "  --seconds N        so long, at most (at random: 5, if nothing else limits it)\n"
    "  --seed N           of --random; printed first, and enough to repeat a run of so many\n"
    "                     --sequences\n"
    "  --shard I/N        part I of N, from 1\n"
    "  --resume FILE      goes on where a run of this scope ended; the file is made and kept\n"
    "  --corpus FILE      the sequences that reached something new: made first, and kept\n"
    "  --keep FOLDER      writes a scenario for each finding there, as soon as it is shrunk\n"
    "  --timeout SECONDS  for one batch, and for one scenario (default: 10)\n" REPORT_OPTIONS_HELP
    "\n"
    "Exit status: 0 no difference beyond the baseline, 1 differences, 2 it could not be run. "
    "suite/EXPLORE.md has\n"
    "more, and how many machines share the work.\n";

static const struct option long_options[] = {
    {"exhaustive", no_argument, NULL, 'e'},
    {"random", no_argument, NULL, 'r'},
    {"subject", required_argument, NULL, 's'},
    {"profile", required_argument, NULL, 'p'},
    {"pages", required_argument, NULL, 'P'},
    {"granules", required_argument, NULL, 'G'},
    {"scope", required_argument, NULL, 'C'},
    {"protections", required_argument, NULL, 'K'},
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
    REPORT_LONG_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

#define FULL_PAGES_MAX 2 /* of which every state is visited unless something else is asked for */
#define RANDOM_SECONDS 5

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

/* One of two words. */
static int read_choice(const char *option, const char *text, const char *yes, const char *no,
                       bool *choice)
{
    *choice = strcmp(text, yes) == 0;
    if (*choice || strcmp(text, no) == 0)
        return 0;
    return usage_error("explore", "%s: found \"%s\", wanted %s or %s", option, text, yes, no);
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
    bool taken;
    int status = report_options_take(&exploration->report, "explore", option, value, &taken);
    if (taken)
        return status;
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
        exploration->has_scope = true;
        return read_choice("--scope", value, "within", "full", &options->within);
    case 'K':
        exploration->has_protections = true;
        return read_choice("--protections", value, "all", "few", &options->every_protection);
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
        if (*value == '\0')
            return usage_error("explore", "--keep: found \"\", wanted a folder");
        options->folder = value;
        exploration->keeps = true;
        return 0;
    case 'T':
        status = read_seconds("--timeout", value, &seconds);
        options->timeout_ms = (unsigned)(seconds * 1000);
        return status;
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
    if (!options->exhaustive && (exploration->has_scope || exploration->has_protections))
        return usage_error("explore", "--scope and --protections are for --exhaustive");
    if (!exploration->has_scope)
        options->within = options->pages > FULL_PAGES_MAX;
    if (!options->exhaustive && options->crossed_path != NULL)
        return usage_error("explore", "--resume is for --exhaustive; --random has --corpus");
    if (!options->random && (options->corpus_path != NULL || exploration->has_seed))
        return usage_error("explore", "--corpus and --seed are for --random");
    if (options->random && options->seconds <= 0 && options->sequences_max == 0)
        options->random_seconds = RANDOM_SECONDS;
    if (options->random && !exploration->has_seed)
        options->seed = (uint64_t)time(NULL);
    return 0;
}

int exploration_read_options(struct exploration *exploration, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        int status = option == '?' ? option_error("explore", argv)
                                   : read_option(exploration, option, optarg);
        if (status != 0)
            return status;
    }
    int status = report_options_check(&exploration->report, "explore");
    return status != 0 ? status : check_options(exploration, argc, argv);
}
