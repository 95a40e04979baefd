/* Mutants of queries that succeed. */
#include "answer.h"
#include "pagelaw/constants.h"

static bool refused(struct answer *answer)
{
    return answer_fail(answer, STATUS_ACCESS_DENIED);
}

static bool returns(struct answer *answer, uint64_t value)
{
    bool changes = !answer_is_native(answer) && value != answer->value;
    answer->value = value;
    return changes;
}

static bool returns_true(struct answer *answer)
{
    return returns(answer, 1);
}

static bool returns_buffer_size(struct answer *answer)
{
    return returns(answer, answer->call.size);
}

/* ---- Where a region begins and ends ---- */

static bool base_unrounded(struct answer *answer)
{
    answer->region.base = answer->call.address;
    return answer->region.base != answer->plan.region.base;
}

static bool base_of_allocation(struct answer *answer)
{
    if (answer->region.type != MEM_PRIVATE)
        return false;
    answer->region.base = answer->region.allocation_base;
    return answer->region.base != answer->plan.region.base;
}

static bool base_page_higher(struct answer *answer)
{
    answer->region.base += page_of(answer);
    return true;
}

/* Whether two regions are of one sort but for what the rule on the region's end looks at. */
static bool runs_on(const struct pagelaw_region *here, const struct pagelaw_region *next)
{
    return next->size != 0 && here->state != MEM_FREE && next->state != MEM_FREE &&
           next->base == here->base + here->size;
}

static bool into_the_next(struct answer *answer)
{
    struct pagelaw_region *region = &answer->region;
    struct pagelaw_region next = region_at(answer->model, region->base + region->size);
    if (!runs_on(region, &next))
        return false;
    region->size += next.size;
    return true;
}

static bool one_page_alone(struct answer *answer)
{
    answer->region.size = page_of(answer);
    return answer->region.size != answer->plan.region.size;
}

static bool page_more(struct answer *answer)
{
    answer->region.size += page_of(answer);
    return true;
}

static bool page_less(struct answer *answer)
{
    if (answer->region.size <= page_of(answer))
        return false;
    answer->region.size -= page_of(answer);
    return true;
}

static bool byte_less(struct answer *answer)
{
    answer->region.size--;
    return true;
}

static bool from_the_allocation(struct answer *answer)
{
    struct pagelaw_region *region = &answer->region;
    if (region->type != MEM_PRIVATE || region->allocation_base == region->base)
        return false;
    region->size += region->base - region->allocation_base;
    return true;
}

/* ---- The fields ---- */

static bool tell_state(struct answer *answer, uint32_t from, uint32_t to)
{
    bool matches = answer->region.state == from;
    if (matches)
        answer->region.state = to;
    return matches;
}

static bool committed_as_reserved(struct answer *answer)
{
    return tell_state(answer, MEM_COMMIT, MEM_RESERVE);
}

static bool reserved_as_committed(struct answer *answer)
{
    return tell_state(answer, MEM_RESERVE, MEM_COMMIT);
}

static bool reserved_as_free(struct answer *answer)
{
    return tell_state(answer, MEM_RESERVE, MEM_FREE);
}

static bool free_as_reserved(struct answer *answer)
{
    return tell_state(answer, MEM_FREE, MEM_RESERVE);
}

static bool tell(uint32_t *field, uint32_t value)
{
    bool changes = *field != value;
    *field = value;
    return changes;
}

static bool protect_zero(struct answer *answer)
{
    return tell(&answer->region.protect, 0);
}

static bool protect_no_access(struct answer *answer)
{
    return tell(&answer->region.protect, PAGE_NOACCESS);
}

static bool protect_of_allocation(struct answer *answer)
{
    return tell(&answer->region.protect, answer->region.allocation_protect);
}

static bool protect_without_modifiers(struct answer *answer)
{
    return tell(&answer->region.protect, answer->region.protect & 0xFF);
}

static bool protect_without_execute(struct answer *answer)
{
    uint32_t protect = answer->region.protect;
    return (protect & 0xF0) != 0 &&
           tell(&answer->region.protect, (protect & ~0xFFu) | (protect >> 4 & 0xF));
}

static bool tell_allocation_base(struct answer *answer, uint64_t base)
{
    answer->region.allocation_base = base;
    return base != answer->plan.region.allocation_base;
}

static bool allocation_base_zero(struct answer *answer)
{
    return tell_allocation_base(answer, 0);
}

static bool allocation_base_of_region(struct answer *answer)
{
    return tell_allocation_base(answer, answer->region.base);
}

static bool allocation_base_of_granule(struct answer *answer)
{
    return tell_allocation_base(answer,
                                answer->region.base - answer->region.base % granule_of(answer));
}

static bool allocation_protect_zero(struct answer *answer)
{
    return tell(&answer->region.allocation_protect, 0);
}

static bool allocation_protect_of_page(struct answer *answer)
{
    return tell(&answer->region.allocation_protect, answer->region.protect);
}

static bool allocation_protect_without_modifiers(struct answer *answer)
{
    return tell(&answer->region.allocation_protect, answer->region.allocation_protect & 0xFF);
}

static bool type_zero(struct answer *answer)
{
    return tell(&answer->region.type, 0);
}

