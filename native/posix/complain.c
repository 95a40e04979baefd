/* A line on standard error. */
#define _GNU_SOURCE 1
#include "complain.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static struct iovec piece(const char *text)
{
    return (struct iovec){.iov_base = (char *)text, .iov_len = strlen(text)};
}

void complain_of_host(const char *before, const char *what, const char *after)
{
    int error = errno;
    struct iovec pieces[] = {piece("pagelaw: "), piece(before), piece(what), piece(after),
                             piece("\n")};
    ssize_t written = writev(STDERR_FILENO, pieces, sizeof pieces / sizeof *pieces);
    (void)written; /* there is nobody else to tell */
    errno = error;
}
