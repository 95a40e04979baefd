/* The model as a subject. */
#include "suite/model_backend.h"

#include <stdio.h>
#include <stdlib.h>

#include "pagelaw/model.h"
#include "suite/heap.h"

static const struct pagelaw_profile *chosen;
static struct pagelaw_model *model; /* lives until the next start, or as long as the process */

void model_backend_set_profile(const struct pagelaw_profile *profile)
{
    chosen = profile;
}

/* ---- Description ----------------------------------------------------------------------------- */

static void get_system_info(struct subject_info *info)
{
    struct pagelaw_system_info system;
    pagelaw_get_system_info(model, &system);
    info->page_size = system.page_size;
    info->granule = system.granule;
    info->address_min = system.address_min;
    info->address_max = system.address_max;
}

static void describe(struct subject_info *info)
{
    *info = (struct subject_info){.major = chosen->version.major,
                                  .minor = chosen->version.minor,
                                  .build = chosen->version.build,
                                  .pointer_bytes = chosen->pointer_bytes};
    snprintf(info->backend, sizeof info->backend, "model");
    snprintf(info->system, sizeof info->system, "%s", chosen->system);
    snprintf(info->processor, sizeof info->processor, "%s",
             pagelaw_processor_name(chosen->processor));
    get_system_info(info);
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    if (!chosen)
        chosen = pagelaw_profile_at(0);
    pagelaw_model_destroy(model);
    model = pagelaw_model_create(chosen, &suite_heap);
    if (!model) {
        snprintf(error, capacity, "there is not enough memory for the model");
        return false;
    }
    describe(info);
    return true;
}

void model_backend_choose_from(uint64_t lowest)
{
    pagelaw_model_set_choice_range(model, lowest, pagelaw_model_profile(model)->address_max);
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static void copy_region(struct subject_region *to, const struct pagelaw_region *from)
{
    *to = (struct subject_region){.base = from->base,
                                  .allocation_base = from->allocation_base,
                                  .size = from->size,
                                  .allocation_protect = from->allocation_protect,
                                  .state = from->state,
                                  .protect = from->protect,
                                  .type = from->type};
}

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return pagelaw_virtual_alloc(model, address, size, type, protect);
}

static uint32_t virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    return pagelaw_virtual_free(model, address, size, type);
}

static uint32_t virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect)
{
    return pagelaw_virtual_protect(model, address, size, protect, old_protect);
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct pagelaw_region found = {0};
    uint64_t written = pagelaw_virtual_query(model, address, &found, length);
    copy_region(region, &found);
    return written;
}

static uint32_t get_last_error(void)
{
    return pagelaw_get_last_error(model);
}

static void set_last_error(uint32_t error)
{
    pagelaw_set_last_error(model, error);
}

static uint32_t nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect)
{
    return pagelaw_nt_allocate(model, base, zero_bits, size, type, protect);
}

static uint32_t nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    return pagelaw_nt_free(model, base, size, type);
}

static uint32_t nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    return pagelaw_nt_protect(model, base, size, protect, old_protect);
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct pagelaw_region found = {0};
    uint32_t status = pagelaw_nt_query(model, address, length, &found);
    copy_region(region, &found);
    return status;
}

/* ---- Touches --------------------------------------------------------------------------------- */

/* A model that has no memory left cannot go on; the agent reports the end of its process. */
static void touch(enum pagelaw_access access, uint64_t address, uint8_t *byte,
                  struct subject_exception *exception)
{
    struct pagelaw_exception raised = {0};
    size_t done;
    if (!pagelaw_access(model, access, address, byte, 1, &done, &raised))
        abort();
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
    return pagelaw_return_code(chosen->processor, length);
}

/* The limit lies `bytes` above the present charge. */
static bool set_commit_limit(uint64_t bytes)
{
    uint64_t charge = pagelaw_model_charge(model);
    pagelaw_model_set_commit_limit(model,
                                   bytes > UINT64_MAX - charge ? UINT64_MAX : charge + bytes);
    return true;
}

#define WIN32_FLOOR                                                                                \
    .name = "model", .what = "the model itself, under a profile", .start = start,                  \
    .virtual_alloc = virtual_alloc, .virtual_free = virtual_free,                                  \
    .virtual_protect = virtual_protect, .virtual_query = virtual_query,                            \
    .get_system_info = get_system_info, .get_last_error = get_last_error,                          \
    .set_last_error = set_last_error, .read = read_byte, .write = write_byte, .execute = execute,  \
    .return_code = return_code, .set_commit_limit = set_commit_limit

const struct backend model_backend = {
    WIN32_FLOOR,          .nt_allocate = nt_allocate, .nt_free = nt_free, .nt_protect = nt_protect,
    .nt_query = nt_query,
};

/* Windows 95 and 98 have no native floor. */
static const struct backend model_backend_9x = {WIN32_FLOOR};

const struct backend *model_backend_for(const struct pagelaw_profile *profile)
{
    model_backend_set_profile(profile);
    return (profile->quirks & PAGELAW_QUIRK_9X) != 0 ? &model_backend_9x : &model_backend;
}
