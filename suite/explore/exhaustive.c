/* Sequences that cross every transition between the states of a small scope. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exploring.h"
#include "marks.h"
#include "pagelaw/rules.h"
#include "process.h"
#include "state_space.h"

#define LENGTH_MAX 300 /* acts of one sequence */
#define TAIL 3         /* acts that follow where all is crossed */
#define TAIL_TRIES 100
#define STATES_SHOWN 500   /* so many more, and progress is shown */
#define SEQUENCES_MAX 2000 /* of one batch */

struct walk {
    struct exploring *exploring;
    struct space space;
    uint32_t from;            /* the first state that may have something left */
    uint16_t (*open_from)[2]; /* of each state the first act that may be open: one that leads on,
                                 one that stays */
};

static bool is_ours(const struct walk *walk, uint32_t state)
{
    const struct explore_options *options = walk->exploring->options;
    return options->shards == 0 || state % options->shards == options->shard - 1;
}

static bool is_open(const struct walk *walk, uint32_t state, unsigned act, bool stays)
{
    size_t edge = space_edge(&walk->space, state, act);
    uint32_t target = walk->space.targets[edge];
    return walk->space.marks[edge] == 0 && target != SPACE_NOWHERE && (target == state) == stays;
}

/* The first open act of a state; the count of acts if there is none. */
static unsigned next_open(const struct walk *walk, uint32_t state, bool stays)
{
    uint16_t *act = &walk->open_from[state][stays];
    while (*act < walk->space.alphabet->count && !is_open(walk, state, *act, stays))
        ++*act;
    return *act;
}

static bool has_open(const struct walk *walk, uint32_t state)
{
    unsigned end = walk->space.alphabet->count;
    return next_open(walk, state, true) != end || next_open(walk, state, false) != end;
}

static bool cross(struct walk *walk, uint32_t state, unsigned act)
{
    walk->space.marks[space_edge(&walk->space, state, act)] |= MARK_CLAIMED;
    return batch_add(&walk->exploring->batch, act);
}

/* The acts that leave the state as it is, all in one go. */
static bool cross_loops(struct walk *walk, uint32_t state, size_t sequence)
{
    const struct batch *batch = &walk->exploring->batch;
    for (;;) {
        unsigned act = next_open(walk, state, true);
        if (act == batch->alphabet->count || batch_length(batch, sequence) >= LENGTH_MAX)
            return true;
        if (!cross(walk, state, act))
            return false;
    }
}

/* One that leads on, if there is one. */
static bool cross_change(struct walk *walk, uint32_t *state, bool *leads_on)
{
    unsigned act = next_open(walk, *state, false);
    uint32_t from = *state;
    *leads_on = act != walk->space.alphabet->count;
    if (!*leads_on)
        return true;
    *state = walk->space.targets[space_edge(&walk->space, from, act)];
    return cross(walk, from, act);
}

/* Where all is crossed a sequence goes on for some more changes: what the subject keeps of the way
 * it came may show there. */
static bool add_tail(struct walk *walk, uint32_t state)
{
    struct batch *batch = &walk->exploring->batch;
    const struct space *space = &walk->space;
    uint32_t dice = (uint32_t)batch->act_count ^ state;
    unsigned left = TAIL;
    for (unsigned tries = 0; left != 0 && tries < TAIL_TRIES && state < space->count; tries++) {
        dice = dice * 1664525u + 1013904223u;
        unsigned act = (dice >> 8) % space->alphabet->count;
        size_t edge = space_edge(space, state, act);
        uint32_t target = space->targets[edge];
        if (target == state || target >= space->count || space->marks[edge] != MARK_CROSSED)
            continue;
        if (!batch_add(batch, act))
            return false;
        state = target;
        left--;
    }
    return true;
}

/* From a state on, over what nobody has crossed. */
static bool add_walk(struct walk *walk, uint32_t state, const unsigned *way, unsigned length)
{
    struct batch *batch = &walk->exploring->batch;
    bool good = batch_begin(batch);
    size_t sequence = batch->count - 1;
    for (unsigned i = 0; good && i < length; i++)
        good = batch_add(batch, way[i]);
    bool leads_on = true;
    while (good && leads_on && state < walk->space.count && is_ours(walk, state) &&
           batch_length(batch, sequence) < LENGTH_MAX)
        good = cross_loops(walk, state, sequence) && (batch_length(batch, sequence) >= LENGTH_MAX ||
                                                      cross_change(walk, &state, &leads_on));
    return good && add_tail(walk, state);
}

/* What follows an odd step is open again: then the search begins anew. */
static void skip_done(struct walk *walk)
{
    while (walk->from < walk->space.count &&
           !(is_ours(walk, walk->from) && has_open(walk, walk->from)))
        walk->from++;
}

/* Whether each step of a state's way is known to be as the model's, so that it is worth going there
 * already. Those steps that another shard crosses are believed. */
