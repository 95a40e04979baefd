/* The allocations of an address space, ordered by base, with the free gaps between them.
 *
 * Invariants: allocations do not overlap and lie in whole pages; each carries the widest gap below
 * it in the tree, counted from the first granule at or above the gap's start, where an allocation
 * may begin. */
#ifndef EMU_SPACE_H
#define EMU_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "tree.h"

/* Where an allocation may begin. The same for every Windows (SYS-GRAN-64K), so that gaps need
 * not know their profile. */
#define SPACE_GRANULE 0x10000u

#define SPACE_NO_ROOM UINT64_MAX

struct allocation {
    struct tree_node node;
    uint64_t low, high; /* the lowest base and the highest end in this subtree */
    uint64_t gap;       /* bytes of the widest gap between two allocations of this subtree */
    struct tree_node *runs;
    uint32_t protect; /* AllocationProtect */
};

tree_refresh allocation_refresh;

static inline struct allocation *allocation_at(struct tree_node *space, uint64_t address)
{
    return (struct allocation *)tree_at(space, address);
}

/* Whether nothing of [base, end) is in an allocation. */
bool space_is_free(struct tree_node *space, uint64_t base, uint64_t end);

/* The lowest, or the highest, base on a granule at which [base, base + size) is free and lies in
 * [lowest, end); SPACE_NO_ROOM if there is none. */
uint64_t space_lowest_fit(const struct tree_node *space, uint64_t lowest, uint64_t end,
                          uint64_t size);
uint64_t space_highest_fit(const struct tree_node *space, uint64_t lowest, uint64_t end,
                           uint64_t size);

#endif
