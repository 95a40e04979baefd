/* `pagelaw merge`: shards of one run into one result file. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "load_result.h"
#include "merge.h"
#include "report_options.h"
#include "reports.h"
#include "result_out.h"

static const char help[] =
    "usage: pagelaw merge [OPTION...] RESULT...\n"
    "\n"
    "Puts the result files of a run's shards, in any order, into one result. They have to be of "
    "one suite,\n"
    "one subject, one profile and one version of Pagelaw.\n"
    "\n"
    "  --partial         some shards may be missing: then the result counts as interrupted\n"
    "  --output FILE     write it to a file (default: standard output)\n"
    "  --format FORMATS  a report of it to standard output, and with --output to files, as in "
    "`check`: text,\n"
    "                    json, junit, tap, markdown or html\n"
    "\n"
    "Exit status: 0 merged and no difference beyond the baseline, 1 merged and differences, 2 not "
    "merged.\n";

static const struct option long_options[] = {
    {"partial", no_argument, NULL, 'p'},
    {"output", required_argument, NULL, 'o'},
    {"format", required_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct merge_options {
    bool partial;
    struct report_options report; /* without formats, the result file alone is written */
};

/* 0, or -1 if help was asked for and given, or the exit status of an error. */
static int read_options(struct merge_options *options, int argc, char **argv)
{
    int option;
    *options = (struct merge_options){.partial = false};
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == '?')
            return option_error("merge", argv);
        if (option == 'h') {
            fputs(help, stdout);
            return -1;
        }
        options->partial = options->partial || option == 'p';
        bool taken;
        int status = report_options_take(&options->report, "merge", option, optarg, &taken);
        if (status != 0)
            return status;
    }
    if (argc == optind || argc - optind > MERGE_MAX)
        return usage_error("merge", "found %d result files, wanted from 1 to %d", argc - optind,
                           MERGE_MAX);
    return 0;
}

static bool write_merged(const struct result *result, const struct report_options *report)
{
    const char *output = report->output;
    if (report->format_count != 0)
        return result_out(report, result);
    errno = 0;
    if (output == NULL)
        return report_json(result, stdout);
    if (report_save(output, REPORT_JSON, result, NULL))
        return true;
    complain("%s: the result could not be written: %s", output,
             errno != 0 ? strerror(errno) : "out of memory");
    return false;
}

static int merge(struct result **results, char **paths, size_t count,
                 const struct merge_options *options)
{
    struct merged merged;
    char error[512];
    if (!merge_results(&merged, (const struct result *const *)results, (const char *const *)paths,
                       count, options->partial, error, sizeof error)) {
        complain("%s", error);
        return STATUS_CANNOT_RUN;
    }
    int status = write_merged(&merged.result, &options->report) ? status_of_result(&merged.result)
                                                                : STATUS_CANNOT_RUN;
    /* An exploration that found nothing has no scenario, and did look. */
    if (merged.result.suite.scenario_count != 0 && !result_has_checked(&merged.result)) {
        complain("nothing was checked: the subject supports none of it");
        status = STATUS_CANNOT_RUN;
    }
    merged_free(&merged);
    return status;
}

int command_merge(int argc, char **argv)
{
    struct merge_options options;
    int status = read_options(&options, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    size_t count = (size_t)(argc - optind), loaded = 0;
    struct result **results = calloc(count, sizeof(struct result *));
    while (results != NULL && loaded < count &&
           (results[loaded] = load_result(argv[(size_t)optind + loaded])) != NULL)
        loaded++;
    if (results == NULL)
        complain("out of memory");
    status = loaded == count ? merge(results, argv + optind, count, &options) : STATUS_CANNOT_RUN;
    for (size_t i = 0; i < loaded; i++)
        result_free(results[i]);
    free(results);
    return status;
}
