/* A mutant as a subject. */
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "kept.h"
#include "pagelaw/constants.h"
#include "suite/heap.h"
#include "suite/model_backend.h"

static const struct pagelaw_profile *profile;
static uint32_t profile_bit;
static const struct mutant *mutant;
static struct reach *reach;
static bool struck;

static struct pagelaw_model *model; /* lives until the next start */
static uint64_t limit;
static uint32_t last_error;

/* The sound model's own start describes the subject: a mutant does not give itself away there. */
static bool start(struct subject_info *info, char *error, size_t capacity)
{
    if (!model_backend_for(profile)->start(info, error, capacity))
        return false;
    pagelaw_model_destroy(model);
    model = pagelaw_model_create(profile, &suite_heap);
    limit = UINT64_MAX;
    last_error = ERROR_SUCCESS;
    kept_forget();
    return model != NULL;
}

/* ---- Calls ---- */

/* Whether the mutant strikes at this call. */
static bool concerns(const struct answer *answer)
{
    const enum pagelaw_rule *rule = answer->plan.rule;
    enum site site = mutant->kind->site;
    if (mutant->kind->answer == NULL || answer->plan.unsettled)
        return false;
    switch (site) {
    case SITE_REFUSED:
    case SITE_DONE:
    case SITE_TOLD:
        return site == site_of(answer) && rule[mutant->kind->aspect] == mutant->rule;
    case SITE_PARTIAL:
        return site_of(answer) == SITE_REFUSED && rule[PAGELAW_STATE] == mutant->rule &&
               rule[PAGELAW_ANSWER] == mutant->first;
    case SITE_ORDER:
        return answer->plan.order == mutant->rule && rule[PAGELAW_ANSWER] == mutant->first;
    default:
        return true;
    }
}

static void begin(struct answer *answer)
{
    if (mutant != NULL && mutant->kind->call != NULL)
        struck |= mutant->kind->call(answer);
    answer_begin(answer);
    if (reach != NULL)
        reach_call(reach, profile_bit, answer);
}

/* Makes a change to the answer, or none at all. */
static void change(struct answer *answer)
{
    struct answer changed = *answer;
    if (mutant == NULL || !concerns(answer))
        return;
    bool strikes = mutant->kind->answer(&changed);
    if (strikes)
        *answer = changed;
    struck |= strikes;
}

static void decide(struct answer *answer)
{
    answer->model = model;
    answer->mutant = mutant;
    begin(answer);
    change(answer);
    answer_carry_out(answer);
    struck |= kept_give_back(model);
    if (mutant != NULL && mutant->kind->limit != NULL)
        struck |= mutant->kind->limit(answer, &limit);
    pagelaw_model_set_commit_limit(model, limit);
    if (answer->status != STATUS_SUCCESS && answer->sets_error)
        last_error = answer->error;
}

static uint64_t decide_win32(struct answer *answer)
{
    decide(answer);
    return answer->status == STATUS_SUCCESS ? answer->value : 0;
}

static uint32_t decide_native(struct answer *answer, uint64_t *base, uint64_t *size)
{
    decide(answer);
    *base = answer->base;
    *size = answer->size;
    return answer->status;
}

static void write_old(const struct answer *answer, uint32_t *old_protect)
{
    if (old_protect != NULL && answer->writes_old_protect)
        *old_protect = answer->old_protect;
}

static void write_region(const struct answer *answer, struct subject_region *region)
{
    const struct pagelaw_region *from = &answer->region;
    if (answer->status != STATUS_SUCCESS)
        return;
    *region = (struct subject_region){.base = from->base,
                                      .allocation_base = from->allocation_base,
                                      .size = from->size,
                                      .allocation_protect = from->allocation_protect,
                                      .state = from->state,
                                      .protect = from->protect,
                                      .type = from->type};
}

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    struct answer answer = {.call = {.function = PAGELAW_VIRTUAL_ALLOC,
                                     .address = address,
                                     .size = size,
                                     .type = type,
                                     .protect = protect}};
    return decide_win32(&answer);
}

static uint32_t virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    struct answer answer = {
        .call = {.function = PAGELAW_VIRTUAL_FREE, .address = address, .size = size, .type = type}};
    return (uint32_t)decide_win32(&answer);
}

static uint32_t virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect)
{
    struct answer answer = {.call = {.function = PAGELAW_VIRTUAL_PROTECT,
                                     .address = address,
                                     .size = size,
                                     .protect = protect,
                                     .no_old_protect = old_protect == NULL}};
    uint32_t value = (uint32_t)decide_win32(&answer);
    write_old(&answer, old_protect);
    return value;
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct answer answer = {
        .call = {.function = PAGELAW_VIRTUAL_QUERY, .address = address, .size = length}};
    uint64_t value = decide_win32(&answer);
    write_region(&answer, region);
    return value;
}

static uint32_t nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect)
{
    struct answer answer = {.call = {.function = PAGELAW_NT_ALLOCATE,
                                     .address = *base,
                                     .zero_bits = zero_bits,
                                     .size = *size,
                                     .type = type,
                                     .protect = protect}};
    return decide_native(&answer, base, size);
}

static uint32_t nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    struct answer answer = {
        .call = {.function = PAGELAW_NT_FREE, .address = *base, .size = *size, .type = type}};
    return decide_native(&answer, base, size);
}

