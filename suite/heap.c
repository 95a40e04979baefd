/* The C library's heap. */
#include "suite/heap.h"

#include <stdlib.h>

static void *resize(void *user, void *block, size_t size_old, size_t size_new)
{
    (void)user, (void)size_old;
    if (size_new != 0)
        return realloc(block, size_new);
    free(block);
    return NULL;
}

const struct pagelaw_heap suite_heap = {.resize = resize};
