/* Searching the allocations of a space, and the gaps between them. */
#include "space.h"

#include <stddef.h>

#include "space_node.h"

static uint64_t granule_down(uint64_t address)
{
    return address & ~(uint64_t)(SPACE_GRANULE - 1);
}

/* ---- Searching ---- */

struct allocation *space_floor(const struct space *space, uint64_t address)
{
    struct space_node *node = space->root;
    if (node == NULL)
        return NULL;
    address = smaller(address, SPACE_UNUSED - 1);
    while (node->height != 0) {
        uint32_t count = count_in_inner(node, address);
        if (count == 0)
            return NULL;
        node = enter(node, count - 1);
    }
    uint32_t count = count_in_leaf(node, address);
    return count == 0 ? NULL : &node->as.leaf[count - 1];
}

static struct allocation *first_of(struct space_node *node)
{
    while (node->height != 0)
        node = node->as.inner.child[0];
    return &node->as.leaf[0];
}

struct allocation *space_ceiling(const struct space *space, uint64_t address)
{
    struct space_node *node = space->root, *next = NULL;
    while (node != NULL) {
        uint32_t count = address == 0 ? 0 : count_to(node, address - 1);
        if (count == 0)
            return node->count == 0 ? NULL : first_of(node);
        if (node->height == 0)
            return count < node->count ? &node->as.leaf[count]
                   : next != NULL      ? first_of(next)
                                       : NULL;
        if (count < node->count)
            next = node->as.inner.child[count];
        node = enter(node, count - 1);
    }
    return NULL;
}

struct allocation *allocation_at(const struct space *space, uint64_t address)
{
    struct allocation *allocation = space_floor(space, address);
    return allocation != NULL && address < allocation_end(allocation) ? allocation : NULL;
}

bool space_is_free(const struct space *space, uint64_t base, uint64_t end)
{
    const struct allocation *last = space_floor(space, end - 1);
    return last == NULL || allocation_end(last) <= base;
}

/* ---- Room ---- */

/* Looks for room from *from on, where the free range begins that ends at the next allocation; what
 * lies below the node is behind it then. */
static uint64_t lowest_fit(const struct space_node *node, uint64_t *from, uint64_t end,
                           uint64_t size)
{
    uint64_t at = *from;
    for (uint32_t i = 0; i < node->count && at < end; i++) {
        if (gap_size(at, smaller(base_of(node, i), end)) >= size)
            return granule_up(at);
        if (gap_below(node, i) >= size && end_of(node, i) > at) {
            uint64_t base = lowest_fit(enter(node, i), &at, end, size);
            if (base != SPACE_NO_ROOM)
                return base;
        }
        at = larger(at, end_of(node, i));
    }
    *from = at;
    return SPACE_NO_ROOM;
}

uint64_t space_lowest_fit(const struct space *space, uint64_t lowest, uint64_t end, uint64_t size)
{
    uint64_t from = lowest, base = SPACE_NO_ROOM;
    if (space->root != NULL)
        base = lowest_fit(space->root, &from, end, size);
    return base == SPACE_NO_ROOM && gap_size(from, end) >= size ? granule_up(from) : base;
}

/* The same from *to on downwards. */
static uint64_t highest_fit(const struct space_node *node, uint64_t lowest, uint64_t *to,
                            uint64_t size)
{
    uint64_t at = *to;
    for (uint32_t i = node->count; i-- > 0 && at > lowest;) {
        if (gap_size(larger(end_of(node, i), lowest), at) >= size)
            return granule_down(at - size);
        if (gap_below(node, i) >= size && base_of(node, i) < at) {
            uint64_t base = highest_fit(enter(node, i), lowest, &at, size);
            if (base != SPACE_NO_ROOM)
                return base;
        }
        at = smaller(at, base_of(node, i));
    }
    *to = at;
    return SPACE_NO_ROOM;
}

uint64_t space_highest_fit(const struct space *space, uint64_t lowest, uint64_t end, uint64_t size)
{
    uint64_t to = end, base = SPACE_NO_ROOM;
    if (space->root != NULL)
        base = highest_fit(space->root, lowest, &to, size);
    return base == SPACE_NO_ROOM && gap_size(lowest, to) >= size ? granule_down(to - size) : base;
}
