/* The heap that forgives nothing. */
#include "strict_heap.h"

#include <stdlib.h>
#include <string.h>

#define FRESH 0xA5
#define FREED 0x5A

/* Sits before every block, and keeps it aligned. */
union header {
    size_t size;
    max_align_t align;
};

static void put(struct strict_heap *strict, void *block)
{
    union header *header = (union header *)block - 1;
    strict->blocks--;
    strict->bytes -= header->size;
    memset(block, FREED, header->size);
    free(header);
}

static void *get(struct strict_heap *strict, size_t size)
{
    union header *header = malloc(sizeof *header + size);
    if (header == NULL)
        abort();
    header->size = size;
    strict->blocks++;
    strict->bytes += size;
    return memset(header + 1, FRESH, size);
}

static bool fails(struct strict_heap *strict)
{
    size_t request = strict->requests++;
    bool now = request == strict->fail_at || request >= strict->fail_from;
    strict->failures += now;
    return now;
}

static void *resize(void *user, void *block, size_t size_old, size_t size_new)
{
    struct strict_heap *strict = user;
    size_t held = block == NULL ? 0 : ((union header *)block - 1)->size;
    void *fresh = NULL;
    if (held != size_old)
        strict->fault = "a block was handed in with a size that it does not have";
    if (size_new > 0 && fails(strict))
        return NULL;
    if (size_new > 0)
        fresh = get(strict, size_new);
    if (fresh != NULL && block != NULL)
        memcpy(fresh, block, held < size_new ? held : size_new);
    if (block != NULL)
        put(strict, block);
    return fresh;
}

struct pagelaw_heap strict_heap_open(struct strict_heap *strict)
{
    *strict = (struct strict_heap){.fail_at = SIZE_MAX, .fail_from = SIZE_MAX};
    return (struct pagelaw_heap){.resize = resize, .user = strict};
}
