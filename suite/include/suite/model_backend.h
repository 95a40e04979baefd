/* The model as a subject: it takes the same road as every other. */
#ifndef SUITE_MODEL_BACKEND_H
#define SUITE_MODEL_BACKEND_H

#include "pagelaw/profile.h"
#include "suite/backend.h"

extern const struct backend model_backend;

/* The backend for a profile, with that profile chosen: without the native floor where Windows had
 * none. */
const struct backend *model_backend_for(const struct pagelaw_profile *profile);

/* Which Windows it plays; to be called before `start`. Without it, the first profile. */
void model_backend_set_profile(const struct pagelaw_profile *profile);

/* From now on the system chooses no address below this one, until the next start. */
void model_backend_choose_from(uint64_t lowest);

#endif
