/* The tree of ranges and the search for gaps, against a look at everything. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "space_node.h"
#include "suite/heap.h"
#include "tree.h"

#define KEYS 200
#define SORTED 100000
#define DEPTH_MAX 64 /* of a treap of so many nodes: 4.3 ln n is 50, give or take */
#define GRANULES 96
#define PAGE 0x1000u
#define PAGES_A_GRANULE (SPACE_GRANULE / PAGE)
#define ORIGIN 0x10000u

static uint64_t seed = 1;

static uint64_t draw(uint64_t end)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % end;
}

/* ---- The tree: key i stands for the range [10 i, 10 i + 5) ---- */

struct node {
    struct tree_node node;
    uint64_t count; /* in this subtree */
};

static struct node nodes[SORTED];
static bool is_in[KEYS];

static uint64_t count_of(const struct tree_node *node)
{
    return node == NULL ? 0 : ((const struct node *)node)->count;
}

static void refresh(struct tree_node *node)
{
    ((struct node *)node)->count = 1 + count_of(node->left) + count_of(node->right);
}

static void set_key(uint64_t key)
{
    nodes[key].node = (struct tree_node){.base = 10 * key, .end = 10 * key + 5};
}

/* Checks order and counts; returns how many nodes there are. */
static uint64_t check(const struct tree_node *node, uint64_t low, uint64_t high)
{
    uint64_t count;
    if (node == NULL)
        return 0;
    cr_assert(node->base >= low && node->base < high);
    count = 1 + check(node->left, low, node->base) + check(node->right, node->base + 1, high);
    cr_assert_eq(count_of(node), count);
    return count;
}

static void check_searches(struct tree_node *root, uint64_t address)
{
    int floor = -1, ceiling = -1;
    struct tree_node *at = NULL;
    for (int key = 0; key < KEYS; key++) {
        if (is_in[key] && nodes[key].node.base <= address)
            floor = key;
        if (is_in[key] && nodes[key].node.base >= address && ceiling < 0)
            ceiling = key;
    }
    if (floor >= 0 && address < nodes[floor].node.end)
        at = &nodes[floor].node;
    cr_assert_eq(tree_floor(root, address), floor < 0 ? NULL : &nodes[floor].node);
    cr_assert_eq(tree_ceiling(root, address), ceiling < 0 ? NULL : &nodes[ceiling].node);
    cr_assert_eq(tree_at(root, address), at);
}

static void toggle(struct tree_node **root, uint64_t key)
{
    if (is_in[key]) {
        cr_assert_eq(tree_remove(root, 10 * key, refresh), &nodes[key].node);
    } else {
        set_key(key);
        tree_add(root, &nodes[key].node, refresh);
    }
    is_in[key] = !is_in[key];
}

static uint64_t count_in(uint64_t first, uint64_t end)
{
    uint64_t count = 0;
    for (uint64_t key = first; key < end; key++)
        count += is_in[key];
    return count;
}

Test(tree, agrees_with_a_list)
{
    struct tree_node *root = NULL;
    for (int round = 0; round < 5000; round++) {
        toggle(&root, draw(KEYS));
        cr_assert_eq(check(root, 0, UINT64_MAX), count_in(0, KEYS));
        check_searches(root, draw(10 * KEYS + 20));
    }
}

Test(tree, splits_and_joins)
{
    struct tree_node *root = NULL, *left, *right;
    for (int round = 0; round < 2000; round++) {
        uint64_t key = draw(KEYS + 1);
        toggle(&root, draw(KEYS));
        tree_split(root, 10 * key, &left, &right, refresh);
        cr_assert_eq(check(left, 0, 10 * key), count_in(0, key));
        cr_assert_eq(check(right, 10 * key, UINT64_MAX), count_in(key, KEYS));
        root = tree_join(left, right, refresh);
        cr_assert_eq(check(root, 0, UINT64_MAX), count_in(0, KEYS));
    }
}

Test(tree, depends_on_its_nodes_alone)
{
    struct tree_node *root = NULL, *of_first;
    for (uint64_t key = 0; key < KEYS; key++)
        toggle(&root, key);
    of_first = root;
    for (uint64_t key = 0; key < KEYS; key += 3)
        toggle(&root, key);
    for (uint64_t key = KEYS; key-- > 0;) {
        if (!is_in[key])
            toggle(&root, key);
    }
    cr_assert_eq(root, of_first);
    check(root, 0, UINT64_MAX);
}

