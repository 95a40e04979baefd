/* Sequences at random, led by the model to states and rules that are rarely seen. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "exploring.h"
#include "hash.h"
#include "state_space.h"
#include "suite/heap.h"

#define SWARM_MAX 64   /* acts that one sequence chooses from */
#define CANDIDATES 3   /* of which the rarest is taken */
#define SEQUENCES 1000 /* of one batch */
#define LIMITED 60     /* sequences with a commit limit, to a batch of others */

struct visited {
    UT_hash_handle hh;
    uint64_t hash;
    uint32_t count;
};

struct wander {
    struct exploring *exploring;
    struct pagelaw_model *model;
    uint64_t dice;
    uint64_t limit; /* of the commit charge, for the sequence that is being made */
    struct visited *visited;
    uint64_t rules[PAGELAW_RULE_END];
    struct corpus corpus;
    unsigned by_operation[ACTS_MAX];
    unsigned begins[OPERATION_END + 1]; /* of each operation in it */
    unsigned swarm[SWARM_MAX];
    unsigned swarm_count;
};

/* splitmix64: the same numbers everywhere. */
static uint64_t roll(struct wander *wander)
{
    uint64_t mixed = (wander->dice += 0x9E3779B97F4A7C15u);
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

static unsigned below(struct wander *wander, unsigned end)
{
    return (unsigned)(roll(wander) % end);
}

static uint64_t hash_state(struct wander *wander)
{
    uint8_t key[SPACE_KEY_MAX];
    uint64_t hash = 14695981039346656037u;
    size_t length = space_key(wander->model, wander->exploring->alphabet, SPACE_HOLE, key);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ key[i]) * 1099511628211u;
    return hash;
}

/* Counts a visit; true if it is the first. */
static bool visit(struct wander *wander)
{
    uint64_t hash = hash_state(wander);
    struct visited *entry;
    HASH_FIND(hh, wander->visited, &hash, sizeof hash, entry);
    if (entry != NULL) {
        entry->count++;
        return false;
    }
    entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return false;
    entry->hash = hash;
    HASH_ADD(hh, wander->visited, hash, sizeof entry->hash, entry);
    if (entry->hh.tbl != NULL)
        return true;
    free(entry);
    return false;
}

/* The acts in the order of their operations. */
static void sort_acts(struct wander *wander)
{
    const struct alphabet *alphabet = wander->exploring->alphabet;
    unsigned count = 0;
    for (unsigned operation = 0; operation < OPERATION_END; operation++) {
        wander->begins[operation] = count;
        for (unsigned act = 0; act < alphabet->count; act++)
            if (alphabet->acts[act].operation == (enum operation)operation)
                wander->by_operation[count++] = act;
    }
    wander->begins[OPERATION_END] = count;
}

static unsigned act_of_some_operation(struct wander *wander)
{
    unsigned operation = OP_COMMIT_LIMIT + 1 + below(wander, OPERATION_END - OP_COMMIT_LIMIT - 1);
    unsigned begin = wander->begins[operation], end = wander->begins[operation + 1];
    return begin == end ? below(wander, wander->exploring->alphabet->count)
                        : wander->by_operation[begin + below(wander, end - begin)];
}

/* A part of the alphabet, for other parts reach other states: half of it by the operation, of
 * which some have far fewer acts than others. */
static void choose_swarm(struct wander *wander)
{
    wander->swarm_count = 8 + below(wander, SWARM_MAX - 8);
    for (unsigned i = 0; i < wander->swarm_count; i++)
        wander->swarm[i] = i % 2 == 0 ? act_of_some_operation(wander)
                                      : below(wander, wander->exploring->alphabet->count);
}

/* The rarest of some: by the rule that decides it, and acts that change the state before others. */
static unsigned choose_act(struct wander *wander, bool *barred)
{
    const struct alphabet *alphabet = wander->exploring->alphabet;
    uint64_t best_weight = UINT64_MAX;
    unsigned best = 0;
    *barred = true;
    for (int i = 0; i < CANDIDATES; i++) {
        unsigned act = wander->swarm[below(wander, wander->swarm_count)];
        enum pagelaw_rule rule;
        enum step_effect effect =
            step_model(wander->model, &alphabet->acts[act], SPACE_HOLE, false, &rule);
        uint64_t weight = wander->rules[rule] * (effect == STEP_CHANGES ? 1 : 4);
        if (effect == STEP_BARRED || weight >= best_weight)
            continue;
        best_weight = weight;
        best = act;
        *barred = false;
    }
    return best;
}

