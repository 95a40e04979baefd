/* The scenarios of a run: built in, or from files and folders. */
#ifndef MAIN_LOAD_H
#define MAIN_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/run.h"

struct loaded {
    struct scenario *scenario;
    char *text; /* NULL if built in */
    struct runner_item item;
};

struct load {
    struct loaded *all; /* by path */
    size_t count, capacity;
    size_t bad; /* how many could not be read or parsed; each was complained about */
};

/* Adds what an argument names: a file, a folder with all `.va` files below it, or built-in
 * scenarios by path or folder ("reserve", "reserve/base-rounds-down.va"). NULL: everything built
 * in. */
void load_add(struct load *load, const char *argument);

/* Keeps only the scenarios that name one of the rules. */
void load_keep_rules(struct load *load, char *const *rules, size_t rule_count);

/* Keeps only the scenarios that are for a profile. */
void load_keep_profile(struct load *load, const char *profile);

/* Sorts by path and drops what was named twice. */
void load_finish(struct load *load);

/* A number that another list of scenarios hardly has: of the paths and texts of all. To be asked
 * for when the list is finished. */
uint64_t load_hash(const struct load *load);

/* Keeps part `shard` of `shard_count`, from 1: of so many in a row, the one of that place. */
void load_keep_shard(struct load *load, unsigned shard, unsigned shard_count);

void load_free(struct load *load);

#endif
