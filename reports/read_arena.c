/* The memory of what is read. */
#include <stdlib.h>

#include "json_read.h"

#define BLOCK_BYTES ((size_t)64 << 10)

struct read_block {
    struct read_block *next;
    size_t used, capacity;
    max_align_t memory[];
};

static struct read_block *add_block(struct json_reader *reader, size_t bytes)
{
    size_t capacity = bytes > BLOCK_BYTES / 4 ? bytes : BLOCK_BYTES;
    struct read_block *block = calloc(1, sizeof *block + capacity);
    if (block == NULL) {
        *reader->error = (struct read_error){.message = "out of memory"};
        longjmp(reader->escape, 1);
    }
    block->capacity = capacity;
    block->next = reader->arena->blocks;
    reader->arena->blocks = block;
    return block;
}

/* A large block of its own goes behind the one that is being filled. */
static struct read_block *block_for(struct json_reader *reader, size_t bytes)
{
    struct read_block *first = reader->arena->blocks;
    if (first != NULL && first->capacity - first->used >= bytes)
        return first;
    struct read_block *block = add_block(reader, bytes);
    if (first != NULL && block->capacity == bytes) {
        reader->arena->blocks = first;
        block->next = first->next;
        first->next = block;
    }
    return block;
}

void *read_take(struct json_reader *reader, size_t count, size_t size)
{
    const size_t align = size == 1 ? 1 : sizeof(max_align_t);
    size_t bytes = count * size + align - 1;
    struct read_block *block = block_for(reader, bytes);
    block->used = (block->used + align - 1) / align * align;
    bytes = count * size;
    void *memory = (char *)block->memory + block->used;
    block->used += bytes;
    return memory;
}

void read_arena_free(struct read_arena *arena)
{
    while (arena->blocks != NULL) {
        struct read_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
