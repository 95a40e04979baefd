/* NtQueryVirtualMemory, basic information. */
#include "internal.h"

uint32_t pagelaw_mbi_size(uint32_t pointer_bytes)
{
    return pointer_bytes == 8 ? 48 : 28;
}

static void query_free(const struct pagelaw_model *model, struct pagelaw_region *region)
{
    const struct allocation *next = space_ceiling(&model->space, region->base);
    uint64_t end = next != NULL ? next->base : model->profile->address_max + 1;
    region->size = end - region->base;
    region->state = MEM_FREE;
    region->protect = PAGE_NOACCESS;
}

static void query_allocated(const struct allocation *allocation, struct pagelaw_region *region)
{
    const struct run *run = run_at(allocation->runs, region->base);
    const struct tree_node *next = tree_ceiling(allocation->runs, region->base);
    uint64_t end = run != NULL    ? run->node.end
                   : next != NULL ? next->base
                                  : allocation_end(allocation);
    region->allocation_base = allocation->base;
    region->allocation_protect = allocation->protect;
    region->size = end - region->base;
    region->state = run != NULL ? MEM_COMMIT : MEM_RESERVE;
    region->protect = run != NULL ? run->protect : 0;
    region->type = MEM_PRIVATE;
}

/* Returns the allocation that the page is in, or NULL. */
static const struct allocation *query(const struct pagelaw_model *model, uint64_t address,
                                      struct pagelaw_region *region)
{
    *region = (struct pagelaw_region){.base = page_down(model, address)};
    const struct allocation *allocation = allocation_at(&model->space, address);
    if (allocation == NULL)
        query_free(model, region);
    else
        query_allocated(allocation, region);
    return allocation;
}

void space_query(const struct pagelaw_model *model, uint64_t address, struct pagelaw_region *region)
{
    query(model, address, region);
}

/* What ends the region that a query found. */
static enum pagelaw_rule end_rule(const struct allocation *allocation,
                                  const struct pagelaw_region *region)
{
    uint64_t end = region->base + region->size;
    if (allocation == NULL)
        return PAGELAW_VQ_NO_BACKSCAN;
    if (end == allocation_end(allocation))
        return PAGELAW_VQ_SAME_ALLOC;
    return region->state == MEM_COMMIT && run_at(allocation->runs, end) != NULL
               ? PAGELAW_VQ_SAME_PROT
               : PAGELAW_VQ_SAME_STATE;
}

static void set_rules(const struct allocation *allocation, struct pagelaw_plan *plan)
{
    bool is_free = plan->region.state == MEM_FREE;
    enum pagelaw_rule *rule = plan->rule;
    rule[PAGELAW_ANSWER] = PAGELAW_VQ_RETURN;
    rule[PAGELAW_BASE] = PAGELAW_VQ_ROUNDS_DOWN;
    rule[PAGELAW_SIZE] = end_rule(allocation, &plan->region);
    rule[PAGELAW_STATE] = PAGELAW_MBI_STATE;
    rule[PAGELAW_PROTECT] = is_free                             ? PAGELAW_MBI_FREE_FIELDS
                            : plan->region.state == MEM_RESERVE ? PAGELAW_MBI_RESERVED_PROTECT
                                                                : PAGELAW_MBI_PROTECT;
    rule[PAGELAW_ALLOCATION_BASE] = is_free ? PAGELAW_MBI_FREE_FIELDS : PAGELAW_MBI_ALLOCBASE;
    rule[PAGELAW_ALLOCATION_PROTECT] = is_free ? PAGELAW_MBI_FREE_FIELDS : PAGELAW_MBI_ALLOCPROT;
    rule[PAGELAW_TYPE] = is_free ? PAGELAW_MBI_FREE_FIELDS : PAGELAW_MBI_TYPE;
}

static bool address_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                            struct pagelaw_plan *plan)
{
    if (call->address <= model->profile->address_max)
        return false;
    plan_refuse(plan, PAGELAW_VQ_ABOVE_MAX, STATUS_INVALID_PARAMETER, PAGELAW_NO_RULE);
    return true;
}

static bool buffer_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                           struct pagelaw_plan *plan)
{
    if (call->size >= pagelaw_mbi_size(model->profile->pointer_bytes))
        return false;
    plan_refuse(plan, PAGELAW_VQ_BUFFER, STATUS_INFO_LENGTH_MISMATCH, PAGELAW_NO_RULE);
    return true;
}

static plan_check *const checks[] = {address_refused, buffer_refused};

void plan_nt_query(struct pagelaw_model *model, const struct pagelaw_call *call,
                   struct pagelaw_plan *plan)
{
    if (plan_checks(model, call, plan, checks, sizeof checks / sizeof *checks)) {
        plan->order = PAGELAW_ORDER_QUERY;
        return;
    }
    const struct allocation *allocation = query(model, call->address, &plan->region);
    plan->base = plan->region.base;
    plan->size = plan->region.size;
    set_rules(allocation, plan);
}

bool pagelaw_look(const struct pagelaw_model *model, uint64_t address, uint64_t length,
                  struct pagelaw_region *region)
{
    if (address > model->profile->address_max ||
        length < pagelaw_mbi_size(model->profile->pointer_bytes))
        return false;
    space_query(model, address, region);
    return true;
}
