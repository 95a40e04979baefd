/* The last error, and exceptions by call. `__try` and its kin are in excpt.h. */
#ifndef PAGELAW_WIN32_ERRHANDLINGAPI_H
#define PAGELAW_WIN32_ERRHANDLINGAPI_H

#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of this thread. A function that succeeds leaves it alone. */
DWORD WINAPI GetLastError(void);
VOID WINAPI SetLastError(DWORD dwErrCode);

/* Raises an exception: by vectored handlers, then by the frames of this thread, innermost first.
 * Returns if one of them continues. At most 15 arguments are taken. Changes to the ContextRecord
 * are not adopted. */
VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                           const ULONG_PTR *lpArguments);

/* Has all threads ask the handler before any frame: the first of all if First is not 0, else the
 * last. It answers EXCEPTION_CONTINUE_EXECUTION or EXCEPTION_CONTINUE_SEARCH. NULL if there is no
 * memory; otherwise what RemoveVectoredExceptionHandler takes, who answers 0 if there is no such
 * handler (any more). A handler may add and remove handlers, itself too. */
PVOID WINAPI AddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);
ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handle);

typedef LONG(WINAPI *PTOP_LEVEL_EXCEPTION_FILTER)(PEXCEPTION_POINTERS ExceptionInfo);
typedef PTOP_LEVEL_EXCEPTION_FILTER LPTOP_LEVEL_EXCEPTION_FILTER;

/* Has the filter asked when no frame takes an exception; NULL: none. Answers the one before. If it
 * says EXCEPTION_EXECUTE_HANDLER the process ends without a message. */
LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter);

#ifdef __cplusplus
}
#endif

#endif
