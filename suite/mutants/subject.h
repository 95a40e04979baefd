/* A mutant as a subject. */
#ifndef MUTANTS_SUBJECT_H
#define MUTANTS_SUBJECT_H

#include "reach.h"
#include "suite/backend.h"

/* The subject for the profile at `index`: with `mutant` NULL the sound model. `reach` takes what is
 * named, or is NULL. */
const struct backend *subject_for(size_t index, const struct mutant *mutant, struct reach *reach);

/* Whether the mutant has done anything that the law forbids since the last subject_for. */
bool subject_struck(void);

#endif
