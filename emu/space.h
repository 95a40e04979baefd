/* The allocations of an address space, ordered by base, with the free gaps between them: a B+ tree,
 * so that a search among a million of them looks at few places in memory.
 *
 * A node has up to as many entries as its fan, in ascending order, none of them overlapping. An
 * entry of a leaf is an allocation itself, one of an inner node is a child, all leaves at one
 * depth. `base` and `end` are the lowest base and the highest end below an entry, `gap` the widest
 * gap between two allocations below it, counted from the first granule at or above the gap's start,
 * where an allocation may begin.
 *
 * Invariants: allocations do not overlap and lie in whole pages; what an entry says of its child is
 * so; no node is empty but the root of an empty space; the entries behind a node's last are unused.
 */
#ifndef EMU_SPACE_H
#define EMU_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "heap.h"
#include "tree.h"

/* Where an allocation may begin. The same for every Windows (SYS-GRAN-64K), so that gaps need
 * not know their profile. */
#define SPACE_GRANULE 0x10000u

#define SPACE_NO_ROOM UINT64_MAX

/* The least that a page has on any Windows. */
#define SPACE_PAGE 0x1000u

/* Small, for there may be a million. */
struct allocation {
    uint64_t base;
    uint64_t pages : 36;   /* of SPACE_PAGE bytes */
    uint64_t protect : 28; /* AllocationProtect; the model refuses a higher bit (PR-SCOPE) */
    struct tree_node *runs;
};

static inline uint64_t allocation_end(const struct allocation *allocation)
{
    return allocation->base + (uint64_t)allocation->pages * SPACE_PAGE;
}

/* A range of whole pages, none of them committed. */
static inline struct allocation allocation_of(uint64_t base, uint64_t end, uint32_t protect)
{
    return (struct allocation){.base = base,
                               .pages = ((end - base) / SPACE_PAGE) & 0xFFFFFFFFFu,
                               .protect = protect & 0xFFFFFFFu};
}

/* Both one less than a multiple of eight, and such that a leaf takes 1 KB and an inner node 2. */
#define SPACE_LEAF_FAN 39u
#define SPACE_INNER_FAN 63u

/* The base of an entry that is not in use, above all that are: so a search need not know how many
 * are. */
#define SPACE_UNUSED UINT64_MAX

struct space_extent {
    uint64_t end, gap;
};

/* Of a leaf there is no more in memory than `as.leaf`. */
struct space_node {
    uint32_t count;  /* of entries */
    uint32_t height; /* 0: a leaf */
    union {
        struct allocation leaf[SPACE_LEAF_FAN];
        struct {
            uint64_t base[SPACE_INNER_FAN];
            struct space_node *child[SPACE_INNER_FAN];
            struct space_extent extent[SPACE_INNER_FAN];
        } inner;
        struct space_node *next; /* in stock */
    } as;
};

struct space_stock {
    struct space_node *first;
    unsigned count;
};

struct space {
    struct space_node *root; /* NULL: there was no allocation yet */
    struct space_stock leaves, inner_nodes;
};

/* Fills the stock for one release, which may divide an allocation, or one reserve. False if the
 * heap gives nothing. */
bool space_stock_fill(struct space *space, const struct pagelaw_heap *heap);

/* Gives all memory back; no allocation is there any more. The space is as new. */
void space_end(struct space *space, const struct pagelaw_heap *heap);

/* Adds an allocation, whose range is free. Works on the stock and cannot fail. */
void space_add(struct space *space, const struct allocation *allocation);

/* Takes the allocation that contains an address out, which must be there, and returns it. */
struct allocation space_remove(struct space *space, uint64_t address,
                               const struct pagelaw_heap *heap);

/* Where an allocation lies in memory, base and end of which must not be changed there, holds until
 * the next is added or taken out.
 *
 * The last allocation with a base at or below `address`, the first at or above it, the one that
 * contains it; NULL if there is none. */
struct allocation *space_floor(const struct space *space, uint64_t address);
struct allocation *space_ceiling(const struct space *space, uint64_t address);
struct allocation *allocation_at(const struct space *space, uint64_t address);

/* Whether nothing of [base, end) is in an allocation. */
bool space_is_free(const struct space *space, uint64_t base, uint64_t end);

/* The lowest, or the highest, base on a granule at which [base, base + size) is free and lies in
 * [lowest, end); SPACE_NO_ROOM if there is none. */
uint64_t space_lowest_fit(const struct space *space, uint64_t lowest, uint64_t end, uint64_t size);
uint64_t space_highest_fit(const struct space *space, uint64_t lowest, uint64_t end, uint64_t size);

/* Whether an inner node's entry says of its child what is so; for the checker. */
bool space_entry_holds(const struct space_node *node, uint32_t index);

#endif
