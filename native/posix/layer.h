/* The emulation layer: the Windows memory functions over real memory. The model decides, the host
 * carries out, the model publishes; where the host refuses, the call fails as on a Windows that
 * is short of the same thing, and nothing has changed.
 *
 * May be called from any thread, before `main` too, and needs no set-up: the layer opens at the
 * first call. If it cannot be had on this host every call fails with STATUS_NO_MEMORY; `layer_open`
 * says why. A child that is forked has a copy of everything, whatever other threads were doing.
 *
 * A system call of the host into pages that may not be touched fails with EFAULT; it raises
 * nothing and disarms no guard. */
#ifndef NATIVE_POSIX_LAYER_H
#define NATIVE_POSIX_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pagelaw/model.h"

/* Opens the layer if it is not open. False, with words in `error`, if it cannot be had here. */
bool layer_open(char *error, size_t capacity);

/* The profile that the layer plays. */
const struct pagelaw_profile *layer_profile(void);

/* The Win32 functions. As in Windows 0 is failure, and the thread's last error says why; success
 * leaves the last error alone. */
uint64_t layer_virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect);
uint32_t layer_virtual_free(uint64_t address, uint64_t size, uint32_t type);
uint32_t layer_virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                               uint32_t *old_protect);
uint64_t layer_virtual_query(uint64_t address, struct pagelaw_region *region, uint64_t length);
uint32_t layer_get_last_error(void);
void layer_set_last_error(uint32_t error);

/* The Nt functions, on the current process. They return the NTSTATUS. */
uint32_t layer_nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                           uint32_t protect);
uint32_t layer_nt_free(uint64_t *base, uint64_t *size, uint32_t type);
uint32_t layer_nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect);
uint32_t layer_nt_query(uint64_t address, struct pagelaw_region *region, uint64_t length);

/* Whether a program may write so many bytes at a pointer: false for the layer's own pages that
 * cannot be written, guard pages among them, and for the lowest 64 KB. Of other memory the layer
 * knows nothing, and says true. The functions here ask it of each pointer for an output: where
 * Windows answers STATUS_ACCESS_VIOLATION, ERROR_NOACCESS, so do they. An output that the call
 * itself has made unwritable is not written. */
bool layer_can_write(const void *pointer, size_t size);

/* Lets the commit charge rise by at most `bytes` from now on. */
bool layer_set_commit_limit(uint64_t bytes);

/* What a fault of this thread's at `address` raises. A guard page that is hit is disarmed. Code 0
 * if the touch is allowed by now, because another thread came first: then it is to be tried again.
 * Before the layer is open, and where it cannot be had, nothing is an allocation.
 * For a fault handler: the faulting thread is in no call of the layer's, as the layer itself
 * touches no page of a program's, so it does not hold the lock that this takes. */
void layer_fault(enum pagelaw_access access, uint64_t address, struct pagelaw_exception *exception);

#endif
