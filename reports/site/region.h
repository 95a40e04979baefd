/* What a row of pages is told as, and what of it differs. */
#ifndef SITE_REGION_H
#define SITE_REGION_H

#include "layout.h"

enum region_field {
    REGION_STATE,
    REGION_PROTECT,
    REGION_BASE,
    REGION_GIVEN, /* the protection that the allocation was given */
    REGION_TYPE,
    REGION_FIELDS
};

const char *region_field(const struct result_region *region, enum region_field field);

/* Whether the law and the subject tell otherwise of any page of the region, which begins in `row`
 * of the layout. */
bool region_differs(const struct layout *layout, size_t row, enum layout_map map,
                    enum region_field field);

/* How many rows from this one on the region has; 0 if it began before. */
size_t region_rows(const struct layout *layout, size_t row, enum layout_map map);

/* Whether a field says something: of a free page, only that it is free. */
bool region_tells(const struct result_region *region, enum region_field field);

/* "READWRITE | GUARD" of "PAGE_READWRITE | PAGE_GUARD": the next part, and how long it is. */
const char *region_word(const char *text, size_t *length);

#endif
