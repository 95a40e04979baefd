/* What a port exports, as C sees it: Windows's names and layouts, the host's calling convention.
 * native/ports/port.h says the same to whoever writes a port. */
#ifndef NATIVE_PORT_API_H
#define NATIVE_PORT_API_H

#include <stddef.h>
#include <stdint.h>

#include "library.h"
#include "shield.h"

/* MEMORY_BASIC_INFORMATION and SYSTEM_INFO. */
struct api_region {
    void *base, *allocation_base;
    uint32_t allocation_protect;
    size_t size;
    uint32_t state, protect, type;
};

struct api_system {
    uint32_t processor_architecture;
    uint32_t page_size;
    void *address_min, *address_max;
    uintptr_t processor_mask;
    uint32_t processor_count, processor_type, granule;
    uint16_t processor_level, processor_revision;
};

typedef void *api_alloc(void *address, size_t size, uint32_t type, uint32_t protect);
typedef int32_t api_free(void *address, size_t size, uint32_t type);
typedef int32_t api_protect(void *address, size_t size, uint32_t protect, uint32_t *old_protect);
typedef size_t api_query(const void *address, struct api_region *region, size_t length);
typedef void api_system_info(struct api_system *system);
typedef uint32_t api_last_error(void);
typedef void api_set_last_error(uint32_t error);
typedef int32_t api_nt_allocate(void *process, void **base, uintptr_t zero_bits, size_t *size,
                                uint32_t type, uint32_t protect);
typedef int32_t api_nt_free(void *process, void **base, size_t *size, uint32_t type);
typedef int32_t api_nt_protect(void *process, void **base, size_t *size, uint32_t protect,
                               uint32_t *old_protect);
typedef int32_t api_nt_query(void *process, const void *address, int32_t class,
                             struct api_region *region, size_t length, size_t *written);
typedef int32_t api_commit_limit(uint64_t bytes);

/* NULL where the port exports nothing of that name. */
struct api {
    api_alloc *alloc;
    api_free *free;
    api_protect *protect;
    api_query *query;
    api_system_info *system_info;
    api_last_error *last_error;
    api_set_last_error *set_last_error;
    api_nt_allocate *nt_allocate;
    api_nt_free *nt_free;
    api_nt_protect *nt_protect;
    api_nt_query *nt_query;
    shield_hook *fault;
    api_commit_limit *commit_limit;
};

/* Finds them. False, with words in `error`, if one that every port must have is missing. */
bool api_find(struct api *api, const struct library *library, char *error, size_t capacity);

/* Adds what of the Win32 functions and PortFault is missing to the words in `text`: ", without
 * VirtualQuery, PortFault". */
void api_describe_missing(const struct api *api, char *text, size_t capacity);

#endif
