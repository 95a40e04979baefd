/* Ranges of bytes, in a digital tree. */
#include "ranges.h"

#include <stdlib.h>

static unsigned side_of(uint64_t base, unsigned depth)
{
    return (unsigned)(base >> (63 - depth)) & 1;
}

static void free_tree(struct range *range)
{
    if (range == NULL)
        return;
    free_tree(range->children[0]);
    free_tree(range->children[1]);
    free(range);
}

void ranges_free(struct ranges *ranges)
{
    free_tree(ranges->root);
    ranges->root = NULL;
}

static struct range *higher(struct range *one, struct range *other)
{
    return one == NULL || (other != NULL && other->base > one->base) ? other : one;
}

/* The highest base of a tree: its root's, or one below, to the right where there is a right. */
static struct range *highest(struct ranges *ranges, struct range *range)
{
    struct range *best = range;
    for (; range != NULL; range = range->children[range->children[1] != NULL]) {
        ranges->looks++;
        best = higher(best, range);
    }
    return best;
}

/* The range of the highest base that is not above the address. All bases to the left of the way to
 * the address are below it, those that parted from it last the highest. */
static struct range *find_floor(struct ranges *ranges, uint64_t address)
{
    struct range *best = NULL, *left = NULL;
    unsigned depth = 0;
    for (struct range *range = ranges->root; range != NULL; depth++) {
        unsigned side = depth < 64 ? side_of(address, depth) : 0;
        ranges->looks++;
        if (range->base <= address)
            best = higher(best, range);
        if (side == 1 && range->children[0] != NULL)
            left = range->children[0];
        range = range->children[side];
    }
    return higher(best, highest(ranges, left));
}

/* The highest range of which a byte lies in [base, end). */
static struct range *find_last(struct ranges *ranges, uint64_t base, uint64_t end)
{
    struct range *range = end <= base ? NULL : find_floor(ranges, end - 1);
    return range != NULL && range->base + range->size > base ? range : NULL;
}

static bool insert(struct ranges *ranges, uint64_t base, uint64_t size)
{
    struct range **link = &ranges->root, *range = malloc(sizeof *range);
    if (range == NULL)
        return false;
    *range = (struct range){.base = base, .size = size};
    for (unsigned depth = 0; *link != NULL; depth++) {
        ranges->looks++;
        link = &(*link)->children[side_of(base, depth)];
    }
    *link = range;
    return true;
}

/* Any leaf below a node may take its place: it has the same first bits. */
static void take_out(struct ranges *ranges, struct range *range)
{
    struct range **link = &ranges->root;
    for (unsigned depth = 0; *link != range; depth++) {
        ranges->looks++;
        link = &(*link)->children[side_of(range->base, depth)];
    }
    struct range **leaf_link = link;
    for (struct range *at = range; at->children[0] != NULL || at->children[1] != NULL;
         at = *leaf_link) {
        ranges->looks++;
        leaf_link = &at->children[at->children[0] == NULL];
    }
    struct range *leaf = *leaf_link;
    *leaf_link = NULL;
    if (leaf != range) {
        leaf->children[0] = range->children[0];
        leaf->children[1] = range->children[1];
        *link = leaf;
    }
    free(range);
}

bool ranges_add(struct ranges *ranges, uint64_t base, uint64_t size)
{
    uint64_t end = size > UINT64_MAX - base ? UINT64_MAX : base + size;
    if (end == base)
        return true;
    struct range *range;
    while ((range = find_last(ranges, base, end)) != NULL) {
        uint64_t range_end = range->base + range->size;
        base = range->base < base ? range->base : base;
        end = range_end > end ? range_end : end;
        take_out(ranges, range);
    }
    return insert(ranges, base, end - base);
}

void ranges_drop(struct ranges *ranges, uint64_t base, uint64_t end)
{
    struct range *range;
    while ((range = find_last(ranges, base, end)) != NULL)
        take_out(ranges, range);
}

bool ranges_cut(struct ranges *ranges, uint64_t base, uint64_t end)
{
    struct range *range;
    while ((range = find_last(ranges, base, end)) != NULL) {
        uint64_t range_end = range->base + range->size;
        if (range->base < base)
            range->size = base - range->base;
        else
            take_out(ranges, range);
        if (range_end > end && !insert(ranges, end, range_end - end))
            return false;
    }
    return true;
}

bool ranges_hold(struct ranges *ranges, uint64_t base, uint64_t size)
{
    const struct range *range = find_floor(ranges, base);
    return range != NULL && base - range->base < range->size &&
           size <= range->size - (base - range->base);
}
