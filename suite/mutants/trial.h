/* The trial of a mutant: the suite runs on it, up to the first difference. */
#ifndef MUTANTS_TRIAL_H
#define MUTANTS_TRIAL_H

#include "subject.h"
#include "suite/scenario.h"

/* A scenario, and what is learnt of it when it runs on the sound model. */
struct item {
    struct scenario *scenario;
    uint32_t named[PAGELAW_RULE_END]; /* a bit for each profile under which a plan names the rule */
    uint64_t cost;                    /* in calls and touches */
};

struct suite {
    struct item *items; /* the built-in scenarios; from the trial of the sound model on, the cheap
                           ones first */
    size_t count;
};

/* Parses what is built in. False, with words in `error`, if that cannot be done. */
bool suite_load(struct suite *suite, char *error, size_t capacity);
void suite_free(struct suite *suite);

/* What came of a trial. */
struct trial {
    bool ended;  /* the trial came to its end; if not, its process died or hung */
    bool struck; /* the mutant did something that the law forbids */
    bool killed; /* the judge saw a difference: */
    size_t profile, scenario;
    int line;
    enum pagelaw_rule blamed; /* the rule that the first difference names */
};

/* Runs the suite on a mutant, in this process, the scenarios that name its rule first. The newest
 * profile decides; a mutant that can do nothing under it is tried under the others in turn. */
void trial_run(const struct suite *suite, const struct mutant *mutant, struct trial *trial);

/* Runs the suite on the sound model under every profile. True if it agrees; `reach` is then what
 * the suite's plans have named. */
bool trial_of_the_sound(struct suite *suite, struct reach *reach, struct trial *trial);

#endif
