/* Every call in every state of a small hole, on the model and the oracle side by side. */
#ifndef TESTS_NAIVE_STATES_H
#define TESTS_NAIVE_STATES_H

#include <stdio.h>

#include "act.h"
#include "naive_steps.h"

struct states {
    const struct pagelaw_profile *profile; /* the oracle's */
    const struct pagelaw_profile *played;  /* the model's; NULL: the same */
    struct scope scope;
    FILE *out; /* where a difference is told */
};

/* What was done. */
struct states_done {
    uint32_t states;
    size_t transitions;
    size_t unsettled; /* of these: both say that no source settles them */
    bool whole;       /* no state was left out */
};

/* Walks the states as `pagelaw explore` does, by the model, and makes in each of them each act of
 * its alphabet on both. False at the first difference; then the steps to it are told. Not to be
 * used from two threads. */
bool states_run(const struct states *states, struct states_done *done);

#endif
