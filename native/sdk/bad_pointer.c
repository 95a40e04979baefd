/* IsBadReadPtr and its kin: they touch, and see what comes of it. */
#include "excpt.h"
#include "winbase.h"

static UINT_PTR page_size(void)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return system.dwPageSize;
}

/* Touches a byte of each page, by reading it and, if that is asked, writing it back. */
static BOOL is_bad(const VOID *pointer, UINT_PTR size, BOOL writes)
{
    UINT_PTR first = (UINT_PTR)pointer, last = first + size - 1, page = page_size();
    if (size == 0)
        return FALSE;
    if (pointer == NULL || last < first)
        return TRUE;
    BOOL volatile bad = FALSE;
    __try {
        for (UINT_PTR at = first; at <= last && at >= first; at = (at / page + 1) * page) {
            volatile BYTE *byte = (volatile BYTE *)at;
            BYTE value = *byte;
            if (writes)
                *byte = value;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        bad = TRUE;
    }
    return bad;
}

BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb)
{
    return is_bad(lp, ucb, FALSE);
}

BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb)
{
    return is_bad(lp, ucb, TRUE);
}

BOOL WINAPI IsBadHugeReadPtr(const VOID *lp, UINT_PTR ucb)
{
    return IsBadReadPtr(lp, ucb);
}

BOOL WINAPI IsBadHugeWritePtr(LPVOID lp, UINT_PTR ucb)
{
    return IsBadWritePtr(lp, ucb);
}

BOOL WINAPI IsBadCodePtr(FARPROC lpfn)
{
    return IsBadReadPtr((const VOID *)(UINT_PTR)lpfn, 1);
}

BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax)
{
    BOOL volatile bad = FALSE;
    if (lpsz == NULL)
        return ucchMax != 0;
    __try {
        volatile const CHAR *at = lpsz;
        for (UINT_PTR i = 0; i < ucchMax && at[i] != 0; i++)
            continue;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        bad = TRUE;
    }
    return bad;
}

BOOL WINAPI IsBadStringPtrW(LPCWSTR lpsz, UINT_PTR ucchMax)
{
    BOOL volatile bad = FALSE;
    if (lpsz == NULL)
        return ucchMax != 0;
    __try {
        volatile const WCHAR *at = lpsz;
        for (UINT_PTR i = 0; i < ucchMax && at[i] != 0; i++)
            continue;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        bad = TRUE;
    }
    return bad;
}
