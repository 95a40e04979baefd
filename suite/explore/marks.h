/* The file that keeps which transitions of a space were crossed: a hash of what it is of, and each
 * transition's mark as a byte. */
#ifndef EXPLORE_MARKS_H
#define EXPLORE_MARKS_H

#include "state_space.h"
#include "suite/explore.h"

/* Takes the marks, and the ways that they leave; a file that is not there has none. False, with
 * words in `error`, if it cannot be read or is of another space. */
bool marks_load(struct space *space, const char *path, char *error, size_t capacity);

bool marks_save(const struct space *space, const char *path, explore_save *save, char *error,
                size_t capacity);

#endif
