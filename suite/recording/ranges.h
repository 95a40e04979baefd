/* Ranges of bytes that do not overlap.
 *
 * They are nodes of a digital tree: the children of a node at depth d part by bit 63 - d of their
 * bases. So no way in it is longer than 64 nodes, whatever order a hostile log adds them in. */
#ifndef RECORDING_RANGES_H
#define RECORDING_RANGES_H

#include <stdbool.h>
#include <stdint.h>

struct range {
    struct range *children[2];
    uint64_t base, size; /* bytes; the size is not 0, and the end not above UINT64_MAX */
};

struct ranges {
    struct range *root;
    uint64_t looks; /* nodes that were looked at, ever: what it costs */
};

void ranges_free(struct ranges *ranges);

/* Adds a range, and makes one of it and all that it overlaps. False if memory is short: then what
 * it overlaps is gone. */
bool ranges_add(struct ranges *ranges, uint64_t base, uint64_t size);

/* Takes each range out of which a byte lies in [base, end). */
void ranges_drop(struct ranges *ranges, uint64_t base, uint64_t end);

/* Takes the bytes of [base, end) out of the ranges. False if memory is short: then what lies above
 * is gone too. */
bool ranges_cut(struct ranges *ranges, uint64_t base, uint64_t end);

/* Whether one range has all of the bytes. */
bool ranges_hold(struct ranges *ranges, uint64_t base, uint64_t size);

#endif
