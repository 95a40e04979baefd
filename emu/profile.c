/* The profiles: which Windows the model can play. */
#include "pagelaw/profile.h"

#include <string.h>

#define K4 4096u
#define K8 8192u
#define K64 0x10000u

/* Highest bytes. Sources: "Memory Limits for Windows Releases" and "Virtual Address Space"
 * (Memory), with the 64 KB below each boundary that KB 92764 tells of; for Windows 98 Richter,
 * ch. 13. */
#define GB2 0x7FFEFFFFu
#define GB3 0xBFFEFFFFu
#define TB7 0x6FBFFFEFFFFu
#define TB8 0x7FFFFFEFFFFu
#define TB128 0x7FFFFFFEFFFFu

#define UP_TO_WINDOWS_7                                                                            \
    (PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN | PAGELAW_QUIRK_LOW_OPEN | UP_TO_WINDOWS_10_1709)
#define UP_TO_WINDOWS_10_1709 (UP_TO_WINDOWS_10_1809 | PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE)
#define UP_TO_WINDOWS_10_1809 PAGELAW_QUIRK_CACHE_OPEN

#define PROCESSOR_X86 .processor = PAGELAW_X86, .pointer_bytes = 4, .page_size = K4, .granule = K64
#define PROCESSOR_X64 .processor = PAGELAW_X64, .pointer_bytes = 8, .page_size = K4, .granule = K64
#define PROCESSOR_ARM64                                                                            \
    .processor = PAGELAW_ARM64, .pointer_bytes = 8, .page_size = K4, .granule = K64
#define PROCESSOR_ALPHA                                                                            \
    .processor = PAGELAW_ALPHA, .pointer_bytes = 4, .page_size = K8, .granule = K64
#define PROCESSOR_IA64                                                                             \
    .processor = PAGELAW_IA64, .pointer_bytes = 8, .page_size = K8, .granule = K64

/* By version. */
static const struct pagelaw_profile profiles[] = {
    {.name = "windows-98",
     .system = "Windows 98",
     .version = {4, 10, 1998},
     PROCESSOR_X86,
     .address_min = 0x400000,
     .address_max = 0x7FFFFFFF,
     .quirks = PAGELAW_QUIRK_9X | PAGELAW_QUIRK_NO_DEP,
     .by_name_only = true},
    {.name = "windows-2000-x86",
     .system = "Windows 2000",
     .version = {5, 0, 2195},
     PROCESSOR_X86,
     .address_min = K64,
     .address_max = GB2,
     .quirks = PAGELAW_QUIRK_NO_DEP | PAGELAW_QUIRK_ZEROBITS_ONE_OPEN | UP_TO_WINDOWS_7},
    {.name = "windows-2000-alpha",
     .system = "Windows 2000 for Alpha, which was not released",
     .version = {5, 0, 2195},
     PROCESSOR_ALPHA,
     .address_min = K64,
     .address_max = GB2,
     .quirks = PAGELAW_QUIRK_NO_DEP | PAGELAW_QUIRK_ZEROBITS_ONE_OPEN | UP_TO_WINDOWS_7},
    {.name = "windows-xp-x86",
     .system = "Windows XP",
     .version = {5, 1, 2600},
     PROCESSOR_X86,
     .address_min = K64,
     .address_max = GB2,
     .quirks = PAGELAW_QUIRK_DEP_OPEN | PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED | UP_TO_WINDOWS_7},
    {.name = "windows-xp-x86-3gb",
     .system = "Windows XP with 4-gigabyte tuning",
     .version = {5, 1, 2600},
     PROCESSOR_X86,
     .address_min = K64,
     .address_max = GB3,
     .quirks = PAGELAW_QUIRK_DEP_OPEN | PAGELAW_QUIRK_ZEROBITS_ONE_OPEN | UP_TO_WINDOWS_7,
     .by_name_only = true},
    {.name = "windows-2003-ia64",
     .system = "Windows Server 2003 for Itanium",
     .version = {5, 2, 3790},
     PROCESSOR_IA64,
     .address_min = K64,
     .address_max = TB7,
     .quirks = PAGELAW_QUIRK_DEP_OPEN | PAGELAW_QUIRK_ZEROBITS_ONE_OPEN | UP_TO_WINDOWS_7},
    {.name = "windows-7-x86",
     .system = "Windows 7, 32-bit",
     .version = {6, 1, 7600},
     PROCESSOR_X86,
     .address_min = K64,
     .address_max = GB2,
     .quirks = UP_TO_WINDOWS_7},
    {.name = "windows-7-x64",
     .system = "Windows 7, 64-bit",
     .version = {6, 1, 7600},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB8,
     .quirks = UP_TO_WINDOWS_7},
    {.name = "windows-8.1-x64",
     .system = "Windows 8.1, 64-bit",
     .version = {6, 3, 9600},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128,
     .quirks = UP_TO_WINDOWS_10_1709},
    {.name = "windows-10-1507-x64",
     .system = "Windows 10 1507, 64-bit",
     .version = {10, 0, 10240},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128,
     .quirks = UP_TO_WINDOWS_10_1709},
    {.name = "windows-10-1709-x64",
     .system = "Windows 10 1709, 64-bit",
     .version = {10, 0, 16299},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128,
     .quirks = UP_TO_WINDOWS_10_1709},
    {.name = "windows-10-1809-x64",
     .system = "Windows 10 1809, 64-bit",
     .version = {10, 0, 17763},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128,
     .quirks = PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS | UP_TO_WINDOWS_10_1809},
    {.name = "windows-10-x86",
     .system = "Windows 10 1903 and later, 32-bit",
     .version = {10, 0, 18362},
     PROCESSOR_X86,
     .address_min = K64,
     .address_max = GB2},
    {.name = "windows-10-x64",
     .system = "Windows 10 1903 and later, 64-bit",
     .version = {10, 0, 18362},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128},
    {.name = "windows-11-x64",
     .system = "Windows 11, 64-bit",
     .version = {10, 0, 22000},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128},
    {.name = "windows-11-arm64",
     .system = "Windows 11 on ARM64",
     .version = {10, 0, 22000},
     PROCESSOR_ARM64,
     .address_min = K64,
     .address_max = TB128},
    {.name = "documented",
     .system = "what the documents state, and nothing else",
     .version = {10, 0, 22000},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB128,
     .quirks = PAGELAW_QUIRK_DOCUMENTS_ONLY,
     .by_name_only = true},
    {.name = "documented-8tb",
     .system = "what the documents state of 64-bit Windows up to 8, and nothing else",
     .version = {6, 1, 7600},
     PROCESSOR_X64,
     .address_min = K64,
     .address_max = TB8,
     .quirks = PAGELAW_QUIRK_DOCUMENTS_ONLY | UP_TO_WINDOWS_7,
     .by_name_only = true},
};

