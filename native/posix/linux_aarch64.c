/* Faults on aarch64 Linux. */
#define _GNU_SOURCE 1
#include "registers.h"

#include <stddef.h>
#include <stdint.h>

/* The exception syndrome: its class says whether an instruction or data, and a bit the rest. */
#define SYNDROME_CLASS(syndrome) ((syndrome) >> 26)
#define CLASS_FETCH 0x20
#define SYNDROME_WRITE 0x40

void registers_load(const ucontext_t *context, struct probe_frame *frame)
{
    frame->pc = (uintptr_t)context->uc_mcontext.pc;
    frame->sp = (uintptr_t)context->uc_mcontext.sp;
    frame->link = (uintptr_t)context->uc_mcontext.regs[30];
}

void registers_store(ucontext_t *context, const struct probe_frame *frame)
{
    context->uc_mcontext.pc = frame->pc;
    context->uc_mcontext.sp = frame->sp;
}

/* The kernel adds records to a context; each begins with its kind and its size. */
static uint64_t syndrome_of(const ucontext_t *context)
{
    const unsigned char *at = (const unsigned char *)context->uc_mcontext.__reserved;
    const struct _aarch64_ctx *head = (const struct _aarch64_ctx *)at;
    while (head->magic != 0 && head->size != 0) {
        if (head->magic == ESR_MAGIC)
            return ((const struct esr_context *)head)->esr;
        at += head->size;
        head = (const struct _aarch64_ctx *)at;
    }
    return 0;
}

/* For a host that gives no syndrome, as qemu 7 does not: by the instruction, which for the loads
 * and stores of one register tells in two bits whether it loads. */
static enum pagelaw_access access_by_instruction(const ucontext_t *context)
{
    uintptr_t pc = (uintptr_t)context->uc_mcontext.pc;
    if (context->uc_mcontext.fault_address == pc)
        return PAGELAW_EXECUTE;
    uint32_t instruction = *(const uint32_t *)pc;
    return (instruction >> 22 & 3) == 0 ? PAGELAW_WRITE : PAGELAW_READ;
}

enum pagelaw_access registers_access(const ucontext_t *context)
{
    uint64_t syndrome = syndrome_of(context);
    if (syndrome == 0)
        return access_by_instruction(context);
    if (SYNDROME_CLASS(syndrome) == CLASS_FETCH)
        return PAGELAW_EXECUTE;
    return (syndrome & SYNDROME_WRITE) != 0 ? PAGELAW_WRITE : PAGELAW_READ;
}

uint64_t registers_address(const ucontext_t *context, const siginfo_t *info)
{
    (void)context;
    return (uintptr_t)info->si_addr;
}
