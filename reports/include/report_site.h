/* The handbook: the matrix of rules and subjects, a page for each rule, and how to read it, as a
 * static site or as Markdown.
 *
 * As in reports.h nothing is asked of the system: the same input gives the same bytes, dates come
 * from the results, and whoever calls makes the files. What a result says is never trusted: no text
 * of it is markup, and no name of a file comes from it. */
#ifndef REPORT_SITE_H
#define REPORT_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "book.h"
#include "result.h"

#define SITE_SUBJECTS_MAX 64
#define SITE_FOREIGN_MAX 5000 /* rules that results name and the book has not */

enum site_format { SITE_HTML, SITE_MARKDOWN };

/* What the site tells of. All stays the caller's. */
struct site_input {
    const struct book *book; /* all of it */
    const struct result *const *results;
    size_t result_count; /* from 1 to SITE_SUBJECTS_MAX */
    void *user;
    /* The text of a scenario that no result has the text of, or NULL. */
    const char *(*text)(void *user, const char *path);
    /* The C program that shows a scenario, for the site to free; or NULL, where there is none. */
    char *(*program)(void *user, const char *path, const char *text, const char *profile);
};

/* Where it goes. Names are relative, with '/': "index.html", "rules/VA-ALIGN-BASE.html". */
struct site_output {
    void *user;
    /* Writes `what` to the file of that name by `write`. False: the file is not there whole. */
    bool (*save)(void *user, const char *name, bool (*write)(const void *what, FILE *out),
                 const void *what);
};

/* Writes all pages. False with words in `error` if there is not all of it; the words are "" where
 * `output` refused, which knows more. */
bool report_site(const struct site_input *input, enum site_format format,
                 const struct site_output *output, char *error, size_t capacity);

#endif
