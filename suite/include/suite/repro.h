/* A scenario as a stand-alone C program for <windows.h>, which shows the case by itself. */
#ifndef SUITE_REPRO_H
#define SUITE_REPRO_H

#include <stddef.h>

#include "pagelaw/profile.h"
#include "suite/scenario.h"

/* The program's text, which the caller frees. It holds each step to what the law of the profile
 * allows, prints PASS or what it saw, and exits with status 0 or 1. NULL, with words in `error`, if
 * the scenario is not for the profile, has a step for which windows.h has no call, or memory is
 * short. */
char *repro_print(const struct scenario *scenario, const struct pagelaw_profile *profile,
                  char *error, size_t capacity);

#endif
