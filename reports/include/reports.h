/* Reports: a result as text for people, as a result file for programs, and for the programs that
 * show the results of tests.
 *
 * Nothing here asks for the time, the locale, the terminal or the environment: what a report says
 * comes from the result and the style alone, and lines end in '\n'. Open files with "wb".
 *
 * What a subject said is never trusted: control characters, other unseen ones (zero width,
 * direction of writing) and bytes that are no UTF-8 appear escaped. */
#ifndef REPORTS_H
#define REPORTS_H

#include <stdbool.h>
#include <stdio.h>

#include "result.h"

struct report_style {
    bool colour;           /* the sixteen colours of ECMA-48 terminals */
    bool full;             /* everything, with transcripts; else what a screen or two can hold */
    unsigned width;        /* columns; 0 is 80, and fewer than 40 count as 40 */
    const char *full_path; /* where the full text lies, for the end of a short report; or NULL */
};

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,     /* the result file */
    REPORT_JUNIT,    /* the XML that continuous integration shows */
    REPORT_TAP,      /* the Test Anything Protocol, version 14 */
    REPORT_MARKDOWN, /* for a comment or a wiki */
    REPORT_HTML,     /* one page that needs no other file */
    REPORT_FORMAT_END
};

/* "text", "json", "junit", "tap", "markdown", "html"; and how their files end: ".txt". */
const char *report_format_word(enum report_format format);
const char *report_format_ending(enum report_format format);

/* Writes the result as text. Prose and calls wrap at the width; paths, commands and transcripts
 * stay whole, to be copied. A result without scenarios is said to have checked nothing. The style
 * and the result stay the caller's. Returns false if memory ran out or the stream failed. */
bool report_text(const struct result *result, const struct report_style *style, FILE *out);

/* Writes the result file that reports/RESULT.md describes: the same bytes for the same result.
 * Returns false if memory ran out or the stream failed. */
bool report_json(const struct result *result, FILE *out);

/* A scenario is a test case: one that differs has failed, and so has each entry of the baseline
 * that no longer holds; what is unsupported or known is skipped, or in TAP a TODO. Returns false if
 * memory ran out or the stream failed. */
bool report_junit(const struct result *result, FILE *out);
bool report_tap(const struct result *result, FILE *out);

/* What differs, by rule, with where it is written, and how to run it again. */
bool report_markdown(const struct result *result, FILE *out);
bool report_html(const struct result *result, FILE *out);

/* How far the exploration came that the result is of, a sentence a line: what each of the other
 * reports says of it too. Nothing, if it is of none. */
void report_extent(const struct result *result, FILE *out);

/* Writes any of them. `style` is for REPORT_TEXT only. */
bool report_write(enum report_format format, const struct result *result,
                  const struct report_style *style, FILE *out);

/* Writes a report to a file, by way of `path`.tmp, so that `path` is never half a report: on false
 * there is no such temporary file, `path` is what it was, and errno says why. (Where rename does
 * not replace, as on Windows, the old file goes first.) A path below /dev/ is written in place. */
bool report_save(const char *path, enum report_format format, const struct result *result,
                 const struct report_style *style);

/* "agree", "unspecified", "unsupported", "known", "differ", "crashed", "timed out": the one
 * spelling of a verdict everywhere. */
const char *report_verdict_word(enum verdict verdict);

/* "new", "known", "drift"; NULL for STANDING_NONE. */
const char *report_standing_word(enum standing standing);

#endif
