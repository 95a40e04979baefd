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
};

struct tally {
    size_t counts[VERDICT_END];
    size_t scenarios;
    uint64_t steps, steps_agree, steps_unspecified;
    struct tally_area *areas; /* in the order in which the result comes to them */
    size_t area_count;
};

/* False if memory ran out. */
bool tally_create(struct tally *tally, const struct result *result);
void tally_destroy(struct tally *tally);

/* Whether a result is of an exploration: there is no suite of it, and in it is what was found. */
bool tally_is_of_exploration(const struct result *result);

/* Whether any scenario came so far that its verdict says something of the subject. */
bool tally_checked(const struct tally *tally);

#endif
