/* What the parts of `pagelaw explore` share. */
#ifndef MAIN_EXPLORATION_H
#define MAIN_EXPLORATION_H

#include <stdbool.h>
#include <time.h>

#include "baseline.h"
#include "report_options.h"
#include "subject.h"
#include "suite/explore.h"

struct exploration {
    struct explore_options options;
    struct explored explored;
    struct report_options report;
    struct baseline *baseline; /* NULL: none */
    struct started_subject subject;
    const char *subject_name, *profile_name;
    bool keeps, has_seed, has_scope, has_protections, progress, unwritten;
    time_t began;
};

/* Reads the command line. 0, or -1 if help was asked for and given, or the exit status of an error
 * that was complained about. */
int exploration_read_options(struct exploration *exploration, int argc, char **argv);

/* Reports what was found, as it was asked for, beside the baseline if there is one, and how far it
 * came. The exit status that what was found stands for, or that it could not be told. */
int exploration_report(const struct exploration *exploration);

#endif
