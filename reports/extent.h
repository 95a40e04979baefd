/* How far an exploration came, in sentences that every format shows in its own way. */
#ifndef REPORTS_EXTENT_H
#define REPORTS_EXTENT_H

#include "result.h"

#define EXTENT_LINES 6

struct extent_words {
    char lines[EXTENT_LINES][2048];
    unsigned count;
};

/* None where the result is of no exploration, or of one that did not say. */
void extent_tell(const struct result *result, struct extent_words *words);

#endif
