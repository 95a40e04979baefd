/* The native memory functions under their own names. */
#include "posix/layer.h"
#include "region.h"
#include "seh.h"
#define WIN32_NO_STATUS
#include "winternl.h"
#include "winerror.h"

#define ACCESS_VIOLATION ((NTSTATUS)0xC0000005)
#define INVALID_HANDLE ((NTSTATUS)0xC0000008)
#define INVALID_INFO_CLASS ((NTSTATUS)0xC0000003)
#define SUCCESS ((NTSTATUS)0)

static BOOL can_write(const VOID *base, const VOID *size)
{
    return layer_can_write(base, sizeof(PVOID)) && layer_can_write(size, sizeof(SIZE_T));
}

/* A call may have made its own outputs unwritable: then they stay as they are. */
static NTSTATUS write_back(PVOID *to_base, uint64_t base, PSIZE_T to_size, uint64_t size,
                           uint32_t status)
{
    if (can_write(to_base, to_size)) {
        *to_base = (PVOID)(uintptr_t)base;
        *to_size = size;
    }
    return (NTSTATUS)status;
}

/* Of pointers that it may not write the layer itself says when that is found out: it gets them as
 * they are. */
NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, ULONG_PTR ZeroBits,
                                       PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    seh_start();
    if (!can_write(BaseAddress, RegionSize))
        return (NTSTATUS)layer_nt_allocate((PVOID)BaseAddress, ZeroBits, (PVOID)RegionSize,
                                           AllocationType, Protect);
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_allocate(&base, ZeroBits, &size, AllocationType, Protect);
    return write_back(BaseAddress, base, RegionSize, size, status);
}

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                   ULONG FreeType)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    if (!can_write(BaseAddress, RegionSize))
        return (NTSTATUS)layer_nt_free((PVOID)BaseAddress, (PVOID)RegionSize, FreeType);
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_free(&base, &size, FreeType);
    return write_back(BaseAddress, base, RegionSize, size, status);
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                      ULONG NewProtect, PULONG OldProtect)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    if (!can_write(BaseAddress, RegionSize))
        return (NTSTATUS)layer_nt_protect((PVOID)BaseAddress, (PVOID)RegionSize, NewProtect,
                                          OldProtect);
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_protect(&base, &size, NewProtect, OldProtect);
    return write_back(BaseAddress, base, RegionSize, size, status);
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                    MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                    PVOID MemoryInformation, SIZE_T MemoryInformationLength,
                                    PSIZE_T ReturnLength)
{
    if (MemoryInformationClass != MemoryBasicInformation)
        return INVALID_INFO_CLASS;
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    struct pagelaw_region region;
    uint32_t status = layer_nt_query((uintptr_t)BaseAddress, &region, MemoryInformationLength);
    if ((NTSTATUS)status != SUCCESS)
        return (NTSTATUS)status;
    if (!region_write(&region, MemoryInformation))
        return ACCESS_VIOLATION;
    if (ReturnLength != NULL)
        *ReturnLength = sizeof(MEMORY_BASIC_INFORMATION);
    return SUCCESS;
}

ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status)
{
    if (Status == INVALID_HANDLE)
        return ERROR_INVALID_HANDLE;
    return pagelaw_error_from_status((uint32_t)Status);
}
