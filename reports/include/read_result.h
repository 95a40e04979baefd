/* Reading result files back: what reports/RESULT.md describes, of this version or an older one.
 *
 * A file may be damaged, cut off, huge or made to harm: then there is an error that says where,
 * what was found and what was wanted, and no result. */
#ifndef READ_RESULT_H
#define READ_RESULT_H

#include <stddef.h>

#include "result.h"

#define RESULT_FILE_MAX ((size_t)64 << 20) /* bytes; a longer one is refused */

/* What is wrong. */
struct read_error {
    int line, column;  /* from 1, the column in bytes; both 0: of the file as a whole */
    char message[256]; /* one line: "found a number, wanted the text of a path" */
};

/* Reads the text of a result file. The result is the caller's until result_free; NULL and *error if
 * it cannot be read, or if memory is short. Time and memory are linear in the length.
 *
 * Of version 1 there is no suite hash, no text, no map, and of scenarios that agree no transcript:
 * texts that the file has not are "", but for reasons, which may be NULL. */
struct result *result_read(const char *text, size_t length, struct read_error *error);

/* The same, of a file. */
struct result *result_load(const char *path, struct read_error *error);

void result_free(struct result *result);

#endif
