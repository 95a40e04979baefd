/* What the POSIX files share, and where POSIX systems are not alike. */
#ifndef SUITE_HOST_POSIX_H
#define SUITE_HOST_POSIX_H

#include <stddef.h>

/* How a process ended, from waitpid's status: "exit status 3", "signal 11 (SIGSEGV)". */
void host_describe_status(int status, char *words, size_t capacity);

/* ---- One file a system ----------------------------------------------------------------------- */

/* Has the system end this process when its parent ends, where it can. */
void host_end_with_parent(void);

#endif
