/* What a fault's ucontext_t says: one file a system and processor. */
#ifndef NATIVE_POSIX_REGISTERS_H
#define NATIVE_POSIX_REGISTERS_H

#include <signal.h>
#include <ucontext.h>

#include "pagelaw/model.h"
#include "probe.h"

void registers_load(const ucontext_t *context, struct probe_frame *frame);
void registers_store(ucontext_t *context, const struct probe_frame *frame);

/* How memory was touched, and the address, as in ExceptionInformation[0] and [1]. */
enum pagelaw_access registers_access(const ucontext_t *context);
uint64_t registers_address(const ucontext_t *context, const siginfo_t *info);

#endif
