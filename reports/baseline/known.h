/* What the parts of the baseline share. */
#ifndef REPORTS_KNOWN_H
#define REPORTS_KNOWN_H

#include "baseline.h"
#include "entries.h"
#include "versions.h"

#define BASELINE_VERSION 1

struct baseline_entry {
    struct result_entry entry;
    const char *comment; /* the lines before it that begin with '#', without the last line's end */
};

/* A text that the baseline owns. */
struct kept_text {
    struct kept_text *next;
    char text[];
};

struct baseline {
    const char *path;
    const char *subject; /* the name of its system; "": none yet */
    const char *comment; /* before the version of the format */
    const char *ending;  /* a comment behind the last entry */
    struct baseline_entry *entries;
    size_t entry_count, entry_capacity;
    struct kept_text *kept;
};

/* A copy that lives as long as the baseline; NULL if memory is short. */
char *baseline_keep(struct baseline *baseline, const char *text, size_t length);

/* False if memory is short. */
bool baseline_add(struct baseline *baseline, const struct baseline_entry *entry);

/* The entries in the order of their keys; the origins are their places. */
bool baseline_list(const struct baseline *baseline, struct entries *entries);

/* A baseline and a run, side by side. */
struct comparison {
    struct subject_version version; /* of the subject */
    enum range_place *places;       /* of each entry of the baseline */
    struct entries then;            /* the entries that are for this version */
    struct entries now;             /* the differences of the run */
    size_t *then_partner, *now_partner;
    bool *judged; /* whether the run says anything of each of `then` */
};

/* False if memory is short; else comparison_end. */
bool comparison_begin(struct comparison *comparison, const struct baseline *baseline,
                      const struct result *result, const char *version);
void comparison_end(struct comparison *comparison);

#endif
