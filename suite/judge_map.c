/* Judging the map: after each step, what VirtualQuery says of every range we watch. */
#include <stdio.h>

#include "judging.h"
#include "pagelaw/constants.h"
#include "suite/print.h"

struct part judge_next_part(const struct judging *judging, const struct trace_step *of,
                            unsigned watch, unsigned *next)
{
    struct part part = {.watch = &judging->trace->watches[watch], .regions = of->regions + *next};
    uint64_t covered = 0;
    while (covered < part.watch->size && *next < of->region_count) {
        covered += of->regions[(*next)++].size;
        part.count++;
    }
    return part;
}

bool judge_is_sound(const struct judging *judging, const struct part *part)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(judging->model);
    uint64_t page = profile->page_size, base = part->watch->base, left = part->watch->size;
    if (base < profile->address_min || base > profile->address_max || base % page != 0 ||
        left == 0 || left - 1 > profile->address_max - base)
        return false;
    for (unsigned i = 0; i < part->count; i++) {
        const struct subject_region *region = &part->regions[i];
        if (region->base != base || region->size == 0 || region->size > left ||
            region->size % page != 0)
            return false;
        base += region->size;
        left -= region->size;
    }
    return left == 0;
}

/* ---- What a query says ---- */

/* Protect of a committed page and State are never only words. */
static bool is_real(uint32_t state, unsigned aspects)
{
    return (aspects & ASPECT(STATE)) || (state == MEM_COMMIT && (aspects & ASPECT(PROTECT)));
}

bool judge_told(const struct judging *judging, uint32_t state, unsigned aspect)
{
    return !is_real(state, aspect) && (judging->told[state != MEM_FREE] & aspect) != 0;
}

void judge_note(struct judging *judging, uint32_t state, unsigned aspects)
{
    judging->found[state != MEM_FREE] |= aspects;
    if (is_real(state, aspects)) /* in one place, for judge_learn */
        judging->found[0] |= ASPECT(STATE);
}

unsigned judge_page(struct judging *judging, const struct subject_region *got,
                    const struct pagelaw_plan *query)
{
    const struct pagelaw_region *want = &query->region;
    const struct {
        bool differs;
        unsigned aspect;
    } all[] = {
        {got->state != want->state, ASPECT(STATE)},
        {got->protect != want->protect, ASPECT(PROTECT)},
        {got->allocation_base != want->allocation_base, ASPECT(ALLOCATION_BASE)},
        {got->allocation_protect != want->allocation_protect, ASPECT(ALLOCATION_PROTECT)},
        {got->type != want->type, ASPECT(TYPE)},
    };
    unsigned aspects = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].differs && !judge_told(judging, want->state, all[i].aspect))
            aspects |= all[i].aspect;
    }
    aspects &= ~query->undefined;
    judge_note(judging, want->state, aspects);
    return aspects;
}

bool judge_learn(struct judging *judging)
{
    if ((judging->found[0] | judging->found[1]) == 0 || (judging->found[0] & ASPECT(STATE)))
        return false;
    judging->told[0] |= judging->found[0];
    judging->told[1] |= judging->found[1];
    return true;
}

/* ---- Comparing ---- */

void judge_ask(struct pagelaw_model *model, uint64_t address, struct pagelaw_plan *plan)
{
    struct pagelaw_call call = {.function = PAGELAW_NT_QUERY,
                                .address = address,
                                .size =
                                    pagelaw_mbi_size(pagelaw_model_profile(model)->pointer_bytes)};
    pagelaw_plan(model, &call, plan);
}

/* The rule on how far a step reaches. Of a free its size's rule is on what is written back. */
static enum pagelaw_rule reach_rule(const struct pagelaw_plan *step)
{
    bool whole = step->rule[PAGELAW_SIZE] == PAGELAW_NF_DECOMMIT_SIZE_OUT;
    return step->effect == PAGELAW_RELEASES || whole ? step->rule[PAGELAW_ANSWER]
                                                     : step->rule[PAGELAW_SIZE];
}

/* The rule that binds an aspect of a page: the step's own if it has one, or the query's. Pages that
 * the step should not have reached, or should have and did not although it reached those before,
 * fall to the rule on how far it reaches. */
static enum pagelaw_rule rule_for(const struct pagelaw_plan *step, const struct pagelaw_plan *query,
                                  enum pagelaw_aspect aspect, uint64_t address)
{
    if (step == NULL)
        return query->rule[aspect];
    bool inside =
        address >= step->affected_base && address - step->affected_base < step->affected_size;
    bool late = inside && address != step->affected_base && aspect == PAGELAW_STATE;
    if (step->effect != PAGELAW_CHANGES_NOTHING && step->effect != PAGELAW_RESETS &&
        (!inside || late) && reach_rule(step) != PAGELAW_NO_RULE)
        return reach_rule(step);
    return step->rule[aspect] != PAGELAW_NO_RULE ? step->rule[aspect] : query->rule[aspect];
}

/* A place in the map, for a reader: "State at h + 8K". */
static void find_at(struct judging *judging, enum pagelaw_rule rule, const char *field,
                    uint64_t address, const char *allowed, const char *observed)
{
    char what[WORDS_MAX + 32], place[WORDS_MAX];
    snprintf(what, sizeof what, "%s at %s", field, judge_location(judging, address, place));
    judge_find(judging, rule, what, allowed, observed);
}

