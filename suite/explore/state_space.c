/* Walking the model's states breadth first. */
#include "state_space.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "operations.h"
#include "pagelaw/constants.h"
#include "suite/heap.h"

struct known {
    UT_hash_handle hh;
    uint32_t state;
    unsigned length;
    uint8_t key[];
};

/* ---- One step of the model ------------------------------------------------------------------- */

static enum step_effect step_touch(struct pagelaw_model *model, const struct act *act,
                                   uint64_t address, bool make, enum pagelaw_rule *rule)
{
    struct pagelaw_touch touch;
    struct pagelaw_exception raised;
    size_t length, done;
    const uint8_t *code = pagelaw_return_code(pagelaw_model_profile(model)->processor, &length);
    enum pagelaw_access access = operation_access(act->operation);
    pagelaw_touch(model, access, address, &touch);
    *rule = touch.rule;
    bool runs = access == PAGELAW_EXECUTE && touch.exception.code == 0;
    if (touch.either || (runs && pagelaw_byte(model, address) != code[0]))
        return STEP_BARRED;
    uint8_t bytes[16] = {act->value};
    size_t size = act->operation == OP_CODE ? length : 1;
    if (act->operation == OP_CODE)
        memcpy(bytes, code, length);
    bool changes = touch.exception.code == STATUS_GUARD_PAGE_VIOLATION ||
                   (access == PAGELAW_WRITE && touch.exception.code == 0 &&
                    pagelaw_byte(model, address) != bytes[0]);
    if (make && (changes || access == PAGELAW_WRITE))
        pagelaw_access(model, access, address, bytes, size, &done, &raised);
    return changes ? STEP_CHANGES : STEP_STAYS;
}

enum step_effect step_model(struct pagelaw_model *model, const struct act *act, uint64_t hole,
                            bool make, enum pagelaw_rule *rule)
{
    *rule = PAGELAW_NO_RULE;
    if (act->operation == OP_GET_SYSTEM_INFO)
        return STEP_STAYS;
    if (act->operation == OP_COMMIT_LIMIT) {
        if (make)
            pagelaw_model_set_commit_limit(model, pagelaw_model_charge(model) + act->size);
        return STEP_CHANGES;
    }
    if (act_is_touch(act))
        return step_touch(model, act, act_address(act, hole), make, rule);
    struct pagelaw_call call = act_call(act, hole);
    struct pagelaw_plan plan;
    pagelaw_plan(model, &call, &plan);
    *rule = plan.rule[PAGELAW_ANSWER];
    if (plan.unsettled)
        return STEP_BARRED;
    if (plan.status[0] != STATUS_SUCCESS || plan.effect == PAGELAW_CHANGES_NOTHING ||
        act->anchor == ANCHOR_CHOSEN)
        return STEP_STAYS;
    if (make)
        pagelaw_apply(model, &plan, plan.base);
    return STEP_CHANGES;
}

/* ---- A state as bytes ------------------------------------------------------------------------ */

static size_t put(uint8_t *key, size_t at, uint64_t value)
{
    for (int i = 0; i < 3 && at < SPACE_KEY_MAX; i++)
        key[at++] = (uint8_t)(value >> (8 * i));
    return at;
}

size_t space_key(struct pagelaw_model *model, const struct alphabet *alphabet, uint64_t hole,
                 uint8_t *key)
{
    uint64_t end = hole + alphabet->hole, page = alphabet->page;
    struct pagelaw_region region;
    size_t length = 0;
    for (uint64_t at = hole; at < end && pagelaw_look(model, at, UINT32_MAX, &region);) {
        uint64_t size = region.size < end - at ? region.size : end - at;
        length = put(key, length, size / page);
        length = put(key, length, region.state >> 12);
        if (region.state != MEM_FREE) {
            length = put(key, length, region.protect);
            length = put(key, length, (at - region.allocation_base) / page);
            length = put(key, length, region.allocation_protect);
        }
        if (region.state == MEM_COMMIT)
            for (uint64_t in = at; in < at + size && in < hole + alphabet->span; in += page)
                if (length < SPACE_KEY_MAX)
                    key[length++] = pagelaw_byte(model, in);
        at += size;
    }
    return length;
}

/* ---- The walk -------------------------------------------------------------------------------- */

size_t space_edge(const struct space *space, uint32_t state, unsigned act)
{
    return (size_t)state * space->alphabet->count + act;
}

static bool grow(struct space *space)
{
    uint32_t capacity = space->capacity == 0 ? 256 : space->capacity * 2;
    size_t edges = (size_t)capacity * space->alphabet->count;
    void *states = realloc(space->states, capacity * sizeof *space->states);
    if (states != NULL)
        space->states = states;
    void *targets = realloc(space->targets, edges * sizeof *space->targets);
    if (targets != NULL)
        space->targets = targets;
    void *marks = realloc(space->marks, edges);
    if (marks != NULL)
        space->marks = marks;
    if (states == NULL || targets == NULL || marks == NULL)
        return false;
    size_t old = (size_t)space->capacity * space->alphabet->count;
    memset(space->marks + old, 0, edges - old);
    space->capacity = capacity;
    return true;
}