static uint32_t nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    struct answer answer = {.call = {.function = PAGELAW_NT_PROTECT,
                                     .address = *base,
                                     .size = *size,
                                     .protect = protect,
                                     .no_old_protect = old_protect == NULL}};
    uint32_t status = decide_native(&answer, base, size);
    write_old(&answer, old_protect);
    return status;
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct answer answer = {
        .call = {.function = PAGELAW_NT_QUERY, .address = address, .size = length}};
    decide(&answer);
    write_region(&answer, region);
    return answer.status;
}

/* ---- Touches ---- */

static void store(uint64_t address, uint8_t *byte, enum pagelaw_access access)
{
    struct pagelaw_exception exception;
    size_t done;
    if (!pagelaw_access(model, access, address, byte, 1, &done, &exception))
        abort();
}

static bool concerns_touch(const struct touched *touched)
{
    const struct kind *kind = mutant->kind;
    return kind->touch != NULL && (kind->site != SITE_TOUCH || touched->law.rule == mutant->rule);
}

static void decide_touch(struct touched *touched)
{
    pagelaw_touch(model, touched->access, touched->address, &touched->law);
    touched->raised = touched->law.exception;
    touched->disarms = touched->raised.code == STATUS_GUARD_PAGE_VIOLATION;
    touched->stored_at = touched->address;
    if (reach != NULL)
        reach_touch(reach, profile_bit, touched);
    struct touched changed = *touched;
    if (mutant == NULL || !concerns_touch(touched) || !mutant->kind->touch(&changed))
        return;
    *touched = changed;
    struck = true;
}

/* Most mutants' touches are the model's own, and there are millions of them. */
static void touch_soundly(enum pagelaw_access access, uint64_t address, uint8_t *byte,
                          struct subject_exception *exception)
{
    struct pagelaw_exception raised;
    size_t done;
    if (!pagelaw_access(model, access, address, byte, 1, &done, &raised))
        abort();
    if (raised.code != 0)
        *exception =
            (struct subject_exception){raised.code, (uint32_t)raised.access, raised.address};
}

static void touch(enum pagelaw_access access, uint64_t address, uint8_t *byte,
                  struct subject_exception *exception)
{
    struct touched touched = {
        .model = model, .mutant = mutant, .access = access, .address = address};
    struct pagelaw_plan plan;
    if (reach == NULL && mutant->kind->touch == NULL) {
        touch_soundly(access, address, byte, exception);
        return;
    }
    decide_touch(&touched);
    if (touched.disarms && !pagelaw_consume_guard(model, address))
        abort();
    if (touched.has_deed) {
        pagelaw_plan(model, &touched.deed, &plan);
        if (plan_is_success(&plan))
            pagelaw_apply(model, &plan, plan.base);
    }
    if (touched.raised.code != 0)
        *exception = (struct subject_exception){
            touched.raised.code, (uint32_t)touched.raised.access, touched.raised.address};
    else if (touched.law.exception.code == 0 && access != PAGELAW_EXECUTE)
        store(touched.stored_at, byte, access);
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
    uint8_t byte = 0;
    touch(PAGELAW_EXECUTE, address, &byte, exception);
}

static const uint8_t *return_code(size_t *length)
{
    return pagelaw_return_code(profile->processor, length);
}

/* ---- The rest ---- */

static void get_system_info(struct subject_info *info)
{
    struct pagelaw_system_info system;
    pagelaw_get_system_info(model, &system);
    if (mutant != NULL && mutant->kind->info != NULL)
        struck |= mutant->kind->info(&system);
    info->page_size = system.page_size;
    info->granule = system.granule;
    info->address_min = system.address_min;
    info->address_max = system.address_max;
}

static uint32_t get_last_error(void)
{
    uint32_t error = last_error;
    if (mutant != NULL && mutant->kind->last_error != NULL)
        struck |= mutant->kind->last_error(&error);
    return error;
}

static void set_last_error(uint32_t error)
{
    bool deaf = mutant != NULL && mutant->kind->deaf && error != last_error;
    struck |= deaf;
    if (!deaf)
        last_error = error;
}

static bool set_commit_limit(uint64_t bytes)
{
    uint64_t charge = pagelaw_model_charge(model);
    limit = bytes > UINT64_MAX - charge ? UINT64_MAX : charge + bytes;
    pagelaw_model_set_commit_limit(model, limit);
    return true;
}

#define WIN32_FLOOR                                                                                \
    .name = "mutant", .what = "the model with one rule broken", .start = start,                    \
    .virtual_alloc = virtual_alloc, .virtual_free = virtual_free,                                  \
    .virtual_protect = virtual_protect, .virtual_query = virtual_query,                            \
    .get_system_info = get_system_info, .get_last_error = get_last_error,                          \
    .set_last_error = set_last_error, .read = read_byte, .write = write_byte, .execute = execute,  \
    .return_code = return_code, .set_commit_limit = set_commit_limit

static const struct backend with_both_floors = {WIN32_FLOOR, .nt_allocate = nt_allocate,
                                                .nt_free = nt_free, .nt_protect = nt_protect,
                                                .nt_query = nt_query};
static const struct backend with_win32 = {WIN32_FLOOR};

const struct backend *subject_for(size_t index, const struct mutant *broken, struct reach *named)
{
    profile = pagelaw_profile_at(index);
    profile_bit = UINT32_C(1) << index;
    mutant = broken;
    reach = named;
    struck = false;
    return model_backend_for(profile)->nt_allocate != NULL ? &with_both_floors : &with_win32;
}

bool subject_struck(void)
{
    return struck;
}
