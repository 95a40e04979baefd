/* The processors that Windows has run on. */
#include "pagelaw/profile.h"

#include <string.h>

static const struct {
    const char *name;
    uint8_t return_code[16];
    size_t length;
} processors[] = {
    [PAGELAW_X86] = {"x86", {0xC3}, 1},
    [PAGELAW_X64] = {"x64", {0xC3}, 1},
    [PAGELAW_ARM64] = {"arm64", {0xC0, 0x03, 0x5F, 0xD6}, 4},
    [PAGELAW_ALPHA] = {"alpha", {0x01, 0x80, 0xFA, 0x6B}, 4},
    [PAGELAW_IA64] = {"ia64",
                      {0x11, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x80, 0x08,
                       0x00, 0x84, 0x00},
                      16},
};

#define PROCESSOR_COUNT (sizeof processors / sizeof *processors)

const char *pagelaw_processor_name(enum pagelaw_processor processor)
{
    return processors[processor].name;
}

bool pagelaw_processor_find(const char *name, enum pagelaw_processor *processor)
{
    for (size_t i = 0; i < PROCESSOR_COUNT; i++) {
        if (strcmp(processors[i].name, name) == 0) {
            *processor = (enum pagelaw_processor)i;
            return true;
        }
    }
    return false;
}

const uint8_t *pagelaw_return_code(enum pagelaw_processor processor, size_t *length)
{
    *length = processors[processor].length;
    return processors[processor].return_code;
}
