/* A file, whole or not at all. */
#ifndef REPORTS_SAVE_H
#define REPORTS_SAVE_H

#include <stdbool.h>
#include <stdio.h>

/* Writes `what` to a file by `write`: on false the file is what it was, nothing is left beside it,
 * and errno says why.
 *
 * Of a link the file that it leads to is written, there or not. The new file is written under a name
 * that nobody has, the path's with ".tmp" or ".1.tmp" and so forth, and takes the old one's place
 * and rights: a reader sees the one or the other whole, and of two who save at once the last one
 * stays. An old file that may not be written to stays. What is no file (a pipe, a terminal,
 * anything below /dev/) is written to where it is. Signals that end the program wait meanwhile. */
bool save_file(const char *path, bool (*write)(const void *what, FILE *out), const void *what);

#endif
