/* Adding allocations to a space and taking them out. */
#include <stddef.h>
#include <string.h>

#include "space_node.h"

/* ---- Stock ---- */

static size_t node_size(uint32_t height)
{
    const struct space_node *node = NULL;
    return height == 0 ? offsetof(struct space_node, as) + sizeof node->as.leaf : sizeof *node;
}

static struct space_stock *stock_of(struct space *space, uint32_t height)
{
    return height == 0 ? &space->leaves : &space->inner_nodes;
}

/* What one more allocation takes: a node at every height, if all on the way are full, and a new
 * root on top. A release that divides an allocation takes one out and adds two, side by side: no
 * node becomes too full twice, for one that was divided has room where the second goes. */
static unsigned stock_needed(const struct space *space, uint32_t height)
{
    const struct space_node *root = space->root;
    if (height == 0)
        return 1;
    if (root == NULL || (root->height == 0 && root->count < SPACE_LEAF_FAN))
        return 0;
    return root->height + 1;
}

static void stock_put(struct space_stock *stock, struct space_node *node)
{
    node->as.next = stock->first;
    stock->first = node;
    stock->count++;
}

static struct space_node *stock_take(struct space_stock *stock)
{
    struct space_node *node = stock->first;
    stock->first = node->as.next;
    stock->count--;
    return node;
}

/* Of leaves, or of inner nodes: `height` is of one of them. */
static bool fill_with(struct space *space, uint32_t height, const struct pagelaw_heap *heap)
{
    struct space_stock *stock = stock_of(space, height);
    while (stock->count < stock_needed(space, height)) {
        struct space_node *node = heap_get(heap, node_size(height));
        if (node == NULL)
            return false;
        stock_put(stock, node);
    }
    return true;
}

bool space_stock_fill(struct space *space, const struct pagelaw_heap *heap)
{
    return fill_with(space, 0, heap) && fill_with(space, 1, heap);
}

static void empty_of(struct space *space, uint32_t height, const struct pagelaw_heap *heap)
{
    struct space_stock *stock = stock_of(space, height);
    while (stock->first != NULL)
        heap_put(heap, stock_take(stock), node_size(height));
}

void space_end(struct space *space, const struct pagelaw_heap *heap)
{
    if (space->root != NULL)
        heap_put(heap, space->root, node_size(space->root->height));
    space->root = NULL;
    empty_of(space, 0, heap);
    empty_of(space, 1, heap);
}

static void set_unused(struct space_node *node, uint32_t index)
{
    if (node->height == 0)
        node->as.leaf[index].base = SPACE_UNUSED;
    else
        node->as.inner.base[index] = SPACE_UNUSED;
}

/* Leaves a node so many entries. */
static void cut_to(struct space_node *node, uint32_t count)
{
    node->count = count;
    for (uint32_t i = count; i < space_fan(node); i++)
        set_unused(node, i);
}

static struct space_node *take_node(struct space *space, uint32_t height)
{
    struct space_node *node = stock_take(stock_of(space, height));
    node->height = height;
    cut_to(node, 0);
    return node;
}

static void give_node(struct space *space, struct space_node *node, const struct pagelaw_heap *heap)
{
    struct space_stock *stock = stock_of(space, node->height);
    if (stock->count < stock_needed(space, node->height))
        stock_put(stock, node);
    else
        heap_put(heap, node, node_size(node->height));
}

/* ---- Gaps ---- */

/* The gap in front of an entry, but for the first of a node, which has none in the node. */
static uint64_t gap_before(const struct space_node *node, uint32_t index)
{
    if (index == 0 || index >= node->count)
        return 0;
    return gap_size(end_of(node, index - 1), base_of(node, index));
}

/* The widest gap below an entry or beside it. */
static uint64_t gap_around(const struct space_node *node, uint32_t index)
{
    uint64_t beside = larger(gap_before(node, index), gap_before(node, index + 1));
    return index < node->count ? larger(beside, gap_below(node, index)) : beside;
}

static uint64_t widest_of_leaf(const struct space_node *node)
{
    uint64_t gap = 0;
    for (uint32_t i = 1; i < node->count; i++)
        gap = larger(gap, gap_size(allocation_end(&node->as.leaf[i - 1]), node->as.leaf[i].base));
    return gap;
}

static uint64_t widest_of_inner(const struct space_node *node)
{
    const struct space_extent *extent = node->as.inner.extent;
    uint64_t below = extent[0].gap, between = 0;
    for (uint32_t i = 1; i < node->count; i++) {
        below = larger(below, extent[i].gap);
        between = larger(between, gap_size(extent[i - 1].end, node->as.inner.base[i]));
    }
    return larger(below, between);
}

/* The widest gap between two allocations of a node. */
static uint64_t widest_gap(const struct space_node *node)
{
    return node->height == 0 ? widest_of_leaf(node) : widest_of_inner(node);
}

static void describe_range(struct space_node *node, uint32_t index)
{
    const struct space_node *child = node->as.inner.child[index];
    node->as.inner.base[index] = base_of(child, 0);
    node->as.inner.extent[index].end = end_of(child, child->count - 1);
}

/* Says of an entry of an inner node what is so below it. */
static void describe(struct space_node *node, uint32_t index)
{
    describe_range(node, index);
    node->as.inner.extent[index].gap = widest_gap(node->as.inner.child[index]);
}

/* What a change of a node made of its gaps: the widest of those that it changed, before and after;
 * and whether it may have changed where the node begins or ends. */
struct change {
    uint64_t before, after;
    bool at_edge;
};