static bool has_sure_way(const struct walk *walk, uint32_t state)
{
    const struct space *space = &walk->space;
    if (!space_is_reached(space, state))
        return false;
    for (; state != 0; state = space->states[state].parent) {
        uint32_t before = space->states[state].parent;
        uint8_t mark = space->marks[space_edge(space, before, space->states[state].via)];
        if ((mark & MARK_ODD) != 0 || ((mark & MARK_CROSSED) == 0 && is_ours(walk, before)))
            return false;
    }
    return true;
}

static bool fill_batch(struct walk *walk)
{
    struct batch *batch = &walk->exploring->batch;
    unsigned way[SPACE_WAY_MAX];
    batch_clear(batch);
    skip_done(walk);
    for (uint32_t state = walk->from; state < walk->space.count; state++) {
        if (!is_ours(walk, state) || !has_open(walk, state) || !has_sure_way(walk, state))
            continue;
        do {
            unsigned length = space_way(&walk->space, state, way, SPACE_WAY_MAX);
            if (!add_walk(walk, state, way, length))
                return false;
            if (batch->count >= SEQUENCES_MAX || batch->act_count >= 2 * BATCH_ACTS)
                return true;
        } while (has_open(walk, state));
    }
    return true;
}

/* ---- What came back -------------------------------------------------------------------------- */

/* The story without what leaves the model's state as it is. */
static void tell_story(const struct walk *walk, size_t sequence, unsigned last, bool short_one,
                       struct story *story)
{
    const struct batch *batch = &walk->exploring->batch;
    const unsigned *acts = batch->acts + batch->begins[sequence];
    uint32_t state = 0;
    story->count = 0;
    for (unsigned i = 0; i <= last && story->count < STORY_MAX; i++) {
        uint32_t target = state < walk->space.count
                              ? walk->space.targets[space_edge(&walk->space, state, acts[i])]
                              : state;
        if (i == last || !short_one || target != state)
            story->acts[story->count++] = batch->alphabet->acts[acts[i]];
        state = target;
    }
}

static bool take_odd(struct walk *walk, size_t sequence, struct odd odd)
{
    struct exploring *exploring = walk->exploring;
    static struct story story;
    if (finder_is_tired_of(exploring->finder, odd.look))
        return true;
    uint64_t allowed = exploring->explored->allowed;
    bool whole = odd.look == LOOK_CRASHED || odd.look == LOOK_HUNG;
    tell_story(walk, sequence, odd.step, !whole, &story);
    if (!finder_take(exploring->finder, &story, odd.look, exploring->error, exploring->capacity))
        return false;
    if (whole || exploring->explored->allowed == allowed)
        return true;
    tell_story(walk, sequence, odd.step, false, &story); /* it took more than the states show */
    return finder_take(exploring->finder, &story, odd.look, exploring->error, exploring->capacity);
}

/* Whether a state is reached by this act. */
static bool is_way(const struct space *space, uint32_t state, unsigned act, uint32_t target)
{
    return target != state && target < space->count && space->states[target].parent == state &&
           space->states[target].via == act;
}

/* Marks what was crossed. What comes after an odd step was not: it is open again. An odd step with
 * nothing new behind it is one of a tail, and was crossed by another way before. */
static bool take_sequence(struct walk *walk, size_t sequence, bool *ways_changed)
{
    const struct batch *batch = &walk->exploring->batch;
    const unsigned *acts = batch->acts + batch->begins[sequence];
    uint32_t odd = walk->exploring->odd[sequence].step, state = 0;
    uint8_t *odd_mark = NULL;
    bool bars_way = false, bars_new = false;
    for (size_t i = 0; i < batch_length(batch, sequence) && state < walk->space.count; i++) {
        size_t edge = space_edge(&walk->space, state, acts[i]);
        uint32_t target = walk->space.targets[edge];
        uint8_t *mark = &walk->space.marks[edge];
        bars_new = bars_new || (i >= odd && (*mark & MARK_CLAIMED) != 0);
        if (i <= odd)
            *mark |= MARK_CROSSED;
        if (i == odd) {
            odd_mark = mark;
            bars_way = is_way(&walk->space, state, acts[i], target);
        }
        *mark &= (uint8_t)~MARK_CLAIMED;
        if (odd != ODD_NOTHING)
            memset(walk->open_from[state], 0, sizeof walk->open_from[state]);
        state = target;
    }
    if (odd_mark != NULL && bars_new) {
        *odd_mark |= MARK_ODD;
        *ways_changed = *ways_changed || bars_way;
        walk->from = 0;
    }
    return odd == ODD_NOTHING || take_odd(walk, sequence, walk->exploring->odd[sequence]);
}

static bool take_batch(struct walk *walk)
{
    bool ways_changed = false;
    size_t aside_count;
    const struct aside *asides = screener_asides(walk->exploring->screener, &aside_count);
    for (size_t i = 0; i < aside_count; i++)
        if (!take_odd(walk, asides[i].sequence, asides[i].odd))
            return false;
    for (size_t i = 0; i < walk->exploring->batch.count; i++)
        if (!take_sequence(walk, i, &ways_changed))
            return false;
    return !ways_changed || space_find_ways(&walk->space);
}

