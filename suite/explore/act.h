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

/* What the acts of an alphabet are about, and how many kinds of arguments they have. */
struct scope {
    unsigned pages, granules; /* the acts are about the first pages of a hole of so many granules */
    bool within;              /* no reserve reaches beyond those pages */
    bool every_protection;    /* and code that runs; else a few, which make fewer states */
    bool wide; /* every type on every range, and all native calls: for sequences at random */
};

/* None of the acts is about anything behind the hole. */
void alphabet_fill(struct alphabet *alphabet, const struct pagelaw_profile *profile,
                   const struct scope *scope);

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
