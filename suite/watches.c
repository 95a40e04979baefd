/* Watched ranges: each is walked with VirtualQuery after a step. */
#include "watches.h"

#include <string.h>

#include "wire.h"

/* The last byte is compared, because the end of a range may be past the highest address. */
bool watches_overlap(const struct watches *watches, uint64_t base, uint64_t size)
{
    for (unsigned i = 0; i < watches->count; i++) {
        const struct trace_watch *watch = &watches->list[i];
        if (base <= watch->base + (watch->size - 1) && watch->base <= base + (size - 1))
            return true;
    }
    return false;
}

bool watches_add(struct watches *watches, uint64_t base, uint64_t size)
{
    if (watches->count == TRACE_WATCHES_MAX)
        return false;
    watches->list[watches->count++] = (struct trace_watch){.base = base, .size = size};
    return true;
}

/* The query's region from `address` on, clipped to the `left` bytes of the watch. False if it says
 * nothing about the address. */
static bool clip(struct subject_region *region, uint64_t address, uint64_t left)
{
    uint64_t before = address - region->base;
    if (region->base > address || region->size <= before)
        return false;
    region->size -= before;
    if (region->size > left)
        region->size = left;
    region->base = address;
    return true;
}

/* Appends the regions of one watch to `map`. */
static bool walk(const struct trace_watch *watch, const struct backend *backend, uint64_t mbi_size,
                 struct subject_region *map, unsigned *count)
{
    uint64_t done = 0;
    while (done < watch->size) {
        if (*count == TRACE_REGIONS_MAX)
            return false;
        struct subject_region *region = &map[*count];
        uint64_t address = watch->base + done;
        memset(region, 0, sizeof *region);
        if (backend->virtual_query(address, region, mbi_size) == 0 ||
            !clip(region, address, watch->size - done))
            return false;
        done += region->size;
        ++*count;
    }
    return true;
}

static bool walk_all(const struct watches *watches, const struct backend *backend,
                     uint64_t mbi_size, struct subject_region *map, unsigned *count)
{
    *count = 0;
    if (!backend->virtual_query)
        return false;
    for (unsigned i = 0; i < watches->count; i++)
        if (!walk(&watches->list[i], backend, mbi_size, map, count))
            return false;
    return true;
}

enum map_news watches_take_map(struct watches *watches, const struct backend *backend,
                               uint64_t mbi_size)
{
    struct subject_region *told = watches->maps[watches->told];
    struct subject_region *map = watches->maps[1 - watches->told];
    unsigned count;
    bool none = !walk_all(watches, backend, mbi_size, map, &count) ||
                count > WIRE_MAPPED_MAX - watches->mapped;
    bool same = !none && !watches->none_told && count == watches->told_count &&
                memcmp(map, told, count * sizeof *map) == 0;
    watches->none_told = none;
    if (none)
        return MAP_NONE;
    if (same)
        return MAP_SAME;
    watches->told = 1 - watches->told;
    watches->told_count = count;
    watches->mapped += count;
    return MAP_NEW;
}
