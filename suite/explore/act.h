/* Acts: calls and touches whose arguments are numbers in terms of one hole, and the alphabets of
 * them that an exploration tries. */
#ifndef EXPLORE_ACT_H
#define EXPLORE_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "pagelaw/model.h"
#include "suite/scenario.h"
#include "text.h"

#define ACTS_MAX 3000u

/* Where an address counts from. CHOSEN: a VirtualAlloc that leaves the address to the system, the
 * query of what it gave, and its release, in one act. */
enum anchor { ANCHOR_ZERO, ANCHOR_HOLE, ANCHOR_CHOSEN };

struct act {
    enum operation operation;
    enum anchor anchor;
    uint64_t address; /* bytes from the anchor */
    uint64_t size;
    uint32_t type, protect;
    uint8_t value;    /* of a write */
    bool null_output; /* the pointer for the old protection is NULL */
};

struct alphabet {
    struct act acts[ACTS_MAX];
    unsigned count;
    uint64_t hole;       /* bytes */
    uint64_t page, span; /* bytes: of a page; from the hole's begin, what the acts are about */
};

/* The acts on `pages` pages of a hole of `granules` granules. Wide: with every protection and type,
 * for random sequences; else those few kinds whose states can all be visited. */
void alphabet_fill(struct alphabet *alphabet, const struct pagelaw_profile *profile, unsigned pages,
                   unsigned granules, bool wide);

/* Leaves out the reserves that would reach beyond the span. */
void alphabet_keep_within(struct alphabet *alphabet);

/* Leaves out the acts of an operation. */
void alphabet_drop(struct alphabet *alphabet, enum operation operation);

bool act_is_touch(const struct act *act);
bool act_equals(const struct act *one, const struct act *other);
uint64_t act_address(const struct act *act, uint64_t hole);

/* The model's call. */
struct pagelaw_call act_call(const struct act *act, uint64_t hole);

/* The act in the scenario language, a line for each step. */
void act_print(struct text *text, const struct act *act);

/* A line of the wire, and back. */
void act_write(struct text *text, const struct act *act);
bool act_read(struct act *act, const char *line);

#endif
