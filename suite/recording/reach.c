/* What the model can know of the pages that a call is about. */
#include "pagelaw/constants.h"
#include "recorded.h"

struct pagelaw_region reach_region(const struct hearing *hearing, uint64_t address)
{
    struct pagelaw_call call = {
        .function = PAGELAW_NT_QUERY, .address = address, .size = UINT64_MAX};
    struct pagelaw_plan plan;
    pagelaw_plan(hearing->process->model, &call, &plan);
    return plan.region;
}

bool reach_byte(const struct hearing *hearing, uint64_t address)
{
    const struct pagelaw_profile *profile = hearing->recording->profile;
    if (hearing->recording->sees_all || address > profile->address_max)
        return true;
    return reach_region(hearing, address).state == MEM_FREE
               ? ranges_hold(&hearing->process->free_ranges, address, 1)
               : true;
}

void reach_lose(struct hearing *hearing, uint64_t address)
{
    struct pagelaw_model *model = hearing->process->model;
    struct pagelaw_region region = reach_region(hearing, address);
    struct pagelaw_call call = {
        .function = PAGELAW_NT_FREE, .address = region.allocation_base, .type = MEM_RELEASE};
    struct pagelaw_plan plan;
    if (region.state == MEM_FREE)
        return;
    pagelaw_plan(model, &call, &plan);
    if (plan.status[0] != STATUS_SUCCESS)
        return;
    pagelaw_apply(model, &plan, plan.base);
    reach_lose_free(hearing, plan.affected_base, plan.affected_size);
}

void reach_lose_free(struct hearing *hearing, uint64_t address, uint64_t size)
{
    uint64_t page = hearing->recording->profile->page_size, base = address - address % page;
    uint64_t end = size > UINT64_MAX - address - page ? UINT64_MAX : address + size + page - 1;
    if (!ranges_cut(&hearing->process->free_ranges, base, end - end % page))
        hearing->recording->out_of_memory = true;
}

/* ---- Rows ---- */

static uint64_t rows_end(const struct recorded *event)
{
    const struct pagelaw_region *last = &event->rows[event->row_count - 1];
    return last->base + last->size;
}

bool reach_is_view(const struct hearing *hearing, uint64_t address)
{
    return ranges_hold(&hearing->process->views, address, 1);
}

void reach_adopt(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    uint64_t base = event->rows[0].base, end = rows_end(event);
    reach_lose_rows(hearing);
    if ((event->is_view && !ranges_add(&hearing->process->views, base, end - base)) ||
        !pagelaw_resync(hearing->process->model, base, end - base, event->rows, event->row_count))
        hearing->recording->out_of_memory = true;
}

bool reach_has_rows(const struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    uint64_t base = event->rows[0].base, end = rows_end(event);
    for (uint64_t at = base; at < end;) {
        struct pagelaw_region region = reach_region(hearing, at);
        if (region.state == MEM_FREE || region.allocation_base != base)
            return false;
        at = region.base + region.size;
        if (at > end)
            return false;
    }
    if (end > hearing->recording->profile->address_max)
        return true;
    return reach_region(hearing, end).allocation_base != base;
}

void reach_lose_rows(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    uint64_t base = event->rows[0].base, end = rows_end(event);
    ranges_drop(&hearing->process->views, base, end);
    for (uint64_t at = base; at < end;) {
        struct pagelaw_region region = reach_region(hearing, at);
        if (region.state != MEM_FREE)
            reach_lose(hearing, at);
        at = region.base + region.size;
    }
}

/* ---- Whether the arguments alone decide ---- */

/* What the call would answer if every page of its range were free, or committed in one allocation.
 * A failure that is the same in both is one of the arguments. */
static uint32_t status_among(struct hearing *hearing, bool committed)
{
    const struct pagelaw_call *call = &hearing->event->call;
    const struct pagelaw_profile *profile = hearing->recording->profile;
    struct pagelaw_model *model = hearing->process->model;
    uint64_t base = call->address / profile->granule * profile->granule;
    struct pagelaw_region range = {.base = base,
                                   .allocation_base = committed ? base : 0,
                                   .size = call->address - base + call->size,
                                   .allocation_protect = PAGE_READWRITE,
                                   .state = committed ? MEM_COMMIT : MEM_FREE,
                                   .protect = PAGE_READWRITE};
    struct pagelaw_plan plan;
    range.size = (range.size + profile->granule) / profile->granule * profile->granule;
    if (base < profile->address_min || range.size < call->size ||
        base + range.size - 1 > profile->address_max || base + range.size < base)
        return UINT32_MAX;
    if (!pagelaw_resync(model, base, range.size, &range, 1))
        hearing->recording->out_of_memory = true;
    pagelaw_plan(model, call, &plan);
    range.state = MEM_FREE;
    range.allocation_base = 0;
    if (!pagelaw_resync(model, base, range.size, &range, 1))
        hearing->recording->out_of_memory = true;
    return plan.status[0];
}

/* Whether any page of the call's range lies in an allocation that is known: then it must not be
 * tried out. */
static bool meets_known(const struct hearing *hearing)
{
    const struct pagelaw_call *call = &hearing->event->call;
    const struct pagelaw_profile *profile = hearing->recording->profile;
    uint64_t at = call->address / profile->granule * profile->granule;
    uint64_t end = call->address + call->size;
    if (end < call->address || end > profile->address_max || at < profile->address_min)
        return false;
    end = (end + profile->granule) / profile->granule * profile->granule;
    while (at < end) {
        struct pagelaw_region region = reach_region(hearing, at);
        if (region.state != MEM_FREE)
            return true;
        at = region.base + region.size;
    }
    return false;
}

static bool is_argument_failure(struct hearing *hearing)
{
    const struct pagelaw_plan *plan = &hearing->plan;
    if (plan->status[0] == STATUS_SUCCESS || meets_known(hearing))
        return false;
    uint32_t among_free = status_among(hearing, false);
    return among_free == UINT32_MAX ||
           (among_free == plan->status[0] && status_among(hearing, true) == plan->status[0]);
}

/* ---- Reach ---- */

static bool is_reserve(const struct pagelaw_call *call)
{
    bool allocates =
        call->function == PAGELAW_NT_ALLOCATE || call->function == PAGELAW_VIRTUAL_ALLOC;
    return allocates && (call->address == 0 || (call->type & MEM_RESERVE) != 0);
}

enum reach reach_of(struct hearing *hearing)
{
    const struct pagelaw_call *call = &hearing->event->call;
    const struct recording *recording = hearing->recording;
    if (recording->sees_all)
        return REACH_KNOWN;
    if (is_argument_failure(hearing))
        return REACH_ARGUMENTS;
    if (!is_reserve(call))
        return reach_byte(hearing, call->address) ? REACH_KNOWN : REACH_UNKNOWN;
    bool taken = hearing->plan.status[0] == STATUS_CONFLICTING_ADDRESSES;
    if (call->address != 0 &&
        (taken || ranges_hold(&hearing->process->free_ranges, call->address, call->size)))
        return REACH_KNOWN;
    return REACH_PLACE;
}
