/* A dynamic array that grows by its own page faults.
 *
 * Room for the whole array is reserved, which costs no memory. The program stores into it as if all
 * of it were there; the first store into each page faults, and the filter of the exception
 * commits that page and lets the store go on. When the pages are used up, or the fault is not in
 * the array, the handler runs.
 *
 * Linux:    cc on_demand.c $(pkg-config --cflags --libs pagelaw-win32)
 * Windows:  cl on_demand.c */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

#define PAGES_MAX 80

typedef struct _ARRAY {
    LPTSTR Elements;
    SIZE_T PageSize;
    DWORD PagesCommitted;
    SIZE_T Capacity; /* in elements */
} ARRAY;

/* In a function of its own: some compilers for Windows take a __try block for one that cannot
 * fault unless it calls something. */
__declspec(noinline) static void Store(ARRAY *array, SIZE_T index, TCHAR value)
{
    array->Elements[index] = value;
}

/* Commits the page that was missing. */
static LONG CommitOnFault(ARRAY *array, const EXCEPTION_RECORD *record)
{
    ULONG_PTR base = (ULONG_PTR)array->Elements;
    ULONG_PTR address = record->ExceptionInformation[1];

    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || address < base ||
        address - base >= PAGES_MAX * array->PageSize)
        return EXCEPTION_CONTINUE_SEARCH;
    if (VirtualAlloc((LPVOID)address, 1, MEM_COMMIT, PAGE_READWRITE) == NULL) {
        _tprintf(TEXT("No more memory: error %lu.\n"), GetLastError());
        return EXCEPTION_EXECUTE_HANDLER;
    }
    array->PagesCommitted++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static BOOL Open(ARRAY *array)
{
    SYSTEM_INFO system;

    GetSystemInfo(&system);
    array->PageSize = system.dwPageSize;
    array->PagesCommitted = 0;
    array->Capacity = PAGES_MAX * array->PageSize / sizeof(TCHAR);
    array->Elements =
        (LPTSTR)VirtualAlloc(NULL, PAGES_MAX * array->PageSize, MEM_RESERVE, PAGE_NOACCESS);
    return array->Elements != NULL;
}

static BOOL Fill(ARRAY *array)
{
    SIZE_T i;

    for (i = 0; i < array->Capacity; i++) {
        __try {
            Store(array, i, (TCHAR)(TEXT('a') + i % 26));
        } __except (CommitOnFault(array, GetExceptionInformation()->ExceptionRecord)) {
            _tprintf(TEXT("Element %Iu could not be stored.\n"), i);
            return FALSE;
        }
    }
    return TRUE;
}

static BOOL Check(const ARRAY *array)
{
    SIZE_T i;

    for (i = 0; i < array->Capacity; i++)
        if (array->Elements[i] != (TCHAR)(TEXT('a') + i % 26))
            return FALSE;
    return TRUE;
}

int _tmain(void)
{
    static ARRAY array;

    if (!Open(&array)) {
        _tprintf(TEXT("VirtualAlloc failed: error %lu.\n"), GetLastError());
        return 1;
    }
    _tprintf(TEXT("Reserved %Iu bytes; committed %lu pages.\n"), PAGES_MAX * array.PageSize,
             array.PagesCommitted);
    if (!Fill(&array))
        return 1;
    _tprintf(TEXT("Stored %Iu bytes; committed %lu pages.\n"), array.Capacity * sizeof(TCHAR),
             array.PagesCommitted);
    _tprintf(TEXT("The elements are %s.\n"), Check(&array) ? TEXT("right") : TEXT("wrong"));
    if (!VirtualFree(array.Elements, 0, MEM_RELEASE)) {
        _tprintf(TEXT("VirtualFree failed: error %lu.\n"), GetLastError());
        return 1;
    }
    _tprintf(TEXT("Released.\n"));
    return 0;
}