static void find_page(struct judging *judging, const struct pagelaw_plan *step,
                      const struct pagelaw_plan *query, const struct subject_region *got,
                      uint64_t address, unsigned differs)
{
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    const struct pagelaw_region *want = &query->region;
    if (differs & ASPECT(STATE)) {
        find_at(judging, rule_for(step, query, PAGELAW_STATE, address), "State", address,
                state_format(want->state, allowed, sizeof allowed),
                state_format(got->state, observed, sizeof observed));
        return;
    }
    if (differs & ASPECT(PROTECT))
        find_at(judging, rule_for(step, query, PAGELAW_PROTECT, address), "Protect", address,
                constant_format(ARGUMENT_PROTECT, want->protect, allowed, sizeof allowed),
                constant_format(ARGUMENT_PROTECT, got->protect, observed, sizeof observed));
    if (differs & ASPECT(ALLOCATION_BASE))
        find_at(judging, rule_for(step, query, PAGELAW_ALLOCATION_BASE, address), "AllocationBase",
                address, judge_location(judging, want->allocation_base, allowed),
                judge_location(judging, got->allocation_base, observed));
    if (differs & ASPECT(ALLOCATION_PROTECT))
        find_at(
            judging, rule_for(step, query, PAGELAW_ALLOCATION_PROTECT, address),
            "AllocationProtect", address,
            constant_format(ARGUMENT_PROTECT, want->allocation_protect, allowed, sizeof allowed),
            constant_format(ARGUMENT_PROTECT, got->allocation_protect, observed, sizeof observed));
    if (differs & ASPECT(TYPE))
        find_at(judging, rule_for(step, query, PAGELAW_TYPE, address), "Type", address,
                state_format(want->type, allowed, sizeof allowed),
                state_format(got->type, observed, sizeof observed));
}

/* Where a region ends otherwise than the model's: its size is wrong. */
static void find_end(struct judging *judging, const struct subject_region *got)
{
    char allowed[64], observed[64];
    struct pagelaw_plan query;
    judge_ask(judging->model, got->base, &query);
    uint64_t size = query.region.size;
    if (judge_told(judging, got->state, ASPECT(SIZE)))
        return;
    judge_note(judging, got->state, ASPECT(SIZE));
    if (judging->finding_count == 0)
        find_at(judging, got->size < size ? PAGELAW_VQ_SAME_STATE : query.rule[PAGELAW_SIZE],
                "RegionSize", got->base, size_format(size, allowed, sizeof allowed),
                size_format(got->size, observed, sizeof observed));
}

/* Whether no more is amiss than that a region goes on into the next allocation. */
static bool runs_on(const struct subject_region *got, const struct pagelaw_region *want)
{
    return want->base != got->base && got->state == want->state && got->protect == want->protect &&
           got->type == want->type && want->allocation_base == want->base;
}

/* Compares one region with the model. Of what differs only the first is told, all is noted. */
static void compare_region(struct judging *judging, const struct pagelaw_plan *step,
                           const struct subject_region *got)
{
    uint64_t end = got->base + got->size;
    for (uint64_t address = got->base; address < end;) {
        struct pagelaw_plan query;
        judge_ask(judging->model, address, &query);
        if (query.status[0] != STATUS_SUCCESS)
            return;
        if (runs_on(got, &query.region)) {
            find_end(judging, got);
        } else {
            unsigned differs = judge_page(judging, got, &query);
            if (differs != 0 && judging->finding_count == 0)
                find_page(judging, step, &query, got, address, differs);
        }
        address = query.region.base + query.region.size;
    }
}

/* Where the subject ends a region although the pages on both sides are equal. */
static void compare_ends(struct judging *judging, const struct part *part)
{
    for (unsigned i = 0; i + 1 < part->count; i++) {
        struct pagelaw_plan query;
        judge_ask(judging->model, part->regions[i].base, &query);
        if (query.status[0] == STATUS_SUCCESS && query.region.size > part->regions[i].size)
            find_end(judging, &part->regions[i]);
    }
}

void judge_map(struct judging *judging, const struct pagelaw_plan *plan)
{
    unsigned next = 0;
    if (!judging->observed->has_map)
        return;
    for (unsigned i = 0; i < judging->observed->watch_count; i++) {
        struct part part = judge_next_part(judging, judging->observed, i, &next);
        if (!judge_is_sound(judging, &part))
            continue;
        for (unsigned j = 0; j < part.count; j++)
            compare_region(judging, plan, &part.regions[j]);
        if (judging->finding_count == 0)
            compare_ends(judging, &part);
    }
}

/* ---- Adopting ---- */

static void adopt_part(struct judging *judging, const struct part *part)
{
    struct pagelaw_region *regions =
        arena_take(judging->arena, (part->count + 1) * sizeof *regions);
    if (regions == NULL) {
        judging->out_of_memory = true;
        return;
    }
    for (unsigned i = 0; i < part->count; i++) {
        const struct subject_region *got = &part->regions[i];
        regions[i] = (struct pagelaw_region){.base = got->base,
                                             .allocation_base = got->allocation_base,
                                             .size = got->size,
                                             .allocation_protect = got->allocation_protect,
                                             .state = got->state,
                                             .protect = got->protect,
                                             .type = got->type};
    }
    if (!pagelaw_resync(judging->model, part->watch->base, part->watch->size, regions, part->count))
        judging->out_of_memory = true;
}

void judge_adopt_map(struct judging *judging)
{
    unsigned next = 0;
    if (!judging->observed->has_map)
        return;
    for (unsigned i = 0; i < judging->observed->watch_count; i++) {
        struct part part = judge_next_part(judging, judging->observed, i, &next);
        if (judge_is_sound(judging, &part))
            adopt_part(judging, &part);
    }
}
