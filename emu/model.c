/* A model's life, and the two floors as functions. */
#include "internal.h"

#include <assert.h>
#include <string.h>

struct pagelaw_model *pagelaw_model_create(const struct pagelaw_profile *profile,
                                           const struct pagelaw_heap *heap)
{
    assert(profile->granule == SPACE_GRANULE);
    struct pagelaw_model *model = heap_get(heap, sizeof *model);
    if (model == NULL)
        return NULL;
    *model = (struct pagelaw_model){.profile = profile,
                                    .heap = *heap,
                                    .contents = {.page_size = profile->page_size},
                                    .commit_limit = UINT64_MAX};
    pagelaw_model_set_choice_range(model, profile->address_min, profile->address_max);
    return model;
}

void pagelaw_end_process(struct pagelaw_model *model, struct pagelaw_returned *returned)
{
    struct pagelaw_returned sum = {.committed_bytes = model->charge};
    const struct allocation *first;
    while ((first = space_ceiling(&model->space, 0)) != NULL) {
        sum.allocations++;
        sum.reserved_bytes += allocation_end(first) - first->base;
        space_release(model, first->base, allocation_end(first));
    }
    contents_destroy(&model->contents, &model->heap);
    model->contents.all_unknown = false;
    model->last_error = ERROR_SUCCESS;
    if (returned != NULL)
        *returned = sum;
}

void pagelaw_model_destroy(struct pagelaw_model *model)
{
    if (model == NULL)
        return;
    struct pagelaw_heap heap = model->heap;
    pagelaw_end_process(model, NULL);
    run_stock_empty(&model->runs, &heap);
    space_end(&model->space, &heap);
    heap_put(&heap, model, sizeof *model);
}

const struct pagelaw_profile *pagelaw_model_profile(const struct pagelaw_model *model)
{
    return model->profile;
}

uint64_t pagelaw_model_charge(const struct pagelaw_model *model)
{
    return model->charge;
}

void pagelaw_model_set_commit_limit(struct pagelaw_model *model, uint64_t bytes)
{
    model->commit_limit = bytes;
}

void pagelaw_model_set_choice_range(struct pagelaw_model *model, uint64_t lowest, uint64_t highest)
{
    model->choice_lowest = lowest;
    model->choice_end = highest + 1;
}

/* Plans a call and carries it out as the model itself would have it. */
static void make(struct pagelaw_model *model, const struct pagelaw_call *call,
                 struct pagelaw_plan *plan)
{
    pagelaw_plan(model, call, plan);
    if (plan_succeeds(plan))
        pagelaw_apply(model, plan, plan->base);
}

/* The same for a Win32 function: with the last error. */
static uint64_t make_win32(struct pagelaw_model *model, const struct pagelaw_call *call,
                           struct pagelaw_plan *plan)
{
    make(model, call, plan);
    if (!plan_succeeds(plan))
        model->last_error = pagelaw_error_from_status(plan->status[0]);
    return plan->value;
}

static void write_back(const struct pagelaw_plan *plan, uint64_t *base, uint64_t *size)
{
    if (!plan_succeeds(plan))
        return;
    *base = plan->base;
    *size = plan->size;
}

static void write_old_protect(const struct pagelaw_plan *plan, uint32_t *old_protect)
{
    if (old_protect != NULL && plan->old_protect_freedom == PAGELAW_EXACT)
        *old_protect = plan->old_protect;
}

uint32_t pagelaw_nt_allocate(struct pagelaw_model *model, uint64_t *base, uint64_t zero_bits,
                             uint64_t *size, uint32_t type, uint32_t protect)
{
    struct pagelaw_plan plan;
    make(model,
         &(struct pagelaw_call){.function = PAGELAW_NT_ALLOCATE,
                                .address = *base,
                                .zero_bits = zero_bits,
                                .size = *size,
                                .type = type,
                                .protect = protect},
         &plan);
    write_back(&plan, base, size);
    return plan.status[0];
}

uint32_t pagelaw_nt_free(struct pagelaw_model *model, uint64_t *base, uint64_t *size, uint32_t type)
{
    struct pagelaw_plan plan;
    make(model,
         &(struct pagelaw_call){
             .function = PAGELAW_NT_FREE, .address = *base, .size = *size, .type = type},
         &plan);
    write_back(&plan, base, size);
    return plan.status[0];
}

uint32_t pagelaw_nt_protect(struct pagelaw_model *model, uint64_t *base, uint64_t *size,
                            uint32_t protect, uint32_t *old_protect)
{
    struct pagelaw_plan plan;
    make(model,
         &(struct pagelaw_call){.function = PAGELAW_NT_PROTECT,
                                .address = *base,
                                .size = *size,
                                .protect = protect,
                                .no_old_protect = old_protect == NULL},
         &plan);
    write_back(&plan, base, size);
    write_old_protect(&plan, old_protect);
    return plan.status[0];
}

uint32_t pagelaw_nt_query(struct pagelaw_model *model, uint64_t address, uint64_t length,
                          struct pagelaw_region *region)
{
    struct pagelaw_plan plan;
    make(model,
         &(struct pagelaw_call){.function = PAGELAW_NT_QUERY, .address = address, .size = length},
         &plan);
    if (plan_succeeds(&plan))
        *region = plan.region;
    return plan.status[0];
}

uint64_t pagelaw_virtual_alloc(struct pagelaw_model *model, uint64_t address, uint64_t size,
                               uint32_t type, uint32_t protect)
{
    struct pagelaw_plan plan;
    return make_win32(model,
                      &(struct pagelaw_call){.function = PAGELAW_VIRTUAL_ALLOC,
                                             .address = address,
                                             .size = size,
                                             .type = type,
                                             .protect = protect},
                      &plan);
}

bool pagelaw_virtual_free(struct pagelaw_model *model, uint64_t address, uint64_t size,
                          uint32_t type)
{
    struct pagelaw_plan plan;
    return make_win32(model,
                      &(struct pagelaw_call){.function = PAGELAW_VIRTUAL_FREE,
                                             .address = address,
                                             .size = size,
                                             .type = type},
                      &plan) != 0;
}

bool pagelaw_virtual_protect(struct pagelaw_model *model, uint64_t address, uint64_t size,
                             uint32_t protect, uint32_t *old_protect)
{
    struct pagelaw_plan plan;
    bool done = make_win32(model,
                           &(struct pagelaw_call){.function = PAGELAW_VIRTUAL_PROTECT,
                                                  .address = address,
                                                  .size = size,
                                                  .protect = protect,
                                                  .no_old_protect = old_protect == NULL},
                           &plan) != 0;
    write_old_protect(&plan, old_protect);
    return done;
}

uint64_t pagelaw_virtual_query(struct pagelaw_model *model, uint64_t address,
                               struct pagelaw_region *region, uint64_t length)
{
    struct pagelaw_plan plan;
    uint64_t written =
        make_win32(model,
                   &(struct pagelaw_call){
                       .function = PAGELAW_VIRTUAL_QUERY, .address = address, .size = length},
                   &plan);
    if (written != 0)
        *region = plan.region;
    return written;
}

uint32_t pagelaw_get_last_error(const struct pagelaw_model *model)
{
    return model->last_error;
}

void pagelaw_set_last_error(struct pagelaw_model *model, uint32_t error)
{
    model->last_error = error;
}

void pagelaw_get_system_info(const struct pagelaw_model *model, struct pagelaw_system_info *info)
{
    *info = (struct pagelaw_system_info){.page_size = model->profile->page_size,
                                         .granule = model->profile->granule,
                                         .address_min = model->profile->address_min,
                                         .address_max = model->profile->address_max};
}
