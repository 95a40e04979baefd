/* A program of wide characters: its arguments, its text, its formats. */
#define UNICODE
#define _UNICODE
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

int _tmain(int argc, TCHAR *argv[])
{
    LPCTSTR name = argc > 1 ? argv[1] : TEXT("nobody");
    TCHAR copy[40];

    _tcscpy(copy, name);
    _tprintf(TEXT("%d %s %Iu %c %S %lu\n"), argc, copy, _tcslen(copy), copy[0], "narrow",
             (DWORD)sizeof(TEXT('c')) / (DWORD)sizeof(TCHAR));
    return _tcscmp(copy, TEXT("some body")) == 0 ? 0 : 1;
}
