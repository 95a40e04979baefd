/* A subject that uses each freedom which the law leaves. */
#include "lawful.h"

#include <stdio.h>

#include "pagelaw/constants.h"
#include "pagelaw/model.h"
#include "suite/heap.h"
#include "suite/model_backend.h"

#define NONSENSE 0x7B1D000u
#define BASE_PROTECTION 0xFFu

static const struct pagelaw_profile *played;
static enum whim whim;
static struct pagelaw_model *model; /* lives until the next start, or as long as the process */
static uint32_t last_error;

static void describe_range(struct subject_info *info)
{
    info->page_size = played->page_size;
    info->granule = played->granule;
    info->address_min = played->address_min;
    info->address_max = played->address_max;
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    pagelaw_model_destroy(model);
    model = pagelaw_model_create(played, &suite_heap);
    last_error = 0;
    if (model == NULL) {
        snprintf(error, capacity, "there is not enough memory for the model");
        return false;
    }
    *info = (struct subject_info){.backend = "lawful",
                                  .system = "a subject of another mind",
                                  .pointer_bytes = played->pointer_bytes};
    snprintf(info->processor, sizeof info->processor, "%s",
             pagelaw_processor_name(played->processor));
    describe_range(info);
    return true;
}

/* ---- The choice ---- */

/* What a call answers: of what is allowed what the model would not have. */
static uint32_t choose(const struct pagelaw_plan *plan)
{
    uint32_t last = plan->status[plan->status_count - 1];
    if (plan->unsettled && whim == OPEN_REFUSED)
        return STATUS_NOT_SUPPORTED;
    if (plan->unsettled && whim == OPEN_PLAIN)
        return plan->status[0];
    if (plan->any_failure)
        return STATUS_ACCESS_DENIED;
    if (last == STATUS_SUCCESS && plan->effect == PAGELAW_CHANGES_NOTHING)
        return plan->status[0];
    return last;
}

/* Where the system chooses it goes from the middle of what the law allows downwards, but for
 * MEM_TOP_DOWN, of which the document tells where. */
static uint64_t place(const struct pagelaw_call *call, const struct pagelaw_plan *plan)
{
    bool is_told = (call->type & MEM_TOP_DOWN) != 0 && (played->quirks & PAGELAW_QUIRK_9X) == 0;
    uint64_t middle = plan->choice_min / 2 + plan->choice_max / 2;
    if (plan->base_freedom != PAGELAW_CHOSEN || is_told)
        return plan->base;
    for (uint64_t base = middle / played->granule * played->granule; base > plan->choice_min;
         base -= played->granule) {
        if (pagelaw_choice_allowed(model, plan, base))
            return base;
    }
    return plan->base;
}

/* Decides and does. Returns the status. */
static uint32_t decide(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    pagelaw_plan(model, call, plan);
    uint32_t status = choose(plan);
    if (status != STATUS_SUCCESS)
        return status;
    plan->base = place(call, plan);
    if (plan->unsettled && whim == OPEN_PLAIN)
        plan->new_protect &= BASE_PROTECTION;
    pagelaw_apply(model, plan, plan->base);
    return status;
}

static uint64_t floor_of(uint32_t status, uint64_t value)
{
    if (status == STATUS_SUCCESS)
        return value;
    last_error = pagelaw_error_from_status(status);
    return 0;
}

static void write_back(const struct pagelaw_plan *plan, uint32_t status, uint64_t *base,
                       uint64_t *size)
{
    if (plan->base_freedom == PAGELAW_ANY)
        *base = NONSENSE;
    else if (status == STATUS_SUCCESS)
        *base = plan->base;
    if (plan->size_freedom == PAGELAW_ANY)
        *size = NONSENSE;
    else if (status == STATUS_SUCCESS)
        *size = plan->size;
}

static void write_old(const struct pagelaw_plan *plan, uint32_t *old_protect)
{
    if (old_protect != NULL && plan->old_protect_freedom != PAGELAW_UNTOUCHED)
        *old_protect =
            plan->old_protect_freedom == PAGELAW_ANY ? PAGE_WRITECOPY : plan->old_protect;
}

/* ---- The calls ---- */

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    struct pagelaw_call call = {.function = PAGELAW_VIRTUAL_ALLOC,
                                .address = address,
                                .size = size,
                                .type = type,
                                .protect = protect};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    return floor_of(status, plan.base);
}

static uint32_t virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    struct pagelaw_call call = {
        .function = PAGELAW_VIRTUAL_FREE, .address = address, .size = size, .type = type};
    struct pagelaw_plan plan;
    return (uint32_t)floor_of(decide(&call, &plan), 1);
}

static uint32_t nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    struct pagelaw_call call = {.function = PAGELAW_NT_PROTECT,
                                .address = *base,
                                .size = *size,
                                .protect = protect,
                                .no_old_protect = old_protect == NULL};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    write_back(&plan, status, base, size);
    write_old(&plan, old_protect);
    return status;
}

