/* Crossing every transition of a small hole on the model and on the oracle. */
#include "naive_states.h"

#include <stdlib.h>
#include <string.h>

#include "operations.h"
#include "pagelaw/constants.h"
#include "state_space.h"

#define STATES_MAX 1000000
#define GRANULES_BESIDE 1 /* free ones, before and behind the hole */

struct crossing {
    const struct states *states;
    struct space space;
    struct bench *bench;
    uint64_t hole;
    struct naive_step way[SPACE_WAY_MAX + 1];
    unsigned way_length;
};

static bool walk_on(void *user, uint32_t states)
{
    (void)user;
    (void)states;
    return true;
}

static struct naive_step touch_step(const struct crossing *crossing, const struct act *act)
{
    uint64_t address = act_address(act, crossing->hole);
    enum pagelaw_access access = operation_access(act->operation);
    return (struct naive_step){
        .kind = STEP_ACCESS, .address = address, .size = 1, .access = access, .value = act->value};
}

static struct naive_step step_of(const struct crossing *crossing, const struct act *act)
{
    if (act_is_touch(act))
        return touch_step(crossing, act);
    return (struct naive_step){.kind = STEP_CALL, .call = act_call(act, crossing->hole)};
}

/* The process ends, and another comes to the state. */
static bool begin_anew(struct crossing *crossing)
{
    const struct naive_step end = {.kind = STEP_END};
    bool same = bench_run(crossing->bench, &end);
    for (unsigned i = 0; same && i < crossing->way_length; i++)
        same = bench_run(crossing->bench, &crossing->way[i]);
    return same;
}

static bool come_to(struct crossing *crossing, uint32_t state)
{
    unsigned acts[SPACE_WAY_MAX];
    crossing->way_length = space_way(&crossing->space, state, acts, SPACE_WAY_MAX);
    for (unsigned i = 0; i < crossing->way_length; i++)
        crossing->way[i] = step_of(crossing, &crossing->space.alphabet->acts[acts[i]]);
    return begin_anew(crossing);
}

static void tell(const struct crossing *crossing, const struct naive_step *last)
{
    FILE *out = crossing->states->out;
    fprintf(out, "%s: %s\n", crossing->states->profile->name, crossing->bench->fault);
    for (unsigned i = 0; i < crossing->way_length; i++)
        step_print(out, &crossing->way[i]);
    if (last != NULL)
        step_print(out, last);
}

/* An act that leaves the state as it is may be followed by the next. */
static bool cross_state(struct crossing *crossing, uint32_t state, struct states_done *done)
{
    const struct alphabet *alphabet = crossing->space.alphabet;
    bool same = come_to(crossing, state);
    if (!same)
        tell(crossing, NULL);
    for (unsigned i = 0; same && i < alphabet->count; i++) {
        const struct act *act = &alphabet->acts[i];
        if (act->operation == OP_GET_SYSTEM_INFO || act->operation == OP_COMMIT_LIMIT)
            continue;
        struct naive_step step = step_of(crossing, act);
        uint32_t target = crossing->space.targets[space_edge(&crossing->space, state, i)];
        same = bench_run(crossing->bench, &step);
        done->transitions++;
        done->unsettled += target == SPACE_NOWHERE;
        if (!same)
            tell(crossing, &step);
        else if (target != state || act->anchor == ANCHOR_CHOSEN)
            same = begin_anew(crossing);
    }
    return same;
}

static bool cross_all(struct crossing *crossing, struct states_done *done)
{
    const struct states *states = crossing->states;
    uint64_t granule = states->profile->granule, beside = GRANULES_BESIDE * granule;
    uint64_t size = 2 * beside + crossing->space.alphabet->hole;
    const struct world world = {.profile = states->profile,
                                .played = states->played != NULL ? states->played : states->profile,
                                .page_count = (size_t)(size / states->profile->page_size)};
    if (!bench_open(crossing->bench, &world)) {
        tell(crossing, NULL);
        return false;
    }
    crossing->hole = crossing->bench->naive.origin + beside;
    bool same = true;
    for (; same && done->states < crossing->space.count; done->states += same)
        same = cross_state(crossing, done->states, done);
    bench_close(crossing->bench);
    return same && crossing->bench->fault[0] == '\0';
}

bool states_run(const struct states *states, struct states_done *done)
{
    static struct bench bench;
    static struct alphabet alphabet;
    static struct crossing crossing;
    const struct space_bounds bounds = {.states_max = STATES_MAX};
    const struct space_guide guide = {walk_on, NULL};
    memset(&bench, 0, sizeof bench);
    memset(&alphabet, 0, sizeof alphabet);
    crossing = (struct crossing){.states = states, .bench = &bench};
    *done = (struct states_done){.states = 0};
    bench.thorough = true;
    alphabet_fill(&alphabet, states->profile, &states->scope);
    bool walked = space_walk(&crossing.space, states->profile, &alphabet, &bounds, &guide);
    bool same = walked && cross_all(&crossing, done);
    done->whole = crossing.space.whole;
    space_free(&crossing.space);
    return same;
}
