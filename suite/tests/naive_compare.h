/* Comparing the model with the oracle. */
#ifndef TESTS_NAIVE_COMPARE_H
#define TESTS_NAIVE_COMPARE_H

#include "naive_steps.h"

/* Notes a difference, unless there is one already. Always false. */
bool bench_differs(struct bench *bench, const char *format, ...);

/* Each is true, or notes the difference. */
bool bench_same(struct bench *bench, const char *what, uint64_t model, uint64_t oracle);
bool bench_same_region(struct bench *bench, const struct pagelaw_region *model,
                       const struct pagelaw_region *oracle);

/* What the page at `address` holds; `other` is where the search for a byte begins that the model
 * must refuse. */
bool bench_same_contents(struct bench *bench, uint64_t address, uint8_t other);

/* The invariants, the charge, the last error, every region; of the contents all, now and then. */
bool bench_same_everything(struct bench *bench);

/* The plan and the oracle allow the same. */
bool bench_same_law(struct bench *bench, const struct pagelaw_plan *plan,
                    const struct naive_answer *answer);

/* Makes a call on both. */
bool bench_run_call(struct bench *bench, const struct pagelaw_call *call);

#endif
