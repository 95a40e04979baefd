/* The Win32 memory functions under their own names. */
#include "memoryapi.h"

#include "errhandlingapi.h"
#include "posix/layer.h"
#include "processthreadsapi.h"
#include "region.h"
#include "seh.h"
#include "winerror.h"

static uint64_t number(LPCVOID address)
{
    return (uint64_t)(uintptr_t)address;
}

LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType, DWORD flProtect)
{
    seh_start();
    uint64_t base = layer_virtual_alloc(number(lpAddress), dwSize, flAllocationType, flProtect);
    return (LPVOID)(uintptr_t)base;
}

BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType)
{
    return (BOOL)layer_virtual_free(number(lpAddress), dwSize, dwFreeType);
}

BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                           PDWORD lpflOldProtect)
{
    return (BOOL)layer_virtual_protect(number(lpAddress), dwSize, flNewProtect, lpflOldProtect);
}

SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength)
{
    struct pagelaw_region region;
    SIZE_T written = layer_virtual_query(number(lpAddress), &region, dwLength);
    if (written == 0 || region_write(&region, lpBuffer))
        return written;
    SetLastError(ERROR_NOACCESS);
    return 0;
}

/* ---- On a process ---------------------------------------------------------------------------- */

static BOOL is_this(HANDLE process)
{
    if (process == GetCurrentProcess())
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

LPVOID WINAPI VirtualAllocEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                             DWORD flAllocationType, DWORD flProtect)
{
    return is_this(hProcess) ? VirtualAlloc(lpAddress, dwSize, flAllocationType, flProtect) : NULL;
}

BOOL WINAPI VirtualFreeEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType)
{
    return is_this(hProcess) && VirtualFree(lpAddress, dwSize, dwFreeType);
}

BOOL WINAPI VirtualProtectEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                             PDWORD lpflOldProtect)
{
    return is_this(hProcess) && VirtualProtect(lpAddress, dwSize, flNewProtect, lpflOldProtect);
}

SIZE_T WINAPI VirtualQueryEx(HANDLE hProcess, LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer,
                             SIZE_T dwLength)
{
    return is_this(hProcess) ? VirtualQuery(lpAddress, lpBuffer, dwLength) : 0;
}
