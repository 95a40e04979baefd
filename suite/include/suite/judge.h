/* The judge: holds a trace against the model. */
#ifndef SUITE_JUDGE_H
#define SUITE_JUDGE_H

#include <stddef.h>

#include "pagelaw/profile.h"
#include "result.h"
#include "suite/backend.h"
#include "suite/scenario.h"
#include "suite/trace.h"

/* Judges one trace under a profile. The texts of the result live as long as the returned object,
 * which judgement_free frees; what points into the scenario stays the scenario's. NULL if memory is
 * short. */
struct judgement {
    struct result_scenario result;
};
struct judgement *judge_trace(const struct scenario *scenario, const struct trace *trace,
                              const struct subject_info *info,
                              const struct pagelaw_profile *profile);
void judgement_free(struct judgement *judgement);

/* The profile for a subject: by its processor and version. NULL if there is none; in `reason`,
 * which and why, for the report. */
const struct pagelaw_profile *judge_profile(const struct subject_info *info, char *reason,
                                            size_t capacity);

#endif
