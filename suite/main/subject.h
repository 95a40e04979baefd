/* From `--subject NAME` to the agent that is started for it. */
#ifndef MAIN_SUBJECT_H
#define MAIN_SUBJECT_H

#include "pagelaw/profile.h"
#include "suite/run.h"

#define OWN_PATH_MAX 4096

struct chosen_subject {
    struct subject subject;
    char *argv[8];
    char own[OWN_PATH_MAX];
};

/* Fills in how to start a subject; `profile` is what the model is to play. 0, or the exit status of
 * an error that was complained about. */
int subject_choose(struct chosen_subject *chosen, const char *name,
                   const struct pagelaw_profile *profile);

#endif
