/* Every call under one lock: plan, have the host do its part, apply. */
#define _GNU_SOURCE 1
#include "layer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "commit_limit.h"
#include "heap.h"
#include "host.h"
#include "pagelaw/constants.h"
#include "pagelaw/layer.h"
#include "record.h"

#define PROFILE "windows-11-x64"

/* How often a range is looked for that is free in the model, until the host has it free as well:
 * enough for all granules below 4 GB. */
#define ATTEMPTS_MAX 65536

static struct {
    pthread_mutex_t lock;
    const struct pagelaw_profile *profile;
    struct pagelaw_model *model; /* NULL if the layer cannot be had: then `failure` says why */
    struct arena arena;
    atomic_bool is_open; /* with a model; for who asks often */
    bool owns_outside;   /* an allocation was made outside the arena, ever */
    char failure[160];
} layer = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t opening = PTHREAD_ONCE_INIT;
static _Thread_local uint32_t last_error;

/* ---- Opening --------------------------------------------------------------------------------- */

static bool pages_fit(void)
{
    long host_page = sysconf(_SC_PAGESIZE);
    if (host_page == (long)layer.profile->page_size)
        return true;
    snprintf(layer.failure, sizeof layer.failure,
             "this host's pages are %ld bytes; the emulation layer needs pages of %u bytes",
             host_page, (unsigned)layer.profile->page_size);
    return false;
}

/* A child begins with a copy of all memory, in which no call is half done. */
static void before_fork(void)
{
    pthread_mutex_lock(&layer.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&layer.lock);
}

static void open_once(void)
{
    struct pagelaw_heap heap = heap_of_layer();
    layer.profile = pagelaw_profile_find(PROFILE);
    if (!pages_fit())
        return;
    if (!arena_open(&layer.arena, layer.profile)) {
        snprintf(layer.failure, sizeof layer.failure,
                 "the host does not give 1 GB of addresses (is there a limit, ulimit -v?)");
        return;
    }
    layer.model = pagelaw_model_create(layer.profile, &heap);
    if (layer.model == NULL) {
        snprintf(layer.failure, sizeof layer.failure, "the host is out of memory");
        return;
    }
    pagelaw_model_set_choice_range(layer.model, layer.arena.base, layer.arena.end - 1);
    pagelaw_model_set_commit_limit(layer.model, commit_limit_from_environment());
    record_open(layer.profile, &layer.arena);
    pthread_atfork(before_fork, after_fork, after_fork);
    atomic_store_explicit(&layer.is_open, true, memory_order_release);
}

bool layer_open(char *error, size_t capacity)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL)
        snprintf(error, capacity, "%s", layer.failure);
    return layer.model != NULL;
}

const struct pagelaw_profile *layer_profile(void)
{
    pthread_once(&opening, open_once);
    return layer.profile;
}

/* ---- One call -------------------------------------------------------------------------------- */

/* Whether the program may write `size` bytes at a pointer that it gave for an output, as far as the
 * layer can tell: of memory that is not its own it knows nothing but that the lowest 64 KB are
 * nobody's. */
static bool is_writable(const void *pointer, size_t size)
{
    uint64_t address = (uintptr_t)pointer, last = address + size - 1;
    uint32_t page = layer.profile->page_size;
    if (address < layer.profile->address_min)
        return false;
    if (!layer.owns_outside && (last < layer.arena.base || address >= layer.arena.end))
        return true;
    for (address -= address % page; address <= last; address += page) {
        struct pagelaw_touch touch;
        bool own = address >= layer.arena.base && address < layer.arena.end;
        pagelaw_touch(layer.model, PAGELAW_WRITE, address, &touch);
        if (touch.exception.code != 0 && (own || touch.rule != PAGELAW_ST_FREE))
            return false;
    }
    return true;
}

/* Makes a plan one that failed for the host, with nothing to write back. */
static void refuse(struct pagelaw_plan *plan, uint32_t status)
{
    memset(plan, 0, sizeof *plan);
    plan->status[0] = status;
    plan->status_count = 1;
    plan->base_freedom = plan->size_freedom = PAGELAW_UNTOUCHED;
    plan->old_protect_freedom = PAGELAW_UNTOUCHED;
}

static void carry_out(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    pagelaw_plan(layer.model, call, plan);
    if (plan->status[0] != STATUS_SUCCESS)
        return;
    uint32_t status = host_carry_out(layer.model, &layer.arena, plan);
    if (status != STATUS_SUCCESS) {
        refuse(plan, status);
        return;
    }
    layer.owns_outside |= plan->base < layer.arena.base || plan->base >= layer.arena.end;
    pagelaw_apply(layer.model, plan, plan->base);
}

/* An allocation that must lie lower than the arena does: the model proposes what is free by its
 * own knowledge, and the host refuses what it uses itself. */
