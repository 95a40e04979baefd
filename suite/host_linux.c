/* What only Linux does so. */
#include "host_posix.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include "suite/run.h"

void host_end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool own_path(char *buffer, size_t capacity)
{
    ssize_t length = readlink("/proc/self/exe", buffer, capacity);
    if (length <= 0 || (size_t)length >= capacity)
        return false;
    buffer[length] = '\0';
    return true;
}
