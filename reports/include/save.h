/* A file, whole or not at all. */
#ifndef REPORTS_SAVE_H
#define REPORTS_SAVE_H

#include <stdbool.h>
#include <stdio.h>

/* Writes `what` to a file by `write`, by way of `path`.tmp: on false there is no such temporary
 * file, `path` is what it was, and errno says why. (Where rename does not replace, as on Windows,
 * the old file goes first.) A path below /dev/ is written in place. */
bool save_file(const char *path, bool (*write)(const void *what, FILE *out), const void *what);

#endif
