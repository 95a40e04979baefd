/* The registers of a probe's frame in the CONTEXT of aarch64. */
#include "context.h"

void context_load(const CONTEXT *context, struct probe_frame *frame)
{
    frame->pc = context->Pc;
    frame->sp = context->Sp;
    frame->link = context->Lr;
}

void context_store(CONTEXT *context, const struct probe_frame *frame)
{
    context->Pc = frame->pc;
    context->Sp = frame->sp;
}
