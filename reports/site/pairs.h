/* Results that are of one kind of subject, an older and a newer one. */
#ifndef SITE_PAIRS_H
#define SITE_PAIRS_H

#include "site.h"

struct site_pair {
    size_t then, now; /* subjects */
};

/* Pairs each subject with the next newer one of the same name, processor, backend and profile; of
 * one version, with the next one by date. `pairs` has room for SITE_SUBJECTS_MAX. Returns how many.
 */
size_t site_pairs(const struct site *site, struct site_pair *pairs);

#endif
