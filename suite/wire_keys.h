/* What the makers and the readers of the wire's lines share. */
#ifndef SUITE_WIRE_KEYS_H
#define SUITE_WIRE_KEYS_H

#include <stdbool.h>

#include "suite/scenario.h"

/* What a `done` record tells, for each operation, in the order of these bits. */
enum wire_key {
    KEY_VALUE = 1,
    KEY_ERROR = 2,
    KEY_BASE = 4,
    KEY_SIZE = 8,
    KEY_OLD_PROTECT = 16,
    KEY_REGION = 32,
    KEY_INFO = 64,
    KEY_EXCEPTION = 128,
    KEY_TOUCHED = 256,
    KEY_RUNS = 512
};

extern const unsigned wire_keys[OPERATION_END];

/* Characters that no line has within it. */
static inline bool wire_is_control(char character)
{
    return (unsigned char)character < 0x20 || character == 0x7f;
}

#endif