static bool make(struct wander *wander, struct kept_sequence *sequence, unsigned act)
{
    enum pagelaw_rule rule;
    enum step_effect effect =
        step_model(wander->model, &wander->exploring->alphabet->acts[act], SPACE_HOLE, true, &rule);
    sequence->acts[sequence->length++] = act;
    bool new_state = effect == STEP_CHANGES && visit(wander);
    return wander->rules[rule]++ == 0 || new_state;
}

/* Half of them begin as one that once reached something new did. */
static bool invent(struct wander *wander, struct kept_sequence *sequence)
{
    bool fresh = false, barred;
    unsigned length = 3 + below(wander, CORPUS_LENGTH_MAX - 3);
    sequence->length = 0;
    pagelaw_end_process(wander->model, NULL);
    pagelaw_model_set_commit_limit(wander->model, wander->limit);
    choose_swarm(wander);
    const struct corpus *corpus = &wander->corpus;
    if (corpus->count != 0 && below(wander, 2) == 0) {
        const struct kept_sequence *old = &corpus->sequences[below(wander, corpus->count)];
        for (unsigned i = 0; i < old->length && i < length; i++)
            make(wander, sequence, old->acts[i]);
    }
    while (sequence->length < length) {
        unsigned act = choose_act(wander, &barred);
        if (barred)
            break;
        fresh = make(wander, sequence, act) || fresh;
    }
    return fresh;
}

static void keep(struct wander *wander, const struct kept_sequence *sequence)
{
    struct corpus *corpus = &wander->corpus;
    unsigned at = corpus->count < CORPUS_MAX ? corpus->count++ : below(wander, CORPUS_MAX);
    corpus->sequences[at] = *sequence;
}

static bool add_sequence(struct wander *wander, const struct kept_sequence *sequence)
{
    struct batch *batch = &wander->exploring->batch;
    bool good = batch_begin(batch);
    for (unsigned i = 0; good && i < sequence->length; i++)
        good = batch_add(batch, sequence->acts[i]);
    return good;
}

static uint64_t sequences_left(const struct exploring *exploring)
{
    uint64_t most = exploring->options->sequences_max, made = exploring->explored->extent.sequences;
    return most == 0 ? UINT64_MAX : most > made ? most - made : 0;
}

static bool fill_batch(struct wander *wander)
{
    struct kept_sequence sequence;
    uint64_t count = sequences_left(wander->exploring);
    batch_clear(&wander->exploring->batch);
    for (uint64_t i = 0; i < count && i < SEQUENCES; i++) {
        if (invent(wander, &sequence))
            keep(wander, &sequence);
        if (sequence.length != 0 && !add_sequence(wander, &sequence))
            return false;
    }
    return true;
}

/* With a limit on the commit charge, which lasts as long as the process: these are not screened. */
static bool try_limits(struct wander *wander)
{
    struct exploring *exploring = wander->exploring;
    static struct story stories[LIMITED];
    uint64_t left = sequences_left(exploring);
    size_t count = left < LIMITED ? (size_t)left : LIMITED;
    if (!exploring->has_limit || count == 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        struct kept_sequence sequence;
        struct act limit = {.operation = OP_COMMIT_LIMIT,
                            .size = below(wander, 5) * exploring->alphabet->page};
        wander->limit = limit.size;
        invent(wander, &sequence);
        stories[i].acts[0] = limit;
        stories[i].count = 1;
        for (unsigned j = 0; j < sequence.length; j++)
            stories[i].acts[stories[i].count++] = exploring->alphabet->acts[sequence.acts[j]];
        exploring->explored->extent.sequences++;
        exploring->explored->extent.calls += stories[i].count;
    }
    wander->limit = UINT64_MAX;
    return finder_judge(exploring->finder, stories, count, exploring->error, exploring->capacity);
}

