/* What changed between two results: of two versions of a subject, or of two subjects. */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports.h"
#include "result.h"

enum change_kind {
    CHANGE_APPEARED, /* differs now, and did not then */
    CHANGE_VALUE,    /* differed then and differs now, in another way */
    CHANGE_GONE,     /* differed then, and no longer does */
    CHANGE_END
};

/* One difference that changed. `then` is not of CHANGE_APPEARED, `now` not of CHANGE_GONE: NULL. */
struct change {
    enum change_kind kind;
    const struct result_entry *then, *now;
    const char *allowed;            /* by the law; "" of a scenario that crashed or timed out */
    const struct result_rule *rule; /* NULL of such a scenario */
};

/* A scenario of which the two results cannot be compared. */
struct uncompared {
    const char *path;
    const char *why; /* "it is in the old result only", "it is unsupported in the new one", ... */
};

/* By rule, then by scenario and step. */
struct result_diff {
    const struct change *changes;
    size_t change_count;
    size_t counts[CHANGE_END];
    size_t same; /* differences that are in both, with the same value */
    const struct uncompared *uncompared;
    size_t uncompared_count;
    bool same_suite, same_profile;
    const struct result *then, *now;
    void *memory;
};

/* The results stay the caller's and have to outlive the diff. False if memory ran out; else
 * result_diff_free it. */
bool result_diff_make(struct result_diff *diff, const struct result *then,
                      const struct result *now);
void result_diff_free(struct result_diff *diff);

/* What it is about: as it is now, or if it is gone, as it was. */
const struct result_entry *change_entry(const struct change *change);

/* What has to be known before where one of the two is an exploration, else NULL. */
const char *diff_note(const struct result_diff *diff);

/* "appeared", "changed", "gone". */
const char *change_word(enum change_kind kind);

/* The diff as text for people, as JSON (reports/DIFF.md), or as Markdown. Each returns false if the
 * stream failed. */
bool report_diff_text(const struct result_diff *diff, const struct report_style *style, FILE *out);
bool report_diff_json(const struct result_diff *diff, FILE *out);
bool report_diff_markdown(const struct result_diff *diff, FILE *out);

#endif
