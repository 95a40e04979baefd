/* The options of `pagelaw check`. */
#include "check_options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#define JOBS_MAX 64
#define SHARDS_MAX 10000
#define TIMEOUT_MIN 0.001
#define TIMEOUT_MAX 3600.0

static const char help[] =
    "usage: pagelaw check [OPTION...] [SCENARIO|FOLDER...]\n"
    "\n"
    "Runs scenarios on a subject, judges what came back by the model, and reports every "
    "difference\n"
    "with its rule and source. SCENARIO is a .va file, FOLDER one with such files, or either of "
    "them\n"
    "among the built-in ones (\"reserve\", \"reserve/base-rounds-down\"). Default: all built in.\n"
    "\n"
    "  --subject NAME    what is checked (default: native)\n"
    "                      native        this system's memory API: on Windows the real one, "
    "elsewhere\n"
    "                                    Pagelaw's emulation layer over real memory\n"
    "                      model         the model itself, under the profile\n"
    "                      model:PROFILE the model under that profile, judged by --profile\n"
    "                      port:FILE     a shared library that exports VirtualAlloc, VirtualFree, "
    "...:\n"
    "                                    native/ports/README.md tells how\n"
    "                      exec:COMMAND  an agent over its standard input and output,\n"
    "                                    \"exec:wine pagelaw.exe agent\", \"exec:ssh box pagelaw "
    "agent\"\n"
    "  --profile NAME    which Windows the model plays (default: the nearest to the subject's "
    "version)\n"
    "  --rule ID         only scenarios that name the rule; may be given more than once\n"
    "  --shard I/N       only the I-th of N parts of the scenarios, for many machines\n"
    "  --jobs N          scenarios at once (default: 2)\n"
    "  --timeout SECONDS for one scenario (default: 10)\n"
    "  --seed N          run in an order shuffled by N (default: by path)\n" REPORT_OPTIONS_HELP
    "\n"
    "Exit status: 0 no difference beyond the baseline, 1 differences, 2 it could not be run as "
    "asked.\n";

static const struct option long_options[] = {
    {"subject", required_argument, NULL, 's'}, {"profile", required_argument, NULL, 'p'},
    {"rule", required_argument, NULL, 'r'},    {"shard", required_argument, NULL, 'N'},
    {"jobs", required_argument, NULL, 'j'},    {"timeout", required_argument, NULL, 't'},
    {"seed", required_argument, NULL, 'S'},    REPORT_LONG_OPTIONS,

    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
};

/* A whole number from 1 to `most`, or -1. */
static int read_count(const char *text, int most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    return errno != 0 || *end != '\0' || end == text || value < 1 || value > most ? -1 : (int)value;
}

static int read_jobs(struct check_options *options, const char *text)
{
    int jobs = read_count(text, JOBS_MAX);
    if (jobs < 0)
        return usage_error("check", "--jobs: found \"%s\", wanted a number from 1 to %d", text,
                           JOBS_MAX);
    options->jobs = (unsigned)jobs;
    return 0;
}

static int read_timeout(struct check_options *options, const char *text)
{
    char *end;
    options->timeout = strtod(text, &end);
    if (*end != '\0' || end == text ||
        !(options->timeout >= TIMEOUT_MIN && options->timeout <= TIMEOUT_MAX))
        return usage_error("check", "--timeout: found \"%s\", wanted seconds, from %g to %g", text,
                           TIMEOUT_MIN, TIMEOUT_MAX);
    return 0;
}

static int read_seed(struct check_options *options, const char *text)
{
    char *end;
    errno = 0;
    options->seed = strtoull(text, &end, 0);
    options->has_seed = true;
    if (errno != 0 || *end != '\0' || end == text || strchr(text, '-') != NULL)
        return usage_error("check", "--seed: found \"%s\", wanted a number from 0 to %llu", text,
                           ULLONG_MAX);
    return 0;
}

static int read_shard(struct check_options *options, char *text)
{
    char *slash = strchr(text, '/');
    int count = slash == NULL ? -1 : read_count(slash + 1, SHARDS_MAX), shard = -1;
    if (count > 0) {
        *slash = '\0';
        shard = read_count(text, count);
        *slash = '/';
    }
    if (shard < 0)
        return usage_error("check", "--shard: found \"%s\", wanted I/N: the part and how many",
                           text);
    options->shard = (unsigned)shard;
    options->shard_count = (unsigned)count;
    return 0;
}

static int read_rule(struct check_options *options, char *text)
{
    if (options->rule_count == RULES_MAX)
        return usage_error("check", "--rule: more than %d", RULES_MAX);
    options->rules[options->rule_count++] = text;
    return 0;
}

static int read_option(struct check_options *options, int option, char *value)
{
    bool taken;
    int status = report_options_take(&options->report, "check", option, value, &taken);
    if (taken)
        return status;
    switch (option) {
    case 's':
        options->subject = value;
        return 0;
    case 'p':
        options->profile = value;
        return 0;
    case 'r':
        return read_rule(options, value);
    case 'N':
        return read_shard(options, value);
    case 'j':
        return read_jobs(options, value);
    case 't':
        return read_timeout(options, value);
    case 'S':
        return read_seed(options, value);
    default:
        fputs(help, stdout);
        return -1;
    }
}

int check_options_read(struct check_options *options, int argc, char **argv)
{
    *options = (struct check_options){.subject = "native", .jobs = 2, .timeout = 10};
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        int status =
            option == '?' ? option_error("check", argv) : read_option(options, option, optarg);
        if (status != 0)
            return status;
    }
    options->scenarios = argv + optind;
    options->scenario_count = argc - optind;
    return report_options_check(&options->report, "check");
}
