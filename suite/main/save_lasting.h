/* Saving a file that lasts. */
#ifndef MAIN_SAVE_LASTING_H
#define MAIN_SAVE_LASTING_H

#include <stdbool.h>
#include <stdio.h>

/* As save_file (save.h), and what is written has reached the disk before it takes the old file's
 * place: after a power cut the file is the old one or the new one, and whole. */
bool save_lasting(const char *path, bool (*write)(const void *what, FILE *out), const void *what);

/* Waits until all that was written to an open file is on its disk, where it has one. False: errno
 * says why. */
bool file_settle(FILE *file);

#endif
