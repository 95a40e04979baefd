/* Asking an agent to screen sequences. */
#ifndef EXPLORE_SCREENER_H
#define EXPLORE_SCREENER_H

#include "act.h"
#include "suite/run.h"

/* Sequences of indices of acts, one after the other. */
struct batch {
    const struct alphabet *alphabet;
    unsigned *acts;
    size_t act_count, act_capacity;
    size_t *begins; /* of each sequence in `acts`, and the end of the last */
    size_t count, capacity;
};

/* Begins a sequence of no acts. False if memory is short. */
bool batch_begin(struct batch *batch);
bool batch_add(struct batch *batch, unsigned act);
size_t batch_length(const struct batch *batch, size_t sequence);
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch);

#define BATCH_ACTS 40000u /* that one request holds, at most */

struct screener;

/* Nothing more is screened once *stop is set, which may be NULL. */
struct screener *screener_create(const struct subject *subject,
                                 const struct pagelaw_profile *profile, unsigned start_timeout_ms,
                                 unsigned timeout_ms, const volatile int *stop);
void screener_free(struct screener *screener);

/* What was odd in a sequence. */
#define ODD_NOTHING UINT32_MAX
struct odd {
    uint32_t step; /* ODD_NOTHING: all is as the model has it */
    uint32_t look;
};

/* Odd steps after which the sequence went on; of many that look the same, the first. They stay
 * until the next run. */
struct aside {
    size_t sequence;
    struct odd odd;
};
#define ASIDES_MAX 1024
const struct aside *screener_asides(const struct screener *screener, size_t *count);

/* LOOK_CRASHED and LOOK_HUNG: the process ended, or did not, somewhere in the sequence; step is
 * its last. */
#define LOOK_CRASHED 0xFF000001u
#define LOOK_HUNG 0xFF000002u

#define HANGS_MAX 10 /* sequences that hang, before a subject is given up */

/* What is to be screened, and what came of it. */
struct screening {
    const struct batch *batch;
    struct odd *odd;             /* of each sequence */
    bool (*is_over)(void *user); /* whether no more is wanted once a sequence that hangs is found */
    void *user;
    size_t done; /* so many sequences, the first ones, were screened */
};

/* Screens all, or as many as there is time for: a batch that hangs is halved until the sequence is
 * found, which takes a timeout each. False, with words in `error`, if the agent cannot be had. */
bool screener_run(struct screener *screener, struct screening *screening, char *error,
                  size_t capacity);

/* Whether so many sequences hung that it makes no sense to go on. */
bool screener_has_given_up(const struct screener *screener);

#endif
