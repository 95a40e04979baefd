/* Rows of random steps on the model and the oracle side by side. A row begins in a process in which
 * everything is free; its number and the seed say all of it. */
#ifndef TESTS_NAIVE_ROWS_H
#define TESTS_NAIVE_ROWS_H

#include "naive_steps.h"

struct rows {
    const struct pagelaw_profile *profile; /* the oracle's */
    const struct pagelaw_profile *played;  /* the model's; NULL: the same */
    uint64_t seed;
    size_t calls;                              /* how many to make; touches come on top */
    void (*progress)(void *user, size_t done); /* told how many calls were made, or NULL */
    void *user;
    FILE *out; /* where a difference is told */
};

/* What was done. */
struct rows_done {
    size_t calls, steps;
    size_t rows, ends; /* of processes: with their row, and by their own end */
    size_t successes[PAGELAW_FUNCTION_END], failures[PAGELAW_FUNCTION_END];
};

/* The profiles that the oracle knows the law of: all but the documents alone. */
bool rows_knows(const struct pagelaw_profile *profile);

/* Runs rows until the calls are made. False at the first difference; then the seed and the shortest
 * steps that still differ are told. Not to be used from two threads. */
bool rows_run(const struct rows *rows, struct rows_done *done);

/* The function that has not succeeded or not failed in a two-thousandth of the calls, so that the
 * run says little of it; PAGELAW_FUNCTION_END if there is none. */
enum pagelaw_function rows_neglected(const struct rows *rows, const struct rows_done *done);

#endif
