/* Reaching the disk on Windows. */
#include <errno.h>
#include <io.h>

#include "save_lasting.h"

/* What is no file, such as a pipe or NUL, answers EBADF. */
bool file_settle(FILE *file)
{
    return _commit(_fileno(file)) == 0 || errno == EBADF;
}
