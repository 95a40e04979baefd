/* A story, carried out on a subject in this process and judged. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "suite/backend.h"
#include "suite/judge.h"
#include "suite/run.h"

struct judged {
    struct scenario *scenario;
    struct subject_info info;
    const struct pagelaw_profile *profile;
    struct trace_reader *reader;
    struct trace *trace;
    struct judgement *judgement;
    const struct result_scenario *result;
};

/* Starts the model and reserves `before` bytes, so that the story comes to lie elsewhere; then
 * carries the story out on the backend, which is over the model. A header goes before the steps.
 * Fails the test if they are refused. */
void judged_run(struct judged *judged, const char *steps, uint64_t before,
                const struct backend *backend);

/* Judges the trace, as it is by now. */
void judged_judge(struct judged *judged);

void judged_free(struct judged *judged);

/* Says all that was found, for the message of a test that fails. */
void judged_print(const struct judged *judged);

#endif