static void carry_out_low(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    uint64_t lowest = layer.profile->address_min, highest = layer.arena.base - 1;
    for (unsigned attempt = 0; attempt < ATTEMPTS_MAX && lowest < highest; attempt++) {
        pagelaw_model_set_choice_range(layer.model, lowest, highest);
        pagelaw_plan(layer.model, call, plan);
        if ((call->type & MEM_TOP_DOWN) != 0)
            highest = plan->base + plan->size - 1 - layer.profile->granule;
        else
            lowest = plan->base + layer.profile->granule;
        carry_out(call, plan);
        if (plan->status[0] != STATUS_CONFLICTING_ADDRESSES)
            break;
        refuse(plan, STATUS_NO_MEMORY);
    }
    pagelaw_model_set_choice_range(layer.model, layer.arena.base, layer.arena.end - 1);
}

static bool is_protect(const struct pagelaw_call *call)
{
    return call->function == PAGELAW_NT_PROTECT || call->function == PAGELAW_VIRTUAL_PROTECT;
}

/* Returns the status. `output` is where the program wants an old protection or a region of so many
 * bytes, 0 if it wants none; what cannot be written there is not. */
static uint32_t perform(struct pagelaw_call *call, struct pagelaw_plan *plan, const void *output,
                        size_t size)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL) {
        refuse(plan, STATUS_NO_MEMORY);
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_lock(&layer.lock);
    record_prepare(layer.model);
    if (is_protect(call))
        call->no_old_protect = !is_writable(output, size);
    carry_out(call, plan);
    if (plan->status[0] == STATUS_NO_MEMORY && call->zero_bits != 0)
        carry_out_low(call, plan);
    bool lost_output = size != 0 && !is_writable(output, size);
    if (lost_output) {
        plan->old_protect_freedom = PAGELAW_UNTOUCHED;
        if (!is_protect(call) && plan->status[0] == STATUS_SUCCESS)
            refuse(plan, STATUS_ACCESS_VIOLATION);
    }
    record_call(call, plan, lost_output && !is_protect(call));
    pthread_mutex_unlock(&layer.lock);
    return plan->status[0];
}

/* ---- Win32 ----------------------------------------------------------------------------------- */

static uint64_t perform_win32(struct pagelaw_call *call, struct pagelaw_plan *plan,
                              const void *output, size_t size)
{
    uint32_t status = perform(call, plan, output, size);
    if (status == STATUS_SUCCESS)
        return plan->value;
    last_error = pagelaw_error_from_status(status);
    return 0;
}

static void write_old_protect(const struct pagelaw_plan *plan, uint32_t *old_protect)
{
    if (plan->old_protect_freedom == PAGELAW_EXACT)
        *old_protect = plan->old_protect;
}

uint64_t layer_virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {.function = PAGELAW_VIRTUAL_ALLOC,
                                .address = address,
                                .size = size,
                                .type = type,
                                .protect = protect};
    return perform_win32(&call, &plan, NULL, 0);
}

uint32_t layer_virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {
        .function = PAGELAW_VIRTUAL_FREE, .address = address, .size = size, .type = type};
    return (uint32_t)perform_win32(&call, &plan, NULL, 0);
}

uint32_t layer_virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                               uint32_t *old_protect)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {
        .function = PAGELAW_VIRTUAL_PROTECT, .address = address, .size = size, .protect = protect};
    uint32_t done = (uint32_t)perform_win32(&call, &plan, old_protect, sizeof *old_protect);
    write_old_protect(&plan, old_protect);
    return done;
}

/* The usual query, which programs make by the thousand. False: it is none. */
static bool look(uint64_t address, uint64_t length, struct pagelaw_region *region)
{
    struct pagelaw_region found;
    if (!atomic_load_explicit(&layer.is_open, memory_order_acquire))
        return false;
    pthread_mutex_lock(&layer.lock);
    bool looked = !record_is_on() && pagelaw_look(layer.model, address, length, &found) &&
                  is_writable(region, sizeof *region);
    pthread_mutex_unlock(&layer.lock);
    if (looked)
        *region = found;
    return looked;
}

uint64_t layer_virtual_query(uint64_t address, struct pagelaw_region *region, uint64_t length)
{
    if (look(address, length, region))
        return pagelaw_mbi_size(layer.profile->pointer_bytes);
    struct pagelaw_plan plan;
    struct pagelaw_call call = {
        .function = PAGELAW_VIRTUAL_QUERY, .address = address, .size = length};
    uint64_t written = perform_win32(&call, &plan, region, sizeof *region);
    if (written != 0)
        *region = plan.region;
    return written;
}

uint32_t layer_get_last_error(void)
{
    return last_error;
}

void layer_set_last_error(uint32_t error)
{
    last_error = error;
}

/* ---- Nt -------------------------------------------------------------------------------------- */

/* The checks that come before the two pointers are looked at. */
static uint32_t status_before_pointers(struct pagelaw_call *call)
{
    static const uint32_t early[] = {STATUS_INVALID_PARAMETER_3, STATUS_INVALID_PARAMETER_4,
                                     STATUS_INVALID_PARAMETER_5, STATUS_INVALID_PAGE_PROTECTION};
    struct pagelaw_plan plan;
    call->address = layer.arena.base;
    call->size = layer.profile->page_size;
    pagelaw_plan(layer.model, call, &plan);
    for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
        if (plan.status[0] == early[i])
            return early[i];
    }
    return STATUS_ACCESS_VIOLATION;
}

