/* Folders on Windows. */
#include <windows.h>

#include <direct.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"

static bool make_one(const char *path)
{
    if (_mkdir(path) == 0)
        return true;
    DWORD attributes = GetFileAttributesA(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

/* "C:" and "\\server\share" are there, or nothing below them can be made. */
bool folder_make(const char *path)
{
    char *copy = _strdup(path);
    if (copy == NULL)
        return false;
    for (char *at = copy + 1; *copy != '\0' && *at != '\0'; at++) {
        if (*at != '/' && *at != '\\')
            continue;
        char kept = *at;
        *at = '\0';
        make_one(copy);
        *at = kept;
    }
    bool made = make_one(copy);
    int problem = errno;
    free(copy);
    errno = problem;
    return made;
}
