/* The text of a file. */
#include "load_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES ((size_t)64 << 10)

struct loading {
    FILE *file;
    char *text;
    size_t length, capacity;
};

static bool grow(struct loading *loading)
{
    size_t capacity = loading->capacity == 0 ? FIRST_BYTES : loading->capacity * 2;
    char *text = realloc(loading->text, capacity);
    if (text == NULL)
        return false;
    loading->text = text;
    loading->capacity = capacity;
    return true;
}

/* What is wrong, or NULL. One byte more than `most` is enough to know. */
static const char *load_all(struct loading *loading, size_t most)
{
    size_t got;
    do {
        if (loading->length + 1 >= loading->capacity && !grow(loading))
            return "out of memory";
        got = fread(loading->text + loading->length, 1, loading->capacity - loading->length - 1,
                    loading->file);
        loading->length += got;
    } while (got != 0 && loading->length <= most);
    loading->text[loading->length] = '\0';
    return ferror(loading->file) ? "it cannot be read" : NULL;
}

char *load_text(const char *path, size_t most, size_t *length, struct read_error *error)
{
    struct loading loading = {.file = fopen(path, "rb")};
    const char *problem = loading.file == NULL ? strerror(errno) : load_all(&loading, most);
    if (loading.file != NULL)
        fclose(loading.file);
    *error = (struct read_error){.line = 0};
    *length = loading.length;
    if (problem != NULL)
        snprintf(error->message, sizeof error->message, "%s", problem);
    else if (loading.length > most)
        snprintf(error->message, sizeof error->message, "found more than %zu MB, wanted less",
                 most >> 20);
    else
        return loading.text;
    free(loading.text);
    return NULL;
}
