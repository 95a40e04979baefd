/* What the parts of `pagelaw explore` share. */
#ifndef MAIN_EXPLORATION_H
#define MAIN_EXPLORATION_H

#include <stdbool.h>
#include <time.h>

#include "subject.h"
#include "suite/explore.h"

struct exploration {
    struct explore_options options;
    struct explored explored;
    struct started_subject subject;
    const char *subject_name, *profile_name;
    bool keeps, has_seed, has_scope, json, full, progress, unwritten;
    time_t began;
};

/* Reads the command line. 0, or -1 if help was asked for and given, or the exit status of an error
 * that was complained about. */
int exploration_read_options(struct exploration *exploration, int argc, char **argv);

/* Prints what was found, as it was asked for, and how far it came. False if it could not be. */
bool exploration_report(const struct exploration *exploration);

#endif
