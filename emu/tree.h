/* A balanced tree of address ranges, ordered by base: a treap whose priorities are a hash of the
 * base, so that its shape depends on what is in it and on nothing else.
 *
 * Nodes are embedded in the caller's structs as their first member. After a change each node on the
 * way is handed to `refresh`, which recomputes what the caller keeps about the subtree from the
 * node and its two children. All operations take O(log n) steps. */
#ifndef EMU_TREE_H
#define EMU_TREE_H

#include <stdint.h>

struct tree_node {
    struct tree_node *left, *right;
    uint64_t base, end; /* [base, end), not empty */
};

typedef void tree_refresh(struct tree_node *node);

/* Takes a tree apart: nodes with a base below `key` to *left, the others to *right. */
void tree_split(struct tree_node *root, uint64_t key, struct tree_node **left,
                struct tree_node **right, tree_refresh *refresh);

/* Joins two trees; every base in `left` is below every base in `right`. */
struct tree_node *tree_join(struct tree_node *left, struct tree_node *right, tree_refresh *refresh);

/* Adds a node, whose base no other has. Its base must not change while it is in the tree. */
void tree_add(struct tree_node **root, struct tree_node *node, tree_refresh *refresh);

/* Takes the node with that base out and returns it. It must be there. */
struct tree_node *tree_remove(struct tree_node **root, uint64_t base, tree_refresh *refresh);

/* Recomputes what is kept about the subtrees on the way to the node with that base. */
void tree_touch(struct tree_node *root, uint64_t base, tree_refresh *refresh);

/* The last node with a base at or below `address`, or NULL. */
struct tree_node *tree_floor(struct tree_node *root, uint64_t address);

/* The first node with a base at or above `address`, or NULL. */
struct tree_node *tree_ceiling(struct tree_node *root, uint64_t address);

/* The node that contains `address`, or NULL. */
struct tree_node *tree_at(struct tree_node *root, uint64_t address);

#endif
