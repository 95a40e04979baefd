/* Reading text that nobody vouched for, one character at a time. */
#ifndef REPORTS_GLYPH_H
#define REPORTS_GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A character as it may be shown: itself, or its escape. Every character counts as one column. */
struct glyph {
    char bytes[8];
    unsigned columns;
};

/* The code point at the start of a text that is not empty, and how many bytes it takes; 0 if they
 * are not UTF-8. */
size_t glyph_decode(const char *text, uint32_t *code);

/* Whether a character acts on a terminal or on the text around it instead of being seen. */
bool glyph_is_control(uint32_t code);

/* The next character of a text that is not empty, and how many bytes of the text it took. */
size_t glyph_next(const char *text, struct glyph *glyph);

#endif
