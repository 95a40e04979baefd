/* Text in XML and HTML. */
#ifndef REPORTS_MARKUP_H
#define REPORTS_MARKUP_H

#include <stdio.h>

/* Writes the next character of a text that is not empty, and returns how many bytes of it that was.
 * In what is written no character is markup, for an element or an attribute in double quotes; what
 * is not seen, or no UTF-8, stands escaped, and an end of a line too. */
size_t markup_put_next(FILE *out, const char *text);

/* Writes a whole text so. */
void markup_put(FILE *out, const char *text);

/* The same, with ends of lines as themselves; of at most so many lines. */
void markup_put_lines(FILE *out, const char *text, unsigned lines);

#endif
