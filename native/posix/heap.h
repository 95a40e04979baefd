/* The heap of the layer's model. It is not malloc: a program may have built its malloc upon
 * VirtualAlloc, and the model must not call back into it. */
#ifndef NATIVE_POSIX_HEAP_H
#define NATIVE_POSIX_HEAP_H

#include "pagelaw/model.h"

/* The one heap. Its caller holds the layer's lock. */
struct pagelaw_heap heap_of_layer(void);

#endif
