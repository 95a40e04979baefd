/* The C library's heap, for the models that the suite makes. */
#ifndef SUITE_HEAP_H
#define SUITE_HEAP_H

#include "pagelaw/model.h"

extern const struct pagelaw_heap suite_heap;

#endif
