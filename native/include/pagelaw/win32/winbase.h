/* What is left of the base functions. */
#ifndef PAGELAW_WIN32_WINBASE_H
#define PAGELAW_WIN32_WINBASE_H

#include "errhandlingapi.h"
#include "memoryapi.h"
#include "processthreadsapi.h"
#include "sysinfoapi.h"

#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#define ZeroMemory RtlZeroMemory
#define SecureZeroMemory RtlSecureZeroMemory

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#define INFINITE 0xFFFFFFFFu

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a touch would fault, found out by touching, as Windows does: a guard page in the range is
 * disarmed and counts as bad. A range of 0 bytes is good. Microsoft's advice is not to use them. */
BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb);
BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb);
BOOL WINAPI IsBadHugeReadPtr(const VOID *lp, UINT_PTR ucb);
BOOL WINAPI IsBadHugeWritePtr(LPVOID lp, UINT_PTR ucb);
BOOL WINAPI IsBadCodePtr(FARPROC lpfn);
BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax);
BOOL WINAPI IsBadStringPtrW(LPCWSTR lpsz, UINT_PTR ucchMax);
#ifdef UNICODE
#define IsBadStringPtr IsBadStringPtrW
#else
#define IsBadStringPtr IsBadStringPtrA
#endif

/* Waits for so many milliseconds. */
VOID WINAPI Sleep(DWORD dwMilliseconds);

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

#ifdef __cplusplus
}
#endif

#endif
