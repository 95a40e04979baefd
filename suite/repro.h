/* What the parts of the printer of C programs share. */
#ifndef SUITE_PRIVATE_REPRO_H
#define SUITE_PRIVATE_REPRO_H

#include "pagelaw/model.h"
#include "print_address.h"
#include "suite/scenario.h"
#include "suite/trace.h"
#include "text.h"

/* What the law said of a step. */
struct repro_law {
    struct pagelaw_plan plan;
    struct pagelaw_touch touch;
};

struct repro {
    const struct scenario *scenario;
    const struct pagelaw_profile *profile;
    struct subject_info info;
    struct trace *trace; /* of the model */
    struct repro_law *laws;
    struct text out;
    /* The step that is being printed. */
    unsigned index;
    const struct step *step;
    const struct trace_step *own;
    struct environment environment;
    bool after_reset; /* some pages may have lost their contents */
};

struct place repro_place(const struct repro *repro);

/* Text of the language as C: 62K is 62 * K, and no variable has a name that C or windows.h wants.
 */
void repro_add_words(struct repro *repro, const char *words);
void repro_add_variable(struct repro *repro, unsigned variable);
void repro_add_argument(struct repro *repro, unsigned index);

/* An address by the variables. False, and nothing is printed, if none is near. */
bool repro_add_address(struct repro *repro, uint64_t address);

/* The step and its outcome in the language, as a string literal. */
void repro_add_law(struct repro *repro);

/* The statements of a step. */
void repro_add_step(struct repro *repro);
void repro_add_touch(struct repro *repro);

/* The function that limits the commit charge, and the statement that calls it. */
void repro_add_limiting(struct repro *repro);
void repro_add_limit(struct repro *repro);

#endif
