/* Printing expressions into a longer text. */
#ifndef SUITE_EXPRESSION_H
#define SUITE_EXPRESSION_H

#include "suite/scenario.h"
#include "text.h"

void expression_add(struct text *text, const struct expression *expression,
                    const struct scenario *scenario);

#endif