Test(tree, touch_refreshes_the_way)
{
    struct tree_node *root = NULL;
    for (uint64_t key = 0; key < KEYS; key++)
        toggle(&root, key);
    nodes[KEYS / 2].count = 0;
    tree_touch(root, 10 * (KEYS / 2), refresh);
    cr_assert_eq(check(root, 0, UINT64_MAX), KEYS);
}

static unsigned depth(const struct tree_node *node)
{
    unsigned left, right;
    if (node == NULL)
        return 0;
    left = depth(node->left);
    right = depth(node->right);
    return 1 + (left > right ? left : right);
}

Test(tree, stays_flat_under_sorted_keys)
{
    static const uint64_t strides[] = {10, PAGE, SPACE_GRANULE, 1u << 30};
    for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
        struct tree_node *root = NULL;
        for (uint64_t key = 0; key < SORTED; key++) {
            nodes[key].node = (struct tree_node){.base = (key + 1) * strides[i],
                                                 .end = (key + 1) * strides[i] + 1};
            tree_add(&root, &nodes[key].node, refresh);
        }
        cr_assert_eq(count_of(root), SORTED);
        cr_assert_leq(depth(root), DEPTH_MAX, "stride %zu: %u", (size_t)strides[i], depth(root));
    }
}

/* ---- Gaps ---- */

static struct allocation allocations[GRANULES * PAGES_A_GRANULE];
static bool taken[GRANULES * PAGES_A_GRANULE];
static size_t allocation_count;
static struct space space;

static void empty(void)
{
    struct allocation *first;
    while ((first = space_ceiling(&space, 0)) != NULL)
        space_remove(&space, first->base, &suite_heap);
    cr_assert(space.root == NULL || (space.root->count == 0 && space.root->height == 0));
    space_end(&space, &suite_heap);
}

static void take(uint64_t first, uint64_t end)
{
    struct allocation *allocation = &allocations[allocation_count++];
    *allocation = allocation_of(ORIGIN + first * PAGE, ORIGIN + end * PAGE, 0);
    cr_assert(space_stock_fill(&space, &suite_heap));
    space_add(&space, allocation);
    for (uint64_t page = first; page < end; page++)
        taken[page] = true;
}

static bool pages_free(uint64_t first, uint64_t end)
{
    while (first < end && !taken[first])
        first++;
    return first >= end;
}

static void fill(unsigned chance)
{
    empty();
    allocation_count = 0;
    memset(taken, 0, sizeof taken);
    for (uint64_t page = 0; page < GRANULES * PAGES_A_GRANULE;) {
        uint64_t end = page + 1 + draw(40);
        if (end > GRANULES * PAGES_A_GRANULE)
            end = GRANULES * PAGES_A_GRANULE;
        if (draw(100) < chance)
            take(page, end);
        page = end;
    }
}

/* Some of them go again: the gaps grow together. */
static void thin_out(void)
{
    for (size_t i = 0; i < allocation_count; i++) {
        uint64_t base = allocations[i].base;
        if (draw(2) == 0)
            continue;
        space_remove(&space, base, &suite_heap);
        for (uint64_t at = base; at < allocation_end(&allocations[i]); at += PAGE)
            taken[(at - ORIGIN) / PAGE] = false;
    }
}

static uint64_t scan(uint64_t lowest, uint64_t end, uint64_t size, bool highest)
{
    uint64_t found = SPACE_NO_ROOM;
    for (uint64_t at = ORIGIN; at < ORIGIN + GRANULES * SPACE_GRANULE; at += SPACE_GRANULE) {
        uint64_t first = (at - ORIGIN) / PAGE;
        if (at < lowest || at >= end || size > end - at || !pages_free(first, first + size / PAGE))
            continue;
        if (found == SPACE_NO_ROOM || highest)
            found = at;
    }
    return found;
}

static void compare(uint64_t lowest, uint64_t end, uint64_t size)
{
    cr_assert_eq(space_lowest_fit(&space, lowest, end, size), scan(lowest, end, size, false));
    cr_assert_eq(space_highest_fit(&space, lowest, end, size), scan(lowest, end, size, true));
}