#define PROFILE_COUNT (sizeof profiles / sizeof *profiles)

#define NT_FIRST                                                                                   \
    {                                                                                              \
        5, 0, 2195                                                                                 \
    }

static const struct pagelaw_quirk_info quirks[] = {
    {PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE,
     "a native decommit of size 0 writes the allocation's size back",
     "Seen on Windows: ntdll/tests/virtual.c, test_NtAllocateVirtualMemory",
     NT_FIRST,
     {10, 0, 16299}},
    {PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED,
     "ZeroBits 1 is STATUS_INVALID_PARAMETER_3",
     "Seen on Windows: ntdll/tests/virtual.c, test_NtAllocateVirtualMemory",
     {5, 1, 0},
     {5, 1, 2600}},
    {PAGELAW_QUIRK_ZEROBITS_ONE_OPEN,
     "whether ZeroBits 1 is STATUS_INVALID_PARAMETER_3",
     "Seen on Windows XP alone, and not with 4-gigabyte tuning: ntdll/tests/virtual.c, "
     "test_NtAllocateVirtualMemory; against it NtAllocateVirtualMemory (ntifs.h)",
     NT_FIRST,
     {5, 2, 3790}},
    {PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS,
     "ZeroBits 20 is STATUS_CONFLICTING_ADDRESSES",
     "Seen on Windows: ntdll/tests/virtual.c, test_NtAllocateVirtualMemory",
     {10, 0, 17763},
     {10, 0, 17763}},
    {PAGELAW_QUIRK_CACHE_OPEN,
     "whether PAGE_NOCACHE belongs to the page or to the allocation",
     "Seen on Windows, older versions that are not named: kernel32/tests/virtual.c, "
     "test_VirtualAlloc",
     NT_FIRST,
     {10, 0, 17763}},
    {PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN,
     "what a failed protect writes as the old protection",
     "Seen on Windows: ntdll/tests/virtual.c, test_NtProtectVirtualMemory",
     NT_FIRST,
     {6, 1, 7601}},
    {PAGELAW_QUIRK_LOW_OPEN,
     "whether a native call can reserve the lowest 64 KB",
     "NT 5.2, which does not check it in NtAllocateVirtualMemory; against it KB 92764",
     NT_FIRST,
     {6, 1, 7601}},
    {PAGELAW_QUIRK_NO_DEP,
     "whatever can be read can be executed",
     "Data Execution Prevention (Memory), requirements",
     {4, 0, 0},
     {5, 0, 2195}},
    {PAGELAW_QUIRK_DEP_OPEN,
     "whether data can be executed: by service pack and settings",
     "Data Execution Prevention (Memory), requirements",
     {5, 1, 0},
     {5, 2, 3790}},
    {PAGELAW_QUIRK_9X,
     "no native floor, three protections, top-down ignored, other errors",
     "Richter, Programming Applications for Windows, ch. 13 and 15",
     {4, 0, 0},
     {4, 90, 3000}},
};

const struct pagelaw_profile *pagelaw_profile_at(size_t index)
{
    return index < PROFILE_COUNT ? &profiles[index] : NULL;
}

const struct pagelaw_profile *pagelaw_profile_find(const char *name)
{
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    }
    return NULL;
}

const struct pagelaw_quirk_info *pagelaw_quirk_at(size_t index)
{
    return index < sizeof quirks / sizeof *quirks ? &quirks[index] : NULL;
}

int pagelaw_version_compare(struct pagelaw_version a, struct pagelaw_version b)
{
    if (a.major != b.major)
        return a.major < b.major ? -1 : 1;
    if (a.minor != b.minor)
        return a.minor < b.minor ? -1 : 1;
    return a.build < b.build ? -1 : a.build > b.build;
}

const struct pagelaw_profile *pagelaw_profile_for(enum pagelaw_processor processor,
                                                  struct pagelaw_version version)
{
    const struct pagelaw_profile *best = NULL;
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (profiles[i].processor != processor || profiles[i].by_name_only)
            continue;
        if (best == NULL || pagelaw_version_compare(profiles[i].version, version) <= 0)
            best = &profiles[i];
    }
    return best;
}
