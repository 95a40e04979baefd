/* What both ways of exploring share. */
#ifndef EXPLORE_EXPLORING_H
#define EXPLORE_EXPLORING_H

#include "finding.h"
#include "screener.h"

struct exploring {
    const struct explore_options *options;
    struct explored *explored;
    char *error;
    size_t capacity;
    uint64_t began;
    double seconds; /* from then on; 0: no limit */
    struct alphabet *alphabet;
    struct finder *finder;
    struct screener *screener;
    struct batch batch;
    bool has_limit;  /* the subject can limit the commit charge */
    struct odd *odd; /* of each sequence of the batch */
};

/* Whether the user wants no more. */
bool exploring_is_stopped(const struct exploring *exploring);

/* Since it began. */
double exploring_seconds(const struct exploring *exploring);

/* Whether a limit is reached, or the user wants no more. */
bool exploring_is_over(const struct exploring *exploring);

/* Screens the batch and counts. */
bool exploring_screen(struct exploring *exploring);

bool explore_all(struct exploring *exploring);
bool explore_at_random(struct exploring *exploring);

#endif
