/* What a step sees of those before it, one step after the other. */
#ifndef SUITE_ENVIRONMENT_H
#define SUITE_ENVIRONMENT_H

#include "suite/scenario.h"
#include "suite/trace.h"

/* Before the first step. */
struct environment environment_begin(const struct subject_info *info);

/* After a step. */
void environment_assign(struct environment *environment, const struct step *step,
                        const struct trace_step *observed);

/* What a step gives its target; 0 if it was not done. */
uint64_t environment_given(const struct step *step, const struct trace_step *observed);

#endif