/* A step that leads out of what can be reached. */
static void count_bar(struct walk *walk, uint32_t state, unsigned act)
{
    struct result_bar *bars = walk->exploring->explored->bars;
    size_t *count = &walk->exploring->explored->extent.scope.bar_count, i = 0;
    const char *id = pagelaw_rule_info(space_rule(&walk->space, state, act))->id;
    while (i < *count && strcmp(bars[i].rule, id) != 0)
        i++;
    if (i == EXPLORE_BARS_MAX)
        return;
    *count += i == *count;
    bars[i].rule = id;
    bars[i].transitions++;
}

static void count_state(struct walk *walk, struct result_scope *scope, uint32_t state)
{
    bool reached = space_is_reached(&walk->space, state);
    scope->states_reached += reached;
    for (unsigned act = 0; is_ours(walk, state) && act < walk->space.alphabet->count; act++) {
        size_t edge = space_edge(&walk->space, state, act);
        uint32_t target = walk->space.targets[edge];
        bool settled = target != SPACE_NOWHERE;
        scope->unsettled += !settled;
        scope->transitions += settled;
        scope->transitions_reached += settled && reached;
        scope->crossed += (walk->space.marks[edge] & MARK_CROSSED) != 0;
        if (reached && (walk->space.marks[edge] & MARK_ODD) != 0 && target < walk->space.count &&
            !space_is_reached(&walk->space, target))
            count_bar(walk, state, act);
    }
}

static void count_all(struct walk *walk)
{
    struct result_scope *scope = &walk->exploring->explored->extent.scope;
    scope->states = walk->space.count;
    scope->whole = walk->space.whole;
    for (uint32_t state = 0; state < walk->space.count; state++)
        count_state(walk, scope, state);
}

/* ---- All of it ------------------------------------------------------------------------------- */

static bool save_marks(const struct walk *walk)
{
    const struct exploring *exploring = walk->exploring;
    return marks_save(&walk->space, exploring->options->crossed_path, exploring->options->save,
                      exploring->error, exploring->capacity);
}

/* Should the run be killed, nobody is told of what it found and wrote to no file: then a later run
 * has to find it, and cross anew what led to it. */
static void save_so_far(void *user)
{
    const struct walk *walk = user;
    if (!walk->exploring->explored->unkept)
        save_marks(walk);
}

static bool cross_all(struct walk *walk)
{
    walk->open_from = calloc(walk->space.count, sizeof *walk->open_from);
    if (walk->open_from == NULL)
        return false;
    while (!exploring_is_over(walk->exploring)) {
        if (!fill_batch(walk))
            return false;
        if (walk->exploring->batch.count == 0)
            return true;
        if (!exploring_screen(walk->exploring) || !take_batch(walk))
            return false;
        if (walk->exploring->options->crossed_path != NULL)
            exploring_save_now_and_then(walk->exploring, save_so_far, walk);
    }
    return true;
}

/* The states get half of the time. Where another run is gone on from they must be the same as
 * there, however long they take, and the time counts from then on. */
static bool walk_goes_on(void *user, uint32_t states)
{
    struct exploring *exploring = user;
    const struct explore_options *options = exploring->options;
    uint64_t *shown = &exploring->explored->extent.scope.states;
    if (states >= *shown + STATES_SHOWN) {
        *shown = states;
        if (options->progress != NULL)
            options->progress(options->user);
    }
    bool in_time = options->crossed_path != NULL || exploring->seconds <= 0 ||
                   exploring_seconds(exploring) < exploring->seconds / 2;
    return in_time && !exploring_is_stopped(exploring);
}

static bool cross_space(struct walk *walk)
{
    struct exploring *exploring = walk->exploring;
    const char *path = exploring->options->crossed_path;
    if (path == NULL)
        return cross_all(walk);
    exploring->began = process_clock_us();
    /* Written at once as well: what cannot be kept is not worth the time that it would take. */
    if (!marks_load(&walk->space, path, exploring->error, exploring->capacity) || !save_marks(walk))
        return false;
    bool done = cross_all(walk); /* what was crossed stays so, whatever happened then */
    return save_marks(walk) && done;
}

bool explore_all(struct exploring *exploring)
{
    const struct explore_options *options = exploring->options;
    struct walk walk = {.exploring = exploring};
    const struct space_bounds bounds = {options->depth, options->states_max};
    const struct space_guide guide = {walk_goes_on, exploring};
    bool walked = space_walk(&walk.space, options->profile, exploring->alphabet, &bounds, &guide);
    bool done = walked && (exploring_is_stopped(exploring) || cross_space(&walk));
    if (walked)
        count_all(&walk);
    free(walk.open_from);
    space_free(&walk.space);
    return done;
}
