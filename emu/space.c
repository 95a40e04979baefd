/* Allocations and the gaps between them, in a B+ tree. */
#include "space.h"

#include <stddef.h>
#include <string.h>

/* A node with no more entries than this joins a neighbour that has room for them. */
#define SPARSE (SPACE_FAN / 4)

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

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- Stock ---- */

/* A release that divides an allocation adds two, and each may divide a node at every height and
 * put a new root on top. */
static unsigned stock_needed(const struct space *space)
{
    return space->root == NULL ? 2 : 2 * (space->root->height + 2);
}

bool space_stock_fill(struct space *space, const struct pagelaw_heap *heap)
{
    while (space->spare_count < stock_needed(space)) {
        struct space_node *node = heap_get(heap, sizeof *node);
        if (node == NULL)
            return false;
        node->as.next = space->spare;
        space->spare = node;
        space->spare_count++;
    }
    return true;
}

void space_end(struct space *space, const struct pagelaw_heap *heap)
{
    if (space->root != NULL)
        heap_put(heap, space->root, sizeof *space->root);
    space->root = NULL;
    while (space->spare != NULL) {
        struct space_node *next = space->spare->as.next;
        heap_put(heap, space->spare, sizeof *space->spare);
        space->spare = next;
    }
    space->spare_count = 0;
}

static struct space_node *take_node(struct space *space, uint32_t height)
{
    struct space_node *node = space->spare;
    space->spare = node->as.next;
    space->spare_count--;
    node->count = 0;
    node->height = height;
    return node;
}

static void give_node(struct space *space, struct space_node *node, const struct pagelaw_heap *heap)
{
    if (space->spare_count >= stock_needed(space)) {
        heap_put(heap, node, sizeof *node);
        return;
    }
    node->as.next = space->spare;
    space->spare = node;
    space->spare_count++;
}

/* ---- Entries ---- */

static uint64_t base_of(const struct space_node *node, uint32_t index)
{
    return node->height == 0 ? node->as.leaf[index].base : node->as.inner.base[index];
}

static uint64_t end_of(const struct space_node *node, uint32_t index)
{
    return node->height == 0 ? node->as.leaf[index].end : node->as.inner.end[index];
}

/* The widest gap between two allocations of a node. */
static uint64_t widest_gap(const struct space_node *node)
{
    uint64_t gap = 0;
    if (node->height == 0) {
        for (uint32_t i = 1; i < node->count; i++)
            gap = larger(gap, gap_size(node->as.leaf[i - 1].end, node->as.leaf[i].base));
        return gap;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        gap = larger(gap, node->as.inner.gap[i]);
        if (i != 0)
            gap = larger(gap, gap_size(node->as.inner.end[i - 1], node->as.inner.base[i]));
    }
    return gap;
}

/* Says of an entry of an inner node what is so below it. */
static void describe(struct space_node *node, uint32_t index)
{
    const struct space_node *child = node->as.inner.child[index];
    node->as.inner.base[index] = base_of(child, 0);
    node->as.inner.end[index] = end_of(child, child->count - 1);
    node->as.inner.gap[index] = widest_gap(child);
}

bool space_entry_holds(const struct space_node *node, uint32_t index)
{
    struct space_node copy = *node;
    describe(&copy, index);
    return copy.as.inner.base[index] == node->as.inner.base[index] &&
           copy.as.inner.end[index] == node->as.inner.end[index] &&
           copy.as.inner.gap[index] == node->as.inner.gap[index];
}

static void move_words(uint64_t *to, const uint64_t *from, uint32_t count)
{
    memmove(to, from, count * sizeof *to);
}

