/* Older and newer results of one kind of subject. */
#include "pairs.h"

#include <string.h>

#include "tally.h"
#include "versions.h"

static bool is_one_kind(const struct result *one, const struct result *other)
{
    struct subject_version version;
    unsigned length = version_of_system(&version, one->system);
    return length == version_of_system(&version, other->system) &&
           memcmp(one->system, other->system, length) == 0 &&
           strcmp(one->backend, other->backend) == 0 &&
           strcmp(one->processor, other->processor) == 0 &&
           strcmp(one->profile, other->profile) == 0 &&
           tally_is_of_exploration(one) == tally_is_of_exploration(other) &&
           (strcmp(one->subject, "model") == 0) == (strcmp(other->subject, "model") == 0);
}

/* By version, date, and place among the files. */
static bool is_older(const struct site *site, size_t one, size_t other)
{
    const struct result *a = site->subjects[one].result, *b = site->subjects[other].result;
    struct subject_version first, second;
    version_of_system(&first, a->system);
    version_of_system(&second, b->system);
    int order = version_compare(&first, &second);
    if (order == 0)
        order = strcmp(a->host_date, b->host_date);
    return order != 0 ? order < 0 : one < other;
}

size_t site_pairs(const struct site *site, struct site_pair *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < site->subject_count; i++) {
        size_t next = SITE_NONE;
        for (size_t j = 0; j < site->subject_count; j++) {
            if (j != i && is_one_kind(site->subjects[i].result, site->subjects[j].result) &&
                is_older(site, i, j) && (next == SITE_NONE || is_older(site, j, next)))
                next = j;
        }
        if (next != SITE_NONE)
            pairs[count++] = (struct site_pair){i, next};
    }
    return count;
}