static bool add_state(struct space *space, struct known **known, const uint8_t *key, size_t length,
                      uint32_t parent, uint32_t via, uint32_t *state)
{
    struct known *entry = malloc(sizeof *entry + length);
    if (entry == NULL || (space->count == space->capacity && !grow(space))) {
        free(entry);
        return false;
    }
    *state = space->count;
    entry->state = *state;
    entry->length = (unsigned)length;
    memcpy(entry->key, key, length);
    HASH_ADD_KEYPTR(hh, *known, entry->key, entry->length, entry);
    if (entry->hh.tbl == NULL) {
        free(entry);
        return false;
    }
    space->count++;
    space->states[*state] = (struct state){
        .parent = parent, .via = via, .depth = *state == 0 ? 0 : space->states[parent].depth + 1};
    return true;
}

unsigned space_way(const struct space *space, uint32_t state, unsigned *acts, unsigned capacity)
{
    unsigned depth = space->states[state].depth;
    if (depth > capacity)
        return 0;
    for (unsigned i = depth; i-- > 0; state = space->states[state].parent)
        acts[i] = space->states[state].via;
    return depth;
}

bool space_is_reached(const struct space *space, uint32_t state)
{
    return state == 0 || space->states[state].via != SPACE_NOWHERE;
}

static void replay(struct space *space, uint32_t state)
{
    unsigned way[SPACE_WAY_MAX];
    enum pagelaw_rule rule;
    unsigned length = space_way(space, state, way, SPACE_WAY_MAX);
    pagelaw_end_process(space->model, NULL);
    for (unsigned i = 0; i < length; i++)
        step_model(space->model, &space->alphabet->acts[way[i]], SPACE_HOLE, true, &rule);
}

/* Where a changing act led; a new state if the bounds allow it. */
static bool find_target(struct space *space, struct known **known,
                        const struct space_bounds *bounds, uint32_t from, unsigned act,
                        uint32_t *target)
{
    uint8_t key[SPACE_KEY_MAX];
    size_t length = space_key(space->model, space->alphabet, SPACE_HOLE, key);
    struct known *entry;
    HASH_FIND(hh, *known, key, (unsigned)length, entry);
    if (entry != NULL) {
        *target = entry->state;
        return true;
    }
    unsigned depth = space->states[from].depth + 1;
    if (space->count >= bounds->states_max || depth > bounds->depth) {
        space->whole = false;
        *target = SPACE_OUTSIDE;
        return true;
    }
    return add_state(space, known, key, length, from, act, target);
}

static bool expand(struct space *space, struct known **known, const struct space_bounds *bounds,
                   uint32_t from)
{
    enum pagelaw_rule rule;
    replay(space, from);
    for (unsigned act = 0; act < space->alphabet->count; act++) {
        uint32_t target = from;
        enum step_effect effect =
            step_model(space->model, &space->alphabet->acts[act], SPACE_HOLE, true, &rule);
        if (effect == STEP_BARRED)
            target = SPACE_NOWHERE;
        if (effect == STEP_CHANGES) {
            if (!find_target(space, known, bounds, from, act, &target))
                return false;
            replay(space, from);
        }
        space->targets[space_edge(space, from, act)] = target;
    }
    return true;
}

bool space_walk(struct space *space, const struct pagelaw_profile *profile,
                const struct alphabet *alphabet, const struct space_bounds *given,
                const struct space_guide *guide)
{
    struct space_bounds bounds = *given;
    struct known *known = NULL, *entry, *next;
    uint8_t key[SPACE_KEY_MAX];
    uint32_t first;
    bounds.depth = bounds.depth == 0 || bounds.depth > SPACE_WAY_MAX ? SPACE_WAY_MAX : bounds.depth;
    *space = (struct space){.profile = profile, .alphabet = alphabet, .whole = true};
    space->model = pagelaw_model_create(profile, &suite_heap);
    bool walked = space->model != NULL;
    if (walked) {
        size_t length = space_key(space->model, alphabet, SPACE_HOLE, key);
        walked = add_state(space, &known, key, length, 0, 0, &first);
    }
    for (uint32_t state = 0; walked && state < space->count; state++) {
        if (state != 0 && !guide->goes_on(guide->user, space->count)) {
            space->count = state;
            space->whole = false;
        } else {
            walked = expand(space, &known, &bounds, state);
        }
    }
    HASH_ITER(hh, known, entry, next)
    {
        HASH_DEL(known, entry);
        free(entry);
    }
    return walked;
}

enum pagelaw_rule space_rule(struct space *space, uint32_t state, unsigned act)
{
    enum pagelaw_rule rule;
    replay(space, state);
    step_model(space->model, &space->alphabet->acts[act], SPACE_HOLE, false, &rule);
    return rule;
}

bool space_find_ways(struct space *space)
{
    uint32_t *queue = malloc(space->count * sizeof *queue), head = 0, tail = 0;
    if (queue == NULL)
        return false;
    for (uint32_t i = 1; i < space->count; i++)
        space->states[i].via = SPACE_NOWHERE;
    for (queue[tail++] = 0; head < tail; head++) {
        for (unsigned act = 0; act < space->alphabet->count; act++) {
            size_t edge = space_edge(space, queue[head], act);
            uint32_t to = space->targets[edge];
            if (to >= space->count || to == 0 || space->states[to].via != SPACE_NOWHERE ||
                (space->marks[edge] & MARK_ODD) != 0)
                continue;
            space->states[to] = (struct state){
                .parent = queue[head], .via = act, .depth = space->states[queue[head]].depth + 1};
            queue[tail++] = to;
        }
    }
    free(queue);
    return true;
}

void space_free(struct space *space)
{
    pagelaw_model_destroy(space->model);
    free(space->states);
    free(space->targets);
    free(space->marks);
    *space = (struct space){.count = 0};
}
