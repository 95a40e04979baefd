/* The caller's allocator, with the size arguments that every use needs. */
#ifndef EMU_HEAP_H
#define EMU_HEAP_H

#include "pagelaw/model.h"

/* A block of `size` bytes, contents undefined, or NULL. */
static inline void *heap_get(const struct pagelaw_heap *heap, size_t size)
{
    return heap->resize(heap->user, NULL, 0, size);
}

static inline void heap_put(const struct pagelaw_heap *heap, void *block, size_t size)
{
    if (block != NULL)
        heap->resize(heap->user, block, size, 0);
}

#endif
