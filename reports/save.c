/* A file, whole or not at all. */
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool write_to(const char *path, bool (*write)(const void *what, FILE *out), const void *what)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    bool written = write(what, file);
    return fclose(file) == 0 && written;
}

/* A directory can't be opened so; POSIX's `remove` would take an empty one away. */
static bool is_file(const char *path)
{
    FILE *file = fopen(path, "rb+");
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

static bool move(const char *from, const char *to)
{
    if (rename(from, to) == 0)
        return true;
    return is_file(to) && remove(to) == 0 && rename(from, to) == 0;
}

/* A device must not be replaced by a file: for root that would be the end of /dev/null. */
static bool is_device(const char *path)
{
    return strncmp(path, "/dev/", 5) == 0;
}

bool save_file(const char *path, bool (*write)(const void *what, FILE *out), const void *what)
{
    if (is_device(path))
        return write_to(path, write, what);
    static const char suffix[] = ".tmp";
    size_t length = strlen(path);
    char *temporary = malloc(length + sizeof suffix);
    if (temporary == NULL)
        return false;
    memcpy(temporary, path, length);
    memcpy(temporary + length, suffix, sizeof suffix);
    bool saved = write_to(temporary, write, what) && move(temporary, path);
    if (!saved) {
        int problem = errno;
        remove(temporary);
        errno = problem;
    }
    free(temporary);
    return saved;
}
