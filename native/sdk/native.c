/* The native memory functions under their own names. */
#include "posix/layer.h"
#include "seh.h"
#define WIN32_NO_STATUS
#include "winternl.h"
#include "winerror.h"

#define INVALID_HANDLE ((NTSTATUS)0xC0000008)
#define INVALID_INFO_CLASS ((NTSTATUS)0xC0000003)
#define SUCCESS ((NTSTATUS)0)

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, ULONG_PTR ZeroBits,
                                       PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    seh_start();
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_allocate(&base, ZeroBits, &size, AllocationType, Protect);
    *BaseAddress = (PVOID)(uintptr_t)base;
    *RegionSize = size;
    return (NTSTATUS)status;
}

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                   ULONG FreeType)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_free(&base, &size, FreeType);
    *BaseAddress = (PVOID)(uintptr_t)base;
    *RegionSize = size;
    return (NTSTATUS)status;
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                      ULONG NewProtect, PULONG OldProtect)
{
    if (ProcessHandle != NtCurrentProcess())
        return INVALID_HANDLE;
    uint64_t base = (uintptr_t)*BaseAddress, size = *RegionSize;
    uint32_t status = layer_nt_protect(&base, &size, NewProtect, OldProtect);
    *BaseAddress = (PVOID)(uintptr_t)base;
    *RegionSize = size;
    return (NTSTATUS)status;
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
    *(PMEMORY_BASIC_INFORMATION)MemoryInformation = (MEMORY_BASIC_INFORMATION){
        .BaseAddress = (PVOID)(uintptr_t)region.base,
        .AllocationBase = (PVOID)(uintptr_t)region.allocation_base,
        .AllocationProtect = region.allocation_protect,
        .RegionSize = region.size,
        .State = region.state,
        .Protect = region.protect,
        .Type = region.type,
    };
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
