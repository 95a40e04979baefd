/* One screening: a backend and the model beside it, act by act. */
#ifndef EXPLORE_SCREENING_H
#define EXPLORE_SCREENING_H

#include <stdbool.h>
#include <stdint.h>

#include "act.h"
#include "pagelaw/model.h"
#include "suite/backend.h"

#define SCREEN_REGIONS_MAX 128

struct screen_map {
    struct pagelaw_region regions[SCREEN_REGIONS_MAX];
    unsigned count;
};

struct screen {
    const struct backend *backend;
    const struct subject_info *info;
    struct pagelaw_model *model;
    struct alphabet *alphabet;
    uint64_t hole;
    struct screen_map own; /* of the hole, as the model has it */
    bool own_known;
    bool was_reset; /* what pages hold is not known */
    uint32_t kind;  /* of the act: the rule that decides it */
    uint32_t look;  /* of what is odd */
    bool aside;     /* it is odd, and changed nothing: the sequence goes on */
};

/* Makes an act on both. False if it came back otherwise than the model itself answers, in the
 * answer or in the map of the hole; then `look` and `aside` are set. */
bool screen_make_act(struct screen *screen, const struct act *act);

/* Takes the map of the hole as the model has it. */
void screen_take_own_map(struct screen *screen);

#endif
