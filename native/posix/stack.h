/* The stack that a thread's fault handlers run on. */
#ifndef NATIVE_POSIX_STACK_H
#define NATIVE_POSIX_STACK_H

#include <stdbool.h>

/* Gives the calling thread an alternate signal stack, with a guard below it, if it has none: so
 * that a stack that overflows still dies by a fault that was seen. False, with errno set, if the
 * host refuses. */
bool stack_prepare(void);

#endif