static uint32_t virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect)
{
    struct pagelaw_call call = {.function = PAGELAW_VIRTUAL_PROTECT,
                                .address = address,
                                .size = size,
                                .protect = protect,
                                .no_old_protect = old_protect == NULL};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    write_old(&plan, old_protect);
    return (uint32_t)floor_of(status, 1);
}

static uint32_t query(enum pagelaw_function function, uint64_t address,
                      struct subject_region *region, uint64_t length)
{
    struct pagelaw_call call = {.function = function, .address = address, .size = length};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    if (status != STATUS_SUCCESS)
        return status;
    *region = (struct subject_region){.base = plan.region.base,
                                      .allocation_base = plan.region.allocation_base,
                                      .size = plan.region.size,
                                      .allocation_protect = plan.region.allocation_protect,
                                      .state = plan.region.state,
                                      .protect = plan.region.protect,
                                      .type = plan.region.type};
    if (plan.undefined & 1u << PAGELAW_PROTECT)
        region->protect = PAGE_WRITECOPY;
    if (plan.undefined & 1u << PAGELAW_ALLOCATION_BASE)
        region->allocation_base = NONSENSE;
    if (plan.undefined & 1u << PAGELAW_ALLOCATION_PROTECT)
        region->allocation_protect = PAGE_WRITECOPY;
    if (plan.undefined & 1u << PAGELAW_TYPE)
        region->type = MEM_PRIVATE;
    return status;
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    return floor_of(query(PAGELAW_VIRTUAL_QUERY, address, region, length),
                    pagelaw_mbi_size(played->pointer_bytes));
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    return query(PAGELAW_NT_QUERY, address, region, length);
}

static uint32_t nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect)
{
    struct pagelaw_call call = {.function = PAGELAW_NT_ALLOCATE,
                                .address = *base,
                                .zero_bits = zero_bits,
                                .size = *size,
                                .type = type,
                                .protect = protect};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    write_back(&plan, status, base, size);
    return status;
}

static uint32_t nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    struct pagelaw_call call = {
        .function = PAGELAW_NT_FREE, .address = *base, .size = *size, .type = type};
    struct pagelaw_plan plan;
    uint32_t status = decide(&call, &plan);
    write_back(&plan, status, base, size);
    return status;
}

static uint32_t get_last_error(void)
{
    return last_error;
}

static void set_last_error(uint32_t error)
{
    last_error = error;
}

/* ---- Touches ---- */

static void touch(enum pagelaw_access access, uint64_t address, uint8_t *byte,
                  struct subject_exception *exception)
{
    struct pagelaw_exception raised = {.code = 0};
    struct pagelaw_touch law;
    size_t done;
    pagelaw_touch(model, access, address, &law);
    if (law.either && law.exception.code == 0)
        raised = (struct pagelaw_exception){STATUS_ACCESS_VIOLATION, access, address};
    else
        pagelaw_access(model, access, address, byte, 1, &done, &raised);
    if (law.or_read)
        raised.access = PAGELAW_READ;
    if (law.either && law.exception.code == 0)
        raised.access = access;
    if (raised.code != 0)
        *exception =
            (struct subject_exception){raised.code, (uint32_t)raised.access, raised.address};
}

static uint8_t read_byte(uint64_t address, struct subject_exception *exception)
{
    uint8_t byte = 0;
    touch(PAGELAW_READ, address, &byte, exception);
    return byte;
}

static void write_byte(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    touch(PAGELAW_WRITE, address, &value, exception);
}

static void execute(uint64_t address, struct subject_exception *exception)
{
    uint8_t byte;
    touch(PAGELAW_EXECUTE, address, &byte, exception);
}

static const uint8_t *return_code(size_t *length)
{
    return pagelaw_return_code(played->processor, length);
}

static bool set_commit_limit(uint64_t bytes)
{
    pagelaw_model_set_commit_limit(model, pagelaw_model_charge(model) + bytes);
    return true;
}

#define WIN32_FLOOR                                                                                \
    .name = "lawful", .what = "a subject of another mind", .start = start,                         \
    .virtual_alloc = virtual_alloc, .virtual_free = virtual_free,                                  \
    .virtual_protect = virtual_protect, .virtual_query = virtual_query,                            \
    .get_system_info = describe_range, .get_last_error = get_last_error,                           \
    .set_last_error = set_last_error, .read = read_byte, .write = write_byte, .execute = execute,  \
    .return_code = return_code, .set_commit_limit = set_commit_limit

const struct backend *lawful_backend(const struct pagelaw_profile *profile, enum whim of)
{
    static const struct backend both = {
        WIN32_FLOOR,          .nt_allocate = nt_allocate,
        .nt_free = nt_free,   .nt_protect = nt_protect,
        .nt_query = nt_query,
    };
    static const struct backend win32 = {WIN32_FLOOR};
    played = profile;
    whim = of;
    return (profile->quirks & PAGELAW_QUIRK_9X) != 0 ? &win32 : &both;
}
