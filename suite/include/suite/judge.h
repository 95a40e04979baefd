/* The judge: holds a trace against the model. */
#ifndef SUITE_JUDGE_H
#define SUITE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pagelaw/model.h"
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

/* Hears, step by step, what the law says of each call and touch: the plan that the model made
 * before what came back was held against it. Either function may be NULL. */
struct judge_listener {
    void (*call)(void *user, unsigned step, const struct pagelaw_plan *plan);
    void (*touch)(void *user, unsigned step, const struct pagelaw_touch *touch);
    void *user;
};
struct judgement *judge_aloud(const struct scenario *scenario, const struct trace *trace,
                              const struct subject_info *info,
                              const struct pagelaw_profile *profile,
                              const struct judge_listener *listener);

/* Adds to a judgement what a reader wants of a scenario that agrees as well: the transcript, which
 * one that differs has without. False if memory is short. */
bool judge_transcript(struct judgement *judgement, const struct scenario *scenario,
                      const struct trace *trace, const struct subject_info *info);

void judgement_free(struct judgement *judgement);

/* The profile for a subject: by its processor and version. NULL if there is none; in `reason`,
 * which and why, for the report. */
const struct pagelaw_profile *judge_profile(const struct subject_info *info, char *reason,
                                            size_t capacity);

#endif
