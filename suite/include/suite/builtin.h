/* The scenarios that are built into the program, in the order of their paths. */
#ifndef SUITE_BUILTIN_H
#define SUITE_BUILTIN_H

#include <stddef.h>

struct builtin_scenario {
    const char *path; /* "reserve/base-rounds-down.va" */
    const char *text; /* ends in a NUL, which length does not count */
    size_t length;
};

extern const struct builtin_scenario builtin_scenarios[];
extern const size_t builtin_scenario_count;

#endif
