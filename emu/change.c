/* Changing the space: what applying a plan comes down to. */
#include "internal.h"

bool stock_fill(struct pagelaw_model *model)
{
    if (model->spare == NULL)
        model->spare = heap_get(&model->heap, sizeof *model->spare);
    return model->spare != NULL && run_stock_fill(&model->runs, &model->heap) &&
           space_stock_fill(&model->space, &model->heap);
}

/* ---- Allocations in the space ---- */

static void add_allocation(struct pagelaw_model *model, struct allocation *allocation,
                           uint64_t base, uint64_t end, uint32_t protect, struct tree_node *runs)
{
    *allocation = (struct allocation){.base = base, .end = end, .runs = runs, .protect = protect};
    space_add(&model->space, allocation);
}

static struct allocation *take_spare(struct pagelaw_model *model)
{
    struct allocation *spare = model->spare;
    model->spare = NULL;
    return spare;
}

static void put_allocation(struct pagelaw_model *model, struct allocation *allocation)
{
    if (model->spare == NULL)
        model->spare = allocation;
    else
        heap_put(&model->heap, allocation, sizeof *allocation);
}

void space_reserve(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect)
{
    add_allocation(model, take_spare(model), base, end, protect, NULL);
}

void space_release(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    space_decommit(model, base, end);
    struct allocation *allocation = allocation_at(&model->space, base);
    struct tree_node *below = allocation->runs, *above;
    uint64_t first = allocation->base, last = allocation->end;
    uint32_t protect = allocation->protect;
    space_remove(&model->space, allocation, &model->heap);
    runs_divide(&below, end, &above);
    if (first < base) {
        add_allocation(model, allocation, first, base, protect, below);
        allocation = NULL;
    }
    if (end < last) {
        struct allocation *rest = allocation != NULL ? allocation : take_spare(model);
        add_allocation(model, rest, end, last, protect, above);
        allocation = NULL;
    }
    if (allocation != NULL)
        put_allocation(model, allocation);
}

void space_commit(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect)
{
    struct allocation *allocation = allocation_at(&model->space, base);
    model->charge += (end - base) - runs_bytes(allocation->runs, base, end);
    runs_set(&allocation->runs, base, end, protect, &model->runs, &model->heap);
}

void space_decommit(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    struct allocation *allocation = allocation_at(&model->space, base);
    model->charge -= runs_bytes(allocation->runs, base, end);
    runs_clear(&allocation->runs, base, end, &model->runs, &model->heap);
}

/* ---- Plans ---- */

void pagelaw_apply(struct pagelaw_model *model, const struct pagelaw_plan *plan, uint64_t base)
{
    uint64_t from = plan->base_freedom == PAGELAW_CHOSEN ? base : plan->affected_base;
    uint64_t to = from + plan->affected_size;
    switch (plan->effect) {
    case PAGELAW_CHANGES_NOTHING:
        break;
    case PAGELAW_RESERVES:
        space_reserve(model, from, to, plan->new_protect);
        break;
    case PAGELAW_RESERVES_AND_COMMITS:
        space_reserve(model, from, to, plan->new_protect);
        space_commit(model, from, to, plan->new_protect);
        break;
    case PAGELAW_COMMITS:
    case PAGELAW_PROTECTS:
        space_commit(model, from, to, plan->new_protect);
        break;
    case PAGELAW_DECOMMITS:
        space_decommit(model, from, to);
        contents_drop(&model->contents, from, to, &model->heap);
        break;
    case PAGELAW_RELEASES:
        space_release(model, from, to);
        contents_drop(&model->contents, from, to, &model->heap);
        break;
    case PAGELAW_RESETS:
        contents_reset(&model->contents, from, to);
        break;
    }
}
