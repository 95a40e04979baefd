/* The model as a subject: it takes the same road as every other. */
#ifndef SUITE_MODEL_BACKEND_H
#define SUITE_MODEL_BACKEND_H

#include "pagelaw/profile.h"
#include "suite/backend.h"

extern const struct backend model_backend;

/* Which Windows it plays; to be called before `start`. Without it, the first profile. */
void model_backend_set_profile(const struct pagelaw_profile *profile);

#endif
