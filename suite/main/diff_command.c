/* `pagelaw diff`: what changed between two result files. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "load_result.h"
#include "report_diff.h"
#include "suite/terminal.h"

static const char help[] =
    "usage: pagelaw diff [OPTION...] OLD NEW\n"
    "\n"
    "Says what changed between two result files, of two versions of a subject or of two subjects: "
    "which\n"
    "differences appeared, which have gone, and which are there with another value, by rule.\n"
    "\n"
    "  --format FORMAT  text (default), json or markdown\n"
    "  --full           all scenarios that cannot be compared, not only the first\n"
    "\n"
    "Exit status: 0 nothing changed, 1 something did, 2 it could not be done as asked.\n";

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'f'},
    {"full", no_argument, NULL, 'F'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct diff_options {
    enum report_format format;
    bool full;
};

static int read_format(struct diff_options *options, const char *text)
{
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_JSON, REPORT_MARKDOWN};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        options->format = formats[i];
        if (strcmp(text, report_format_word(formats[i])) == 0)
            return 0;
    }
    return usage_error("diff", "--format: found \"%s\", wanted text, json or markdown", text);
}

/* 0, or -1 if help was asked for and given, or the exit status of an error. */
static int read_options(struct diff_options *options, int argc, char **argv)
{
    int option, status = 0;
    *options = (struct diff_options){.format = REPORT_TEXT};
    while (status == 0 && (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == '?')
            return option_error("diff", argv);
        if (option == 'f')
            status = read_format(options, optarg);
        options->full = options->full || option == 'F';
        if (option != 'h')
            continue;
        fputs(help, stdout);
        return -1;
    }
    if (status == 0 && argc - optind != 2)
        return usage_error("diff", "found %d result files, wanted two: the old one and the new one",
                           argc - optind);
    return status;
}

static bool report(const struct result_diff *diff, const struct diff_options *options)
{
    const struct report_style style = {
        .full = options->full, .width = terminal_width(), .colour = terminal_colour()};
    if (options->format == REPORT_JSON)
        return report_diff_json(diff, stdout);
    if (options->format == REPORT_MARKDOWN)
        return report_diff_markdown(diff, stdout);
    return report_diff_text(diff, &style, stdout);
}

static int compare(const struct result *then, const struct result *now,
                   const struct diff_options *options)
{
    struct result_diff diff;
    if (!result_diff_make(&diff, then, now)) {
        complain("out of memory");
        return STATUS_CANNOT_RUN;
    }
    bool changed = diff.change_count + diff.uncompared_count != 0;
    bool reported = report(&diff, options);
    result_diff_free(&diff);
    if (!reported)
        return STATUS_CANNOT_RUN;
    return changed ? STATUS_DIFFERENCES : STATUS_NO_DIFFERENCE;
}

int command_diff(int argc, char **argv)
{
    struct diff_options options;
    int status = read_options(&options, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    struct result *then = load_result(argv[optind]), *now = load_result(argv[optind + 1]);
    status = then == NULL || now == NULL ? STATUS_CANNOT_RUN : compare(then, now, &options);
    result_free(then);
    result_free(now);
    return status;
}
