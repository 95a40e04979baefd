/* Exceptions on aarch64 Linux: the registers that a call preserves, and CONTEXT. */
#define _GNU_SOURCE 1
#include <string.h>

#include "seh.h"

_Static_assert(sizeof(CONTEXT) == 912 && offsetof(CONTEXT, Pc) == 0x108 &&
                   offsetof(CONTEXT, V) == 0x110 && offsetof(CONTEXT, Bcr) == 0x318,
               "CONTEXT is laid out as on Windows");

__asm__(".text\n"
        ".globl pagelaw_try_begin\n"
        ".type pagelaw_try_begin, %function\n"
        "pagelaw_try_begin:\n"
        "    mov x9, x30\n"
        "    bl pagelaw_seh_fill\n"
        "    mov x30, x9\n"
        "    b pagelaw_seh_enter\n"
        ".size pagelaw_try_begin, .-pagelaw_try_begin\n"

        ".globl pagelaw_seh_save\n"
        ".hidden pagelaw_seh_save\n"
        ".type pagelaw_seh_save, %function\n"
        "pagelaw_seh_save:\n"
        "    mov x9, x30\n"
        "    bl pagelaw_seh_fill\n"
        "    mov x30, x9\n"
        "    mov w0, #0\n"
        "    ret\n"
        ".size pagelaw_seh_save, .-pagelaw_seh_save\n"

        /* The return address is in x9. */
        ".type pagelaw_seh_fill, %function\n"
        "pagelaw_seh_fill:\n"
        "    mov x10, sp\n"
        "    stp x10, x9, [x0]\n"
        "    stp x19, x20, [x0, #16]\n"
        "    stp x21, x22, [x0, #32]\n"
        "    stp x23, x24, [x0, #48]\n"
        "    stp x25, x26, [x0, #64]\n"
        "    stp x27, x28, [x0, #80]\n"
        "    str x29, [x0, #96]\n"
        "    stp d8, d9, [x0, #104]\n"
        "    stp d10, d11, [x0, #120]\n"
        "    stp d12, d13, [x0, #136]\n"
        "    stp d14, d15, [x0, #152]\n"
        "    mrs x10, fpcr\n"
        "    str x10, [x0, #168]\n"
        "    ret\n"
        ".size pagelaw_seh_fill, .-pagelaw_seh_fill\n"

        ".globl pagelaw_seh_load\n"
        ".hidden pagelaw_seh_load\n"
        ".type pagelaw_seh_load, %function\n"
        "pagelaw_seh_load:\n"
        "    ldr x30, [x0, #8]\n"
        "    ldp x19, x20, [x0, #16]\n"
        "    ldp x21, x22, [x0, #32]\n"
        "    ldp x23, x24, [x0, #48]\n"
        "    ldp x25, x26, [x0, #64]\n"
        "    ldp x27, x28, [x0, #80]\n"
        "    ldr x29, [x0, #96]\n"
        "    ldp d8, d9, [x0, #104]\n"
        "    ldp d10, d11, [x0, #120]\n"
        "    ldp d12, d13, [x0, #136]\n"
        "    ldp d14, d15, [x0, #152]\n"
        "    ldr x10, [x0, #168]\n"
        "    msr fpcr, x10\n"
        "    mov sp, x1\n"
        "    mov w0, w2\n"
        "    ret\n"
        ".size pagelaw_seh_load, .-pagelaw_seh_load\n");

/* The kernel adds records to a context; each begins with its kind and its size. */
static struct fpsimd_context *vectors_of(ucontext_t *host)
{
    unsigned char *at = (unsigned char *)host->uc_mcontext.__reserved;
    struct _aarch64_ctx *head = (struct _aarch64_ctx *)at;
    while (head->magic != 0 && head->size != 0) {
        if (head->magic == FPSIMD_MAGIC)
            return (struct fpsimd_context *)head;
        at += head->size;
        head = (struct _aarch64_ctx *)at;
    }
    return NULL;
}

void seh_context_load(CONTEXT *context, const ucontext_t *host)
{
    const mcontext_t *from = &host->uc_mcontext;
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_FULL;
    memcpy(context->X, from->regs, sizeof context->X);
    context->Fp = from->regs[29];
    context->Lr = from->regs[30];
    context->Sp = from->sp;
    context->Pc = from->pc;
    context->Cpsr = (DWORD)from->pstate;
    const struct fpsimd_context *vectors = vectors_of((ucontext_t *)(uintptr_t)host);
    if (vectors == NULL)
        return;
    memcpy(context->V, vectors->vregs, sizeof context->V);
    context->Fpcr = vectors->fpcr;
    context->Fpsr = vectors->fpsr;
}

void seh_context_store(const CONTEXT *context, ucontext_t *host)
{
    mcontext_t *to = &host->uc_mcontext;
    memcpy(to->regs, context->X, sizeof context->X);
    to->regs[29] = context->Fp;
    to->regs[30] = context->Lr;
    to->sp = context->Sp;
    to->pc = context->Pc;
    to->pstate = context->Cpsr;
    struct fpsimd_context *vectors = vectors_of(host);
    if (vectors == NULL)
        return;
    memcpy(vectors->vregs, context->V, sizeof context->V);
    vectors->fpcr = context->Fpcr;
    vectors->fpsr = context->Fpsr;
}

void seh_context_make(CONTEXT *context, const void *address, const void *stack)
{
    memset(context, 0, sizeof *context);
    context->ContextFlags = CONTEXT_CONTROL;
    context->Pc = (uintptr_t)address;
    context->Sp = (uintptr_t)stack;
}

PVOID seh_context_address(const CONTEXT *context)
{
    return (PVOID)(uintptr_t)context->Pc;
}

uintptr_t seh_context_stack(const CONTEXT *context)
{
    return (uintptr_t)context->Sp;
}
