/* The registers of a probe's frame in the CONTEXT of x86-64. */
#include "context.h"

void context_load(const CONTEXT *context, struct probe_frame *frame)
{
    frame->pc = context->Rip;
    frame->sp = context->Rsp;
    frame->link = 0;
}

void context_store(CONTEXT *context, const struct probe_frame *frame)
{
    context->Rip = frame->pc;
    context->Rsp = frame->sp;
}
