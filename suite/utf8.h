/* Whether bytes are text: UTF-8 without control characters. */
#ifndef SUITE_UTF8_H
#define SUITE_UTF8_H

#include <stddef.h>

/* The offset of the first byte that is not: of no valid sequence, NUL or another control character
 * than tab, line feed, and carriage return before a line feed. `length` if there is none. */
size_t utf8_check(const char *text, size_t length);

/* The longest prefix of at most `most` bytes that cuts no character in two. */
size_t utf8_cut(const char *text, size_t length, size_t most);

#endif
