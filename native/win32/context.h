/* Between Windows's CONTEXT and a probe's frame: one file a processor. */
#ifndef NATIVE_WIN32_CONTEXT_H
#define NATIVE_WIN32_CONTEXT_H

#include <windows.h>

#include "probe.h"

void context_load(const CONTEXT *context, struct probe_frame *frame);
void context_store(CONTEXT *context, const struct probe_frame *frame);

#endif
