/* Rows of pages, field by field. */
#include "region.h"

#include <string.h>

const char *region_field(const struct result_region *region, enum region_field field)
{
    const char *const fields[] = {region->state, region->protect, region->allocation_base,
                                  region->allocation_protect, region->type};
    return fields[field];
}

size_t region_rows(const struct layout *layout, size_t row, enum layout_map map)
{
    const struct result_region *region = layout->rows[row].regions[map];
    if (row != 0 && layout->rows[row - 1].regions[map] == region)
        return 0;
    size_t rows = 1;
    while (row + rows < layout->count && layout->rows[row + rows].regions[map] == region)
        rows++;
    return rows;
}

/* That one is free and the other is not says all. */
static bool is_told_by_state(const struct result_region *one, const struct result_region *other,
                             enum region_field field)
{
    return field != REGION_STATE &&
           (strcmp(one->state, "MEM_FREE") == 0) != (strcmp(other->state, "MEM_FREE") == 0);
}

bool region_differs(const struct layout *layout, size_t row, enum layout_map map,
                    enum region_field field)
{
    if (map == LAYOUT_BEFORE)
        return false;
    enum layout_map beside = map == LAYOUT_ALLOWED ? LAYOUT_OBSERVED : LAYOUT_ALLOWED;
    const struct result_region *region = layout->rows[row].regions[map];
    for (; row < layout->count && layout->rows[row].regions[map] == region; row++) {
        const struct result_region *other = layout->rows[row].regions[beside];
        if (other != NULL && !is_told_by_state(region, other, field) &&
            strcmp(region_field(region, field), region_field(other, field)) != 0)
            return true;
    }
    return false;
}

bool region_tells(const struct result_region *region, enum region_field field)
{
    if (field == REGION_TYPE && strcmp(region->type, "MEM_PRIVATE") == 0)
        return false;
    if (field == REGION_PROTECT && strcmp(region->state, "MEM_RESERVE") == 0)
        return strcmp(region->protect, "0") != 0;
    return field == REGION_STATE || strcmp(region->state, "MEM_FREE") != 0;
}

const char *region_word(const char *text, size_t *length)
{
    static const char *const prefixes[] = {"PAGE_", "MEM_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t skipped = strlen(prefixes[i]);
        if (strncmp(text, prefixes[i], skipped) == 0 && text[skipped] != '\0')
            text += skipped;
    }
    const char *end = strstr(text, " | ");
    *length = end == NULL ? strlen(text) : (size_t)(end - text) + 3;
    return text;
}