/* Copies entries between nodes of one height; the ranges may overlap. */
static void move(struct space_node *to, uint32_t to_index, const struct space_node *from,
                 uint32_t from_index, uint32_t count)
{
    if (count == 0)
        return;
    if (from->height == 0) {
        memmove(to->as.leaf + to_index, from->as.leaf + from_index, count * sizeof *to->as.leaf);
        return;
    }
    move_words(to->as.inner.base + to_index, from->as.inner.base + from_index, count);
    move_words(to->as.inner.end + to_index, from->as.inner.end + from_index, count);
    move_words(to->as.inner.gap + to_index, from->as.inner.gap + from_index, count);
    memmove(to->as.inner.child + to_index, from->as.inner.child + from_index,
            count * sizeof *to->as.inner.child);
}

/* What is put into a node: an allocation into a leaf, a child into an inner node. */
struct entry {
    const struct allocation *allocation;
    struct space_node *child;
};

static void put(struct space_node *node, uint32_t index, struct entry entry)
{
    move(node, index + 1, node, index, node->count - index);
    node->count++;
    if (node->height == 0) {
        node->as.leaf[index] = *entry.allocation;
        return;
    }
    node->as.inner.child[index] = entry.child;
    describe(node, index);
}

static void erase(struct space_node *node, uint32_t index)
{
    node->count--;
    move(node, index, node, index + 1, node->count - index);
}

/* How many entries begin at or below an address. */
static uint32_t count_to(const struct space_node *node, uint64_t address)
{
    uint32_t count = 0;
    if (node->height == 0) {
        while (count < node->count && node->as.leaf[count].base <= address)
            count++;
        return count;
    }
    while (count < node->count && node->as.inner.base[count] <= address)
        count++;
    return count;
}

/* ---- Adding ---- */

/* Puts an entry into a node; one that is full is divided, and its new right neighbour returned. It
 * is divided in the middle, but for a row of allocations that grows at one end, which it leaves
 * full. */
static struct space_node *put_or_divide(struct space *space, struct space_node *node,
                                        uint32_t index, struct entry entry)
{
    if (node->count < SPACE_FAN) {
        put(node, index, entry);
        return NULL;
    }
    struct space_node *right = take_node(space, node->height);
    uint32_t kept = index == SPACE_FAN ? SPACE_FAN : index == 0 ? 0 : SPACE_FAN / 2;
    right->count = SPACE_FAN - kept;
    move(right, 0, node, kept, right->count);
    node->count = kept;
    if (index > kept || kept == SPACE_FAN)
        put(right, index - kept, entry);
    else
        put(node, index, entry);
    return right;
}

static struct space_node *add(struct space *space, struct space_node *node,
                              const struct allocation *allocation)
{
    uint32_t index = count_to(node, allocation->base);
    if (node->height == 0)
        return put_or_divide(space, node, index, (struct entry){.allocation = allocation});
    index -= index != 0;
    struct space_node *right = add(space, node->as.inner.child[index], allocation);
    describe(node, index);
    if (right == NULL)
        return NULL;
    return put_or_divide(space, node, index + 1, (struct entry){.child = right});
}

void space_add(struct space *space, const struct allocation *allocation)
{
    if (space->root == NULL)
        space->root = take_node(space, 0);
    struct space_node *left = space->root, *right = add(space, left, allocation);
    if (right == NULL)
        return;
    space->root = take_node(space, left->height + 1);
    put(space->root, 0, (struct entry){.child = left});
    put(space->root, 1, (struct entry){.child = right});
}

/* ---- Removing ---- */

/* Joins the child at `index` with the one to its right, if they have room in one. */
static void join(struct space *space, struct space_node *node, uint32_t index,
                 const struct pagelaw_heap *heap)
{
    if (index + 1 >= node->count)
        return;
    struct space_node *left = node->as.inner.child[index];
    struct space_node *right = node->as.inner.child[index + 1];
    if (left->count + right->count > SPACE_FAN)
        return;
    move(left, left->count, right, 0, right->count);
    left->count += right->count;
    give_node(space, right, heap);
    erase(node, index + 1);
    describe(node, index);
}

