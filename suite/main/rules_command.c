/* `pagelaw rules`. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "load.h"
#include "make_book.h"
#include "pagelaw/rules.h"
#include "subject.h"
#include "suite/nearest.h"
#include "suite/terminal.h"

static const char help[] =
    "usage: pagelaw rules [OPTION...] [ID...]\n"
    "\n"
    "Prints the rule book, or some rules of it: each rule's sentence, how well it is known, its\n"
    "source, the Windows versions in which it holds, what contradicts it, and the built-in\n"
    "scenarios that show it.\n"
    "\n"
    "  --uncovered       only rules that no scenario shows, by the reason, and the facts of\n"
    "                    Windows that are no part of the book\n"
    "  --contradictions  only rules on which sources differ, and which profiles follow which\n"
    "  --grade GRADE     only rules that are known so: documented, observed or inferred\n"
    "  --profile NAME    only rules that a scenario shows under that Windows, with such scenarios\n"
    "  --format FORMAT   text (default), markdown or json\n"
    "\n"
    "Exit status: 0 printed, 2 it could not be done as asked.\n";

enum book_format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };

struct rules_options {
    struct book_choice choice;
    enum book_format format;
};

static const struct option long_options[] = {
    {"uncovered", no_argument, NULL, 'u'},
    {"contradictions", no_argument, NULL, 'c'},
    {"grade", required_argument, NULL, 'g'},
    {"format", required_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {"profile", required_argument, NULL, 'p'},
    {NULL, 0, NULL, 0},
};

const char *rule_advice(const char *id)
{
    static char advice[128];
    struct nearest nearest = nearest_begin(id, strlen(id));
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++)
        nearest_try(&nearest, pagelaw_rule_info((enum pagelaw_rule)rule)->id);
    if (nearest.found == NULL)
        return "`pagelaw rules` prints them all";
    snprintf(advice, sizeof advice, "did you mean %s?", nearest.found);
    return advice;
}

/* ---- Options ---- */

static int read_view(struct rules_options *options, enum book_view view)
{
    if (options->choice.view != BOOK_RULES && options->choice.view != view)
        return usage_error("rules", "--uncovered and --contradictions do not go together");
    options->choice.view = view;
    return 0;
}

static int read_grade(struct rules_options *options, const char *text)
{
    for (int grade = PAGELAW_DOCUMENTED; grade <= PAGELAW_INFERRED; grade++) {
        options->choice.grade = pagelaw_grade_name((enum pagelaw_grade)grade);
        if (strcmp(text, options->choice.grade) == 0)
            return 0;
    }
    return usage_error("rules", "--grade: found \"%s\", wanted documented, observed or inferred",
                       text);
}

static int read_profile(struct rules_options *options, const char *name)
{
    const struct pagelaw_profile *profile;
    int status = subject_profile(name, &profile);
    options->choice.profile = profile == NULL ? NULL : profile->name;
    return status;
}

static int read_format(struct rules_options *options, const char *text)
{
    static const char *const names[] = {"text", "markdown", "json"};
    for (int format = FORMAT_TEXT; format <= FORMAT_JSON; format++) {
        options->format = (enum book_format)format;
        if (strcmp(text, names[format]) == 0)
            return 0;
    }
    return usage_error("rules", "--format: found \"%s\", wanted text, markdown or json", text);
}

static int read_option(struct rules_options *options, int option, const char *value)
{
    switch (option) {
    case 'u':
        return read_view(options, BOOK_UNCOVERED);
    case 'c':
        return read_view(options, BOOK_CONTRADICTIONS);
    case 'g':
        return read_grade(options, value);
    case 'f':
        return read_format(options, value);
    case 'p':
        return read_profile(options, value);
    default:
        fputs(help, stdout);
        return -1;
    }
}

static int read_ids(struct rules_options *options, int count, char **ids)
{
    for (int i = 0; i < count; i++) {
        if (pagelaw_rule_find(ids[i]) == PAGELAW_NO_RULE)
            return usage_error("rules", "there is no rule %s; %s", ids[i], rule_advice(ids[i]));
    }
    options->choice.ids = ids;
    options->choice.id_count = count;
    return 0;
}

/* 0, or -1 if help was asked for and given, or the exit status of an error. */
static int read_options(struct rules_options *options, int argc, char **argv)
{
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        int status =
            option == '?' ? option_error("rules", argv) : read_option(options, option, optarg);
        if (status != 0)
            return status;
    }
    if (options->choice.profile != NULL && options->choice.view == BOOK_UNCOVERED)
        return usage_error("rules", "--uncovered and --profile do not go together");
    return read_ids(options, argc - optind, argv + optind);
}

/* ---- Printing ---- */

static bool print_book(const struct book *book, const struct rules_options *options)
{
    struct report_style style = {.colour = terminal_colour(), .width = terminal_width()};
    if (options->format == FORMAT_JSON)
        return report_book_json(book, stdout);
    if (options->format == FORMAT_MARKDOWN)
        return report_book_markdown(book, options->choice.view, stdout);
    return report_book_text(book, options->choice.view, &style, stdout);
}

static int print_chosen(const struct rules_options *options, const struct load *load)
{
    struct book *book = book_make(&options->choice, load);
    if (book == NULL) {
        complain("out of memory");
        return STATUS_CANNOT_RUN;
    }
    bool printed = print_book(book, options);
    book_free(book);
    return printed ? 0 : STATUS_CANNOT_RUN;
}

int command_rules(int argc, char **argv)
{
    struct rules_options options = {.format = FORMAT_TEXT};
    int status = read_options(&options, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    struct load load = {.count = 0};
    load_add(&load, NULL);
    load_finish(&load);
    status = print_chosen(&options, &load);
    load_free(&load);
    return status;
}
