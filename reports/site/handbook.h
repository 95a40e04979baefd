/* Markdown: the only way by which text reaches a page. */
#ifndef SITE_HANDBOOK_H
#define SITE_HANDBOOK_H

#include <stdio.h>

#include "site.h"

/* Writes the format, a literal, as it is, but for %s, a text on one line in which no character
 * means anything but itself, and %u, a number: size_t. */
void handbook_put(FILE *out, const char *format, ...);

/* Text as it is between fences that it cannot close. */
void handbook_code(FILE *out, const char *language, const char *text);

void handbook_rule(FILE *out, const struct site *site, size_t rule);

#endif
