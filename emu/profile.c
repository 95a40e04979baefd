/* The profiles. */
#include "pagelaw/profile.h"

#include <stdbool.h>
#include <string.h>

#define K64 0x10000u

/* By processor, then by version. Address ranges: "Memory Limits for Windows Releases" and
 * "Virtual Address Space" (Memory), with the 64 KB below the boundary that KB 92764 tells of. */
static const struct pagelaw_profile profiles[] = {
    { .name = "windows-10-x86", .system = "Windows 10, 32-bit", .major = 10, .minor = 0,
      .build = 17134, .processor = PAGELAW_X86, .pointer_bytes = 4, .page_size = 4096,
      .granule = K64, .address_min = K64, .address_max = 0x7FFEFFFF },
    { .name = "windows-10-x64", .system = "Windows 10 1803 and later, 64-bit", .major = 10,
      .minor = 0, .build = 17134, .processor = PAGELAW_X64, .pointer_bytes = 8, .page_size = 4096,
      .granule = K64, .address_min = K64, .address_max = 0x7FFFFFFEFFFF },
    { .name = "windows-11-x64", .system = "Windows 11, 64-bit", .major = 10, .minor = 0,
      .build = 22000, .processor = PAGELAW_X64, .pointer_bytes = 8, .page_size = 4096,
      .granule = K64, .address_min = K64, .address_max = 0x7FFFFFFEFFFF },
    { .name = "windows-11-arm64", .system = "Windows 11 on ARM64", .major = 10, .minor = 0,
      .build = 22000, .processor = PAGELAW_ARM64, .pointer_bytes = 8, .page_size = 4096,
      .granule = K64, .address_min = K64, .address_max = 0x7FFFFFFEFFFF },
};

#define PROFILE_COUNT (sizeof profiles / sizeof *profiles)

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

static bool not_above(const struct pagelaw_profile *profile, uint16_t major, uint16_t minor,
                      uint32_t build)
{
    if (profile->major != major)
        return profile->major < major;
    if (profile->minor != minor)
        return profile->minor < minor;
    return profile->build <= build;
}

const struct pagelaw_profile *pagelaw_profile_for(enum pagelaw_processor processor, uint16_t major,
                                                  uint16_t minor, uint32_t build)
{
    const struct pagelaw_profile *best = NULL;
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (profiles[i].processor != processor)
            continue;
        if (best == NULL || not_above(&profiles[i], major, minor, build))
            best = &profiles[i];
    }
    return best;
}
