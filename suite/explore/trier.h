/* Running stories on the subject, each in a process of its own, and judging them. */
#ifndef EXPLORE_TRIER_H
#define EXPLORE_TRIER_H

#include "story.h"
#include "suite/explore.h"

#define TRIES_MAX 512

/* Room for what is tried at once, and what came of it. */
struct trier {
    const struct explore_options *options;
    const struct alphabet *alphabet;
    struct pagelaw_model *model; /* plays what is to be tried first */
    struct story *tries;         /* TRIES_MAX each */
    struct verdict_of *verdicts;
};

/* False if memory is short; trier_free in any case. */
bool trier_make(struct trier *trier, const struct explore_options *options,
                const struct alphabet *alphabet);
void trier_free(struct trier *trier);

/* Judges stories, at most TRIES_MAX, into `verdicts`. False, with words in `error`, if the subject
 * cannot be had. */
bool trier_run(struct trier *trier, const struct story *stories, size_t count, char *error,
               size_t capacity);

/* Runs the scenario of a finding, and keeps its judgement and trace there. */
bool trier_judge(struct trier *trier, struct explore_finding *finding, const struct story *story,
                 char *error, size_t capacity);

/* Which operations the subject has. */
bool trier_probe(struct trier *trier, bool has[OPERATION_END], char *error, size_t capacity);

/* Makes a story that shows a difference as short and as simple as it can be with the same rule
 * still broken; *of is what is said of it then. */
bool trier_shrink(struct trier *trier, struct story *story, struct verdict_of *of, char *error,
                  size_t capacity);

#endif
