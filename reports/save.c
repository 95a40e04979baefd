/* A file, whole or not at all. */
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "save_place.h"

#define TEMPORARIES_MAX 1000u
#define SUFFIX_BYTES 16

struct saving {
    bool (*write)(const void *what, FILE *out);
    const void *what;
};

/* Closes the file as well. */
static bool write_to(const struct saving *saving, FILE *file)
{
    if (file == NULL)
        return false;
    bool written = saving->write(saving->what, file);
    int problem = errno;
    bool closed = fclose(file) == 0;
    if (!written)
        errno = problem;
    return written && closed;
}

/* Opens a file that nobody has, beside the path, and puts its name into `name`. */
static FILE *open_beside(const char *path, char *name, size_t capacity)
{
    FILE *file = NULL;
    errno = EEXIST;
    for (unsigned i = 0; file == NULL && errno == EEXIST && i < TEMPORARIES_MAX; i++) {
        if (i == 0)
            snprintf(name, capacity, "%s.tmp", path);
        else
            snprintf(name, capacity, "%s.%u.tmp", path, i);
        file = fopen(name, "wbx");
    }
    return file;
}

static bool replace(const struct save_place *place, const struct saving *saving)
{
    size_t capacity = strlen(place->path) + SUFFIX_BYTES;
    char *name = malloc(capacity);
    FILE *file = name == NULL ? NULL : open_beside(place->path, name, capacity);
    bool saved = false;
    if (file != NULL) {
        save_place_dress(place, file);
        saved = write_to(saving, file) && save_place_take(place, name);
        int problem = errno;
        if (!saved)
            remove(name);
        errno = problem;
    }
    free(name);
    return saved;
}

bool save_file(const char *path, bool (*write)(const void *what, FILE *out), const void *what)
{
    const struct saving saving = {write, what};
    struct save_place place;
    if (!save_place_find(&place, path))
        return false;
    bool saved;
    if (place.in_place) {
        saved = write_to(&saving, fopen(place.path, "wb"));
    } else {
        save_signals_hold();
        saved = replace(&place, &saving);
        save_signals_release();
    }
    save_place_free(&place);
    return saved;
}
