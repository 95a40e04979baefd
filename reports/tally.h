/* Counts of a result, by verdict and by area. */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

struct tally_area {
    const char *name;
    size_t counts[VERDICT_END];
    size_t scenarios;
    const struct result_scenario *const *members; /* in the order of the result */
};

struct tally {
    size_t counts[VERDICT_END];
    size_t scenarios;
    uint64_t steps, steps_agree, steps_unspecified;
    struct tally_area *areas; /* in the order in which the result comes to them */
    size_t area_count;
    const struct result_scenario **by_area;
};

/* False if memory ran out. */
bool tally_create(struct tally *tally, const struct result *result);
void tally_destroy(struct tally *tally);

/* Whether a result is of an exploration: there is no suite of it, and in it is what was found. (Of
 * a recording, and in a result of version 1, there is not even the hash of one.) */
bool tally_is_of_exploration(const struct result *result);

/* Whether any scenario came so far that its verdict says something of the subject. */
bool tally_checked(const struct tally *tally);

#endif
