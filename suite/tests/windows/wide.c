/* A program of wide characters: its arguments, its text, its formats. */
#define UNICODE
#define _UNICODE
#include <windows.h>
#include <tchar.h>
#include <stdio.h>
#include <stdlib.h>

int _tmain(int argc, TCHAR *argv[])
{
    LPCTSTR name = argc > 1 ? argv[1] : TEXT("nobody");
    TCHAR copy[40], cut[8] = TEXT("-------"), *twin = _tcsdup(name);

    _tcscpy(copy, name);
    _tprintf(TEXT("%d %s %Iu %c %S %lu\n"), argc, copy, _tcslen(copy), copy[0], "narrow",
             (DWORD)sizeof(TEXT('c')) / (DWORD)sizeof(TCHAR));
    _tprintf(TEXT("%d %d %d\n"), _tcsicmp(twin, TEXT("SOME BODY")),
             _tcsnicmp(twin, TEXT("SOMEONE"), 4), _tcsnicmp(twin, TEXT("SOMEONE"), 5) < 0);
    free(twin);
    _tprintf(TEXT("%d "), _sntprintf(cut, 4, TEXT("%s"), copy));
    _tprintf(TEXT("%s "), cut);
    _tprintf(TEXT("%d "), _sntprintf(cut, 4, TEXT("%d"), 1234));
    _tprintf(TEXT("%s "), cut);
    _tprintf(TEXT("%d "), _snwprintf(cut, 4, L"%Iu", (SIZE_T)7));
    _tprintf(TEXT("%s\n"), cut);
    return _tcscmp(copy, TEXT("some body")) == 0 ? 0 : 1;
}
