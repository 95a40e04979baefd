/* This process and this thread. */
#ifndef PAGELAW_WIN32_PROCESSTHREADSAPI_H
#define PAGELAW_WIN32_PROCESSTHREADSAPI_H

#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The pseudo handles -1 and -2. */
HANDLE WINAPI GetCurrentProcess(void);
HANDLE WINAPI GetCurrentThread(void);

/* The host's numbers. */
DWORD WINAPI GetCurrentProcessId(void);
DWORD WINAPI GetCurrentThreadId(void);

/* Ends the process as exit does. A host keeps the low 8 bits of the code. */
DECLSPEC_NORETURN VOID WINAPI ExitProcess(UINT uExitCode);

/* Ends this process at once. Any other handle is ERROR_INVALID_HANDLE. */
BOOL WINAPI TerminateProcess(HANDLE hProcess, UINT uExitCode);

/* Makes code that was written visible to whoever executes it. */
BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize);

#ifdef __cplusplus
}
#endif

#endif
