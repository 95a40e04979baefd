/* The text of a file. */
#ifndef REPORTS_LOAD_TEXT_H
#define REPORTS_LOAD_TEXT_H

#include <stddef.h>

#include "read_result.h"

/* All of a file, ended by a NUL that *length does not count, for the caller to free. NULL and
 * *error if it cannot be had or has more than `most` bytes, a number of whole megabytes. */
char *load_text(const char *path, size_t most, size_t *length, struct read_error *error);

#endif
