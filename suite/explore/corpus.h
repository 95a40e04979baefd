/* Sequences that reached something new, by the numbers of their acts, and the file that keeps them:
 * a line for each act, as on the wire, and an empty line behind each sequence. */
#ifndef EXPLORE_CORPUS_H
#define EXPLORE_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include "act.h"
#include "suite/explore.h"

#define CORPUS_LENGTH_MAX 40 /* acts of a sequence */
#define CORPUS_MAX 4096u     /* sequences */

struct kept_sequence {
    unsigned acts[CORPUS_LENGTH_MAX];
    unsigned length;
};

struct corpus {
    struct kept_sequence *sequences; /* CORPUS_MAX of them */
    unsigned count;
};

/* Adds the sequences of a file; one that is not there has none. False, and which line is wrong, if
 * it is no corpus of this alphabet. */
bool corpus_read(struct corpus *corpus, const struct alphabet *alphabet, const char *path,
                 char *error, size_t capacity);

bool corpus_write(const struct corpus *corpus, const struct alphabet *alphabet, const char *path,
                  explore_save *save);

#endif
