/* The known name that a mistyped one is nearest to: fewest letters inserted, left out, changed or
 * swapped with their neighbour, whatever their case (optimal string alignment). */
#include "suite/nearest.h"

#include <stdbool.h>
#include <string.h>

#define NAME_MAX_BYTES 64

struct nearest nearest_begin(const char *name, size_t length)
{
    unsigned worst = (unsigned)length / 4 + 1;
    return (struct nearest){.name = name, .length = length, .distance = worst + (length > 1)};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool is_swap(const char *a, size_t i, const char *b, size_t j)
{
    return i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
           lower(a[i - 2]) == lower(b[j - 1]);
}

static unsigned name_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[NAME_MAX_BYTES + 1][NAME_MAX_BYTES + 1];
    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        rows[i][0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned changed = rows[i - 1][j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            unsigned moved = least(rows[i - 1][j], rows[i][j - 1]) + 1;
            rows[i][j] = least(changed, moved);
            if (is_swap(a, i, b, j))
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a_length][b_length];
}

void nearest_try(struct nearest *nearest, const char *known)
{
    size_t length = strlen(known);
    if (length > NAME_MAX_BYTES || nearest->length > NAME_MAX_BYTES)
        return;
    unsigned distance = name_distance(nearest->name, nearest->length, known, length);
    if (distance >= nearest->distance || distance >= nearest->length)
        return;
    nearest->distance = distance;
    nearest->found = known;
}
