/* What came back from a step, in the words of the scenario language. */
#ifndef SUITE_PRINT_OUTCOME_H
#define SUITE_PRINT_OUTCOME_H

#include "print_address.h"

/* The outcome of a step that was done, without the "=>"; nothing if it has none. */
void outcome_add(struct text *text, const struct place *place);

#endif
