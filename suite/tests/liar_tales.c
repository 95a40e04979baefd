/* Subjects that lie in what they tell: queries, errors, outputs, exceptions. */
#include "liar.h"

#include "pagelaw/constants.h"
#include "suite/model_backend.h"

#define PAGE 4096u

static struct subject_region region_at(uint64_t address)
{
    struct subject_region region = {.base = 0};
    model_backend.virtual_query(address, &region, 48);
    return region;
}

static bool is_alike(const struct subject_region *one, const struct subject_region *other)
{
    return one->state == other->state && one->protect == other->protect && one->state != MEM_FREE;
}

/* ---- Queries ---- */

static uint64_t query_scans_back(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    struct subject_region before = region_at(region->base - PAGE);
    while (is_alike(region, &before) && region->allocation_base == before.allocation_base &&
           region->size < 1u << 20) {
        region->base -= PAGE;
        region->size += PAGE;
        before = region_at(region->base - PAGE);
    }
    return written;
}

static uint64_t query_merges(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    struct subject_region next = region_at(region->base + region->size);
    while (is_alike(region, &next)) {
        region->size += next.size;
        next = region_at(region->base + region->size);
    }
    return written;
}

static uint64_t query_splits(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state != MEM_FREE)
        region->size = PAGE;
    return written;
}

static uint64_t query_size_0(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state != MEM_FREE)
        region->size = 0;
    return written;
}

static uint64_t query_above_max(uint64_t address, struct subject_region *region, uint64_t length)
{
    if (model_backend.virtual_query(address, region, length) != 0 || length < 48)
        return length;
    *region = (struct subject_region){
        .base = address / PAGE * PAGE, .size = PAGE, .state = MEM_FREE, .protect = PAGE_NOACCESS};
    return 48;
}

static uint64_t query_returns_true(uint64_t address, struct subject_region *region, uint64_t length)
{
    return model_backend.virtual_query(address, region, length) != 0;
}

static uint64_t query_reserved_noaccess(uint64_t address, struct subject_region *region,
                                        uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state == MEM_RESERVE)
        region->protect = PAGE_NOACCESS;
    return written;
}

static uint64_t query_free_protect_0(uint64_t address, struct subject_region *region,
                                     uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state == MEM_FREE)
        region->protect = 0;
    return written;
}

static uint64_t query_free_has_base(uint64_t address, struct subject_region *region,
                                    uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state == MEM_FREE)
        region->allocation_base = region->base;
    return written;
}

static uint64_t query_allocation_protect(uint64_t address, struct subject_region *region,
                                         uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->state == MEM_COMMIT)
        region->allocation_protect = region->protect;
    return written;
}

static uint64_t query_mapped(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->type == MEM_PRIVATE)
        region->type = MEM_MAPPED;
    return written;
}

static uint64_t query_hides_guard(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    region->protect &= ~PAGE_GUARD;
    return written;
}

static uint64_t query_base_is_run(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (region->allocation_base != 0)
        region->allocation_base = region->base;
    return written;
}

static uint32_t nt_query_status(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint32_t status = model_backend.nt_query(address, region, length);
    return status == STATUS_INVALID_PARAMETER ? STATUS_ACCESS_VIOLATION : status;
}

/* ---- GetSystemInfo ---- */

static void info_page(struct subject_info *info)
{
    model_backend.get_system_info(info);
    info->page_size *= 4;
}

static void info_granule(struct subject_info *info)
{
    model_backend.get_system_info(info);
    info->granule = info->page_size;
}

static void info_min(struct subject_info *info)
{
    model_backend.get_system_info(info);
    info->address_min = PAGE;
}

static void info_max(struct subject_info *info)
{
    model_backend.get_system_info(info);
    info->address_max++;
}

/* ---- Errors, statuses and what is written back ---- */

static uint32_t error_read_once(void)
{
    uint32_t error = model_backend.get_last_error();
    model_backend.set_last_error(0);
    return error;
}

static uint64_t alloc_error_5(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = model_backend.virtual_alloc(address, size, type, protect);
    if (base == 0)
        model_backend.set_last_error(5);
    return base;
}

static uint64_t alloc_error_0(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint64_t base = model_backend.virtual_alloc(address, size, type, protect);
    if (base == 0)
        model_backend.set_last_error(0);
    return base;
}

