/* A sequence of acts on its own: as a scenario, and what the judge said of it. */
#ifndef EXPLORE_STORY_H
#define EXPLORE_STORY_H

#include "act.h"
#include "result.h"

#define STORY_MAX 600 /* acts */

/* A sequence on its own. */
struct story {
    struct act acts[STORY_MAX];
    unsigned count;
};

/* What the judge said of a story. */
struct verdict_of {
    enum verdict verdict;
    char rule[64], what[256];
    unsigned act;   /* that differs first */
    bool at_map;    /* seen in the map, not in what the call answered, */
    uint64_t place; /* so many bytes into the hole */
};

/* The text of a scenario that makes the acts on a hole of so many bytes; the caller frees it. NULL
 * if memory is short. */
char *story_print(const struct story *story, uint64_t hole, const char *title, const char *rule);

/* Takes what is said of the first difference. */
void story_read_verdict(struct verdict_of *of, const struct story *story,
                        const struct result_scenario *result);

#endif
