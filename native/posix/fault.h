/* The host's faults, as Windows's exceptions. */
#ifndef NATIVE_POSIX_FAULT_H
#define NATIVE_POSIX_FAULT_H

#include <signal.h>
#include <stdbool.h>
#include <ucontext.h>

/* From now on the faults of probes are recorded; all others go to whoever handled them before.
 * The layer must be open. False, with errno set, if the host refuses. */
bool fault_start(void);

/* Told of a fault that is no probe's, on the thread that faulted, with no signal blocked for it: it
 * may as well not return. True if the thread is to go on as `context` says by then; false if
 * the fault is for whoever handled it before. */
typedef bool fault_listener(int signal, const siginfo_t *info, ucontext_t *context);

/* From now on the listener is told of the faults of memory, arithmetic and instructions. There
 * is one. False, with errno set, if the host refuses. */
bool fault_listen(fault_listener *listener);

/* Whether a fault that the listener does not take ends the process, as nobody else handles it. */
bool fault_kills(int signal);

#endif