static bool type_private(struct answer *answer)
{
    return tell(&answer->region.type, MEM_PRIVATE);
}

static bool type_mapped(struct answer *answer)
{
    return tell(&answer->region.type, MEM_MAPPED);
}

/* ---- Rules that say what follows from others ---- */

static bool is_told(const struct answer *answer)
{
    return answer_is_query(answer) && answer->status == STATUS_SUCCESS;
}

static bool base_for_each_region(struct answer *answer)
{
    return is_told(answer) && answer->region.type == MEM_PRIVATE &&
           allocation_base_of_region(answer);
}

static bool region_too_short(struct answer *answer)
{
    return is_told(answer) && answer->region.type == MEM_PRIVATE && page_less(answer);
}

static bool other_pointer_size(struct answer *answer)
{
    return is_told(answer) &&
           returns(answer, pagelaw_mbi_size(8) + pagelaw_mbi_size(4) - answer->value);
}

static bool other_failure(struct answer *answer)
{
    return answer->call.function == PAGELAW_NT_QUERY && answer->status != STATUS_SUCCESS &&
           refused(answer);
}

static const struct kind list[] = {
    {"refused", SITE_TOLD, PAGELAW_ANSWER, .answer = refused},
    {"returns TRUE", SITE_TOLD, PAGELAW_ANSWER, .answer = returns_true},
    {"returns the buffer's size", SITE_TOLD, PAGELAW_ANSWER, .answer = returns_buffer_size},
    {"BaseAddress unrounded", SITE_TOLD, PAGELAW_BASE, .answer = base_unrounded},
    {"BaseAddress of the allocation", SITE_TOLD, PAGELAW_BASE, .answer = base_of_allocation},
    {"BaseAddress 1 page higher", SITE_TOLD, PAGELAW_BASE, .answer = base_page_higher},
    {"runs on into the next region", SITE_TOLD, PAGELAW_SIZE, .answer = into_the_next},
    {"one page alone", SITE_TOLD, PAGELAW_SIZE, .answer = one_page_alone},
    {"RegionSize 1 page longer", SITE_TOLD, PAGELAW_SIZE, .answer = page_more},
    {"RegionSize 1 page shorter", SITE_TOLD, PAGELAW_SIZE, .answer = page_less},
    {"RegionSize 1 byte shorter", SITE_TOLD, PAGELAW_SIZE, .answer = byte_less},
    {"RegionSize from the allocation's base", SITE_TOLD, PAGELAW_SIZE,
     .answer = from_the_allocation},
    {"committed told as reserved", SITE_TOLD, PAGELAW_STATE, .answer = committed_as_reserved},
    {"reserved told as committed", SITE_TOLD, PAGELAW_STATE, .answer = reserved_as_committed},
    {"reserved told as free", SITE_TOLD, PAGELAW_STATE, .answer = reserved_as_free},
    {"free told as reserved", SITE_TOLD, PAGELAW_STATE, .answer = free_as_reserved},
    {"Protect 0", SITE_TOLD, PAGELAW_PROTECT, .answer = protect_zero},
    {"Protect PAGE_NOACCESS", SITE_TOLD, PAGELAW_PROTECT, .answer = protect_no_access},
    {"Protect of the allocation", SITE_TOLD, PAGELAW_PROTECT, .answer = protect_of_allocation},
    {"Protect without modifiers", SITE_TOLD, PAGELAW_PROTECT, .answer = protect_without_modifiers},
    {"Protect without execute", SITE_TOLD, PAGELAW_PROTECT, .answer = protect_without_execute},
    {"AllocationBase 0", SITE_TOLD, PAGELAW_ALLOCATION_BASE, .answer = allocation_base_zero},
    {"AllocationBase of the region", SITE_TOLD, PAGELAW_ALLOCATION_BASE,
     .answer = allocation_base_of_region},
    {"AllocationBase of the granule", SITE_TOLD, PAGELAW_ALLOCATION_BASE,
     .answer = allocation_base_of_granule},
    {"AllocationProtect 0", SITE_TOLD, PAGELAW_ALLOCATION_PROTECT,
     .answer = allocation_protect_zero},
    {"AllocationProtect of the page", SITE_TOLD, PAGELAW_ALLOCATION_PROTECT,
     .answer = allocation_protect_of_page},
    {"AllocationProtect without modifiers", SITE_TOLD, PAGELAW_ALLOCATION_PROTECT,
     .answer = allocation_protect_without_modifiers},
    {"Type 0", SITE_TOLD, PAGELAW_TYPE, .answer = type_zero},
    {"Type MEM_PRIVATE", SITE_TOLD, PAGELAW_TYPE, .answer = type_private},
    {"Type MEM_MAPPED", SITE_TOLD, PAGELAW_TYPE, .answer = type_mapped},
    {"AllocationBase of the region", OWN = PAGELAW_VQ_SUM, .answer = base_for_each_region},
    {"RegionSize 1 page shorter", OWN = PAGELAW_VQ_SUM, .answer = region_too_short},
    {"that of the other pointer size", OWN = PAGELAW_MBI_SIZES, .answer = other_pointer_size},
    {"another status", OWN = PAGELAW_NQ_STATUS, .answer = other_failure},
};

const struct kinds kinds_of_queries = {list, sizeof list / sizeof *list};
