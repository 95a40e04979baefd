/* The host's part of a call: between the model's plan and its publication, the real memory is
 * made to be what the plan says.
 *
 * Every page that the model holds to be reserved is mapped with PROT_NONE and never was written
 * since, every committed page with the protection that `host_protection` gives for its Windows
 * protection; all of them private, anonymous, with equal flags but for the arena's mark, so that
 * the kernel merges what is next to each other. By itself it leaves pages that never were written
 * out of core files. */
#ifndef NATIVE_POSIX_HOST_H
#define NATIVE_POSIX_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "arena.h"
#include "pagelaw/model.h"

/* The system calls that the layer makes on a program's memory; tests put failing ones in. */
struct host_calls {
    void *(*map)(void *address, size_t size, int protection, int flags, int file, off_t offset);
    int (*unmap)(void *address, size_t size);
    int (*protect)(void *address, size_t size, int protection);
    int (*advise)(void *address, size_t size, int advice);
};
extern struct host_calls host_calls;

/* The PROT_ value that stands for a PAGE_ value. */
int host_protection(uint32_t protect);

/* Does the host's part of a plan that was made on the model's present state. STATUS_SUCCESS, or
 * the NTSTATUS that Windows gives in such straits; then the memory is as it was before. */
uint32_t host_carry_out(struct pagelaw_model *model, struct arena *arena,
                        const struct pagelaw_plan *plan);

/* Gives the guard page at `address` the protection beneath its guard, or takes it away again. False
 * if the host refuses. */
bool host_disarm_guard(struct pagelaw_model *model, uint64_t address);
bool host_arm_guard(struct pagelaw_model *model, uint64_t address);

/* Maps a range that is not the layer's yet with PROT_NONE: exactly there, over nothing.
 * STATUS_SUCCESS, STATUS_CONFLICTING_ADDRESSES or STATUS_NO_MEMORY. */
uint32_t host_take(uint64_t base, uint64_t size);

/* The row of equal pages that begins at `address`, which is on a page, cut off at `end`. */
struct pagelaw_region host_row(struct pagelaw_model *model, uint64_t address, uint64_t end);

#endif
