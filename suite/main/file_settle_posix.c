/* Reaching the disk on POSIX systems. */
#include <errno.h>
#include <unistd.h>

#include "save_lasting.h"

/* What is no file, such as a pipe, answers EINVAL. */
bool file_settle(FILE *file)
{
    return fsync(fileno(file)) == 0 || errno == EINVAL || errno == ENOTSUP;
}
