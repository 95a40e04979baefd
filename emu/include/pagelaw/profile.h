/* A profile: which Windows the model plays. Data, not code paths. */
#ifndef PAGELAW_PROFILE_H
#define PAGELAW_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum pagelaw_processor { PAGELAW_X86, PAGELAW_X64, PAGELAW_ARM64, PAGELAW_ALPHA, PAGELAW_IA64 };

/* Behaviours in which one Windows differs from another. Which version has which is in the table of
 * quirks, and each profile lists its own. */
enum pagelaw_quirk {
    /* A decommit with size 0 writes back the allocation's size; later it writes back 0. */
    PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE = 1 << 0,
    /* ZeroBits 1 without an address is refused. */
    PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED = 1 << 1,
    /* ZeroBits 20 answers STATUS_CONFLICTING_ADDRESSES where others find no memory. */
    PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS = 1 << 2,
    /* Whether PAGE_NOCACHE belongs to a page or to the allocation is not known. */
    PAGELAW_QUIRK_CACHE_OPEN = 1 << 3,
    /* What a protect that fails for its pages writes as the old protection is not known. */
    PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN = 1 << 4,
    /* Whatever can be read can be executed. */
    PAGELAW_QUIRK_NO_DEP = 1 << 5,
    /* Whether data can be executed depends on the service pack and on settings. */
    PAGELAW_QUIRK_DEP_OPEN = 1 << 6,
    /* Windows 95 and 98: no native floor, three protections, top-down ignored, other errors. */
    PAGELAW_QUIRK_9X = 1 << 7,
    /* No Windows: the documents alone. Only what they state binds, and seldom an error code. */
    PAGELAW_QUIRK_DOCUMENTS_ONLY = 1 << 8,
    /* Whether a native call can reserve the lowest 64 KB is not known. */
    PAGELAW_QUIRK_LOW_OPEN = 1 << 9,
    /* Whether ZeroBits 1 is refused is not known. */
    PAGELAW_QUIRK_ZEROBITS_ONE_OPEN = 1 << 10
};

/* A Windows version; all parts are compared, the first first. */
struct pagelaw_version {
    uint16_t major, minor;
    uint32_t build;
};

struct pagelaw_profile {
    const char *name;               /* "windows-11-x64" */
    const char *system;             /* in words, for a reader */
    struct pagelaw_version version; /* the lowest that it stands for */
    enum pagelaw_processor processor;
    uint32_t pointer_bytes;
    uint32_t page_size;   /* bytes, a power of two */
    uint32_t granule;     /* allocation granularity in bytes, a multiple of page_size */
    uint64_t address_min; /* lowest and highest address that a program may use; the */
    uint64_t address_max; /* highest is the last byte, not one past it */
    uint32_t quirks;      /* of enum pagelaw_quirk */
    bool by_name_only;    /* no subject's version chooses it */
};

/* A quirk and the versions that have it, both ends included. */
struct pagelaw_quirk_info {
    enum pagelaw_quirk quirk;
    const char *what, *source;
    struct pagelaw_version first, last;
};

/* The quirk at `index`, or NULL past the last. */
const struct pagelaw_quirk_info *pagelaw_quirk_at(size_t index);

/* Negative, 0 or positive as a version is before, equal to or after another. */
int pagelaw_version_compare(struct pagelaw_version a, struct pagelaw_version b);

/* "x86", "x64", "arm64", "alpha", "ia64"; and back, false if there is no such processor. */
const char *pagelaw_processor_name(enum pagelaw_processor processor);
bool pagelaw_processor_find(const char *name, enum pagelaw_processor *processor);

/* The machine code of the shortest function that only returns; its length in bytes in *length. */
const uint8_t *pagelaw_return_code(enum pagelaw_processor processor, size_t *length);

/* The profile at `index`, or NULL past the last. */
const struct pagelaw_profile *pagelaw_profile_at(size_t index);

/* The profile of that name, or NULL. */
const struct pagelaw_profile *pagelaw_profile_find(const char *name);

/* The profile that stands for a system: same processor, and the highest version that is not above
 * the system's; the lowest of that processor when all are above it. NULL if there is none for the
 * processor. */
const struct pagelaw_profile *pagelaw_profile_for(enum pagelaw_processor processor,
                                                  struct pagelaw_version version);

#ifdef __cplusplus
}
#endif

#endif
