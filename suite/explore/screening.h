/* One screening: a backend and the model beside it, act by act. */
#ifndef EXPLORE_SCREENING_H
#define EXPLORE_SCREENING_H

#include <stdbool.h>
#include <stdint.h>

#include "act.h"
#include "pagelaw/model.h"
#include "screen.h"
#include "suite/backend.h"

#define SCREEN_REGIONS_MAX 128
#define SCREEN_WAY_MAX 64u

struct screen_map {
    struct pagelaw_region regions[SCREEN_REGIONS_MAX];
    unsigned count;
};

/* What touches of a page's first byte do, as the model has it. */
struct screen_page {
    bool is_probed;                 /* not of a guard page, nor where nothing is settled */
    uint32_t read_code, write_code; /* of the exceptions, or 0 */
    uint8_t byte;
};

struct screen {
    const struct backend *backend;
    const struct subject_info *info;
    struct pagelaw_model *model;
    struct alphabet *alphabet;
    uint64_t hole;
    struct screen_map own; /* of the hole, as the model has it */
    struct screen_page pages[SCREEN_PAGES_MAX];
    unsigned page_count;
    bool own_known;                           /* the map and the pages */
    bool was_reset;                           /* what pages hold is not known */
    unsigned way[SCREEN_WAY_MAX], way_length; /* how the last sequence began */
    bool is_trodden;          /* this one began so as well: exceptions were tried there */
    uint32_t operation, rule; /* of the act, and which decides it */
    uint32_t look;            /* of what is odd */
    bool aside;               /* it is odd, and changed nothing: the sequence goes on */
};

/* Makes an act on both. False if it came back otherwise than the model itself answers, in the
 * answer, in the map of the hole or in what its pages hold; then `look` and `aside` are set. After
 * an act that changed something it is tried whether each page can be read and written,
 * but on a way that the last sequence went. */
bool screen_make_act(struct screen *screen, const struct act *act);

/* Notes how a step is odd. Always false, for the caller to return. */
bool screen_odd(struct screen *screen, uint32_t what, uint64_t wanted, uint64_t got);

/* Whether a region of the subject is the model's; where it reaches beyond the hole does not count.
 */
bool screen_same_region(struct screen *screen, const struct pagelaw_region *want,
                        struct subject_region got);

/* Whether the map of the hole and its pages are the model's. */
bool screen_same_state(struct screen *screen);

/* Takes the map of the hole, and of its pages, as the model has it. */
void screen_take_own_map(struct screen *screen);

#endif
