/* Faults on x86-64 Linux. */
#define _GNU_SOURCE 1
#include "registers.h"

#define PAGE_FAULT 14

/* Bits of the page fault's error code. */
#define FAULT_WRITE 0x02
#define FAULT_FETCH 0x10

void registers_load(const ucontext_t *context, struct probe_frame *frame)
{
    frame->pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    frame->sp = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
    frame->link = 0;
}

void registers_store(ucontext_t *context, const struct probe_frame *frame)
{
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)frame->pc;
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)frame->sp;
}

static bool is_page_fault(const ucontext_t *context)
{
    return context->uc_mcontext.gregs[REG_TRAPNO] == PAGE_FAULT;
}

enum pagelaw_access registers_access(const ucontext_t *context)
{
    greg_t code = is_page_fault(context) ? context->uc_mcontext.gregs[REG_ERR] : 0;
    if ((code & FAULT_FETCH) != 0)
        return PAGELAW_EXECUTE;
    return (code & FAULT_WRITE) != 0 ? PAGELAW_WRITE : PAGELAW_READ;
}

/* For an address that is not canonical the processor tells nothing, and Windows says: a read at
 * the last address there is. */
uint64_t registers_address(const ucontext_t *context, const siginfo_t *info)
{
    return is_page_fault(context) ? (uintptr_t)info->si_addr : UINT64_MAX;
}
