/* Shards of one run into one result. */
#ifndef MERGE_H
#define MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

#define MERGE_MAX 10000 /* results */

struct merged {
    struct result result;
    void *memory;
};

/* Puts results together: of one suite, one subject, one profile, one version of Pagelaw, in any
 * order, each shard once. `names` are what the results are called in `error`. Scenarios stand in
 * the order of their paths; what shards of an exploration, a suite of no scenarios, found alike is
 * there once, and how far they came is added up; the time is the sum, the date the earliest. If
 * shards are missing it is refused, or, with `partial`, the result counts as interrupted. The
 * results stay the caller's and have to outlive *merged. False, and in *error why, if they don't
 * fit together or memory is short; else merged_free it. */
bool merge_results(struct merged *merged, const struct result *const *results,
                   const char *const *names, size_t count, bool partial, char *error,
                   size_t capacity);
void merged_free(struct merged *merged);

#endif
