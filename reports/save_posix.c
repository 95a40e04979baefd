/* Places to save to on POSIX systems. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "save_place.h"

#define LINKS_MAX 40
#define LINK_BYTES 4096

/* What is there are doors to what is open: a link to one leads to no file's name. */
static bool is_of_system(const char *path)
{
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

/* Where a link leads, for the caller to free: what is relative is so to the link's folder. */
static char *read_link(const char *path)
{
    char target[LINK_BYTES];
    ssize_t length = readlink(path, target, sizeof target);
    if (length < 0)
        return NULL;
    const char *slash = target[0] == '/' ? NULL : strrchr(path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *whole = malloc(folder + (size_t)length + 1);
    if (whole == NULL)
        return NULL;
    memcpy(whole, path, folder);
    memcpy(whole + folder, target, (size_t)length);
    whole[folder + (size_t)length] = '\0';
    return whole;
}

/* The end of all links, which need not be there; NULL: errno says why there is none. */
static char *follow(const char *path)
{
    char *at = strdup(path);
    struct stat status;
    for (int links = 0; at != NULL && !is_of_system(at); links++) {
        if (lstat(at, &status) != 0 || !S_ISLNK(status.st_mode))
            return at;
        char *next = links < LINKS_MAX ? read_link(at) : NULL;
        if (links == LINKS_MAX)
            errno = ELOOP;
        free(at);
        at = next;
    }
    return at;
}

static bool look(struct save_place *place)
{
    struct stat status;
    if (stat(place->path, &status) != 0)
        return errno == ENOENT;
    place->is_there = true;
    place->mode = status.st_mode & 0777;
    place->owner = status.st_uid;
    place->group = status.st_gid;
    place->in_place = !S_ISREG(status.st_mode);
    if (S_ISDIR(status.st_mode))
        errno = EISDIR;
    return !S_ISDIR(status.st_mode) && faccessat(AT_FDCWD, place->path, W_OK, AT_EACCESS) == 0;
}

bool save_place_find(struct save_place *place, const char *path)
{
    *place = (struct save_place){.path = follow(path)};
    if (place->path == NULL)
        return false;
    place->in_place = is_of_system(place->path);
    if (place->in_place || look(place))
        return true;
    save_place_free(place);
    return false;
}

void save_place_free(struct save_place *place)
{
    int problem = errno;
    free(place->path);
    place->path = NULL;
    errno = problem;
}

/* Who may not give a file away keeps it. */
void save_place_dress(const struct save_place *place, FILE *file)
{
    if (!place->is_there)
        return;
    bool given = fchown(fileno(file), place->owner, place->group) == 0;
    fchmod(fileno(file), given ? place->mode : place->mode & 0707);
}

bool save_place_take(const struct save_place *place, const char *from)
{
    return rename(from, place->path) == 0;
}

/* ---- Signals ---- */

static sigset_t held;
static unsigned holds; /* one save may be within another */

void save_signals_hold(void)
{
    sigset_t ending;
    if (holds++ != 0)
        return;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGHUP);
    sigprocmask(SIG_BLOCK, &ending, &held);
}

void save_signals_release(void)
{
    if (--holds == 0)
        sigprocmask(SIG_SETMASK, &held, NULL);
}
