/* The ranges of memory that a run watches, and their map. */
#ifndef SUITE_WATCHES_H
#define SUITE_WATCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "suite/backend.h"
#include "suite/trace.h"

/* `maps` holds the map that was told last and, while one is taken, the new one. */
struct watches {
    struct trace_watch list[TRACE_WATCHES_MAX];
    unsigned count;
    struct subject_region maps[2][TRACE_REGIONS_MAX];
    unsigned told; /* index of the map told last */
    unsigned told_count;
    bool none_told;  /* the last map could not be taken */
    unsigned mapped; /* regions told in all */
};

/* Whether a byte of [base, base + size) is watched. */
bool watches_overlap(const struct watches *watches, uint64_t base, uint64_t size);

/* False if there are as many as there may be. */
bool watches_add(struct watches *watches, uint64_t base, uint64_t size);

enum map_news { MAP_SAME, MAP_NONE, MAP_NEW };

/* Takes the map of all watches by VirtualQuery. Of MAP_NEW, it is `told_count` regions at
 * maps[told]. MAP_NONE: there is no VirtualQuery, it failed, or there are too many regions. */
enum map_news watches_take_map(struct watches *watches, const struct backend *backend,
                               uint64_t mbi_size);

#endif
