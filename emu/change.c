/* Changing the space: what applying a plan comes down to. */
#include "internal.h"

bool stock_fill(struct pagelaw_model *model)
{
    return run_stock_fill(&model->runs, &model->heap) &&
           space_stock_fill(&model->space, &model->heap);
}

/* ---- Allocations in the space ---- */

void space_reserve(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect)
{
    struct allocation fresh = allocation_of(base, end, protect);
    space_add(&model->space, &fresh);
}

static void commit_in(struct pagelaw_model *model, struct allocation *allocation, uint64_t base,
                      uint64_t end, uint32_t protect)
{
    model->charge += (end - base) - runs_bytes(allocation->runs, base, end);
    runs_set(&allocation->runs, base, end, protect, &model->runs, &model->heap);
}

static void decommit_in(struct pagelaw_model *model, struct allocation *allocation, uint64_t base,
                        uint64_t end)
{
    model->charge -= runs_bytes(allocation->runs, base, end);
    runs_clear(&allocation->runs, base, end, &model->runs, &model->heap);
}

/* A new allocation, all of it committed. */
static void reserve_and_commit(struct pagelaw_model *model, uint64_t base, uint64_t end,
                               uint32_t protect)
{
    struct allocation fresh = allocation_of(base, end, protect);
    commit_in(model, &fresh, base, end, protect);
    space_add(&model->space, &fresh);
}

void space_release(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    struct allocation old = space_remove(&model->space, base, &model->heap);
    decommit_in(model, &old, base, end);
    struct allocation below = allocation_of(old.base, base, old.protect);
    struct allocation above = allocation_of(end, allocation_end(&old), old.protect);
    below.runs = old.runs;
    runs_divide(&below.runs, end, &above.runs);
    if (below.pages != 0)
        space_add(&model->space, &below);
    if (above.pages != 0)
        space_add(&model->space, &above);
}

void space_commit(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect)
{
    commit_in(model, allocation_at(&model->space, base), base, end, protect);
}

void space_decommit(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    decommit_in(model, allocation_at(&model->space, base), base, end);
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
        reserve_and_commit(model, from, to, plan->new_protect);
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
