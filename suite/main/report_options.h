/* The options by which `check` and `explore` say what becomes of their result. */
#ifndef MAIN_REPORT_OPTIONS_H
#define MAIN_REPORT_OPTIONS_H

#include <stdbool.h>

#include "reports.h"

struct report_options {
    enum report_format formats[REPORT_FORMAT_END]; /* the first goes to standard output */
    unsigned format_count;             /* 0: none was asked for, and the first is text */
    bool full;                         /* the text with everything */
    const char *output;                /* NULL: none */
    const char *baseline, *rebaseline; /* files; NULL: none. Not both */
    const char *subject_version;       /* NULL: as its system says */
};

/* For getopt_long, and for the help. */
#define REPORT_LONG_OPTIONS                                                                        \
    {"format", required_argument, NULL, 'f'}, {"full", no_argument, NULL, 'F'},                    \
        {"output", required_argument, NULL, 'o'}, {"baseline", required_argument, NULL, 'b'},      \
        {"rebaseline", required_argument, NULL, 'B'},                                              \
    {                                                                                              \
        "subject-version", required_argument, NULL, 'V'                                            \
    }

#define REPORT_OPTIONS_HELP                                                                        \
    "  --baseline FILE   hold the run against the differences that are known: what drifted, is "   \
    "new, or no\n"                                                                                 \
    "                    longer so, is a difference\n"                                             \
    "  --rebaseline FILE take the run into the baseline, or begin one, and say what changed\n"     \
    "  --subject-version V\n"                                                                      \
    "                    of the subject, for the baseline's ranges (default: as its system "       \
    "says)\n"                                                                                      \
    "  --format FORMATS  text (default), json, junit, tap, markdown or html, or several with "     \
    "commas; the\n"                                                                                \
    "                    first goes to standard output\n"                                          \
    "  --full            the text report with everything, transcripts too\n"                       \
    "  --output PATH     write the report to files as well: PATH.txt, the whole text, PATH.json, " \
    "the result\n"                                                                                 \
    "                    file, and those of other formats asked for (.xml, .tap, .md, .html); or " \
    "only\n"                                                                                       \
    "                    one if PATH ends as one of these\n"

/* Takes one of REPORT_LONG_OPTIONS; `command` is whose it is. *taken tells whether it is one. 0, or
 * the exit status of an error that was complained about. */
int report_options_take(struct report_options *options, const char *command, int option,
                        const char *value, bool *taken);

/* Whether they go together; 0, or the exit status of an error. */
int report_options_check(const struct report_options *options, const char *command);

#endif
