/* Limiting how much this process may commit. */
#ifndef NATIVE_WIN32_COMMIT_LIMIT_H
#define NATIVE_WIN32_COMMIT_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/* Lets the process commit at most `bytes` more. False if the system does not enforce that, as
 * Wine does not. The process stays in a job object for good. */
bool commit_limit_set(uint64_t bytes);

#endif
