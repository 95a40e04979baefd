/* A treap of address ranges. */
#include "tree.h"

#include <stdbool.h>
#include <stddef.h>

/* A mixing function (the finaliser of MurmurHash3): neighbours get unrelated priorities. */
static uint64_t priority(const struct tree_node *node)
{
    uint64_t x = node->base;
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDu;
    x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53u;
    return x ^ (x >> 33);
}

void tree_split(struct tree_node *root, uint64_t key, struct tree_node **left,
                struct tree_node **right, tree_refresh *refresh)
{
    if (root == NULL) {
        *left = *right = NULL;
        return;
    }
    if (root->base < key) {
        *left = root;
        tree_split(root->right, key, &root->right, right, refresh);
    } else {
        *right = root;
        tree_split(root->left, key, left, &root->left, refresh);
    }
    refresh(root);
}

struct tree_node *tree_join(struct tree_node *left, struct tree_node *right, tree_refresh *refresh)
{
    if (left == NULL)
        return right;
    if (right == NULL)
        return left;
    struct tree_node *root;
    if (priority(left) >= priority(right)) {
        root = left;
        root->right = tree_join(left->right, right, refresh);
    } else {
        root = right;
        root->left = tree_join(left, right->left, refresh);
    }
    refresh(root);
    return root;
}

void tree_add(struct tree_node **root, struct tree_node *node, tree_refresh *refresh)
{
    struct tree_node *below = *root;
    if (below == NULL || priority(node) > priority(below)) {
        tree_split(below, node->base, &node->left, &node->right, refresh);
        *root = node;
    } else {
        tree_add(node->base < below->base ? &below->left : &below->right, node, refresh);
    }
    refresh(*root);
}

struct tree_node *tree_remove(struct tree_node **root, uint64_t base, tree_refresh *refresh)
{
    struct tree_node *node = *root;
    if (node->base == base) {
        *root = tree_join(node->left, node->right, refresh);
        return node;
    }
    struct tree_node *removed =
        tree_remove(base < node->base ? &node->left : &node->right, base, refresh);
    refresh(node);
    return removed;
}

void tree_touch(struct tree_node *root, uint64_t base, tree_refresh *refresh)
{
    if (root->base != base)
        tree_touch(base < root->base ? root->left : root->right, base, refresh);
    refresh(root);
}

struct tree_node *tree_floor(struct tree_node *root, uint64_t address)
{
    struct tree_node *best = NULL;
    while (root != NULL) {
        if (root->base <= address) {
            best = root;
            root = root->right;
        } else {
            root = root->left;
        }
    }
    return best;
}

struct tree_node *tree_ceiling(struct tree_node *root, uint64_t address)
{
    struct tree_node *best = NULL;
    while (root != NULL) {
        if (root->base >= address) {
            best = root;
            root = root->left;
        } else {
            root = root->right;
        }
    }
    return best;
}

struct tree_node *tree_at(struct tree_node *root, uint64_t address)
{
    struct tree_node *node = tree_floor(root, address);
    return node != NULL && address < node->end ? node : NULL;
}
