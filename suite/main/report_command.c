/* `pagelaw report`. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "folder.h"
#include "load.h"
#include "load_result.h"
#include "make_book.h"
#include "pagelaw/profile.h"
#include "read_result.h"
#include "report_site.h"
#include "save.h"
#include "suite/repro.h"

#define NEWEST_PROFILE "windows-11-x64"
#define NAME_MAX_BYTES 4096

static const char help[] =
    "usage: pagelaw report RESULT... --output FOLDER [--format FORMAT]\n"
    "\n"
    "Makes the handbook of result files (`pagelaw check --output x.json`): the matrix of rules "
    "and\n"
    "subjects, a page for each rule with what each subject did, what changed between versions of\n"
    "one subject, and how to read it. Open index.html in FOLDER: it needs no server and no "
    "network.\n"
    "\n"
    "  --output FOLDER   where it goes; made if it is not there, and files in it are replaced\n"
    "  --format FORMAT   html (default) or markdown\n"
    "\n"
    "Subjects stand in the order of the files. Exit status: 0 written, 2 it could not be.\n";

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"format", required_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct report {
    const char *folder;
    enum site_format format;
    struct result *results[SITE_SUBJECTS_MAX];
    size_t result_count;
    struct load load;
};

/* ---- Options ---- */

static int read_format(struct report *report, const char *text)
{
    if (strcmp(text, "html") == 0)
        report->format = SITE_HTML;
    else if (strcmp(text, "markdown") == 0)
        report->format = SITE_MARKDOWN;
    else
        return usage_error("report", "--format: found \"%s\", wanted html or markdown", text);
    return 0;
}

/* 0, or -1 if help was asked for and given, or the exit status of an error. */
static int read_options(struct report *report, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        int status = 0;
        if (option == '?')
            return option_error("report", argv);
        if (option == 'h') {
            fputs(help, stdout);
            return -1;
        }
        if (option == 'o')
            report->folder = optarg;
        else
            status = read_format(report, optarg);
        if (status != 0)
            return status;
    }
    if (optind == argc)
        return usage_error("report", "found no result file, wanted at least one");
    if (argc - optind > SITE_SUBJECTS_MAX)
        return usage_error("report", "found %d result files, wanted at most %d", argc - optind,
                           SITE_SUBJECTS_MAX);
    if (report->folder == NULL || *report->folder == '\0')
        return usage_error("report", "--output: wanted the folder that the report goes to");
    if (strlen(report->folder) > NAME_MAX_BYTES - 256)
        return usage_error("report", "--output: the name of the folder is too long");
    return 0;
}

/* ---- What it is made from ---- */

static int load_results(struct report *report, int count, char **paths)
{
    for (int i = 0; i < count; i++) {
        struct result *result = load_result(paths[i]);
        if (result == NULL)
            return STATUS_CANNOT_RUN;
        report->results[report->result_count++] = result;
    }
    return 0;
}

static const char *text_of(void *user, const char *path)
{
    const struct report *report = user;
    for (size_t i = 0; i < report->load.count; i++) {
        if (strcmp(report->load.all[i].scenario->path, path) == 0)
            return report->load.all[i].item.text;
    }
    return NULL;
}

static char *print_for(const struct scenario *scenario, const char *profile_name)
{
    char error[512];
    const struct pagelaw_profile *profile =
        profile_name == NULL ? NULL : pagelaw_profile_find(profile_name);
    return profile == NULL ? NULL : repro_print(scenario, profile, error, sizeof error);
}

/* For the newest Windows, or, of a scenario that is not for it, for the one that it ran under. */
static char *program_of(void *user, const char *path, const char *text, const char *profile)
{
    (void)user;
    struct scenario_error error;
    struct scenario *scenario = scenario_parse(path, text, strlen(text), &error);
    if (scenario == NULL)
        return NULL;
    char *program = print_for(scenario, NEWEST_PROFILE);
    if (program == NULL)
        program = print_for(scenario, profile);
    scenario_free(scenario);
    return program;
}

/* ---- Where it goes ---- */

static bool save_page(void *user, const char *name, bool (*write)(const void *what, FILE *out),
                      const void *what)
{
    const struct report *report = user;
    char path[NAME_MAX_BYTES];
    snprintf(path, sizeof path, "%s/%s", report->folder, name);
    errno = 0;
    if (save_file(path, write, what))
        return true;
    complain("%s: cannot be written: %s; is there space, and may this folder be written to?", path,
             errno != 0 ? strerror(errno) : "out of memory");
    return false;
}

static bool make_folders(const struct report *report)
{
    char rules[NAME_MAX_BYTES];
    snprintf(rules, sizeof rules, "%s/rules", report->folder);
    errno = 0;
    if (folder_make(rules))
        return true;
    complain("--output: the folder %s cannot be made: %s", rules, strerror(errno));
    return false;
}

/* ---- All ---- */

static bool write_site(struct report *report, const struct book *book)
{
    char error[256];
    const struct site_input input = {.book = book,
                                     .results = (const struct result *const *)report->results,
                                     .result_count = report->result_count,
                                     .user = report,
                                     .text = text_of,
                                     .program = program_of};
    const struct site_output output = {report, save_page};
    if (report_site(&input, report->format, &output, error, sizeof error))
        return true;
    if (*error != '\0')
        complain("%s", error);
    return false;
}

static int make_report(struct report *report)
{
    const struct book_choice all = {.view = BOOK_RULES};
    load_add(&report->load, NULL);
    load_finish(&report->load);
    struct book *book = book_make(&all, &report->load);
    if (book == NULL) {
        complain("out of memory");
        return STATUS_CANNOT_RUN;
    }
    bool written = make_folders(report) && write_site(report, book);
    book_free(book);
    if (!written)
        return STATUS_CANNOT_RUN;
    printf("%s/%s\n", report->folder, report->format == SITE_HTML ? "index.html" : "README.md");
    return 0;
}

int command_report(int argc, char **argv)
{
    static struct report report;
    int status = read_options(&report, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    status = load_results(&report, argc - optind, argv + optind);
    if (status == 0)
        status = make_report(&report);
    load_free(&report.load);
    for (size_t i = 0; i < report.result_count; i++)
        result_free(report.results[i]);
    return status;
}
