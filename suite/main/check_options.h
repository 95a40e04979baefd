/* The options of `pagelaw check`. */
#ifndef MAIN_CHECK_OPTIONS_H
#define MAIN_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "report_options.h"

#define RULES_MAX 64

struct check_options {
    const char *subject; /* "native" if not given */
    const char *profile; /* NULL: the subject's own */
    char *rules[RULES_MAX];
    size_t rule_count;
    unsigned jobs;
    double timeout; /* seconds, for one scenario */
    bool has_seed;
    unsigned long long seed;     /* of the order in which the scenarios run */
    unsigned shard, shard_count; /* from 1; 0: all scenarios */
    struct report_options report;
    char **scenarios;
    int scenario_count;
};

/* Reads the command line. 0, or -1 if help was asked for and given, or the exit status of an error
 * that was complained about. */
int check_options_read(struct check_options *options, int argc, char **argv);

#endif
