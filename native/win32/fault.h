/* Windows's exceptions, where a probe raised them. */
#ifndef NATIVE_WIN32_FAULT_H
#define NATIVE_WIN32_FAULT_H

#include <windows.h>

#include <stdbool.h>

#include "probe.h"

/* Whether it is a fault of memory that a probe's touch raised. Then where the thread was, and what
 * Windows says of it. */
bool fault_of_probe(const EXCEPTION_POINTERS *pointers, struct probe_frame *frame,
                    struct subject_exception *exception);

/* Ends the touch with the exception. */
void fault_record(EXCEPTION_POINTERS *pointers, struct probe_frame *frame,
                  const struct subject_exception *exception);

#endif
