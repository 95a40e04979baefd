/* Making folders. */
#ifndef MAIN_FOLDER_H
#define MAIN_FOLDER_H

#include <stdbool.h>

/* Makes a folder, and those that it lies in; one that is there already is no error. False: errno
 * says why. */
bool folder_make(const char *path);

#endif
