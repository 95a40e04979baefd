/* A step in the words of the language. */
#ifndef SUITE_STEP_TEXT_H
#define SUITE_STEP_TEXT_H

#include "suite/scenario.h"
#include "text.h"

/* The step without its pins, on one line, names of an `each` replaced by their values. */
void step_text_add(struct text *text, const struct step *step, const struct scenario *scenario);

#endif
