/* Addresses in the words of the language. */
#ifndef SUITE_PRINT_ADDRESS_H
#define SUITE_PRINT_ADDRESS_H

#include <stdbool.h>

#include "suite/scenario.h"
#include "suite/trace.h"
#include "text.h"

/* Where an address is to be understood. */
struct place {
    const struct trace *trace;
    const struct scenario *scenario;
    const struct environment *environment; /* before the step */
    unsigned step;
};

/* The watch that the address is in, or else ends; NULL if there is none at that step. */
const struct trace_watch *place_watch(const struct place *place, uint64_t address);

/* Prints an address that means the same in every run. False, and nothing is printed, if it is the
 * host's choice and no variable is near. */
bool place_add(struct text *text, const struct place *place, uint64_t address);

/* Prints an address in a range that the step itself began to watch by the step's target, which
 * stands for its new value. False, and nothing is printed, if it is no such address. */
bool place_add_target(struct text *text, const struct place *place, uint64_t address);

#endif