Test(space, finds_the_gaps_that_a_scan_finds)
{
    const uint64_t pages = GRANULES * PAGES_A_GRANULE;
    for (unsigned round = 0; round < 300; round++) {
        fill(round % 100);
        if (round % 3 == 0)
            thin_out();
        for (unsigned i = 0; i < 30; i++) {
            uint64_t lowest = ORIGIN + draw(pages) * PAGE, size = (1 + draw(60)) * PAGE;
            uint64_t end = lowest + (1 + draw(pages - (lowest - ORIGIN) / PAGE)) * PAGE;
            compare(ORIGIN, ORIGIN + pages * PAGE, size);
            compare(lowest, end, size);
        }
        compare(ORIGIN, ORIGIN + pages * PAGE, pages * PAGE);
    }
}

Test(space, knows_what_is_free)
{
    for (unsigned round = 0; round < 100; round++) {
        fill(round);
        for (unsigned i = 0; i < 100; i++) {
            uint64_t first = draw(GRANULES * PAGES_A_GRANULE - 1);
            uint64_t end = first + 1 + draw(GRANULES * PAGES_A_GRANULE - first - 1);
            cr_assert_eq(space_is_free(&space, ORIGIN + first * PAGE, ORIGIN + end * PAGE),
                         pages_free(first, end));
        }
    }
}

/* ---- Order ---- */

/* Checks what every node says, and returns how many allocations there are. */
static size_t check_node(const struct space_node *node)
{
    size_t count = 0;
    cr_assert((node->count > 0 || node == space.root) && node->count <= space_fan(node));
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->height == 0) {
            cr_assert(i == 0 || allocation_end(&node->as.leaf[i - 1]) <= node->as.leaf[i].base);
            count++;
            continue;
        }
        cr_assert(space_entry_holds(node, i));
        cr_assert(i == 0 || node->as.inner.extent[i - 1].end <= node->as.inner.base[i]);
        count += check_node(node->as.inner.child[i]);
    }
    return count;
}

Test(space, floors_ceilings_and_ranges_are_those_of_a_list)
{
    const uint64_t pages = GRANULES * PAGES_A_GRANULE;
    for (unsigned round = 0; round < 100; round++) {
        fill(round);
        if (round % 2 == 0)
            thin_out();
        size_t count = 0;
        uint64_t below = UINT64_MAX, above = UINT64_MAX, last = UINT64_MAX;
        uint64_t at = ORIGIN + draw(pages) * PAGE;
        for (uint64_t page = 0; page < pages; page++) {
            const struct allocation *here = allocation_at(&space, ORIGIN + page * PAGE + 1);
            cr_assert_eq(here != NULL, taken[page]);
            if (here == NULL || here->base != ORIGIN + page * PAGE)
                continue;
            count++;
            last = here->base;
            if (here->base <= at)
                below = here->base;
            if (here->base >= at && above == UINT64_MAX)
                above = here->base;
        }
        const struct allocation *floor = space_floor(&space, at), *ceiling;
        ceiling = space_ceiling(&space, at);
        cr_assert_eq(floor == NULL ? UINT64_MAX : floor->base, below);
        cr_assert_eq(ceiling == NULL ? UINT64_MAX : ceiling->base, above);
        floor = space_floor(&space, UINT64_MAX);
        cr_assert_eq(floor == NULL ? UINT64_MAX : floor->base, last);
        cr_assert_eq(space.root == NULL ? 0 : check_node(space.root), count);
    }
    empty();
}

/* However they come and go, the nodes stay full enough and the tree flat. */
Test(space, stays_flat_and_gives_its_nodes_back)
{
    static struct allocation many[SORTED];
    for (int descending = 0; descending < 2; descending++) {
        for (size_t i = 0; i < SORTED; i++) {
            size_t key = descending ? SORTED - i : i + 1;
            many[i] = allocation_of(key * 2 * PAGE, key * 2 * PAGE + PAGE, 0);
            cr_assert(space_stock_fill(&space, &suite_heap));
            space_add(&space, &many[i]);
        }
        cr_assert_eq(check_node(space.root), SORTED);
        cr_assert_leq(space.root->height, 4);
        for (size_t i = 0; i < SORTED; i++) {
            if (i % 16 != 0)
                space_remove(&space, many[i].base, &suite_heap);
        }
        cr_assert_eq(check_node(space.root), SORTED / 16);
        cr_assert_leq(space.root->height, 4);
        empty();
    }
}
