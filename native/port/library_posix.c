/* Opening a port's library where there is dlopen. */
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* dlopen's own words begin with the path, which the reader has seen. */
static void describe(const char *path, char *error, size_t capacity)
{
    const char *words = dlerror();
    size_t length = strlen(path);
    if (words == NULL)
        words = "dlopen does not say why";
    if (strncmp(words, path, length) == 0 && strncmp(words + length, ": ", 2) == 0)
        words += length + 2;
    snprintf(error, capacity, "it cannot be opened: %.180s", words);
}

bool library_open(struct library *library, const char *file, char *error, size_t capacity)
{
    char path[PATH_MAX];
    if (!library_fits(file, error, capacity))
        return false;
    if (realpath(file, path) == NULL) {
        snprintf(error, capacity, "it cannot be opened: %s", strerror(errno));
        return false;
    }
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL)
        describe(path, error, capacity);
    return library->handle != NULL;
}

library_function *library_find(const struct library *library, const char *name)
{
    void *found = dlsym(library->handle, name);
    library_function *function;
    memcpy(&function, &found, sizeof function); /* ISO C has no such conversion */
    return function;
}
