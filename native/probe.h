/* Touching memory for real: one byte, by one instruction, and living through the fault.
 *
 * A *leaf* is a function whose only memory instruction is its first one. When that faults, the
 * fault handler of the platform asks `probe_owns` whether the thread was in a leaf, and if so calls
 * `probe_fail`, which records the exception and moves the thread to where the leaf would have
 * returned to. The handler then returns normally: nothing is ever jumped over, so a signal mask, a
 * lock or an unwinder's state is as after any other signal. A fault anywhere else is not ours. */
#ifndef NATIVE_PROBE_H
#define NATIVE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/backend.h"

/* ---- For everybody: touch the byte at `address`. May be called from any thread. ------------- */

/* The byte, or 0 if there was an exception. */
uint8_t probe_read(uint64_t address, struct subject_exception *exception);
void probe_write(uint64_t address, uint8_t value, struct subject_exception *exception);

/* Calls the code at the address, which must return at once and touch nothing. */
void probe_execute(uint64_t address, struct subject_exception *exception);

/* The machine code of a function that only returns; its length in bytes in *length. */
const uint8_t *probe_return_code(size_t *length);

/* "x64", "x86" or "arm64": what this program was built for. */
extern const char probe_processor[];

/* ---- For the platform's fault handler, on the thread that faulted ---------------------------- */

/* What a return from a leaf needs of an interrupted thread. */
struct probe_frame {
    uintptr_t pc;
    uintptr_t sp;
    uintptr_t link; /* the return address, where the processor keeps it in a register */
};

/* Whether the thread was stopped by the touch that it is making. */
bool probe_owns(const struct probe_frame *frame);

/* Ends the touch with this exception, and the leaf as if it had returned. */
void probe_fail(struct probe_frame *frame, const struct subject_exception *exception);

/* Whether the touch may be tried once more: true for the first few times that a touch asks. */
bool probe_may_retry(void);

/* ---- What each processor's file provides ----------------------------------------------------- */

/* The calling convention that puts the leaves' arguments in registers. */
#if defined(__x86_64__)
#define PROBE_LEAF __attribute__((sysv_abi))
#elif defined(__i386__)
#define PROBE_LEAF __attribute__((fastcall))
#else
#define PROBE_LEAF
#endif

/* The names are given to the assembler as they are, whatever a system puts before a C name. */
PROBE_LEAF uint8_t probe_leaf_read(uintptr_t address) __asm__("pagelaw_leaf_read");
PROBE_LEAF void probe_leaf_write(uintptr_t address, uint8_t value) __asm__("pagelaw_leaf_write");
PROBE_LEAF void probe_leaf_execute(uintptr_t address) __asm__("pagelaw_leaf_execute");

/* Moves the frame to where the leaf, or the code that it called, returns to. */
void probe_return(struct probe_frame *frame);

#endif
