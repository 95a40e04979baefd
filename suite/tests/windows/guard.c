/* A guard page, tried by VirtualLock as the SDK's own sample does, then by a store. */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>

int _tmain(int argc, TCHAR *argv[])
{
    SYSTEM_INFO system;
    MEMORY_BASIC_INFORMATION info;
    DWORD old = 0;
    LPBYTE page;

    UNREFERENCED_PARAMETER(argc);
    UNREFERENCED_PARAMETER(argv);
    GetSystemInfo(&system);
    page = (LPBYTE)VirtualAlloc(NULL, system.dwPageSize, MEM_RESERVE | MEM_COMMIT,
                                PAGE_READONLY | PAGE_GUARD);
    if (page == NULL) {
        _tprintf(TEXT("VirtualAlloc failed: %lu\n"), GetLastError());
        return 1;
    }
    if (!VirtualLock(page, system.dwPageSize))
        _tprintf(TEXT("The first lock failed: 0x%lX\n"), GetLastError());
    if (VirtualLock(page, system.dwPageSize))
        _tprintf(TEXT("The second lock worked\n"));
    if (VirtualQuery(page, &info, sizeof info) == sizeof info)
        _tprintf(TEXT("Protect is 0x%02lX, RegionSize %Iu\n"), info.Protect, info.RegionSize);
    if (!VirtualProtect(page, 1, PAGE_WRITECOPY, &old))
        _tprintf(TEXT("Error %lu\n"), GetLastError());
    if (!VirtualFreeEx(NULL, page, 0, MEM_RELEASE))
        _tprintf(TEXT("Error %d\n"), (int)GetLastError());
    return VirtualFreeEx(GetCurrentProcess(), page, 0, MEM_RELEASE) ? 0 : 1;
}
