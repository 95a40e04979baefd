/* Exceptions on x86-64 Linux: the registers that a call preserves, and CONTEXT. */
#define _GNU_SOURCE 1
#include <string.h>

#include "seh.h"

_Static_assert(sizeof(CONTEXT) == 1232 && offsetof(CONTEXT, Rip) == 0xF8 &&
                   offsetof(CONTEXT, FltSave) == 0x100 && offsetof(CONTEXT, VectorControl) == 0x4A0,
               "CONTEXT is laid out as on Windows");
_Static_assert(sizeof(XMM_SAVE_AREA32) == 512 && sizeof(struct _libc_fpstate) == 512,
               "both are what FXSAVE writes");

/* The return address is an indirect jump's target: compilers mark it for a processor that checks,
 * as they know that these functions return twice. */
__asm__(".text\n"
        ".globl pagelaw_try_begin\n"
        ".type pagelaw_try_begin, @function\n"
        "pagelaw_try_begin:\n"
        "    endbr64\n"
        "    call pagelaw_seh_fill\n"
        "    jmp pagelaw_seh_enter\n"
        ".size pagelaw_try_begin, .-pagelaw_try_begin\n"

        ".globl pagelaw_seh_save\n"
        ".hidden pagelaw_seh_save\n"
        ".type pagelaw_seh_save, @function\n"
        "pagelaw_seh_save:\n"
        "    call pagelaw_seh_fill\n"
        "    xorl %eax, %eax\n"
        "    ret\n"
        ".size pagelaw_seh_save, .-pagelaw_seh_save\n"

        /* Of the caller's caller: above the stack pointer lie two return addresses. */
        ".type pagelaw_seh_fill, @function\n"
        "pagelaw_seh_fill:\n"
        "    leaq 16(%rsp), %rax\n"
        "    movq %rax, (%rdi)\n"
        "    movq 8(%rsp), %rax\n"
        "    movq %rax, 8(%rdi)\n"
        "    movq %rbx, 16(%rdi)\n"
        "    movq %rbp, 24(%rdi)\n"
        "    movq %r12, 32(%rdi)\n"
        "    movq %r13, 40(%rdi)\n"
        "    movq %r14, 48(%rdi)\n"
        "    movq %r15, 56(%rdi)\n"
        "    stmxcsr 64(%rdi)\n"
        "    fnstcw 72(%rdi)\n"
        "    ret\n"
        ".size pagelaw_seh_fill, .-pagelaw_seh_fill\n"

        ".globl pagelaw_seh_load\n"
        ".hidden pagelaw_seh_load\n"
        ".type pagelaw_seh_load, @function\n"
        "pagelaw_seh_load:\n"
        "    movq 16(%rdi), %rbx\n"
        "    movq 24(%rdi), %rbp\n"
        "    movq 32(%rdi), %r12\n"
        "    movq 40(%rdi), %r13\n"
        "    movq 48(%rdi), %r14\n"
        "    movq 56(%rdi), %r15\n"
        "    ldmxcsr 64(%rdi)\n"
        "    fldcw 72(%rdi)\n"
        "    movl %edx, %eax\n"
        "    movq %rsi, %rsp\n"
        "    jmp *8(%rdi)\n"
        ".size pagelaw_seh_load, .-pagelaw_seh_load\n");

/* Where CONTEXT and the host keep the integer registers. */
static const struct {
    size_t offset;
    int host;
} integers[] = {
    {offsetof(CONTEXT, Rax), REG_RAX}, {offsetof(CONTEXT, Rcx), REG_RCX},
    {offsetof(CONTEXT, Rdx), REG_RDX}, {offsetof(CONTEXT, Rbx), REG_RBX},
    {offsetof(CONTEXT, Rsp), REG_RSP}, {offsetof(CONTEXT, Rbp), REG_RBP},
    {offsetof(CONTEXT, Rsi), REG_RSI}, {offsetof(CONTEXT, Rdi), REG_RDI},
    {offsetof(CONTEXT, R8), REG_R8},   {offsetof(CONTEXT, R9), REG_R9},
    {offsetof(CONTEXT, R10), REG_R10}, {offsetof(CONTEXT, R11), REG_R11},
    {offsetof(CONTEXT, R12), REG_R12}, {offsetof(CONTEXT, R13), REG_R13},
    {offsetof(CONTEXT, R14), REG_R14}, {offsetof(CONTEXT, R15), REG_R15},
    {offsetof(CONTEXT, Rip), REG_RIP},
};
#define INTEGERS (sizeof integers / sizeof integers[0])

/* In REG_CSGSFS, 16 bits each. */
static void load_segments(CONTEXT *context, const ucontext_t *host)
{
    unsigned long long segments = (unsigned long long)host->uc_mcontext.gregs[REG_CSGSFS];
    context->SegCs = (WORD)segments;
    context->SegGs = (WORD)(segments >> 16);
    context->SegFs = (WORD)(segments >> 32);
    context->SegSs = (WORD)(segments >> 48);
}

void seh_context_load(CONTEXT *context, const ucontext_t *host)
{
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_FULL | CONTEXT_SEGMENTS;
    for (size_t i = 0; i < INTEGERS; i++)
        memcpy((char *)context + integers[i].offset, &host->uc_mcontext.gregs[integers[i].host],
               sizeof(DWORD64));
    context->EFlags = (DWORD)host->uc_mcontext.gregs[REG_EFL];
    load_segments(context, host);
    if (host->uc_mcontext.fpregs == NULL)
        return;
    memcpy(&context->FltSave, host->uc_mcontext.fpregs, sizeof context->FltSave);
    context->MxCsr = context->FltSave.MxCsr;
}

/* The end of the area belongs to the kernel, which describes in it what it saved besides. */
void seh_context_store(const CONTEXT *context, ucontext_t *host)
{
    for (size_t i = 0; i < INTEGERS; i++)
        memcpy(&host->uc_mcontext.gregs[integers[i].host],
               (const char *)context + integers[i].offset, sizeof(DWORD64));
    host->uc_mcontext.gregs[REG_EFL] = (greg_t)context->EFlags;
    if (host->uc_mcontext.fpregs != NULL)
        memcpy(host->uc_mcontext.fpregs, &context->FltSave, offsetof(XMM_SAVE_AREA32, Reserved4));
}

void seh_context_make(CONTEXT *context, const void *address, const void *stack)
{
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_CONTROL;
    context->Rip = (uintptr_t)address;
    context->Rsp = (uintptr_t)stack;
}

PVOID seh_context_address(const CONTEXT *context)
{
    return (PVOID)(uintptr_t)context->Rip;
}

uintptr_t seh_context_stack(const CONTEXT *context)
{
    return (uintptr_t)context->Rsp;
}
