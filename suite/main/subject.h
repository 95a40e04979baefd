/* From `--subject NAME` to the agent that is started for it. */
#ifndef MAIN_SUBJECT_H
#define MAIN_SUBJECT_H

#include "pagelaw/profile.h"
#include "suite/run.h"

#define OWN_PATH_MAX 4096
#define SUBJECT_START_MS 30000u /* that an agent may take to greet */

struct chosen_subject {
    struct subject subject;
    char *argv[8];
    char own[OWN_PATH_MAX];
};

/* A subject that has been started once and has said what it is. */
struct started_subject {
    struct chosen_subject chosen;
    struct subject_info info;
    const struct pagelaw_profile *profile; /* that the model plays */
    char profile_reason[512];              /* why this one, for the report */
};

/* Fills in how to start a subject; `profile` is what the model is to play. 0, or the exit status of
 * an error that was complained about. */
int subject_choose(struct chosen_subject *chosen, const char *command, const char *name,
                   const struct pagelaw_profile *profile);

/* The profile of that name, or the newest Windows for NULL. 0, or the exit status of an error that
 * was complained about, with the names that there are. */
int subject_profile(const char *name, const struct pagelaw_profile **profile);

/* Starts a subject and settles the profile: the one that is named, or, for NULL, the nearest to the
 * version that the subject says it has. `command` is whose options these are. 0, or the exit
 * status of an error that was complained about. */
int subject_start(struct started_subject *started, const char *command, const char *name,
                  const char *profile_name);

#endif
