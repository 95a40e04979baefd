/* From a region to what the SDK calls one. */
#include "region.h"

#include <stddef.h>

#include "memoryapi.h"
#include "posix/layer.h"

_Static_assert(sizeof(MEMORY_BASIC_INFORMATION) == 48 &&
                   offsetof(MEMORY_BASIC_INFORMATION, AllocationProtect) == 16 &&
                   offsetof(MEMORY_BASIC_INFORMATION, RegionSize) == 24 &&
                   offsetof(MEMORY_BASIC_INFORMATION, State) == 32 &&
                   offsetof(MEMORY_BASIC_INFORMATION, Type) == 40,
               "MEMORY_BASIC_INFORMATION is laid out as on Windows");

BOOL region_write(const struct pagelaw_region *region, VOID *information)
{
    if (!layer_can_write(information, sizeof(MEMORY_BASIC_INFORMATION)))
        return FALSE;
    *(PMEMORY_BASIC_INFORMATION)information = (MEMORY_BASIC_INFORMATION){
        .BaseAddress = (PVOID)(uintptr_t)region->base,
        .AllocationBase = (PVOID)(uintptr_t)region->allocation_base,
        .AllocationProtect = region->allocation_protect,
        .RegionSize = region->size,
        .State = region->state,
        .Protect = region->protect,
        .Type = region->type,
    };
    return TRUE;
}
