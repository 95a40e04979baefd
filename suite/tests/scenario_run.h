/* A built-in scenario, run in this process on a backend and judged. */
#ifndef TESTS_SCENARIO_RUN_H
#define TESTS_SCENARIO_RUN_H

#include <stddef.h>

#include "pagelaw/profile.h"
#include "suite/backend.h"

/* Fails the test, with what came back wrong, unless everything agrees or is unspecified, or needs
 * the native floor where the backend has none; `profile` is what it is judged by. A scenario that
 * is for other profiles only is left out. The backend must have been started, and have described
 * itself in `info`. */
void scenario_must_agree(size_t index, const struct backend *backend,
                         const struct subject_info *info, const struct pagelaw_profile *profile);

#endif
