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
    uint64_t save_due;
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

/* Saves between two batches what is done so far, by `save`, if it is time to: seldom enough that
 * it takes at most a hundredth of the run's time. That one cannot be saved is no end: the next may
 * be, and the last, which is not made by this, tells why not. */
void exploring_save_now_and_then(struct exploring *exploring, void (*save)(void *user), void *user);

bool explore_all(struct exploring *exploring);
bool explore_at_random(struct exploring *exploring);

#endif
