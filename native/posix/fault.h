/* The host's faults, as Windows's exceptions. */
#ifndef NATIVE_POSIX_FAULT_H
#define NATIVE_POSIX_FAULT_H

#include <stdbool.h>

/* From now on the faults of probes are recorded; all others go to whoever handled them before.
 * The layer must be open. False, with errno set, if the host refuses. */
bool fault_start(void);

#endif
