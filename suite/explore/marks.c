/* What was crossed, as a file. */
#include "marks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static uint64_t hash_of(const struct space *space)
{
    uint64_t hash = 14695981039346656037u;
    size_t edges = (size_t)space->count * space->alphabet->count;
    for (size_t i = 0; i < edges; i++)
        hash = (hash ^ space->targets[i]) * 1099511628211u;
    return hash;
}

static bool read_marks(const struct space *space, FILE *file)
{
    uint64_t hash;
    size_t edges = (size_t)space->count * space->alphabet->count;
    if (fread(&hash, sizeof hash, 1, file) != 1 || hash != hash_of(space) ||
        fread(space->marks, 1, edges, file) != edges || fgetc(file) != EOF)
        return false;
    uint8_t all = 0;
    for (size_t i = 0; i < edges; i++) {
        all |= space->marks[i];
        space->marks[i] &= (uint8_t)~MARK_CLAIMED;
    }
    return (all & ~(MARK_CROSSED | MARK_CLAIMED | MARK_ODD)) == 0;
}

bool marks_load(struct space *space, const char *path, char *error, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL && errno == ENOENT)
        return true;
    const char *problem = file == NULL ? strerror(errno) : NULL;
    if (file != NULL && !read_marks(space, file))
        problem = "found another file, wanted one that --resume made, of the same scope, profile "
                  "and version";
    if (file != NULL)
        fclose(file);
    if (problem == NULL)
        return space_find_ways(space);
    snprintf(error, capacity, "%s: %s", path, problem);
    return false;
}

static bool write_marks(const void *what, FILE *out)
{
    const struct space *space = what;
    uint64_t hash = hash_of(space);
    size_t edges = (size_t)space->count * space->alphabet->count;
    return fwrite(&hash, sizeof hash, 1, out) == 1 && fwrite(space->marks, 1, edges, out) == edges;
}

bool marks_save(const struct space *space, const char *path, explore_save *save, char *error,
                size_t capacity)
{
    if (save(path, write_marks, space))
        return true;
    snprintf(error, capacity, "%s: %s", path, strerror(errno));
    return false;
}
