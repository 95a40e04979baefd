/* What committed pages hold. A page that was never written is not stored: it reads as zeros. */
#ifndef EMU_CONTENTS_H
#define EMU_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "space.h"

struct page; /* of the hash table */

struct contents {
    struct page *pages;
    size_t page_size;
    size_t page_count;
    /* More pages were forgotten than are worth storing: every byte may read as anything. */
    bool all_unknown;
};

void contents_destroy(struct contents *contents, const struct pagelaw_heap *heap);

/* Makes room for writing to the pages of [base, base + size). False if the heap gives nothing. */
bool contents_prepare(struct contents *contents, uint64_t base, uint64_t size,
                      const struct pagelaw_heap *heap);

/* Writes to a page that was prepared; the bytes lie in one page. */
void contents_write(struct contents *contents, uint64_t address, const uint8_t *bytes, size_t size);

/* Reads from one page. Of a page that was reset, what it held before. */
void contents_read(const struct contents *contents, uint64_t address, uint8_t *bytes, size_t size);

/* Whether a byte may read as `value`; settles a page that was reset. */
bool contents_allow(struct contents *contents, uint64_t address, uint8_t value,
                    const struct pagelaw_heap *heap);

/* How many of `count` bytes upwards from `address` may all read as `value`, as far as the first
 * that may not. */
uint64_t contents_allow_row(struct contents *contents, uint64_t address, uint8_t value,
                            uint64_t count, const struct pagelaw_heap *heap);

/* The pages of [base, end) are zero again. */
void contents_drop(struct contents *contents, uint64_t base, uint64_t end,
                   const struct pagelaw_heap *heap);

/* The pages of [base, end) hold what they held, or zeros. */
void contents_reset(struct contents *contents, uint64_t base, uint64_t end);

/* The pages of [base, end) may hold anything. False if the heap gives nothing. */
bool contents_forget(struct contents *contents, uint64_t base, uint64_t end,
                     const struct pagelaw_heap *heap);

/* NULL, or words for a stored page that is not committed. */
const char *contents_check(const struct contents *contents, const struct space *space);

#endif
