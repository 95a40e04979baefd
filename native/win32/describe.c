/* Which Windows this is, in numbers and in words. */
#include "describe.h"

#include <stdio.h>
#include <string.h>

#include "probe.h"

describe_function describe_entry(const wchar_t *module, const char *name)
{
    HMODULE handle = GetModuleHandleW(module);
    return handle == NULL ? NULL : (describe_function)GetProcAddress(handle, name);
}

void describe_memory(struct subject_info *info)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    info->page_size = system.dwPageSize;
    info->granule = system.dwAllocationGranularity;
    info->address_min = (uintptr_t)system.lpMinimumApplicationAddress;
    info->address_max = (uintptr_t)system.lpMaximumApplicationAddress;
}

/* GetVersionEx tells a program without a manifest that it runs on Windows 8; this one does not. */
static void describe_version(struct subject_info *info)
{
    typedef LONG(WINAPI * rtl_get_version)(OSVERSIONINFOW *);
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    rtl_get_version get = (rtl_get_version)describe_entry(L"ntdll.dll", "RtlGetVersion");
    if (get == NULL || get(&version) != 0)
        return;
    info->major = version.dwMajorVersion;
    info->minor = version.dwMinorVersion;
    info->build = version.dwBuildNumber;
}

static void describe_words(struct subject_info *info)
{
    typedef const char *(*wine_get_version)(void);
    wine_get_version wine = (wine_get_version)describe_entry(L"ntdll.dll", "wine_get_version");
    char windows[64];
    snprintf(windows, sizeof windows, "Windows %u.%u.%u", (unsigned)info->major,
             (unsigned)info->minor, (unsigned)info->build);
    if (wine == NULL)
        snprintf(info->system, sizeof info->system, "%s", windows);
    else
        snprintf(info->system, sizeof info->system, "Wine %.32s as %s", wine(), windows);
}

void describe_system(struct subject_info *info)
{
    memset(info, 0, sizeof *info);
    snprintf(info->backend, sizeof info->backend, "win32");
    snprintf(info->processor, sizeof info->processor, "%s", probe_processor);
    info->pointer_bytes = sizeof(void *);
    describe_version(info);
    describe_words(info);
    describe_memory(info);
}
