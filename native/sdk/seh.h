/* Dispatching an exception on the thread that it is of. */
#ifndef NATIVE_SDK_SEH_H
#define NATIVE_SDK_SEH_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "excpt.h"

/* Takes the host's faults from now on; costs nothing after the first time. Without it no exception
 * is raised: a fault kills as ever. */
void seh_start(void);

/* Asks vectored handlers and frames. True if the code that raised it is to go on; false if nobody
 * took it. Does not return if a frame handles it. */
bool seh_dispatch(PEXCEPTION_POINTERS pointers);

/* Asks the filter for unhandled exceptions, if there is one: its verdict, or
 * EXCEPTION_CONTINUE_SEARCH. */
LONG seh_ask_last(PEXCEPTION_POINTERS pointers);

/* Asks the vectored handlers. True if one of them continues. */
bool seh_ask_vectored(PEXCEPTION_POINTERS pointers);

/* Once, before the first of these: has a child begin with vectored handlers that it can ask. False
 * if there is no memory. */
bool seh_prepare_forks(void);

/* Writes to standard error what nobody handled; safe where a signal is handled. */
void seh_tell(const EXCEPTION_RECORD *record);

/* ---- What each processor's file provides ----------------------------------------------------- */

/* What a call must preserve, the stack pointer first and the return address second. */
struct seh_registers {
    void *at[PAGELAW_REGISTERS];
};
#define SEH_STACK 0
#define SEH_RETURN 1

/* Saves the caller's registers: 0. Returns a second time, with `value`, when they are loaded; with
 * the stack pointer `stack`, from which on the caller then uses the stack downwards. */
int seh_registers_save(struct seh_registers *registers) __asm__("pagelaw_seh_save")
    __attribute__((__returns_twice__));
void seh_registers_load(const struct seh_registers *registers, void *stack,
                        int value) __asm__("pagelaw_seh_load") __attribute__((__noreturn__));

/* The Windows context of a host's, and back: what a handler may have changed. */
void seh_context_load(CONTEXT *context, const ucontext_t *host);
void seh_context_store(const CONTEXT *context, ucontext_t *host);

/* The context of a function that is called: what is known of it. */
void seh_context_make(CONTEXT *context, const void *address, const void *stack);
PVOID seh_context_address(const CONTEXT *context);
uintptr_t seh_context_stack(const CONTEXT *context);

/* Called by pagelaw_try_begin, which is in assembly, when it has saved the registers: 0. */
int seh_enter(struct pagelaw_try *frame, void *function) __asm__("pagelaw_seh_enter");

#endif
