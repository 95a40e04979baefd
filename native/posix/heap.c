/* A heap upon mmap: blocks in sizes of powers of two, cut from chunks and kept in a free list for
 * each size; a block too large for that is a mapping of its own. A heap that grows lies in huge
 * pages, where the host has them: the model looks at it all over the place. */
#define _GNU_SOURCE 1
#include "heap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define SMALLEST ((size_t)32)
#define CLASSES 12 /* 32 bytes to 64 KB */
#define LARGEST (SMALLEST << (CLASSES - 1))
#define CHUNK ((size_t)256 * 1024)           /* the first */
#define HUGE_CHUNK ((size_t)2 * 1024 * 1024) /* all others: a huge page, if the host has some */
#define MAPPING_UNIT ((size_t)4096)

struct block {
    struct block *next;
};

static struct {
    struct block *unused[CLASSES];
    char *chunk;
    size_t chunk_left;
    bool has_first;
} heap;

static size_t mapping_size(size_t size)
{
    return (size + MAPPING_UNIT - 1) & ~(MAPPING_UNIT - 1);
}

static void *map_pages(size_t size)
{
    void *pages =
        mmap(NULL, mapping_size(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

static unsigned class_of(size_t size)
{
    unsigned class = 0;
    while (SMALLEST << class < size)
        class ++;
    return class;
}

/* A chunk that lies as a huge page does: what sticks out on either side is given back. */
static char *map_huge_chunk(void)
{
    char *pages = map_pages(2 * HUGE_CHUNK);
    if (pages == NULL)
        return NULL;
    size_t before = (size_t)(-(uintptr_t)pages % HUGE_CHUNK);
    if (before != 0)
        munmap(pages, before);
    munmap(pages + before + HUGE_CHUNK, HUGE_CHUNK - before);
    madvise(pages + before, HUGE_CHUNK, MADV_HUGEPAGE);
    return pages + before;
}

static bool add_chunk(void)
{
    char *chunk = heap.has_first ? map_huge_chunk() : map_pages(CHUNK);
    if (chunk == NULL)
        return false;
    heap.chunk = chunk;
    heap.chunk_left = heap.has_first ? HUGE_CHUNK : CHUNK;
    heap.has_first = true;
    return true;
}

static void *cut(size_t size)
{
    if (heap.chunk_left < size && !add_chunk())
        return NULL;
    heap.chunk_left -= size;
    return heap.chunk + heap.chunk_left;
}

static void *get(size_t size)
{
    if (size > LARGEST)
        return map_pages(size);
    unsigned class = class_of(size);
    struct block *block = heap.unused[class];
    if (block == NULL)
        return cut(SMALLEST << class);
    heap.unused[class] = block->next;
    return block;
}

static void put(void *pages, size_t size)
{
    if (size > LARGEST) {
        munmap(pages, mapping_size(size));
        return;
    }
    struct block *block = pages;
    block->next = heap.unused[class_of(size)];
    heap.unused[class_of(size)] = block;
}

static void *move(void *block, size_t size_old, size_t size_new)
{
    void *fresh = get(size_new);
    if (fresh == NULL)
        return NULL;
    memcpy(fresh, block, size_old < size_new ? size_old : size_new);
    put(block, size_old);
    return fresh;
}

static void *remap(void *block, size_t size_old, size_t size_new)
{
    void *moved = mremap(block, mapping_size(size_old), mapping_size(size_new), MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
}

static void *resize(void *user, void *block, size_t size_old, size_t size_new)
{
    (void)user;
    if (block == NULL)
        return size_new == 0 ? NULL : get(size_new);
    if (size_new == 0) {
        put(block, size_old);
        return NULL;
    }
    if (size_old > LARGEST && size_new > LARGEST)
        return remap(block, size_old, size_new);
    if (size_old <= LARGEST && size_new <= LARGEST && class_of(size_old) == class_of(size_new))
        return block;
    return move(block, size_old, size_new);
}

struct pagelaw_heap heap_of_layer(void)
{
    return (struct pagelaw_heap){.resize = resize, .user = NULL};
}
