/* Text put together in a caller's buffer.
 *
 * As snprintf does, it counts what would have been written, so that a first pass without a buffer
 * gives the size for a second. */
#ifndef SUITE_TEXT_H
#define SUITE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *buffer; /* always ended by a NUL; may be NULL if capacity is 0 */
    size_t capacity;
    size_t length; /* bytes so far without the NUL, even those that did not fit */
};

struct text text_begin(char *buffer, size_t capacity);
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether a name is these `length` bytes. */
bool text_is(const char *name, const char *start, size_t length);

#endif
