/* The executor's steps: each call of the language, made on the backend. */
#ifndef SUITE_CARRY_H
#define SUITE_CARRY_H

#include "suite/backend.h"
#include "suite/scenario.h"
#include "suite/trace.h"
#include "watches.h"

/* A scenario that is being carried out, as far as its steps need it. */
struct run {
    const struct backend *backend;
    const struct subject_info *info;
    struct environment environment;
    struct watches watches;
    struct trace_step outcome; /* of the step that is being made; zeroed before it */
    struct trace_watch watch;  /* that the step began; of size 0 if none */
};

/* Makes the step and fills `outcome` and `watch`. TRACE_DONE, TRACE_UNSUPPORTED or
 * TRACE_IMPOSSIBLE. */
enum trace_state carry_step(struct run *run, const struct step *step);

/* ---- For the files that implement steps ------------------------------------------------------ */

typedef enum trace_state carry_function(struct run *run, const struct step *step);

carry_function carry_read, carry_write, carry_code, carry_execute;

uint64_t carry_argument(const struct run *run, const struct step *step, unsigned index);
/* `absent` if the step does not have it. */
uint64_t carry_argument_or(const struct run *run, const struct step *step, unsigned index,
                           uint64_t absent);
/* TRACE_IMPOSSIBLE, with words in the outcome, in which the number is shown as hexadecimal. */
enum trace_state carry_impossible(struct run *run, const char *before, uint64_t number,
                                  const char *after);
/* The size of the subject's MEMORY_BASIC_INFORMATION. */
uint64_t carry_mbi_size(const struct run *run);

#endif
