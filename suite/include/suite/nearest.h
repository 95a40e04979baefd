/* The known name that a mistyped one is nearest to. */
#ifndef SUITE_NEAREST_H
#define SUITE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *name; /* that was typed */
    size_t length;
    const char *found; /* the nearest so far, NULL if none is near */
    unsigned distance; /* only a name nearer than this counts */
};

struct nearest nearest_begin(const char *name, size_t length);

/* Considers a known name. */
void nearest_try(struct nearest *nearest, const char *known);

#endif
