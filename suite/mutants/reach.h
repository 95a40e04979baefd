/* Which rules the plans of a run have named, and where: that is what mutants can break. */
#ifndef MUTANTS_REACH_H
#define MUTANTS_REACH_H

#include "mutant.h"

#define PAIRS_MAX 512
#define STATUSES_MAX 32

/* Which rules the plans of a run have named, and where: a bit for each profile. Calls that no
 * source settles are apart. */
struct reach {
    uint32_t named[SITE_END][PAGELAW_ASPECT_END][PAGELAW_RULE_END];
    unsigned shapes[SITE_END][PAGELAW_ASPECT_END][PAGELAW_RULE_END]; /* of enum shape */
    uint32_t open[PAGELAW_RULE_END];
    struct pair {
        enum site site; /* ORDER or PARTIAL */
        enum pagelaw_rule rule, first, later;
        uint32_t profiles;
    } pairs[PAIRS_MAX];
    unsigned pair_count;
    uint32_t statuses[STATUSES_MAX]; /* that Win32 calls failed with */
    unsigned status_count;
    uint64_t count; /* of the calls and touches */
    uint32_t *here; /* by rule: what the scenario that is running has named */
};

/* Where a call is to be found among the sites: REFUSED, DONE or TOLD. */
enum site site_of(const struct answer *answer);

/* Notes what the plan of a call, or the law of a touch, names; `bit` is the profile's. */
void reach_call(struct reach *reach, uint32_t bit, const struct answer *answer);
void reach_touch(struct reach *reach, uint32_t bit, const struct touched *touched);

#endif
