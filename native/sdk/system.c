/* What a program asks about its system, its process and its threads. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "posix/layer.h"
#include "winbase.h"
#include "winerror.h"

_Static_assert(sizeof(SYSTEM_INFO) == 48 && offsetof(SYSTEM_INFO, dwPageSize) == 4 &&
                   offsetof(SYSTEM_INFO, dwActiveProcessorMask) == 24 &&
                   offsetof(SYSTEM_INFO, dwAllocationGranularity) == 40,
               "SYSTEM_INFO is laid out as on Windows");

/* ---- The last error -------------------------------------------------------------------------- */

DWORD WINAPI GetLastError(void)
{
    return layer_get_last_error();
}

VOID WINAPI SetLastError(DWORD dwErrCode)
{
    layer_set_last_error(dwErrCode);
}

/* ---- The system ------------------------------------------------------------------------------ */

static DWORD_PTR processor_mask(void)
{
    cpu_set_t set;
    DWORD_PTR mask = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    for (unsigned i = 0; i < 8 * sizeof mask; i++)
        if (CPU_ISSET(i, &set))
            mask |= (DWORD_PTR)1 << i;
    return mask != 0 ? mask : 1;
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
    const struct pagelaw_profile *profile = layer_profile();
    DWORD_PTR mask = processor_mask();
    *lpSystemInfo = (SYSTEM_INFO){
        .dwPageSize = profile->page_size,
        .lpMinimumApplicationAddress = (LPVOID)(uintptr_t)profile->address_min,
        .lpMaximumApplicationAddress = (LPVOID)(uintptr_t)profile->address_max,
        .dwActiveProcessorMask = mask,
        .dwNumberOfProcessors = (DWORD)__builtin_popcountll(mask),
        .dwAllocationGranularity = profile->granule,
    };
#if defined(__x86_64__)
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    lpSystemInfo->dwProcessorType = PROCESSOR_AMD_X8664;
#else
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_ARM64;
#endif
}

VOID WINAPI GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
    GetSystemInfo(lpSystemInfo);
}

/* ---- The process and its threads ------------------------------------------------------------- */

HANDLE WINAPI GetCurrentProcess(void)
{
    return (HANDLE)(LONG_PTR)-1;
}

HANDLE WINAPI GetCurrentThread(void)
{
    return (HANDLE)(LONG_PTR)-2;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return (DWORD)getpid();
}

DWORD WINAPI GetCurrentThreadId(void)
{
    return (DWORD)syscall(SYS_gettid);
}

VOID WINAPI ExitProcess(UINT uExitCode)
{
    exit((int)uExitCode);
}

static BOOL is_this(HANDLE process)
{
    if (process == GetCurrentProcess())
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI TerminateProcess(HANDLE hProcess, UINT uExitCode)
{
    if (!is_this(hProcess))
        return FALSE;
    _exit((int)uExitCode);
}

BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize)
{
    if (!is_this(hProcess))
        return FALSE;
    char *begin = (char *)(uintptr_t)lpBaseAddress;
    if (begin != NULL)
        __builtin___clear_cache(begin, begin + dwSize);
    return TRUE;
}

/* ---- Time ------------------------------------------------------------------------------------ */

static ULONGLONG now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (ULONGLONG)now.tv_sec * 1000000000u + (ULONGLONG)now.tv_nsec;
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return now_ns(CLOCK_BOOTTIME) / 1000000;
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
{
    lpPerformanceCount->QuadPart = (LONGLONG)(now_ns(CLOCK_MONOTONIC) / 100);
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
{
    lpFrequency->QuadPart = 10000000;
    return TRUE;
}

VOID WINAPI Sleep(DWORD dwMilliseconds)
{
    struct timespec left = {.tv_sec = dwMilliseconds / 1000,
                            .tv_nsec = (long)(dwMilliseconds % 1000) * 1000000};
    do {
        if (nanosleep(&left, &left) == 0 && dwMilliseconds != INFINITE)
            return;
    } while (dwMilliseconds == INFINITE || errno == EINTR);
}
