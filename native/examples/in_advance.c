/* A dynamic array that commits its pages before it needs them: on_demand.c without exceptions.
 *
 * Room for the whole array is reserved, which costs no memory. Before each store the program looks
 * whether the element's page is committed, and commits it if it is not.
 *
 * Linux:    cc in_advance.c $(pkg-config --cflags --libs pagelaw-win32)
 * Windows:  cl in_advance.c */
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

/* Pages are committed in order, each when the first element of it is stored. */
static BOOL Store(ARRAY *array, SIZE_T index, TCHAR value)
{
    SIZE_T committed = array->PagesCommitted * array->PageSize;

    if (index * sizeof(TCHAR) >= committed) {
        if (VirtualAlloc((LPBYTE)array->Elements + committed, array->PageSize, MEM_COMMIT,
                         PAGE_READWRITE) == NULL)
            return FALSE;
        array->PagesCommitted++;
    }
    array->Elements[index] = value;
    return TRUE;
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
        if (!Store(array, i, (TCHAR)(TEXT('a') + i % 26))) {
            _tprintf(TEXT("Element %Iu could not be stored: error %lu.\n"), i, GetLastError());
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
