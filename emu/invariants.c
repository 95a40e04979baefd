/* The checker of what must always hold: it walks everything. */
#include "internal.h"
#include "space_node.h"

/* What has been seen on the way through the tree, from the lowest address up. */
struct walk {
    const struct pagelaw_model *model;
    uint64_t end;    /* of the range seen last */
    uint64_t charge; /* bytes in runs */
    const struct run *run;
    const char *broken;
};

static void check_run(struct walk *walk, const struct tree_node *node)
{
    if (node == NULL || walk->broken != NULL)
        return;
    check_run(walk, node->left);
    const struct run *run = (const struct run *)node;
    if (node->base >= node->end)
        walk->broken = "a run is empty";
    else if (node->base < walk->end)
        walk->broken = "two runs overlap, or one is out of order";
    else if (walk->run != NULL && walk->run->node.end == node->base &&
             walk->run->protect == run->protect)
        walk->broken = "two runs that touch are equal";
    else if (page_down(walk->model, node->base | node->end) != (node->base | node->end))
        walk->broken = "a run is not in whole pages";
    walk->end = node->end;
    walk->run = run;
    walk->charge += node->end - node->base;
    check_run(walk, node->right);
    struct run copy = *run;
    run_refresh(&copy.node);
    if (copy.bytes != run->bytes)
        walk->broken = "a run's sum of bytes is stale";
}

static void check_runs(struct walk *walk, const struct allocation *allocation)
{
    struct walk inner = {.model = walk->model, .end = allocation->base};
    check_run(&inner, allocation->runs);
    if (inner.end > allocation_end(allocation))
        inner.broken = "a run goes past its allocation";
    walk->charge += inner.charge;
    if (walk->broken == NULL)
        walk->broken = inner.broken;
}

static void check_allocation(struct walk *walk, const struct allocation *allocation)
{
    uint64_t base = allocation->base, end = allocation_end(allocation);
    if (base >= end)
        walk->broken = "an allocation is empty";
    else if (base < walk->end)
        walk->broken = "two allocations overlap, or one is out of order";
    else if (page_down(walk->model, base | end) != (base | end))
        walk->broken = "an allocation is not in whole pages";
    check_runs(walk, allocation);
    walk->end = end;
}

static void check_count(struct walk *walk, const struct space_node *node)
{
    bool may_be_empty = node == walk->model->space.root && node->height == 0;
    if ((node->count == 0 && !may_be_empty) || node->count > space_fan(node))
        walk->broken = "a node of the space is empty, or too full";
    for (uint32_t i = node->count; i < space_fan(node); i++) {
        if (base_of(node, i) != SPACE_UNUSED)
            walk->broken = "an entry of a node has a base and is not in use";
    }
}

static void check_node(struct walk *walk, const struct space_node *node)
{
    check_count(walk, node);
    for (uint32_t i = 0; i < node->count && walk->broken == NULL; i++) {
        if (node->height == 0) {
            check_allocation(walk, &node->as.leaf[i]);
            continue;
        }
        if (node->as.inner.child[i]->height + 1 != node->height)
            walk->broken = "two leaves of the space are at different depths";
        else
            check_node(walk, node->as.inner.child[i]);
        if (walk->broken == NULL && !space_entry_holds(node, i))
            walk->broken = "what a node says of its child is stale";
    }
}

const char *pagelaw_check_invariants(const struct pagelaw_model *model)
{
    struct walk walk = {.model = model, .end = model->profile->address_min};
    if (model->space.root != NULL)
        check_node(&walk, model->space.root);
    if (walk.broken == NULL && walk.end > model->profile->address_max + 1)
        walk.broken = "an allocation lies above the highest address";
    if (walk.broken == NULL && walk.charge != model->charge)
        walk.broken = "the commit charge is not the sum of the runs";
    if (walk.broken == NULL)
        walk.broken = contents_check(&model->contents, &model->space);
    return walk.broken;
}