static uint32_t error_by_nt(uint64_t *base, uint64_t *size, uint32_t type)
{
    uint32_t status = model_backend.nt_free(base, size, type);
    model_backend.set_last_error(ERROR_INVALID_PARAMETER);
    return status;
}

static uint32_t nt_allocate_plain(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                                  uint32_t protect)
{
    uint32_t status = model_backend.nt_allocate(base, zero_bits, size, type, protect);
    bool numbered = status >= STATUS_INVALID_PARAMETER_1 && status <= STATUS_INVALID_PARAMETER_12;
    return numbered ? STATUS_INVALID_PARAMETER : status;
}

static uint32_t nt_allocate_conflict(uint64_t *base, uint64_t zero_bits, uint64_t *size,
                                     uint32_t type, uint32_t protect)
{
    uint32_t status = model_backend.nt_allocate(base, zero_bits, size, type, protect);
    return status == STATUS_SUCCESS ? status : STATUS_CONFLICTING_ADDRESSES;
}

static uint32_t nt_allocate_not_mapped(uint64_t *base, uint64_t zero_bits, uint64_t *size,
                                       uint32_t type, uint32_t protect)
{
    uint32_t status = model_backend.nt_allocate(base, zero_bits, size, type, protect);
    return status == STATUS_SUCCESS ? status : STATUS_NOT_MAPPED_VIEW;
}

static uint32_t nt_allocate_touches(uint64_t *base, uint64_t zero_bits, uint64_t *size,
                                    uint32_t type, uint32_t protect)
{
    uint32_t status = model_backend.nt_allocate(base, zero_bits, size, type, protect);
    *size += (*base + *size) % PAGE != 0 ? PAGE - (*base + *size) % PAGE + *base % PAGE : 0;
    *base -= *base % PAGE;
    return status;
}

static uint32_t nt_free_size_kept(uint64_t *base, uint64_t *size, uint32_t type)
{
    uint64_t given = *size;
    uint32_t status = model_backend.nt_free(base, size, type);
    *size = given;
    return status;
}

static uint32_t nt_free_touches(uint64_t *base, uint64_t *size, uint32_t type)
{
    uint32_t status = model_backend.nt_free(base, size, type);
    *base -= *base % PAGE;
    return status;
}

static uint32_t nt_protect_keeps_base(uint64_t *base, uint64_t *size, uint32_t protect,
                                      uint32_t *old_protect)
{
    uint64_t given = *base;
    uint32_t status = model_backend.nt_protect(base, size, protect, old_protect);
    *base = given;
    return status;
}

/* ---- Touches ---- */

static uint8_t guard_stays(uint64_t address, struct subject_exception *exception)
{
    uint32_t protect = region_at(address).protect, old;
    uint8_t value = model_backend.read(address, exception);
    if (exception->code == STATUS_GUARD_PAGE_VIOLATION)
        model_backend.virtual_protect(address, 1, protect, &old);
    return value;
}

static uint8_t guard_all(uint64_t address, struct subject_exception *exception)
{
    struct subject_region region = region_at(address);
    struct subject_exception other;
    uint8_t value = model_backend.read(address, exception);
    for (uint64_t at = 0; at < region.size && at < 1u << 20 && exception->code != 0; at += PAGE)
        model_backend.read(region.base + at, &other);
    return value;
}

static uint8_t guard_is_violation(uint64_t address, struct subject_exception *exception)
{
    uint8_t value = model_backend.read(address, exception);
    if (exception->code == STATUS_GUARD_PAGE_VIOLATION)
        exception->code = STATUS_ACCESS_VIOLATION;
    return value;
}

static uint8_t guard_silent(uint64_t address, struct subject_exception *exception)
{
    uint8_t value = model_backend.read(address, exception);
    if (exception->code != STATUS_GUARD_PAGE_VIOLATION)
        return value;
    *exception = (struct subject_exception){.code = 0};
    return model_backend.read(address, exception);
}

static void access_always_read(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    model_backend.write(address, value, exception);
    exception->access = 0;
}

static void fault_at_page(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    model_backend.write(address, value, exception);
    exception->address -= exception->address % PAGE;
}

