/* Steps for the model and the oracle side by side: made up at random, carried out on both, and
 * printed for whoever has to look at a failure. */
#ifndef TESTS_NAIVE_STEPS_H
#define TESTS_NAIVE_STEPS_H

#include <stdio.h>

#include "naive.h"
#include "strict_heap.h"

enum step_kind {
    STEP_CALL,    /* by its floor */
    STEP_CHOICE,  /* planned, and applied at a base other than the model's own */
    STEP_ACCESS,  /* a touch */
    STEP_SEE,     /* the subject read `value` there */
    STEP_FORGET,  /* what the range holds is no longer known */
    STEP_DIVERGE, /* only the oracle carries out the call; the model is resynchronised */
    STEP_LIMIT,   /* a new commit limit */
    STEP_END      /* the process ends, and another begins */
};

struct naive_step {
    enum step_kind kind;
    struct pagelaw_call call;
    uint64_t address, size; /* of a touch; the base that is chosen; the limit */
    enum pagelaw_access access;
    uint8_t value;
};

/* Where a row of steps is carried out. */
struct world {
    const struct pagelaw_profile *profile; /* the oracle's */
    const struct pagelaw_profile *played;  /* the model's: another only to see that it is noticed */
    bool high; /* the window lies at the end of the user range, not at its beginning */
    size_t page_count;
};

struct bench {
    struct strict_heap heap;
    struct pagelaw_model *model;
    struct naive naive;
    unsigned steps;
    bool thorough;   /* look at the contents of every page after every step */
    char fault[512]; /* what was found, or empty */
    size_t ends;     /* of processes, in all rows */
    size_t successes[PAGELAW_FUNCTION_END], failures[PAGELAW_FUNCTION_END]; /* of all rows */
};

/* False if the model cannot be made. */
bool bench_open(struct bench *bench, const struct world *world);

/* Takes the model down and looks for what it left behind. */
void bench_close(struct bench *bench);

/* Carries a step out on both and compares all that can be seen. False if they differ; then
 * bench->fault says how. */
bool bench_run(struct bench *bench, const struct naive_step *step);

/* A step that means something where the bench stands. */
void step_make_up(struct naive_step *step, struct bench *bench, uint64_t *seed);

void step_print(FILE *out, const struct naive_step *step);

#endif
