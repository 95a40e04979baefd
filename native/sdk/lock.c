/* VirtualLock and VirtualUnlock. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sys/mman.h>

#include "errhandlingapi.h"
#include "memoryapi.h"
#include "posix/layer.h"
#include "winerror.h"

/* The pages that a range of bytes lies in. False if it wraps around. */
static BOOL round_to_pages(LPVOID address, SIZE_T size, uint64_t *base, uint64_t *end)
{
    uint64_t page = layer_profile()->page_size, first = (uint64_t)(uintptr_t)address;
    *base = first / page * page;
    *end = (first + size + page - 1) / page * page;
    return size != 0 && *end > *base;
}

/* What keeps a row of pages from being locked: the last error, or 0. */
static DWORD refusal(const struct pagelaw_region *row, DWORD not_committed)
{
    if (row->state != MEM_COMMIT)
        return not_committed;
    if ((row->protect & PAGE_GUARD) != 0)
        return STATUS_GUARD_PAGE_VIOLATION;
    return (row->protect & PAGE_NOACCESS) != 0 ? ERROR_NOACCESS : 0;
}

/* Finds the first page that may not be locked, at or after *address. */
static DWORD find_refusal(uint64_t *address, uint64_t end, DWORD not_committed)
{
    while (*address < end) {
        struct pagelaw_region row;
        if (layer_virtual_query(*address, &row, sizeof(MEMORY_BASIC_INFORMATION)) == 0)
            return not_committed;
        DWORD error = refusal(&row, not_committed);
        if (error != 0)
            return error;
        *address = row.base + row.size;
    }
    return 0;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Locking touches: a guard page that it meets is disarmed, and the call fails by that exception. */
BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize)
{
    uint64_t base, end;
    if (!round_to_pages(lpAddress, dwSize, &base, &end))
        return fail(ERROR_INVALID_PARAMETER);
    uint64_t at = base;
    DWORD error = find_refusal(&at, end, ERROR_NOACCESS);
    if (error == STATUS_GUARD_PAGE_VIOLATION) {
        struct pagelaw_exception exception;
        layer_fault(PAGELAW_READ, at, &exception);
    }
    if (error != 0)
        return fail(error);
    if (mlock((void *)(uintptr_t)base, (size_t)(end - base)) == 0)
        return TRUE;
    return fail(errno == EPERM || errno == ENOMEM || errno == EAGAIN ? ERROR_WORKING_SET_QUOTA
                                                                     : ERROR_NOACCESS);
}

BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize)
{
    uint64_t base, end;
    if (!round_to_pages(lpAddress, dwSize, &base, &end))
        return fail(ERROR_INVALID_PARAMETER);
    for (uint64_t at = base; at < end;) {
        struct pagelaw_region row;
        if (layer_virtual_query(at, &row, sizeof(MEMORY_BASIC_INFORMATION)) == 0 ||
            row.state != MEM_COMMIT)
            return fail(ERROR_NOT_LOCKED);
        at = row.base + row.size;
    }
    return munlock((void *)(uintptr_t)base, (size_t)(end - base)) == 0 ? TRUE
                                                                       : fail(ERROR_NOT_LOCKED);
}
