/* Folders on POSIX systems. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"

static bool make_one(const char *path)
{
    struct stat status;
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST)
        return false;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    errno = ENOTDIR;
    return false;
}

bool folder_make(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return false;
    bool made = true;
    for (char *at = copy + 1; *copy != '\0' && *at != '\0' && made; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        made = make_one(copy);
        *at = '/';
    }
    made = made && make_one(copy);
    int problem = errno;
    free(copy);
    errno = problem;
    return made;
}
