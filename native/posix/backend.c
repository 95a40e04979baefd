/* The backend over the emulation layer, on this host's real memory. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "fault.h"
#include "layer.h"
#include "native.h"
#include "probe.h"

static void get_system_info(struct subject_info *info)
{
    const struct pagelaw_profile *profile = layer_profile();
    info->page_size = profile->page_size;
    info->granule = profile->granule;
    info->address_min = profile->address_min;
    info->address_max = profile->address_max;
}

static void describe_system(struct subject_info *info)
{
    struct utsname host;
    if (uname(&host) != 0)
        return;
    snprintf(info->system, sizeof info->system,
             "Pagelaw's emulation layer on %.12s %.32s %.12s (plays %.24s)", host.sysname,
             host.release, host.machine, layer_profile()->name);
}

static void describe(struct subject_info *info)
{
    const struct pagelaw_profile *profile = layer_profile();
    memset(info, 0, sizeof *info);
    snprintf(info->backend, sizeof info->backend, "posix");
    snprintf(info->processor, sizeof info->processor, "%s",
             pagelaw_processor_name(profile->processor));
    info->major = profile->version.major;
    info->minor = profile->version.minor;
    info->build = profile->version.build;
    info->pointer_bytes = profile->pointer_bytes;
    describe_system(info);
    get_system_info(info);
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    if (!layer_open(error, capacity))
        return false;
    if (!fault_start()) {
        snprintf(error, capacity, "the fault handler cannot be installed: %s", strerror(errno));
        return false;
    }
    describe(info);
    return true;
}

static void store_region(struct subject_region *to, const struct pagelaw_region *from)
{
    to->base = from->base;
    to->allocation_base = from->allocation_base;
    to->size = from->size;
    to->allocation_protect = from->allocation_protect;
    to->state = from->state;
    to->protect = from->protect;
    to->type = from->type;
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct pagelaw_region found;
    uint64_t written = layer_virtual_query(address, &found, length);
    if (written != 0)
        store_region(region, &found);
    return written;
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    struct pagelaw_region found;
    uint32_t status = layer_nt_query(address, &found, length);
    if (status == 0)
        store_region(region, &found);
    return status;
}

/* The byte may be code: whoever executes it is to see it. */
static void write_byte(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    char *byte = (char *)(uintptr_t)address;
    probe_write(address, value, exception);
    if (exception->code == 0)
        __builtin___clear_cache(byte, byte + 1);
}

const struct backend backend_native = {
    .name = "posix",
    .what = "the emulation layer over this host's memory",
    .start = start,
    .virtual_alloc = layer_virtual_alloc,
    .virtual_free = layer_virtual_free,
    .virtual_protect = layer_virtual_protect,
    .virtual_query = virtual_query,
    .get_system_info = get_system_info,
    .get_last_error = layer_get_last_error,
    .set_last_error = layer_set_last_error,
    .nt_allocate = layer_nt_allocate,
    .nt_free = layer_nt_free,
    .nt_protect = layer_nt_protect,
    .nt_query = nt_query,
    .read = probe_read,
    .write = write_byte,
    .execute = probe_execute,
    .return_code = probe_return_code,
    .set_commit_limit = layer_set_commit_limit,
};
