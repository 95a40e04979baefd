/* A folder of files that are there whole or not at all. */
#ifndef MAIN_FOLDER_H
#define MAIN_FOLDER_H

#include <stdbool.h>

/* Makes a folder, and those that it lies in; one that is there already is no error. False: errno
 * says why. */
bool folder_make(const char *path);

/* Puts the file `from` in the place of `to`, which may be there. False: errno says why. */
bool folder_replace(const char *from, const char *to);

#endif
