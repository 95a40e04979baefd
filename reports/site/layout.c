/* Three maps beside each other.
 *
 * Addresses are words: "h + 8K" is 8 KB into the segment h. Segments keep the order in which maps
 * name them. A name that begins in the midst of a segment, of which another map tells without it,
 * is a place in that segment. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 64

struct segment {
    const char *name;
    size_t length;
    uint64_t end;  /* the highest that any map tells of under this name */
    unsigned maps; /* a bit for each in which it is a name */
};

struct place {
    size_t segment;
    uint64_t start, size;
    const struct result_region *region;
    enum layout_map map;
};

struct laying {
    struct segment segments[SEGMENTS_MAX];
    size_t segment_count;
    struct place *places;
    size_t place_count;
};

const struct result_map *layout_map(const struct result_difference *difference, enum layout_map map)
{
    return map == LAYOUT_BEFORE    ? &difference->before
           : map == LAYOUT_ALLOWED ? &difference->after_allowed
                                   : &difference->after_observed;
}

bool layout_read_size(const char *text, uint64_t *size)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    uint64_t value = strtoull(text, &end, 0), unit = 1;
    for (const char *units = "KMGT"; *units != '\0' && *end != '\0'; units++) {
        unit *= 1024;
        if (*end == *units) {
            end++;
            break;
        }
    }
    if (*end != '\0' || value > UINT64_MAX / 4 / unit)
        return false;
    *size = value * unit;
    return true;
}

/* "h + 8K" as the name's length and the offset. */
static bool read_start(const char *text, size_t *length, uint64_t *offset)
{
    const char *plus = strstr(text, " + ");
    *length = plus == NULL ? strlen(text) : (size_t)(plus - text);
    *offset = 0;
    return *length != 0 && strchr(text, '-') == NULL &&
           (plus == NULL || layout_read_size(plus + 3, offset));
}

static size_t find_segment(struct laying *laying, const char *name, size_t length)
{
    for (size_t i = 0; i < laying->segment_count; i++) {
        const struct segment *segment = &laying->segments[i];
        if (segment->length == length && memcmp(segment->name, name, length) == 0)
            return i;
    }
    return laying->segment_count;
}

/* First all names, and how far they reach. */
static bool name_segments(struct laying *laying, const struct result_map *map, unsigned bit)
{
    for (unsigned i = 0; i < map->region_count; i++) {
        size_t length;
        uint64_t offset, size;
        const char *start = map->regions[i].start;
        if (!read_start(start, &length, &offset) ||
            !layout_read_size(map->regions[i].size, &size) || size == 0)
            return false;
        size_t found = find_segment(laying, start, length);
        if (found == SEGMENTS_MAX)
            return false;
        struct segment *segment = &laying->segments[found];
        if (found == laying->segment_count) {
            *segment = (struct segment){.name = start, .length = length};
            laying->segment_count++;
        }
        segment->maps |= bit;
        if (segment->end < offset + size)
            segment->end = offset + size;
    }
    return true;
}

/* Then each row at its place: right after the one before it, where its name is only an alias. */
static void place_rows(struct laying *laying, const struct result_map *map, enum layout_map which,
                       unsigned all_maps)
{
    size_t current = SEGMENTS_MAX;
    uint64_t end = 0;
    for (unsigned i = 0; i < map->region_count; i++) {
        size_t length;
        uint64_t offset, size;
        read_start(map->regions[i].start, &length, &offset);
        layout_read_size(map->regions[i].size, &size);
        size_t own = find_segment(laying, map->regions[i].start, length);
        bool alias = current != SEGMENTS_MAX && own != current &&
                     laying->segments[own].maps != all_maps && end < laying->segments[current].end;
        if (alias)
            offset = end;
        else
            current = own;
        end = offset + size;
        laying->places[laying->place_count++] =
            (struct place){current, offset, size, &map->regions[i], which};
    }
}

static int by_place(const void *one, const void *other)
{
    const struct place *a = one, *b = other;
    if (a->segment != b->segment)
        return a->segment < b->segment ? -1 : 1;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* The first end or start behind a place, in its segment. */
static uint64_t next_cut(const struct laying *laying, size_t segment, uint64_t at)
{
    uint64_t cut = UINT64_MAX;
    for (size_t i = 0; i < laying->place_count; i++) {
        const struct place *place = &laying->places[i];
        if (place->segment != segment)
            continue;
        if (place->start > at && place->start < cut)
            cut = place->start;
        if (place->start + place->size > at && place->start + place->size < cut)
            cut = place->start + place->size;
    }
    return cut;
}

static bool fill_row(const struct laying *laying, size_t segment, uint64_t at, uint64_t end,
                     struct layout_row *row)
{
    *row = (struct layout_row){.size = end - at};
    for (size_t i = 0; i < laying->place_count; i++) {
        const struct place *place = &laying->places[i];
        if (place->segment != segment || place->start > at || place->start + place->size <= at)
            continue;
        row->regions[place->map] = place->region;
        if (place->start == at && row->start == NULL)
            row->start = place->region->start;
    }
    return row->regions[0] != NULL || row->regions[1] != NULL || row->regions[2] != NULL;
}

/* Rows that begin where no map names the place have a number of bytes, but no name. */
static void cut_rows(const struct laying *laying, struct layout *layout)
{
    for (size_t segment = 0; segment < laying->segment_count; segment++) {
        uint64_t at = UINT64_MAX;
        for (size_t i = 0; i < laying->place_count; i++) {
            if (laying->places[i].segment == segment && laying->places[i].start < at)
                at = laying->places[i].start;
        }
        while (at != UINT64_MAX && layout->count < LAYOUT_ROWS_MAX) {
            uint64_t end = next_cut(laying, segment, at);
            if (end == UINT64_MAX)
                break;
            if (fill_row(laying, segment, at, end, &layout->rows[layout->count]))
                layout->count++;
            at = end;
        }
    }
}

static bool lay_out(struct laying *laying, const struct result_difference *difference,
                    struct layout *layout)
{
    size_t count = 0;
    unsigned all_maps = 0;
    for (int map = 0; map < LAYOUT_MAPS; map++) {
        const struct result_map *rows = layout_map(difference, (enum layout_map)map);
        if (rows->known)
            all_maps |= 1u << map;
        count += rows->region_count;
        if (rows->region_count > 256 || !name_segments(laying, rows, 1u << map))
            return false;
    }
    laying->places = calloc(count + 1, sizeof *laying->places);
    layout->rows = calloc(2 * count + 1, sizeof *layout->rows);
    if (count == 0 || laying->places == NULL || layout->rows == NULL)
        return false;
    for (int map = 0; map < LAYOUT_MAPS; map++)
        place_rows(laying, layout_map(difference, (enum layout_map)map), (enum layout_map)map,
                   all_maps);
    qsort(laying->places, count, sizeof *laying->places, by_place);
    cut_rows(laying, layout);
    return layout->count != 0;
}

bool layout_create(struct layout *layout, const struct result_difference *difference)
{
    struct laying *laying = calloc(1, sizeof *laying);
    *layout = (struct layout){NULL, 0};
    bool laid = laying != NULL && lay_out(laying, difference, layout);
    if (laying != NULL)
        free(laying->places);
    free(laying);
    if (!laid)
        layout_free(layout);
    return laid;
}

void layout_free(struct layout *layout)
{
    free(layout->rows);
    *layout = (struct layout){NULL, 0};
}
