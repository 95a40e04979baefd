/* The registers of a probe's frame in the CONTEXT of 32-bit x86. */
#include "context.h"

void context_load(const CONTEXT *context, struct probe_frame *frame)
{
    frame->pc = context->Eip;
    frame->sp = context->Esp;
    frame->link = 0;
}

void context_store(CONTEXT *context, const struct probe_frame *frame)
{
    context->Eip = frame->pc;
    context->Esp = frame->sp;
}
