/* The states that a hole can be in, and which act leads from which to which. */
#ifndef EXPLORE_STATE_SPACE_H
#define EXPLORE_STATE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "act.h"

#define SPACE_NOWHERE UINT32_MAX       /* no source settles where, or it cannot be tried */
#define SPACE_OUTSIDE (UINT32_MAX - 1) /* beyond the bounds */

enum { MARK_CROSSED = 1, MARK_CLAIMED = 2, MARK_ODD = 4 };

/* Two states are one if the map of the hole and the first byte of each page are equal. Each keeps
 * the act by which it is reached in the fewest calls, from a state before it. */
struct space {
    const struct pagelaw_profile *profile;
    const struct alphabet *alphabet;
    struct pagelaw_model *model;
    struct state *states;
    uint32_t count, capacity;
    uint32_t *targets; /* of state s and act a at s * acts + a */
    uint8_t *marks;
    bool whole; /* nothing was left out */
};

#define SPACE_WAY_MAX 64 /* calls to a state, at most */

/* How far a walk goes. */
struct space_bounds {
    unsigned depth; /* calls to a state; 0: as many as it takes */
    size_t states_max;
};

struct state {
    uint32_t parent, via; /* the first state has none; SPACE_NOWHERE once no way is left */
    unsigned depth;
};

/* Whether to walk on, when so many states are known. */
struct space_guide {
    bool (*goes_on)(void *user, uint32_t states);
    void *user;
};

/* Walks the states breadth first, for as long as the guide says; the first state's acts are tried
 * in any case. States that were seen but not gone on from by then are left out. False if memory is
 * short. */
bool space_walk(struct space *space, const struct pagelaw_profile *profile,
                const struct alphabet *alphabet, const struct space_bounds *bounds,
                const struct space_guide *guide);
void space_free(struct space *space);

/* Finds each state's shortest way anew, over what is not odd. A state that none leads to any more
 * has no `via`. */
bool space_find_ways(struct space *space);

/* The acts to a state; at most `capacity`. Returns how many. */
unsigned space_way(const struct space *space, uint32_t state, unsigned *acts, unsigned capacity);

size_t space_edge(const struct space *space, uint32_t state, unsigned act);

/* Whether a way leads to it that is not odd. */
bool space_is_reached(const struct space *space, uint32_t state);

/* The rule that decides an act in a state that is reached. */
enum pagelaw_rule space_rule(struct space *space, uint32_t state, unsigned act);

/* What an act does to a model. */
enum step_effect { STEP_STAYS, STEP_CHANGES, STEP_BARRED };
enum step_effect step_model(struct pagelaw_model *model, const struct act *act, uint64_t hole,
                            bool make, enum pagelaw_rule *rule);

#define SPACE_KEY_MAX 1024

/* The state of the hole as bytes; returns their number. */
size_t space_key(struct pagelaw_model *model, const struct alphabet *alphabet, uint64_t hole,
                 uint8_t *key);

#define SPACE_HOLE 0x40000000u /* where the hole is while only the model is asked */

#endif
