/* Golden texts in suite/tests/golden; PAGELAW_GOLDEN=write writes them anew. */
#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

#include <stdio.h>

/* Everything in a file from its start, for the caller to free; the file is closed. */
char *golden_contents(FILE *file);

/* Fails the test if the text is not what the golden file of that name holds. */
void golden_check(const char *name, const char *text);

#endif
