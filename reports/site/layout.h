/* Three maps of one address space beside each other, cut where any of them changes. */
#ifndef SITE_LAYOUT_H
#define SITE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

enum layout_map { LAYOUT_BEFORE, LAYOUT_ALLOWED, LAYOUT_OBSERVED, LAYOUT_MAPS };

#define LAYOUT_ROWS_MAX 1024

/* From where one map changes to where the next does. */
struct layout_row {
    const char *start;                                /* in words of the language */
    uint64_t size;                                    /* bytes */
    const struct result_region *regions[LAYOUT_MAPS]; /* NULL: nothing is known there */
};

struct layout {
    struct layout_row *rows;
    size_t count;
};

/* Lays the maps of a difference out, for layout_free. False if there is none, if the texts are not
 * the addresses and sizes that they should be, or if memory ran out. */
bool layout_create(struct layout *layout, const struct result_difference *difference);
void layout_free(struct layout *layout);

/* Bytes of a size like "72K"; false if it is none. */
bool layout_read_size(const char *text, uint64_t *size);

const struct result_map *layout_map(const struct result_difference *difference,
                                    enum layout_map map);

#endif
