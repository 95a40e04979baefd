/* A shared library that holds a port, opened in this process: one file a platform. */
#ifndef NATIVE_PORT_LIBRARY_H
#define NATIVE_PORT_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

typedef void library_function(void);

struct library {
    void *handle;
};

/* Opens the file at this path; a name without a folder is looked for in the working folder and
 * nowhere else. False, with words in `error`, if there is none or it is no library for this
 * processor. What the library does as it is opened is done. */
bool library_open(struct library *library, const char *file, char *error, size_t capacity);

/* What the library exports under this name, or NULL. */
library_function *library_find(const struct library *library, const char *name);

/* Where the host can tell that a file is no library for this program: false, with words. */
bool library_fits(const char *file, char *error, size_t capacity);

#endif
