/* Allocations and the gaps between them. */
#include "space.h"

#include <stddef.h>

/* The first granule at or above an address. */
static uint64_t granule_up(uint64_t address)
{
    return (address + SPACE_GRANULE - 1) & ~(uint64_t)(SPACE_GRANULE - 1);
}

static uint64_t granule_down(uint64_t address)
{
    return address & ~(uint64_t)(SPACE_GRANULE - 1);
}

/* How many bytes an allocation could have in the free range [from, to). */
static uint64_t gap_size(uint64_t from, uint64_t to)
{
    uint64_t first = granule_up(from);
    return first < to ? to - first : 0;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void allocation_refresh(struct tree_node *node)
{
    struct allocation *here = (struct allocation *)node;
    const struct allocation *left = (const struct allocation *)node->left;
    const struct allocation *right = (const struct allocation *)node->right;
    here->low = node->base;
    here->high = node->end;
    here->gap = 0;
    if (left != NULL) {
        here->low = left->low;
        here->gap = larger(left->gap, gap_size(left->high, node->base));
    }
    if (right != NULL) {
        here->high = right->high;
        here->gap = larger(here->gap, larger(right->gap, gap_size(node->end, right->low)));
    }
}

bool space_is_free(struct tree_node *space, uint64_t base, uint64_t end)
{
    struct tree_node *last = tree_floor(space, end - 1);
    return last == NULL || last->end <= base;
}

/* Whether the part of [lowest, end) that this subtree divides may have a gap of `size` bytes. */
static bool may_have(const struct allocation *here, uint64_t lowest, uint64_t end, uint64_t size)
{
    return here->gap >= size || (here->low > lowest && gap_size(lowest, here->low) >= size) ||
           (here->high < end && gap_size(here->high, end) >= size);
}

uint64_t space_lowest_fit(const struct tree_node *space, uint64_t lowest, uint64_t end,
                          uint64_t size)
{
    if (gap_size(lowest, end) < size)
        return SPACE_NO_ROOM;
    if (space == NULL)
        return granule_up(lowest);
    if (space->end <= lowest)
        return space_lowest_fit(space->right, lowest, end, size);
    if (space->base >= end)
        return space_lowest_fit(space->left, lowest, end, size);
    if (!may_have((const struct allocation *)space, lowest, end, size))
        return SPACE_NO_ROOM;
    uint64_t below = space_lowest_fit(space->left, lowest, space->base, size);
    return below != SPACE_NO_ROOM ? below : space_lowest_fit(space->right, space->end, end, size);
}

uint64_t space_highest_fit(const struct tree_node *space, uint64_t lowest, uint64_t end,
                           uint64_t size)
{
    if (gap_size(lowest, end) < size)
        return SPACE_NO_ROOM;
    if (space == NULL)
        return granule_down(end - size);
    if (space->end <= lowest)
        return space_highest_fit(space->right, lowest, end, size);
    if (space->base >= end)
        return space_highest_fit(space->left, lowest, end, size);
    if (!may_have((const struct allocation *)space, lowest, end, size))
        return SPACE_NO_ROOM;
    uint64_t above = space_highest_fit(space->right, space->end, end, size);
    return above != SPACE_NO_ROOM ? above
                                  : space_highest_fit(space->left, lowest, space->base, size);
}
