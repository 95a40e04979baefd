/* The committed pages of one allocation, as runs of equal protection.
 *
 * Invariants: runs lie in their allocation, in whole pages, do not overlap, and two that touch
 * differ in protection. A page in no run is reserved. */
#ifndef EMU_RUNS_H
#define EMU_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "heap.h"
#include "tree.h"

struct run {
    struct tree_node node;
    uint64_t bytes; /* committed in this subtree */
    uint32_t protect;
};

/* Runs in stock: with RUNS_STOCK of them, any one change below needs no memory. */
#define RUNS_STOCK 2

struct run_stock {
    struct run *first; /* linked by node.left */
    unsigned count;
};

/* Fills the stock up. False if the heap gives nothing. */
bool run_stock_fill(struct run_stock *stock, const struct pagelaw_heap *heap);
void run_stock_empty(struct run_stock *stock, const struct pagelaw_heap *heap);

/* Makes the pages of [base, end) committed with that protection. */
void runs_set(struct tree_node **runs, uint64_t base, uint64_t end, uint32_t protect,
              struct run_stock *stock, const struct pagelaw_heap *heap);

/* Makes the pages of [base, end) reserved. */
void runs_clear(struct tree_node **runs, uint64_t base, uint64_t end, struct run_stock *stock,
                const struct pagelaw_heap *heap);

/* Moves the runs of [end, ...) from *runs to *rest; `end` must not lie inside a run. */
void runs_divide(struct tree_node **runs, uint64_t end, struct tree_node **rest);

/* How many bytes of [base, end) are committed. */
uint64_t runs_bytes(const struct tree_node *runs, uint64_t base, uint64_t end);

/* The run that holds the page of `address`, or NULL. */
static inline struct run *run_at(struct tree_node *runs, uint64_t address)
{
    return (struct run *)tree_at(runs, address);
}

tree_refresh run_refresh;

#endif
