/* Text in XML and HTML. */
#ifndef REPORTS_MARKUP_H
#define REPORTS_MARKUP_H

#include <stdio.h>

/* Writes a text in which no character is markup, for an element or an attribute in double quotes.
 * What is not seen, or no UTF-8, stands escaped, and ends of lines too. */
void markup_put(FILE *out, const char *text);

/* The same, with ends of lines as themselves; of at most so many lines. */
void markup_put_lines(FILE *out, const char *text, unsigned lines);

#endif
