/* Memory that is given back all at once. */
#ifndef SUITE_ARENA_H
#define SUITE_ARENA_H

#include <stddef.h>

#define ARENA_BYTES_MAX (64u << 20) /* of one arena */

struct arena {
    struct arena_block *blocks; /* the newest first; NULL: none yet */
    size_t bytes;               /* in all blocks */
};

/* Zeroed memory, aligned for any object; NULL if the heap gives nothing or the arena would pass
 * ARENA_BYTES_MAX. */
void *arena_take(struct arena *arena, size_t bytes);

/* Frees all that was taken; the arena is as new. */
void arena_free(struct arena *arena);

#endif
