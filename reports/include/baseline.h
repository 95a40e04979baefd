/* Baselines: the differences that are known of one subject, as reports/BASELINE.md describes the
 * file.
 *
 * A baseline file may be damaged or made to harm: then there is an error that says where, what was
 * found and what was wanted, and no baseline. */
#ifndef BASELINE_H
#define BASELINE_H

#include <stdbool.h>
#include <stdio.h>

#include "read_result.h"
#include "reports.h"
#include "result.h"

#define BASELINE_FILE_MAX ((size_t)16 << 20) /* bytes; a longer one is refused */

struct baseline;

/* Reads the text of a baseline file, or a file; `path` is what it is called in reports. The
 * baseline is the caller's until baseline_free; NULL and *error if it cannot be read, or memory is
 * short. */
struct baseline *baseline_read(const char *text, size_t length, const char *path,
                               struct read_error *error);
struct baseline *baseline_load(const char *path, struct read_error *error);

/* A baseline without an entry. NULL if memory is short. */
struct baseline *baseline_new(const char *path);

void baseline_free(struct baseline *baseline);

/* Whether it belongs to a subject whose system is called so: the name before the version is the
 * same, or the baseline has no subject yet. Else *subject is whose it is. */
bool baseline_is_of(const struct baseline *baseline, const char *system, const char **subject);

/* Whether a text is the version of a subject: numbers between dots. */
bool baseline_is_version(const char *text);

/* How many of its entries say nothing of why. */
size_t baseline_unexplained(const struct baseline *baseline);

/* What a run came to beside its baseline. */
struct baseline_counts {
    size_t known, drift, fresh; /* differences; `fresh` are new */
    size_t fixed, expired;      /* entries: no longer so, and of older versions only */
    size_t other_versions;      /* entries of newer versions only */
    size_t not_run;             /* entries of scenarios, or steps, that the run did not come to */
};

/* A result with what its baseline says of each difference: scenarios that differ only as is known
 * have the verdict VERDICT_KNOWN. */
struct baselined {
    struct result result;
    struct baseline_counts counts;
    void *memory;
};

/* `version` is the subject's, NULL: as its system says. The result and the baseline stay the
 * caller's, and have to outlive *baselined. False if memory is short; else baselined_free it. */
bool baseline_apply(const struct baseline *baseline, const struct result *result,
                    const char *version, struct baselined *baselined);
void baselined_free(struct baselined *baselined);

/* Takes a run into a baseline, as reports/BASELINE.md tells: what is known stays as it was written,
 * reasons and links and all. `date` is that of new entries. The result has to outlive the baseline.
 * False if memory is short. */
bool baseline_update(struct baseline *baseline, const struct result *result, const char *version,
                     const char *date);

/* Writes the file. Returns false if the stream failed. */
bool baseline_write(const struct baseline *baseline, FILE *out);

/* Writes what differs between two baselines, for people: a line with '-' or '+' for each entry that
 * went or came, under the step it belongs to; *changes counts them. Returns false if memory is
 * short or the stream failed. */
bool baseline_write_changes(const struct baseline *from, const struct baseline *to,
                            const struct report_style *style, size_t *changes, FILE *out);

/* Writes a baseline to a file, whole or not at all, as report_save does. */
bool baseline_save(const struct baseline *baseline, const char *path);

#endif
