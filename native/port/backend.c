/* The backend over a port: somebody's own VirtualAlloc and its kin, in a shared library.
 *
 * The agent starts it apart, in the process of each program: whatever the library does there,
 * the agent and the other programs do not see. */
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "native.h"
#include "pagelaw/profile.h"
#include "probe.h"

static struct {
    const char *file;
    struct library library;
    struct api api;
} port;

static struct backend backend;

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

/* NtCurrentProcess(). */
static void *current_process(void)
{
    return (void *)~(uintptr_t)0;
}

/* ---- Win32 ----------------------------------------------------------------------------------- */

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    shield_lower();
    return (uintptr_t)port.api.alloc(pointer(address), (size_t)size, type, protect);
}

static uint32_t virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    shield_lower();
    return (uint32_t)port.api.free(pointer(address), (size_t)size, type);
}

static uint32_t virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect)
{
    shield_lower();
    return (uint32_t)port.api.protect(pointer(address), (size_t)size, protect, old_protect);
}

/* A query's buffer, in fact larger than the length that a scenario may say it has. */
union query_buffer {
    struct api_region region;
    char bytes[4096];
};

static void store_region(struct subject_region *region, const struct api_region *from)
{
    region->base = (uintptr_t)from->base;
    region->allocation_base = (uintptr_t)from->allocation_base;
    region->size = from->size;
    region->allocation_protect = from->allocation_protect;
    region->state = from->state;
    region->protect = from->protect;
    region->type = from->type;
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    union query_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    shield_lower();
    uint64_t written = port.api.query(pointer(address), &buffer.region, (size_t)length);
    if (written != 0)
        store_region(region, &buffer.region);
    return written;
}

static void get_system_info(struct subject_info *info)
{
    struct api_system system;
    memset(&system, 0, sizeof system);
    shield_lower();
    port.api.system_info(&system);
    info->page_size = system.page_size;
    info->granule = system.granule;
    info->address_min = (uintptr_t)system.address_min;
    info->address_max = (uintptr_t)system.address_max;
}

static uint32_t get_last_error(void)
{
    shield_lower();
    return port.api.last_error();
}

static void set_last_error(uint32_t error)
{
    shield_lower();
    port.api.set_last_error(error);
}

/* ---- Nt -------------------------------------------------------------------------------------- */

static uint32_t nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect)
{
    void *at = pointer(*base);
    size_t bytes = (size_t)*size;
    shield_lower();
    int32_t status =
        port.api.nt_allocate(current_process(), &at, (uintptr_t)zero_bits, &bytes, type, protect);
    *base = (uintptr_t)at;
    *size = bytes;
    return (uint32_t)status;
}

static uint32_t nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    void *at = pointer(*base);
    size_t bytes = (size_t)*size;
    shield_lower();
    int32_t status = port.api.nt_free(current_process(), &at, &bytes, type);
    *base = (uintptr_t)at;
    *size = bytes;
    return (uint32_t)status;
}

static uint32_t nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    void *at = pointer(*base);
    size_t bytes = (size_t)*size;
    shield_lower();
    int32_t status = port.api.nt_protect(current_process(), &at, &bytes, protect, old_protect);
    *base = (uintptr_t)at;
    *size = bytes;
    return (uint32_t)status;
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    const int32_t memory_basic_information = 0;
    union query_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    shield_lower();
    int32_t status =
        port.api.nt_query(current_process(), pointer(address), memory_basic_information,
                          &buffer.region, (size_t)length, NULL);
    if (status >= 0)
        store_region(region, &buffer.region);
    return (uint32_t)status;
}

/* ---- Touches --------------------------------------------------------------------------------- */

static uint8_t read_byte(uint64_t address, struct subject_exception *exception)
{
    shield_raise();
    return probe_read(address, exception);
}

static void write_byte(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    shield_raise();
    probe_write(address, value, exception);
    if (exception->code == 0)
        shield_show_code(pointer(address));
}

static void execute(uint64_t address, struct subject_exception *exception)
{
    shield_raise();
    probe_execute(address, exception);
}

static bool set_commit_limit(uint64_t bytes)
{
    shield_lower();
    return port.api.commit_limit(bytes) != 0;
}

/* ---- Start ----------------------------------------------------------------------------------- */

static const char *file_name(const char *path)
{
    const char *name = path;
    for (; *path != '\0'; path++)
        if (*path == '/' || *path == '\\')
            name = path + 1;
    return name;
}

/* A port that has no GetSystemInfo, or one whose page or granule no profile of this processor has,
 * is asked with the numbers of the newest: what it says itself is for the scenarios to judge. */
static bool is_known_shape(const struct subject_info *info, enum pagelaw_processor processor)
{
    const struct pagelaw_profile *profile;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++)
        if (profile->processor == processor && profile->page_size == info->page_size &&
            profile->granule == info->granule && info->address_min < info->address_max)
            return true;
    return false;
}

static void describe_memory(struct subject_info *info)
{
    enum pagelaw_processor processor;
    const struct pagelaw_version newest = {UINT16_MAX, 0, 0};
    if (port.api.system_info != NULL)
        get_system_info(info);
    if (!pagelaw_processor_find(info->processor, &processor) || is_known_shape(info, processor))
        return;
    const struct pagelaw_profile *profile = pagelaw_profile_for(processor, newest);
    info->page_size = profile->page_size;
    info->granule = profile->granule;
    info->address_min = profile->address_min;
    info->address_max = profile->address_max;
}

/* No version: a port does not say which Windows it plays. */
static void describe(struct subject_info *info)
{
    memset(info, 0, sizeof *info);
    snprintf(info->backend, sizeof info->backend, "port");
    snprintf(info->processor, sizeof info->processor, "%s", probe_processor);
    snprintf(info->system, sizeof info->system, "the port %.30s", file_name(port.file));
    api_describe_missing(&port.api, info->system, sizeof info->system);
    info->pointer_bytes = sizeof(void *);
    describe_memory(info);
}

/* Of what the port does not export there is no function. */
static void offer(void)
{
    const struct api *api = &port.api;
    backend.virtual_protect = api->protect != NULL ? virtual_protect : NULL;
    backend.virtual_query = api->query != NULL ? virtual_query : NULL;
    backend.get_system_info = api->system_info != NULL ? get_system_info : NULL;
    backend.get_last_error = api->last_error != NULL ? get_last_error : NULL;
    backend.set_last_error = api->set_last_error != NULL ? set_last_error : NULL;
    backend.nt_allocate = api->nt_allocate != NULL ? nt_allocate : NULL;
    backend.nt_free = api->nt_free != NULL ? nt_free : NULL;
    backend.nt_protect = api->nt_protect != NULL ? nt_protect : NULL;
    backend.nt_query = api->nt_query != NULL ? nt_query : NULL;
    backend.set_commit_limit = api->commit_limit != NULL ? set_commit_limit : NULL;
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    if (!library_open(&port.library, port.file, error, capacity) ||
        !api_find(&port.api, &port.library, error, capacity))
        return false;
    if (!shield_prepare(port.api.fault)) {
        snprintf(error, capacity, "there is no memory for a fault handler's stack");
        return false;
    }
    offer();
    describe(info);
    return true;
}

static struct backend backend = {
    .name = "port",
    .what = "somebody's own memory API in a shared library",
    .apart = true,
    .start = start,
    .virtual_alloc = virtual_alloc,
    .virtual_free = virtual_free,
    .read = read_byte,
    .write = write_byte,
    .execute = execute,
    .return_code = probe_return_code,
};

const struct backend *backend_port(const char *file)
{
    port.file = file;
    return &backend;
}
