/* The memory functions. Each does what its page in Microsoft's documentation says; the law of each,
 * with the failures in the order of the checks, is in pagelaw/model.h and pagelaw/rules.def.
 *
 * Addresses and sizes are in bytes. All may be called from any thread, and before main. */
#ifndef PAGELAW_WIN32_MEMORYAPI_H
#define PAGELAW_WIN32_MEMORYAPI_H

#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                           DWORD flProtect);
BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);
BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                           PDWORD lpflOldProtect);
SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength);

/* The same on a process, which has to be this one: any other handle is ERROR_INVALID_HANDLE. */
LPVOID WINAPI VirtualAllocEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                             DWORD flAllocationType, DWORD flProtect);
BOOL WINAPI VirtualFreeEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);
BOOL WINAPI VirtualProtectEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                             PDWORD lpflOldProtect);
SIZE_T WINAPI VirtualQueryEx(HANDLE hProcess, LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer,
                             SIZE_T dwLength);

/* Keeps pages in physical memory, by mlock: the host's limit on that (RLIMIT_MEMLOCK) is
 * ERROR_WORKING_SET_QUOTA. Pages that are not committed, or may not be touched, are ERROR_NOACCESS.
 * A guard page is disarmed, and the last error is STATUS_GUARD_PAGE_VIOLATION then. */
BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize);

/* Pages that are not committed are ERROR_NOT_LOCKED. The host cannot say which of the others are
 * locked: those that are not are taken for locked ones. */
BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize);

#ifdef __cplusplus
}
#endif

#endif