static bool take_odd(struct exploring *exploring, size_t i, struct odd odd)
{
    static struct story story;
    const struct batch *batch = &exploring->batch;
    if (odd.step == ODD_NOTHING || finder_is_tired_of(exploring->finder, odd.look))
        return true;
    story.count = 0;
    for (unsigned j = 0; j <= odd.step && j < batch_length(batch, i); j++)
        story.acts[story.count++] = batch->alphabet->acts[batch->acts[batch->begins[i] + j]];
    return finder_take(exploring->finder, &story, odd.look, exploring->error, exploring->capacity);
}

static bool take_batch(struct exploring *exploring)
{
    size_t aside_count;
    const struct aside *asides = screener_asides(exploring->screener, &aside_count);
    for (size_t i = 0; i < aside_count; i++)
        if (!take_odd(exploring, asides[i].sequence, asides[i].odd))
            return false;
    for (size_t i = 0; i < exploring->batch.count; i++)
        if (!take_odd(exploring, i, exploring->odd[i]))
            return false;
    return true;
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* What earlier runs kept comes first. */
static bool replay_corpus(struct wander *wander)
{
    const struct exploring *exploring = wander->exploring;
    const char *path = exploring->options->corpus_path;
    if (path != NULL && !corpus_read(&wander->corpus, exploring->alphabet, path, exploring->error,
                                     exploring->capacity))
        return false;
    for (unsigned i = 0; i < wander->corpus.count; i++) {
        const struct kept_sequence *old = &wander->corpus.sequences[i];
        struct kept_sequence sequence = {.length = 0};
        pagelaw_end_process(wander->model, NULL);
        for (unsigned j = 0; j < old->length; j++)
            make(wander, &sequence, old->acts[j]);
        if (!add_sequence(wander, &sequence))
            return false;
    }
    return true;
}

static bool save_corpus(const struct wander *wander)
{
    const struct exploring *exploring = wander->exploring;
    const char *path = exploring->options->corpus_path;
    if (path == NULL ||
        corpus_write(&wander->corpus, exploring->alphabet, path, exploring->options->save))
        return true;
    snprintf(exploring->error, exploring->capacity, "%s: %s", path, strerror(errno));
    return false;
}

static void save_so_far(void *user)
{
    save_corpus(user);
}

static bool wander_about(struct wander *wander)
{
    struct exploring *exploring = wander->exploring;
    while (!exploring_is_over(exploring)) {
        if (exploring->batch.count == 0 && !fill_batch(wander))
            return false;
        if (!exploring_screen(exploring) || !take_batch(exploring))
            return false;
        batch_clear(&exploring->batch);
        if (!try_limits(wander))
            return false;
        exploring_save_now_and_then(exploring, save_so_far, wander);
    }
    return true;
}

/* What reached something new is kept, whatever happened then. */
static bool go(struct wander *wander)
{
    sort_acts(wander);
    if (!replay_corpus(wander) || !save_corpus(wander))
        return false;
    bool done = wander_about(wander);
    return save_corpus(wander) && done;
}

bool explore_at_random(struct exploring *exploring)
{
    struct wander *wander = calloc(1, sizeof *wander);
    struct visited *entry, *next;
    if (wander == NULL)
        return false;
    wander->exploring = exploring;
    wander->limit = UINT64_MAX;
    wander->dice = exploring->options->seed * 0x2545F4914F6CDD1Du + exploring->options->shard;
    wander->model = pagelaw_model_create(exploring->options->profile, &suite_heap);
    wander->corpus.sequences = calloc(CORPUS_MAX, sizeof *wander->corpus.sequences);
    bool done = wander->model != NULL && wander->corpus.sequences != NULL && go(wander);
    exploring->explored->extent.sample.states = HASH_COUNT(wander->visited);
    HASH_ITER(hh, wander->visited, entry, next)
    {
        HASH_DEL(wander->visited, entry);
        free(entry);
    }
    pagelaw_model_destroy(wander->model);
    free(wander->corpus.sequences);
    free(wander);
    return done;
}
