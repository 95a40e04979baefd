/* The address space around a step: before it, and after it as the law says beside as it was. */
#include <string.h>

#include "html.h"
#include "region.h"

static const char *const heads[] = {"Before", "After, allowed", "After, observed"};

/* ---- A row of pages ---- */

static void put_words(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t length;
        text = region_word(text, &length);
        html_part(out, text, length);
        text += length;
    }
}

static void put_field(FILE *out, const struct layout *layout, size_t row, enum layout_map map,
                      enum region_field field)
{
    static const char *const before[] = {"", "", "of ", "given ", ""};
    const struct result_region *region = layout->rows[row].regions[map];
    bool differs = region_differs(layout, row, map, field);
    if (!differs && !region_tells(region, field))
        return;
    fputs(differs ? "<mark>" : "", out);
    bool bare = field == REGION_PROTECT && strcmp(region->protect, "0") == 0;
    html_put(out, "<span class=\"f%u\">%s", (size_t)field, bare ? "protect " : before[field]);
    put_words(out, region_field(region, field));
    fputs(differs ? "</span></mark> " : "</span> ", out);
}

static const char *class_of_state(const char *state)
{
    return strcmp(state, "MEM_COMMIT") == 0    ? "commit"
           : strcmp(state, "MEM_RESERVE") == 0 ? "reserve"
           : strcmp(state, "MEM_FREE") == 0    ? "free"
                                               : "odd";
}

static void put_region(FILE *out, const struct layout *layout, size_t row, enum layout_map map)
{
    const struct result_region *region = layout->rows[row].regions[map];
    size_t rows = region_rows(layout, row, map);
    if (rows == 0)
        return;
    html_put(out, "<td rowspan=\"%u\" class=\"%s\">", rows,
             region == NULL ? "gap" : class_of_state(region->state));
    for (int field = 0; region != NULL && field < REGION_FIELDS; field++)
        put_field(out, layout, row, map, (enum region_field)field);
    fputs("</td>", out);
}

/* ---- Rows ---- */

/* Eight heights, by the logarithm of the size. */
static size_t height_of(uint64_t size)
{
    size_t height = 0;
    for (size >>= 12; size > 1 && height < 7; size >>= 2)
        height++;
    return height;
}

static void put_size(FILE *out, uint64_t size)
{
    static const char units[] = " KMGT";
    size_t unit = 0;
    while (units[unit + 1] != '\0' && size % 1024 == 0 && size != 0) {
        size /= 1024;
        unit++;
    }
    html_put(out, "%u", (size_t)size);
    if (unit != 0)
        fputc(units[unit], out);
}

static void put_row(FILE *out, const struct layout *layout, const struct result_difference *of,
                    size_t row)
{
    const struct layout_row *at = &layout->rows[row];
    html_put(out, "<tr class=\"z%u\"><th scope=\"row\">%s</th><td class=\"size\">",
             height_of(at->size), at->start == NULL ? "\xe2\x80\xa6" : at->start);
    put_size(out, at->size);
    fputs("</td>", out);
    for (int map = 0; map < LAYOUT_MAPS; map++) {
        if (layout_map(of, (enum layout_map)map)->known)
            put_region(out, layout, row, (enum layout_map)map);
    }
    fputs("</tr>\n", out);
}

static void put_head(FILE *out, const struct result_difference *difference)
{
    fputs("<div class=\"scroll short\" role=\"group\" aria-label=\"The address space\" "
          "tabindex=\"0\"><table class=\"map\"><caption>The address space</caption><thead><tr>"
          "<th scope=\"col\">From</th><th scope=\"col\">Size</th>",
          out);
    for (int map = 0; map < LAYOUT_MAPS; map++) {
        if (layout_map(difference, (enum layout_map)map)->known)
            html_put(out, "<th scope=\"col\">%s</th>", heads[map]);
    }
    fputs("</tr></thead><tbody>\n", out);
}

/* ---- Maps that do not fit beside each other ---- */

static void put_plain(FILE *out, const struct result_difference *difference)
{
    for (int which = 0; which < LAYOUT_MAPS; which++) {
        const struct result_map *map = layout_map(difference, (enum layout_map)which);
        if (!map->known)
            continue;
        html_put(out, "<p>%s:</p><ul class=\"rows\">\n", heads[which]);
        for (unsigned i = 0; i < map->region_count; i++) {
            const struct result_region *region = &map->regions[i];
            html_put(out, "<li><code>%s, %s: %s %s of %s, given %s, %s</code>\n", region->start,
                     region->size, region->state, region->protect, region->allocation_base,
                     region->allocation_protect, region->type);
        }
        fputs("</ul>\n", out);
    }
}

void html_map(FILE *out, const struct result_difference *difference)
{
    struct layout layout;
    if (!layout_create(&layout, difference)) {
        put_plain(out, difference);
        return;
    }
    put_head(out, difference);
    for (size_t row = 0; row < layout.count; row++)
        put_row(out, &layout, difference, row);
    fputs("</tbody></table></div>\n", out);
    layout_free(&layout);
}