/* Says it after a change of the child, which has to be looked through only if the widest of its
 * gaps is gone. Returns what the change is for the node itself. */
static struct change describe_change(struct space_node *node, uint32_t index, struct change below)
{
    struct space_extent *extent = &node->as.inner.extent[index];
    struct change change = {.before = below.at_edge ? gap_around(node, index) : extent->gap};
    if (below.after >= extent->gap)
        extent->gap = below.after;
    else if (below.before == extent->gap)
        extent->gap = widest_gap(node->as.inner.child[index]);
    change.after = extent->gap;
    if (below.at_edge) {
        describe_range(node, index);
        change.after = gap_around(node, index);
        change.at_edge = index == 0 || index + 1 == node->count;
    }
    return change;
}

bool space_entry_holds(const struct space_node *node, uint32_t index)
{
    struct space_node copy = *node;
    describe(&copy, index);
    return copy.as.inner.base[index] == node->as.inner.base[index] &&
           copy.as.inner.extent[index].end == node->as.inner.extent[index].end &&
           copy.as.inner.extent[index].gap == node->as.inner.extent[index].gap;
}

/* ---- Entries ---- */

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
    memmove(to->as.inner.base + to_index, from->as.inner.base + from_index,
            count * sizeof *to->as.inner.base);
    memmove(to->as.inner.extent + to_index, from->as.inner.extent + from_index,
            count * sizeof *to->as.inner.extent);
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
    set_unused(node, node->count);
}

/* ---- Adding ---- */

/* Puts an entry into a node; one that is full is divided, and its new right neighbour returned. It
 * is divided in the middle, but for a row of allocations that grows at one end, which it leaves
 * full. */
static struct space_node *put_or_divide(struct space *space, struct space_node *node,
                                        uint32_t index, struct entry entry)
{
    uint32_t fan = space_fan(node);
    if (node->count < fan) {
        put(node, index, entry);
        return NULL;
    }
    struct space_node *right = take_node(space, node->height);
    uint32_t kept = index == fan ? fan : index == 0 ? 0 : fan / 2;
    right->count = fan - kept;
    move(right, 0, node, kept, right->count);
    cut_to(node, kept);
    if (index > kept || kept == fan)
        put(right, index - kept, entry);
    else
        put(node, index, entry);
    return right;
}

static struct space_node *add_to_leaf(struct space *space, struct space_node *node,
                                      const struct allocation *allocation, struct change *change)
{
    uint32_t index = count_to(node, allocation->base);
    struct entry entry = {.allocation = allocation};
    change->at_edge = index == 0 || index == node->count;
    change->before = gap_before(node, index);
    struct space_node *right = put_or_divide(space, node, index, entry);
    change->after = gap_around(node, index);
    return right;
}

/* Returns the node's new right neighbour if it was divided; if not, *change is what became of the
 * node. */
static struct space_node *add(struct space *space, struct space_node *node,
                              const struct allocation *allocation, struct change *change)
{
    if (node->height == 0)
        return add_to_leaf(space, node, allocation, change);
    uint32_t index = count_to(node, allocation->base);
    index -= index != 0;
    struct change below;
    struct entry entry = {.child = add(space, enter(node, index), allocation, &below)};
    if (entry.child == NULL) {
        *change = describe_change(node, index, below);
        return NULL;
    }
    change->at_edge = true;
    change->before = gap_around(node, index);
    describe(node, index);
    struct space_node *right = put_or_divide(space, node, index + 1, entry);
    change->after = larger(gap_around(node, index), gap_around(node, index + 1));
    return right;
}

void space_add(struct space *space, const struct allocation *allocation)
{
    struct change change;
    if (space->root == NULL)
        space->root = take_node(space, 0);
    struct space_node *left = space->root, *right = add(space, left, allocation, &change);
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
    if (left->count + right->count > space_fan(left))
        return;
    move(left, left->count, right, 0, right->count);
    left->count += right->count;
    give_node(space, right, heap);
    erase(node, index + 1);
    describe(node, index);
}

/* A child with few entries joins a neighbour that has room for them. Otherwise its neighbours are
 * not looked at: they are seldom at hand. */
static void join_if_sparse(struct space *space, struct space_node *node, uint32_t index,
                           const struct pagelaw_heap *heap)
{
    const struct space_node *child = node->as.inner.child[index];
    if (child->count > space_fan(child) / 4)
        return;
    join(space, node, index, heap);
    if (index != 0)
        join(space, node, index - 1, heap);
}

/* Returns what became of the node. */
static struct change remove_below(struct space *space, struct space_node *node, uint64_t address,
                                  struct allocation *removed, const struct pagelaw_heap *heap)
{
    uint32_t index = count_to(node, address) - 1;
    if (node->height == 0) {
        *removed = node->as.leaf[index];
    } else {
        struct space_node *child = enter(node, index);
        struct change below = remove_below(space, child, address, removed, heap);
        if (child->count != 0) {
            struct change change = describe_change(node, index, below);
            join_if_sparse(space, node, index, heap);
            return change;
        }
        give_node(space, child, heap);
    }
    struct change change = {.before = gap_around(node, index),
                            .at_edge = index == 0 || index + 1 == node->count};
    erase(node, index);
    change.after = gap_before(node, index);
    return change;
}

struct allocation space_remove(struct space *space, uint64_t address,
                               const struct pagelaw_heap *heap)
{
    struct allocation removed;
    remove_below(space, space->root, address, &removed, heap);
    while (space->root->height != 0 && space->root->count == 1) {
        struct space_node *only = space->root->as.inner.child[0];
        give_node(space, space->root, heap);
        space->root = only;
    }
    return removed;
}
