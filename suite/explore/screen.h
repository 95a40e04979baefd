/* Screening: many sequences of acts, made in one process, each held against the model beside it by
 * equality. What is not equal is not yet a difference: the judge has the last word. */
#ifndef SUITE_SCREEN_H
#define SUITE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/run.h"

#define SCREEN_WORD "screen\n" /* that begins the text of such a request */

bool screen_asked(const char *text, size_t length);

/* Makes the sequences of a request, and tells the wire's lines:
 * "odd SEQUENCE STEP LOOK" for each sequence whose step came back otherwise than the model itself
 * answers, with a number for how it looks, "aside ..." where the sequence goes on after it; then
 * "screened SEQUENCES ACTS". */
void screen_run(const char *text, size_t length, const struct backend *backend,
                const struct subject_info *info, const struct line_sink *sink);

/* In the upper byte of how it looks: a read, or a write, of a page shows what is odd. The page's
 * number comes to it. */
#define SCREEN_LOOK_READ 32u
#define SCREEN_LOOK_WRITE 48u

#endif