/* Whether the program's base and size can be read and written. False, with the status that the call
 * then has, if not. */
static bool probe_pointers(struct pagelaw_call *call, const uint64_t *base, const uint64_t *size,
                           uint32_t *status)
{
    pthread_once(&opening, open_once);
    *status = STATUS_NO_MEMORY;
    if (layer.model == NULL)
        return false;
    pthread_mutex_lock(&layer.lock);
    bool good = is_writable(base, sizeof *base) && is_writable(size, sizeof *size);
    if (!good)
        *status = status_before_pointers(call);
    pthread_mutex_unlock(&layer.lock);
    return good;
}

static bool can_write_back(const uint64_t *base, const uint64_t *size)
{
    return layer_can_write(base, sizeof *base) && layer_can_write(size, sizeof *size);
}

static uint32_t perform_nt(struct pagelaw_call *call, struct pagelaw_plan *plan, uint64_t *base,
                           uint64_t *size, const uint32_t *old_protect)
{
    size_t old_protect_size = is_protect(call) ? sizeof *old_protect : 0;
    uint32_t status;
    if (!probe_pointers(call, base, size, &status)) {
        refuse(plan, status);
        return status;
    }
    call->address = *base;
    call->size = *size;
    status = perform(call, plan, old_protect, old_protect_size);
    if (status == STATUS_SUCCESS && can_write_back(base, size)) {
        *base = plan->base;
        *size = plan->size;
    }
    return status;
}

uint32_t layer_nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                           uint32_t protect)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {
        .function = PAGELAW_NT_ALLOCATE, .zero_bits = zero_bits, .type = type, .protect = protect};
    return perform_nt(&call, &plan, base, size, NULL);
}

uint32_t layer_nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {.function = PAGELAW_NT_FREE, .type = type};
    return perform_nt(&call, &plan, base, size, NULL);
}

uint32_t layer_nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {.function = PAGELAW_NT_PROTECT, .protect = protect};
    uint32_t status = perform_nt(&call, &plan, base, size, old_protect);
    write_old_protect(&plan, old_protect);
    return status;
}

uint32_t layer_nt_query(uint64_t address, struct pagelaw_region *region, uint64_t length)
{
    struct pagelaw_plan plan;
    struct pagelaw_call call = {.function = PAGELAW_NT_QUERY, .address = address, .size = length};
    uint32_t status = perform(&call, &plan, region, sizeof *region);
    if (status == STATUS_SUCCESS)
        *region = plan.region;
    return status;
}

bool layer_can_write(const void *pointer, size_t size)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL)
        return pointer != NULL;
    pthread_mutex_lock(&layer.lock);
    bool can = is_writable(pointer, size);
    pthread_mutex_unlock(&layer.lock);
    return can;
}

/* ---- Limits and faults ----------------------------------------------------------------------- */

bool layer_set_commit_limit(uint64_t bytes)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL)
        return false;
    pthread_mutex_lock(&layer.lock);
    uint64_t charge = pagelaw_model_charge(layer.model);
    pagelaw_model_set_commit_limit(layer.model,
                                   bytes > UINT64_MAX - charge ? UINT64_MAX : charge + bytes);
    pthread_mutex_unlock(&layer.lock);
    return true;
}

bool pagelaw_layer_set_commit_limit(uint64_t bytes)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL)
        return false;
    pthread_mutex_lock(&layer.lock);
    pagelaw_model_set_commit_limit(layer.model, bytes);
    pthread_mutex_unlock(&layer.lock);
    return true;
}

uint64_t pagelaw_layer_commit_charge(void)
{
    pthread_once(&opening, open_once);
    if (layer.model == NULL)
        return 0;
    pthread_mutex_lock(&layer.lock);
    uint64_t charge = pagelaw_model_charge(layer.model);
    pthread_mutex_unlock(&layer.lock);
    return charge;
}

/* Both or neither: a guard that cannot be taken from the memory stays in the model. */
static void disarm_guard(uint64_t address)
{
    if (host_disarm_guard(layer.model, address) && !pagelaw_consume_guard(layer.model, address))
        host_arm_guard(layer.model, address);
}

void layer_fault(enum pagelaw_access access, uint64_t address, struct pagelaw_exception *exception)
{
    struct pagelaw_touch touch;
    if (!atomic_load_explicit(&layer.is_open, memory_order_acquire)) {
        *exception = (struct pagelaw_exception){
            .code = STATUS_ACCESS_VIOLATION, .access = access, .address = address};
        return;
    }
    pthread_mutex_lock(&layer.lock);
    record_prepare(layer.model);
    pagelaw_touch(layer.model, access, address, &touch);
    if (touch.exception.code == STATUS_GUARD_PAGE_VIOLATION)
        disarm_guard(address);
    record_touch(access, address, &touch.exception);
    pthread_mutex_unlock(&layer.lock);
    *exception = touch.exception;
}