static void remove_below(struct space *space, struct space_node *node, uint64_t base,
                         const struct pagelaw_heap *heap)
{
    uint32_t index = count_to(node, base) - 1;
    if (node->height == 0) {
        erase(node, index);
        return;
    }
    struct space_node *child = node->as.inner.child[index];
    remove_below(space, child, base, heap);
    if (child->count == 0) {
        give_node(space, child, heap);
        erase(node, index);
        return;
    }
    describe(node, index);
    if (child->count > SPARSE)
        return; /* its neighbours are not looked at: they are seldom at hand */
    join(space, node, index, heap);
    if (index != 0)
        join(space, node, index - 1, heap);
}

void space_remove(struct space *space, uint64_t base, const struct pagelaw_heap *heap)
{
    remove_below(space, space->root, base, heap);
    while (space->root->height != 0 && space->root->count == 1) {
        struct space_node *only = space->root->as.inner.child[0];
        give_node(space, space->root, heap);
        space->root = only;
    }
}

/* ---- Searching ---- */

#define LINE 64 /* bytes that a processor fetches at once */

/* Goes on to a child. Nearly all nodes are leaves, and so not at hand: of those the processor
 * fetches all that a search may look at, at once. */
static struct space_node *enter(const struct space_node *node, uint32_t index)
{
    struct space_node *child = node->as.inner.child[index];
    if (node->height != 1)
        return child;
    for (size_t at = 0; at < sizeof *child; at += LINE)
        __builtin_prefetch((const char *)child + at);
    return child;
}

struct allocation *space_floor(const struct space *space, uint64_t address)
{
    struct space_node *node = space->root;
    while (node != NULL) {
        uint32_t count = count_to(node, address);
        if (count == 0)
            return NULL;
        if (node->height == 0)
            return &node->as.leaf[count - 1];
        node = enter(node, count - 1);
    }
    return NULL;
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
    return allocation != NULL && address < allocation->end ? allocation : NULL;
}

bool space_is_free(const struct space *space, uint64_t base, uint64_t end)
{
    const struct allocation *last = space_floor(space, end - 1);
    return last == NULL || last->end <= base;
}

/* ---- Room ---- */

/* Looks for room from *from on, where the free range begins that ends at the next allocation; what
 * lies below the node is behind it then. */
static uint64_t lowest_fit(const struct space_node *node, uint64_t *from, uint64_t end,
                           uint64_t size)
{
    for (uint32_t i = 0; i < node->count && *from < end; i++) {
        if (end_of(node, i) <= *from)
            continue;
        if (gap_size(*from, smaller(base_of(node, i), end)) >= size)
            return granule_up(*from);
        if (node->height != 0 && node->as.inner.gap[i] >= size) {
            uint64_t base = lowest_fit(enter(node, i), from, end, size);
            if (base != SPACE_NO_ROOM)
                return base;
        }
        *from = larger(*from, end_of(node, i));
    }
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
    for (uint32_t i = node->count; i-- > 0 && *to > lowest;) {
        if (base_of(node, i) >= *to)
            continue;
        if (gap_size(larger(end_of(node, i), lowest), *to) >= size)
            return granule_down(*to - size);
        if (node->height != 0 && node->as.inner.gap[i] >= size) {
            uint64_t base = highest_fit(enter(node, i), lowest, to, size);
            if (base != SPACE_NO_ROOM)
                return base;
        }
        *to = smaller(*to, base_of(node, i));
    }
    return SPACE_NO_ROOM;
}

uint64_t space_highest_fit(const struct space *space, uint64_t lowest, uint64_t end, uint64_t size)
{
    uint64_t to = end, base = SPACE_NO_ROOM;
    if (space->root != NULL)
        base = highest_fit(space->root, lowest, &to, size);
    return base == SPACE_NO_ROOM && gap_size(lowest, to) >= size ? granule_down(to - size) : base;
}
