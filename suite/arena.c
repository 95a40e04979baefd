/* Memory that is given back all at once: a list of blocks, filled from the front. */
#include "arena.h"

#include <stdlib.h>

#define BLOCK_BYTES (4u << 10)

struct arena_block {
    struct arena_block *next;
    size_t used, capacity; /* bytes of `memory` */
    max_align_t memory[];
};

static struct arena_block *block_add(struct arena *arena, size_t bytes)
{
    size_t capacity = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    if (capacity > ARENA_BYTES_MAX - arena->bytes)
        return NULL;
    struct arena_block *block = calloc(1, sizeof *block + capacity);
    if (!block)
        return NULL;
    block->capacity = capacity;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->bytes += capacity;
    return block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    const size_t align = sizeof(max_align_t);
    if (bytes > ARENA_BYTES_MAX)
        return NULL;
    bytes = (bytes + align - 1) / align * align;
    struct arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < bytes)
        block = block_add(arena, bytes);
    if (!block)
        return NULL;
    void *memory = (char *)block->memory + block->used;
    block->used += bytes;
    return memory;
}

void arena_free(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}
