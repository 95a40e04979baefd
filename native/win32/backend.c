/* The backend over the memory API of the running Windows. */
#include <windows.h>

#include <stdio.h>
#include <string.h>

#include "commit_limit.h"
#include "describe.h"
#include "fault.h"
#include "native.h"
#include "probe.h"

typedef LONG(NTAPI *nt_allocate_function)(HANDLE, void **, ULONG_PTR, SIZE_T *, ULONG, ULONG);
typedef LONG(NTAPI *nt_free_function)(HANDLE, void **, SIZE_T *, ULONG);
typedef LONG(NTAPI *nt_protect_function)(HANDLE, void **, SIZE_T *, ULONG, ULONG *);
typedef LONG(NTAPI *nt_query_function)(HANDLE, const void *, int, void *, SIZE_T, SIZE_T *);

static struct {
    nt_allocate_function allocate;
    nt_free_function free;
    nt_protect_function protect;
    nt_query_function query;
} nt;

/* An address or a size of which a 32-bit Windows takes the lower half, as C does. */
static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

/* ---- Start ---------------------------------------------------------------------------------- */

static LONG CALLBACK on_exception(EXCEPTION_POINTERS *pointers)
{
    struct probe_frame frame;
    struct subject_exception exception;
    if (!fault_of_probe(pointers, &frame, &exception))
        return EXCEPTION_CONTINUE_SEARCH;
    fault_record(pointers, &frame, &exception);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static bool find_nt(void)
{
    const wchar_t *module = L"ntdll.dll";
    nt.allocate = (nt_allocate_function)describe_entry(module, "NtAllocateVirtualMemory");
    nt.free = (nt_free_function)describe_entry(module, "NtFreeVirtualMemory");
    nt.protect = (nt_protect_function)describe_entry(module, "NtProtectVirtualMemory");
    nt.query = (nt_query_function)describe_entry(module, "NtQueryVirtualMemory");
    return nt.allocate != NULL && nt.free != NULL && nt.protect != NULL && nt.query != NULL;
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    /* A crash is to end the process at once, and not to wait behind a window. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    describe_system(info);
    if (!find_nt()) {
        snprintf(error, capacity, "%s has no Nt...VirtualMemory in ntdll.dll", info->system);
        return false;
    }
    if (AddVectoredExceptionHandler(1, on_exception) == NULL) {
        snprintf(error, capacity, "AddVectoredExceptionHandler failed: error %lu", GetLastError());
        return false;
    }
    return true;
}

/* ---- Win32 ----------------------------------------------------------------------------------- */

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return (uintptr_t)VirtualAlloc(pointer(address), (SIZE_T)size, type, protect);
}

static uint32_t virtual_free(uint64_t address, uint64_t size, uint32_t type)
{
    return (uint32_t)VirtualFree(pointer(address), (SIZE_T)size, type);
}

static uint32_t virtual_protect(uint64_t address, uint64_t size, uint32_t protect,
                                uint32_t *old_protect)
{
    DWORD old = old_protect == NULL ? 0 : *old_protect;
    DWORD *out = old_protect == NULL ? NULL : &old;
    uint32_t done = (uint32_t)VirtualProtect(pointer(address), (SIZE_T)size, protect, out);
    if (old_protect != NULL)
        *old_protect = old;
    return done;
}

/* A query's buffer, in fact larger than the length that a scenario may say it has. */
union query_buffer {
    MEMORY_BASIC_INFORMATION basic;
    char bytes[4096];
};

static void store_region(struct subject_region *region, const MEMORY_BASIC_INFORMATION *basic)
{
    region->base = (uintptr_t)basic->BaseAddress;
    region->allocation_base = (uintptr_t)basic->AllocationBase;
    region->size = basic->RegionSize;
    region->allocation_protect = basic->AllocationProtect;
    region->state = basic->State;
    region->protect = basic->Protect;
    region->type = basic->Type;
}

static uint64_t virtual_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    union query_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    uint64_t count = VirtualQuery(pointer(address), &buffer.basic, (SIZE_T)length);
    if (count != 0)
        store_region(region, &buffer.basic);
    return count;
}

static uint32_t get_last_error(void)
{
    return GetLastError();
}

static void set_last_error(uint32_t error)
{
    SetLastError(error);
}

/* ---- Nt -------------------------------------------------------------------------------------- */

static uint32_t nt_allocate(uint64_t *base, uint64_t zero_bits, uint64_t *size, uint32_t type,
                            uint32_t protect)
{
    void *at = pointer(*base);
    SIZE_T bytes = (SIZE_T)*size;
    LONG status =
        nt.allocate(GetCurrentProcess(), &at, (ULONG_PTR)zero_bits, &bytes, type, protect);
    *base = (uintptr_t)at;
    *size = bytes;
    return (uint32_t)status;
}

static uint32_t nt_free(uint64_t *base, uint64_t *size, uint32_t type)
{
    void *at = pointer(*base);
    SIZE_T bytes = (SIZE_T)*size;
    LONG status = nt.free(GetCurrentProcess(), &at, &bytes, type);
    *base = (uintptr_t)at;
    *size = bytes;
    return (uint32_t)status;
}

static uint32_t nt_protect(uint64_t *base, uint64_t *size, uint32_t protect, uint32_t *old_protect)
{
    void *at = pointer(*base);
    SIZE_T bytes = (SIZE_T)*size;
    ULONG old = old_protect == NULL ? 0 : *old_protect;
    ULONG *out = old_protect == NULL ? NULL : &old;
    LONG status = nt.protect(GetCurrentProcess(), &at, &bytes, protect, out);
    *base = (uintptr_t)at;
    *size = bytes;
    if (old_protect != NULL)
        *old_protect = old;
    return (uint32_t)status;
}

static uint32_t nt_query(uint64_t address, struct subject_region *region, uint64_t length)
{
    const int memory_basic_information = 0;
    union query_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    LONG status = nt.query(GetCurrentProcess(), pointer(address), memory_basic_information, &buffer,
                           (SIZE_T)length, NULL);
    if (status >= 0)
        store_region(region, &buffer.basic);
    return (uint32_t)status;
}

/* ---- Touches --------------------------------------------------------------------------------- */

/* The byte may be code: whoever executes it is to see it. */
static void write_byte(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    probe_write(address, value, exception);
    if (exception->code == 0)
        FlushInstructionCache(GetCurrentProcess(), pointer(address), 1);
}

const struct backend backend_native = {
    .name = "win32",
    .what = "the memory API of the running Windows",
    .start = start,
    .virtual_alloc = virtual_alloc,
    .virtual_free = virtual_free,
    .virtual_protect = virtual_protect,
    .virtual_query = virtual_query,
    .get_system_info = describe_memory,
    .get_last_error = get_last_error,
    .set_last_error = set_last_error,
    .nt_allocate = nt_allocate,
    .nt_free = nt_free,
    .nt_protect = nt_protect,
    .nt_query = nt_query,
    .read = probe_read,
    .write = write_byte,
    .execute = probe_execute,
    .return_code = probe_return_code,
    .set_commit_limit = commit_limit_set,
};
