/* Screening: many sequences of acts, made in one process, each held against the model beside it by
 * equality. What is not equal is not yet a difference: the judge has the last word. */
#ifndef SUITE_SCREEN_H
#define SUITE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/run.h"

#define SCREEN_WORD "screen\n" /* that begins the text of such a request */

bool screen_asked(const char *text, size_t length);

/* Whether the request can be read up to its sequences; else *why says which line cannot. */
bool screen_is_whole(const char *text, size_t length, char *why, size_t capacity);

/* Makes the sequences of a request that is whole, and tells the wire's lines:
 * "odd SEQUENCE STEP LOOK" for each sequence whose step came back otherwise than the model itself
 * answers, with a number for how it looks, "aside ..." where the sequence goes on after it; then
 * "screened SEQUENCES ACTS". */
void screen_run(const char *text, size_t length, const struct backend *backend,
                const struct subject_info *info, const struct line_sink *sink);

/* How an odd step looks, as one number: in what it is odd (6 bits), the operation (5), the rule
 * that decided it (8), and a hash of what was wanted and what came (13). */
uint32_t screen_look(uint32_t what, uint32_t operation, uint32_t rule, uint64_t values);
uint32_t screen_look_what(uint32_t look);

/* The same without the values. */
uint32_t screen_look_class(uint32_t look);

/* Odd in what a read, or a write, of a page shows: the page's number comes to it. */
#define SCREEN_READ 32u
#define SCREEN_WRITE 47u
#define SCREEN_PAGES_MAX 15u

#endif
