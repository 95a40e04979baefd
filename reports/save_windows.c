/* Places to save to on Windows. */
#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "save_place.h"

/* "NUL", "CON" and their like are devices, and so is what begins with "\\.\" (pipes are there). */
static bool is_device(const char *path)
{
    char whole[MAX_PATH];
    DWORD length = GetFullPathNameA(path, sizeof whole, whole, NULL);
    return length != 0 && length < sizeof whole && strncmp(whole, "\\\\.\\", 4) == 0;
}

bool save_place_find(struct save_place *place, const char *path)
{
    DWORD attributes = GetFileAttributesA(path);
    *place = (struct save_place){.in_place = is_device(path)};
    place->is_there = attributes != INVALID_FILE_ATTRIBUTES;
    if (!place->in_place && place->is_there &&
        (attributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY)) != 0) {
        errno = EACCES;
        return false;
    }
    /* Through a link, and there alone, it is written where it lies. */
    if (place->is_there && (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        place->in_place = true;
    place->path = _strdup(path);
    return place->path != NULL;
}

void save_place_free(struct save_place *place)
{
    int problem = errno;
    free(place->path);
    place->path = NULL;
    errno = problem;
}

void save_place_dress(const struct save_place *place, FILE *file)
{
    (void)place;
    (void)file;
}

bool save_place_take(const struct save_place *place, const char *from)
{
    if (MoveFileExA(from, place->path, MOVEFILE_REPLACE_EXISTING) != 0)
        return true;
    errno = GetLastError() == ERROR_DISK_FULL ? ENOSPC : EACCES;
    return false;
}

void save_signals_hold(void)
{
}

void save_signals_release(void)
{
}
