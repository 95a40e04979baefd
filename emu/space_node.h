/* What those who search an address space's nodes and those who change them have in common. */
#ifndef EMU_SPACE_NODE_H
#define EMU_SPACE_NODE_H

#include <stddef.h>

#include "space.h"

static inline uint32_t space_fan(const struct space_node *node)
{
    return node->height == 0 ? SPACE_LEAF_FAN : SPACE_INNER_FAN;
}

static inline uint64_t base_of(const struct space_node *node, uint32_t index)
{
    return node->height == 0 ? node->as.leaf[index].base : node->as.inner.base[index];
}

static inline uint64_t end_of(const struct space_node *node, uint32_t index)
{
    return node->height == 0 ? allocation_end(&node->as.leaf[index])
                             : node->as.inner.extent[index].end;
}

/* The widest gap below an entry. */
static inline uint64_t gap_below(const struct space_node *node, uint32_t index)
{
    return node->height == 0 ? 0 : node->as.inner.extent[index].gap;
}

/* How many entries begin at or below an address. The last of each eight is looked at, then the
 * seven in front of the first that begins above. There is no branch upon what is found, which a
 * processor would have to guess: half of its guesses would be wrong. */
static inline uint32_t count_in_leaf(const struct space_node *node, uint64_t address)
{
    uint32_t count = 0, rest = 0;
    if (node->count <= 7) { /* all that there are, most likely: a small space is guessed right */
        while (rest < node->count && node->as.leaf[rest].base <= address)
            rest++;
        return rest;
    }
    for (uint32_t i = 7; i < SPACE_LEAF_FAN; i += 8)
        count += node->as.leaf[i].base <= address ? 8 : 0;
    for (uint32_t i = count; i < count + 7; i++)
        rest += node->as.leaf[i].base <= address;
    return count + rest;
}

static inline uint32_t count_in_inner(const struct space_node *node, uint64_t address)
{
    uint32_t count = 0, rest = 0;
    for (uint32_t i = 7; i < SPACE_INNER_FAN; i += 8)
        count += node->as.inner.base[i] <= address ? 8 : 0;
    for (uint32_t i = count; i < count + 7; i++)
        rest += node->as.inner.base[i] <= address;
    return count + rest;
}

static inline uint32_t count_to(const struct space_node *node, uint64_t address)
{
    return node->height == 0 ? count_in_leaf(node, address) : count_in_inner(node, address);
}

#define CACHE_LINE 64 /* bytes that a processor fetches at once */

static inline void fetch(const void *memory, size_t size)
{
    for (size_t at = 0; at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)memory + at);
}

/* Goes on to a child. Nearly all nodes are leaves or right above them, and so not at hand: of those
 * the processor fetches all that a search may look at, at once. */
static inline struct space_node *enter(const struct space_node *node, uint32_t index)
{
    struct space_node *child = node->as.inner.child[index];
    if (node->height == 1)
        fetch(child, offsetof(struct space_node, as) + sizeof child->as.leaf);
    else if (node->height == 2)
        fetch(child, offsetof(struct space_node, as.inner.extent));
    return child;
}

static inline uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static inline uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The first granule at or above an address. */
static inline uint64_t granule_up(uint64_t address)
{
    return (address + SPACE_GRANULE - 1) & ~(uint64_t)(SPACE_GRANULE - 1);
}

/* How many bytes an allocation could have in the free range [from, to). */
static inline uint64_t gap_size(uint64_t from, uint64_t to)
{
    uint64_t first = granule_up(from);
    return first < to ? to - first : 0;
}

#endif
