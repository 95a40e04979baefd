/* A profile: which Windows the model plays. Data, not code paths. */
#ifndef PAGELAW_PROFILE_H
#define PAGELAW_PROFILE_H

#include <stddef.h>
#include <stdint.h>

enum pagelaw_processor { PAGELAW_X86, PAGELAW_X64, PAGELAW_ARM64 };

/* Behaviours in which one Windows differs from another; each has its rule in the rule table. */
enum pagelaw_quirk {
    /* A decommit with size 0 writes back the region's size (Windows 10 1709 and before);
     * later it writes back 0. */
    PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE = 1 << 0
};

struct pagelaw_profile {
    const char *name;   /* "windows-11-x64" */
    const char *system; /* in words, for a reader */
    uint16_t major, minor;
    uint32_t build; /* the lowest build that this profile stands for */
    enum pagelaw_processor processor;
    uint32_t pointer_bytes;
    uint32_t page_size;   /* bytes, a power of two */
    uint32_t granule;     /* allocation granularity in bytes, a multiple of page_size */
    uint64_t address_min; /* lowest and highest address that a program may use; the */
    uint64_t address_max; /* highest is the last byte, not one past it */
    uint32_t quirks;      /* of enum pagelaw_quirk */
};

/* The profile at `index`, or NULL past the last. */
const struct pagelaw_profile *pagelaw_profile_at(size_t index);

/* The profile of that name, or NULL. */
const struct pagelaw_profile *pagelaw_profile_find(const char *name);

/* The profile that stands for a system: same processor, and the highest version that is not above
 * the system's; the lowest of that processor when all are above it. NULL if there is none for the
 * processor. */
const struct pagelaw_profile *pagelaw_profile_for(enum pagelaw_processor processor, uint16_t major,
                                                  uint16_t minor, uint32_t build);

#endif
