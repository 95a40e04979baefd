/* The commit limit that the environment asks for. */
#ifndef NATIVE_POSIX_COMMIT_LIMIT_H
#define NATIVE_POSIX_COMMIT_LIMIT_H

#include <stdint.h>

/* What PAGELAW_COMMIT_LIMIT says, in bytes; UINT64_MAX if it is not set. If it is no size, that is
 * said on standard error, and there is no limit. */
uint64_t commit_limit_from_environment(void);

#endif
