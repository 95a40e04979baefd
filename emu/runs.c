/* Runs of committed pages. */
#include "runs.h"

#include <stddef.h>

void run_refresh(struct tree_node *node)
{
    struct run *run = (struct run *)node;
    run->bytes = node->end - node->base;
    if (node->left != NULL)
        run->bytes += ((struct run *)node->left)->bytes;
    if (node->right != NULL)
        run->bytes += ((struct run *)node->right)->bytes;
}

static void stock_put(struct run_stock *stock, struct run *run, const struct pagelaw_heap *heap)
{
    if (stock->count == RUNS_STOCK) {
        heap_put(heap, run, sizeof *run);
        return;
    }
    run->node.left = stock->first == NULL ? NULL : &stock->first->node;
    stock->first = run;
    stock->count++;
}

static struct run *stock_take(struct run_stock *stock)
{
    struct run *run = stock->first;
    stock->first = (struct run *)run->node.left;
    stock->count--;
    return run;
}

bool run_stock_fill(struct run_stock *stock, const struct pagelaw_heap *heap)
{
    while (stock->count < RUNS_STOCK) {
        struct run *run = heap_get(heap, sizeof *run);
        if (run == NULL)
            return false;
        stock_put(stock, run, heap);
    }
    return true;
}

void run_stock_empty(struct run_stock *stock, const struct pagelaw_heap *heap)
{
    while (stock->count > 0)
        heap_put(heap, stock_take(stock), sizeof(struct run));
}

static void add(struct tree_node **runs, uint64_t base, uint64_t end, uint32_t protect,
                struct run_stock *stock)
{
    struct run *run = stock_take(stock);
    *run = (struct run){.node = {.base = base, .end = end}, .protect = protect};
    tree_add(runs, &run->node, run_refresh);
}

static void set_end(struct tree_node *runs, struct tree_node *node, uint64_t end)
{
    node->end = end;
    tree_touch(runs, node->base, run_refresh);
}

/* Sees to it that no run holds both the byte below `address` and the byte at it. */
static void cut(struct tree_node **runs, uint64_t address, struct run_stock *stock)
{
    struct run *run = run_at(*runs, address);
    if (run == NULL || run->node.base == address)
        return;
    uint64_t end = run->node.end;
    set_end(*runs, &run->node, address);
    add(runs, address, end, run->protect, stock);
}

/* Joins the run that ends at `address` with the one that begins there, if they are equal. */
static void mend(struct tree_node **runs, uint64_t address, struct run_stock *stock,
                 const struct pagelaw_heap *heap)
{
    struct run *below = run_at(*runs, address - 1);
    struct run *above = run_at(*runs, address);
    if (below == NULL || above == NULL || below == above || below->protect != above->protect)
        return;
    uint64_t end = above->node.end;
    stock_put(stock, (struct run *)tree_remove(runs, address, run_refresh), heap);
    set_end(*runs, &below->node, end);
}

void runs_clear(struct tree_node **runs, uint64_t base, uint64_t end, struct run_stock *stock,
                const struct pagelaw_heap *heap)
{
    cut(runs, base, stock);
    cut(runs, end, stock);
    for (;;) {
        struct tree_node *node = tree_ceiling(*runs, base);
        if (node == NULL || node->base >= end)
            return;
        stock_put(stock, (struct run *)tree_remove(runs, node->base, run_refresh), heap);
    }
}

void runs_set(struct tree_node **runs, uint64_t base, uint64_t end, uint32_t protect,
              struct run_stock *stock, const struct pagelaw_heap *heap)
{
    runs_clear(runs, base, end, stock, heap);
    add(runs, base, end, protect, stock);
    mend(runs, base, stock, heap);
    mend(runs, end, stock, heap);
}

void runs_divide(struct tree_node **runs, uint64_t end, struct tree_node **rest)
{
    struct tree_node *all = *runs;
    tree_split(all, end, runs, rest, run_refresh);
}

/* How many bytes below `address` are committed. */
static uint64_t bytes_below(const struct tree_node *node, uint64_t address)
{
    uint64_t bytes = 0;
    while (node != NULL) {
        if (node->base >= address) {
            node = node->left;
            continue;
        }
        if (node->left != NULL)
            bytes += ((const struct run *)node->left)->bytes;
        if (node->end >= address)
            return bytes + (address - node->base);
        bytes += node->end - node->base;
        node = node->right;
    }
    return bytes;
}

uint64_t runs_bytes(const struct tree_node *runs, uint64_t base, uint64_t end)
{
    return bytes_below(runs, end) - bytes_below(runs, base);
}