static uint8_t read_noaccess(uint64_t address, struct subject_exception *exception)
{
    uint8_t value = model_backend.read(address, exception);
    if (region_at(address).state == MEM_COMMIT)
        exception->code = 0;
    return value;
}

static uint8_t read_as_ff(uint64_t address, struct subject_exception *exception)
{
    uint8_t value = model_backend.read(address, exception);
    return value == 0 ? 0xFF : value;
}

static void write_readonly(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    uint32_t protect = region_at(address).protect, old;
    if (protect == PAGE_READONLY)
        model_backend.virtual_protect(address, 1, PAGE_READWRITE, &old);
    model_backend.write(address, value, exception);
    if (protect == PAGE_READONLY)
        model_backend.virtual_protect(address, 1, protect, &old);
}

static void write_lost(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    (void)address, (void)value, (void)exception;
}

static void execute_data(uint64_t address, struct subject_exception *exception)
{
    model_backend.execute(address, exception);
    if (region_at(address).state == MEM_COMMIT)
        exception->code = 0;
}

const struct backend liar_tales[LIE_END] = {
    [ALLOC_ERROR_5] = {.virtual_alloc = alloc_error_5},
    [ALLOC_ERROR_0] = {.virtual_alloc = alloc_error_0},
    [NT_ALLOCATE_PLAIN] = {.nt_allocate = nt_allocate_plain},
    [NT_ALLOCATE_CONFLICT] = {.nt_allocate = nt_allocate_conflict},
    [NT_ALLOCATE_NOT_MAPPED] = {.nt_allocate = nt_allocate_not_mapped},
    [NT_ALLOCATE_TOUCHES] = {.nt_allocate = nt_allocate_touches},
    [NT_FREE_SIZE_KEPT] = {.nt_free = nt_free_size_kept},
    [NT_FREE_TOUCHES] = {.nt_free = nt_free_touches},
    [NT_PROTECT_KEEPS_BASE] = {.nt_protect = nt_protect_keeps_base},
    [QUERY_SCANS_BACK] = {.virtual_query = query_scans_back},
    [QUERY_MERGES] = {.virtual_query = query_merges},
    [QUERY_SPLITS] = {.virtual_query = query_splits},
    [QUERY_SIZE_0] = {.virtual_query = query_size_0},
    [QUERY_ABOVE_MAX] = {.virtual_query = query_above_max},
    [QUERY_RETURNS_TRUE] = {.virtual_query = query_returns_true},
    [QUERY_RESERVED_NOACCESS] = {.virtual_query = query_reserved_noaccess},
    [QUERY_FREE_PROTECT_0] = {.virtual_query = query_free_protect_0},
    [QUERY_FREE_HAS_BASE] = {.virtual_query = query_free_has_base},
    [QUERY_ALLOCATION_PROTECT] = {.virtual_query = query_allocation_protect},
    [QUERY_MAPPED] = {.virtual_query = query_mapped},
    [QUERY_HIDES_GUARD] = {.virtual_query = query_hides_guard},
    [QUERY_BASE_IS_RUN] = {.virtual_query = query_base_is_run},
    [INFO_PAGE] = {.get_system_info = info_page},
    [INFO_GRANULE] = {.get_system_info = info_granule},
    [INFO_MIN] = {.get_system_info = info_min},
    [INFO_MAX] = {.get_system_info = info_max},
    [ERROR_READ_ONCE] = {.get_last_error = error_read_once},
    [ERROR_BY_NT] = {.nt_free = error_by_nt},
    [NT_QUERY_STATUS] = {.nt_query = nt_query_status},
    [GUARD_STAYS] = {.read = guard_stays},
    [GUARD_ALL] = {.read = guard_all},
    [GUARD_IS_VIOLATION] = {.read = guard_is_violation},
    [GUARD_SILENT] = {.read = guard_silent},
    [ACCESS_ALWAYS_READ] = {.write = access_always_read},
    [FAULT_AT_PAGE] = {.write = fault_at_page},
    [READ_NOACCESS] = {.read = read_noaccess},
    [READ_AS_FF] = {.read = read_as_ff},
    [WRITE_READONLY] = {.write = write_readonly},
    [WRITE_LOST] = {.write = write_lost},
    [EXECUTE_DATA] = {.execute = execute_data},
};
