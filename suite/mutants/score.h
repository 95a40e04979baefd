/* What came of all mutants. */
#ifndef MUTANTS_SCORE_H
#define MUTANTS_SCORE_H

#include <stdio.h>

#include "pool.h"

#define SCORE_LEAST 95.0 /* per cent of the reachable */

enum fate {
    FATE_KILLED,
    FATE_SURVIVED,
    FATE_NOT_REACHED, /* it never did anything that the law forbids */
    FATE_EQUIVALENT,  /* it is known to do what the law allows */
    FATE_END
};

struct score {
    const struct suite *suite;
    const struct mutant_list *mutants;
    const struct trial *trials;
    const struct reach *reach;
    unsigned by_rule[PAGELAW_RULE_END][FATE_END];
    unsigned all[FATE_END];
    unsigned named; /* of the killed, how many by a difference that names the broken rule */
    unsigned dead;  /* of the killed, how many crashed or hung */
};

void score_count(struct score *score);
double score_percent(const struct score *score);

/* Prints the report: all of it, or what a person wants to know first. */
void score_print(const struct score *score, bool full, FILE *out);

#endif
