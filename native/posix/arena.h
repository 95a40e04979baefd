/* The addresses that the layer owns: one wide arena, taken at the start, from which the model
 * chooses; and outside of it, what programs asked for by address.
 *
 * Outside, a whole granule is taken even where an allocation ends inside it: the tail of that
 * granule is free by the law, so touching it must fault, and nobody of the host may settle there.
 * A granule is given back when no page in it is in use any more. */
#ifndef NATIVE_POSIX_ARENA_H
#define NATIVE_POSIX_ARENA_H

#include <stdbool.h>
#include <stdint.h>

#include "pagelaw/model.h"

/* From base to end - 1, both on a granule. A debugger that saves a core file would write all of the
 * arena, which is terabytes: from `marked` on it is marked to be left out. Below is what programs
 * were given so far, which belongs into a core file. */
struct arena {
    uint64_t base, end, marked;
};

/* Takes the widest arena that the host gives within the profile's addresses. */
bool arena_open(struct arena *arena, const struct pagelaw_profile *profile);

/* Takes what of [base, base + size), all free in the model, lies outside the arena. Returns what
 * host_take does, and on failure nothing has been taken. */
uint32_t arena_claim(struct arena *arena, struct pagelaw_model *model, uint64_t base,
                     uint64_t size);

/* Whether all of the range [base, base + size) would be given back if its pages were released: it
 * lies outside the arena, and in no granule that holds other pages in use. */
bool arena_returns(const struct arena *arena, struct pagelaw_model *model, uint64_t base,
                   uint64_t size);

/* Gives such a range back with all that is in it: one call, which does all or nothing. False, with
 * errno set, if the host refuses. */
bool arena_return(struct pagelaw_model *model, uint64_t base, uint64_t size);

/* Gives back what of [base, base + size) lies outside the arena and is in no granule that holds
 * other pages in use. The pages are inaccessible by now. */
void arena_disclaim(const struct arena *arena, struct pagelaw_model *model, uint64_t base,
                    uint64_t size);

#endif
