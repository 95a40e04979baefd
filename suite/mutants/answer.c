/* What the kinds of mutants do to an answer. */
#include "answer.h"

#include <string.h>

#include "kept.h"
#include "pagelaw/constants.h"

bool plan_is_success(const struct pagelaw_plan *plan)
{
    return plan->status[0] == STATUS_SUCCESS;
}

enum pagelaw_function native_function(enum pagelaw_function function)
{
    return function > PAGELAW_NT_QUERY ? function - PAGELAW_VIRTUAL_ALLOC : function;
}

uint64_t page_of(const struct answer *answer)
{
    return pagelaw_model_profile(answer->model)->page_size;
}

uint64_t granule_of(const struct answer *answer)
{
    return pagelaw_model_profile(answer->model)->granule;
}

void answer_begin(struct answer *answer)
{
    pagelaw_plan(answer->model, &answer->call, &answer->plan);
    const struct pagelaw_plan *plan = &answer->plan;
    bool success = plan_is_success(plan);
    answer->status = plan->status[0];
    answer->error = pagelaw_error_from_status(answer->status);
    answer->sets_error = !answer_is_native(answer);
    answer->value = plan->value;
    answer->base = success ? plan->base : answer->call.address;
    answer->size = success ? plan->size : answer->call.size;
    answer->old_protect = plan->old_protect;
    answer->writes_old_protect = plan->old_protect_freedom == PAGELAW_EXACT;
    answer->region = plan->region;
    answer->deeds[0] = answer->call;
    answer->deed_count = success ? 1 : 0;
    answer->charge = pagelaw_model_charge(answer->model);
}

/* ---- Looking ---- */

struct pagelaw_region region_at(struct pagelaw_model *model, uint64_t address)
{
    struct pagelaw_region region = {.base = address};
    pagelaw_nt_query(model, address, pagelaw_mbi_size(pagelaw_model_profile(model)->pointer_bytes),
                     &region);
    return region;
}

bool allocation_range(struct pagelaw_model *model, uint64_t address, uint64_t *base, uint64_t *size)
{
    struct pagelaw_region region = region_at(model, address);
    if (region.type != MEM_PRIVATE)
        return false;
    uint64_t first = region.allocation_base, end = first;
    for (region = region_at(model, end);
         region.type == MEM_PRIVATE && region.allocation_base == first;
         region = region_at(model, end))
        end += region.size;
    *base = first;
    *size = end - first;
    return true;
}

void list_pages(struct pagelaw_model *model, struct page_list *list, uint64_t base, uint64_t size,
                bool committed)
{
    const unsigned most = sizeof list->pages / sizeof *list->pages;
    uint64_t page_size = pagelaw_model_profile(model)->page_size, end = base + size;
    for (uint64_t at = base; at < end && list->count < most;) {
        struct pagelaw_region region = region_at(model, at);
        uint64_t region_end = region.size == 0 ? end : region.base + region.size;
        bool wanted = (region.state == MEM_COMMIT) == committed;
        for (; wanted && at < region_end && at < end && list->count < most; at += page_size)
            list->pages[list->count++] = at;
        at = region_end;
    }
}

/* ---- Answering ---- */

static bool is_allowed(const struct answer *answer, uint32_t status)
{
    return answer_is_native(answer)
               ? pagelaw_status_allowed(&answer->plan, status)
               : pagelaw_error_allowed(&answer->plan, pagelaw_error_from_status(status));
}

bool answer_fail(struct answer *answer, uint32_t status)
{
    if (is_allowed(answer, status))
        return false;
    answer->status = status;
    answer->error = pagelaw_error_from_status(status);
    answer->base = answer->call.address;
    answer->size = answer->call.size;
    answer->writes_old_protect = false;
    answer->deed_count = 0;
    return true;
}

bool answer_succeed(struct answer *answer)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(answer->model);
    if (is_allowed(answer, STATUS_SUCCESS))
        return false;
    answer->status = STATUS_SUCCESS;
    answer->value = 1;
    if (answer->call.function == PAGELAW_VIRTUAL_ALLOC)
        answer->value = answer->call.address != 0 ? answer->call.address : profile->address_min;
    if (answer->call.function == PAGELAW_VIRTUAL_QUERY)
        answer->value = pagelaw_mbi_size(profile->pointer_bytes);
    answer->region = region_at(answer->model, profile->address_max);
    answer->deed_count = 0;
    return true;
}

/* ---- Doing ---- */

struct pagelaw_call answer_deed(const struct answer *answer)
{
    struct pagelaw_call deed = answer->call;
    deed.function = native_function(deed.function);
    deed.zero_bits = 0;
    deed.address = answer->plan.affected_base;
    deed.size = answer->plan.affected_size;
    if (deed.function == PAGELAW_NT_ALLOCATE)
        deed.type &= ~MEM_TOP_DOWN;
    if (answer->plan.base_freedom == PAGELAW_CHOSEN)
        deed.type |= MEM_RESERVE;
    return deed;
}

bool answer_redo(struct answer *answer, struct pagelaw_call deed)
{
    struct pagelaw_plan plan;
    pagelaw_plan(answer->model, &deed, &plan);
    if (!plan_is_success(&plan))
        return false;
    answer->deeds[0] = deed;
    answer->deed_count = 1;
    return true;
}

bool answer_redo_at(struct answer *answer, uint64_t base, uint64_t size)
{
    struct pagelaw_call deed = answer_deed(answer);
    struct pagelaw_plan plan;
    if (size == 0 || (base == deed.address && size == deed.size))
        return false;
    deed.address = base;
    deed.size = size;
    pagelaw_plan(answer->model, &deed, &plan);
    return plan_is_success(&plan) && plan.affected_base == base && plan.affected_size == size &&
           answer_redo(answer, deed);
}

static void protect_page(struct pagelaw_model *model, uint64_t page, uint32_t protect)
{
    uint64_t base = page, size = 1;
    uint32_t old;
    pagelaw_nt_protect(model, &base, &size, protect, &old);
}

void fill_page(struct pagelaw_model *model, uint64_t page, uint8_t byte, const uint8_t *bytes)
{
    uint8_t filled[KEPT_PAGE_MAX];
    struct pagelaw_exception exception;
    size_t done, size = pagelaw_model_profile(model)->page_size;
    uint32_t protect = region_at(model, page).protect;
    memset(filled, byte, sizeof filled);
    protect_page(model, page, PAGE_READWRITE);
    pagelaw_access(model, PAGELAW_WRITE, page, bytes != NULL ? (uint8_t *)bytes : filled, size,
                   &done, &exception);
    protect_page(model, page, protect);
}

static void make(struct pagelaw_model *model, const struct pagelaw_call *deed)
{
    struct pagelaw_plan plan;
    pagelaw_plan(model, deed, &plan);
    if (plan_is_success(&plan))
        pagelaw_apply(model, &plan, plan.base);
}

void answer_carry_out(struct answer *answer)
{
    for (unsigned i = 0; i < answer->deed_count; i++)
        make(answer->model, &answer->deeds[i]);
    for (unsigned i = 0; i < answer->stamped.count; i++) {
        if (region_at(answer->model, answer->stamped.pages[i]).state == MEM_COMMIT)
            fill_page(answer->model, answer->stamped.pages[i], answer->stamp, NULL);
    }
}
