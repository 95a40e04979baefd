/* Judging the map: after each step, what VirtualQuery says of every range we watch. */
#include <stdio.h>

#include "judging.h"
#include "pagelaw/constants.h"
#include "suite/print.h"

/* The regions of one watch: they lie in the step's list one after the other. */
struct part {
    const struct trace_watch *watch;
    const struct subject_region *regions;
    unsigned count;
};

/* Finds the regions of the watch that begins at *next, and moves on. */
static struct part next_part(const struct judging *judging, unsigned watch, unsigned *next)
{
    const struct trace_step *observed = judging->observed;
    struct part part = { .watch = &judging->trace->watches[watch],
                         .regions = observed->regions + *next };
    uint64_t covered = 0;
    while (covered < part.watch->size && *next < observed->region_count) {
        covered += observed->regions[(*next)++].size;
        part.count++;
    }
    return part;
}

/* ---- Comparing ---- */

/* What a query of the page must say, by the model, with its rules where nothing better is known. */
static void ask_model(struct judging *judging, uint64_t address, struct pagelaw_plan *plan)
{
    struct pagelaw_call call = { .function = PAGELAW_NT_QUERY, .address = address,
                                 .size = pagelaw_mbi_size(
                                     pagelaw_model_profile(judging->model)->pointer_bytes) };
    pagelaw_plan(judging->model, &call, plan);
}

static bool same_page(const struct subject_region *got, const struct pagelaw_region *want)
{
    return got->state == want->state && got->protect == want->protect &&
           got->allocation_base == want->allocation_base && got->type == want->type &&
           got->allocation_protect == want->allocation_protect;
}

/* The rule that binds an aspect of a page: the step's own if it has one, or the query's. Pages that
 * the step should not have reached fall to the rule on how far it reaches. */
static enum pagelaw_rule rule_for(const struct pagelaw_plan *step, const struct pagelaw_plan *query,
                                  enum pagelaw_aspect aspect, uint64_t address)
{
    if (step == NULL)
        return query->rule[aspect];
    bool inside = address >= step->affected_base &&
                  address - step->affected_base < step->affected_size;
    if (step->effect != PAGELAW_CHANGES_NOTHING && !inside &&
        step->base_freedom != PAGELAW_CHOSEN && step->rule[PAGELAW_SIZE] != PAGELAW_NO_RULE)
        return step->rule[PAGELAW_SIZE];
    return step->rule[aspect] != PAGELAW_NO_RULE ? step->rule[aspect] : query->rule[aspect];
}

/* A place in the map, for a reader: "State at h + 8K". */
static void find_at(struct judging *judging, enum pagelaw_rule rule, const char *field,
                    uint64_t address, const char *allowed, const char *observed)
{
    char what[WORDS_MAX + 32], place[WORDS_MAX];
    snprintf(what, sizeof what, "%s at %s", field, judge_address(judging, address, place));
    judge_find(judging, rule, what, allowed, observed);
}

static void find_page(struct judging *judging, const struct pagelaw_plan *step,
                      const struct pagelaw_plan *query, const struct subject_region *got,
                      uint64_t address)
{
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    const struct pagelaw_region *want = &query->region;
    if (got->state != want->state) {
        find_at(judging, rule_for(step, query, PAGELAW_STATE, address), "State", address,
                state_format(want->state, allowed, sizeof allowed),
                state_format(got->state, observed, sizeof observed));
        return;
    }
    if (got->protect != want->protect)
        find_at(judging, rule_for(step, query, PAGELAW_PROTECT, address), "Protect", address,
                constant_format(ARGUMENT_PROTECT, want->protect, allowed, sizeof allowed),
                constant_format(ARGUMENT_PROTECT, got->protect, observed, sizeof observed));
    if (got->allocation_base != want->allocation_base)
        find_at(judging, rule_for(step, query, PAGELAW_ALLOCATION_BASE, address),
                "AllocationBase", address,
                judge_address(judging, want->allocation_base, allowed),
                judge_address(judging, got->allocation_base, observed));
    if (got->allocation_protect != want->allocation_protect)
        find_at(judging, rule_for(step, query, PAGELAW_ALLOCATION_PROTECT, address),
                "AllocationProtect", address,
                constant_format(ARGUMENT_PROTECT, want->allocation_protect, allowed,
                                sizeof allowed),
                constant_format(ARGUMENT_PROTECT, got->allocation_protect, observed,
                                sizeof observed));
    if (got->type != want->type)
        find_at(judging, rule_for(step, query, PAGELAW_TYPE, address), "Type", address,
                state_format(want->type, allowed, sizeof allowed),
                state_format(got->type, observed, sizeof observed));
}

/* Compares one watch's regions with the model, to the first page that differs. */
static void compare(struct judging *judging, const struct pagelaw_plan *step,
                    const struct part *part)
{
    uint64_t address = part->watch->base;
    for (unsigned i = 0; i < part->count; i++) {
        const struct subject_region *got = &part->regions[i];
        uint64_t end = got->base + got->size;
        while (address < end) {
            struct pagelaw_plan query;
            ask_model(judging, address, &query);
            if (query.status[0] != STATUS_SUCCESS)
                return;
            if (!same_page(got, &query.region)) {
                find_page(judging, step, &query, got, address);
                return;
            }
            address = query.region.base + query.region.size;
        }
        address = end;
    }
}

/* Where the subject ends a region although the pages on both sides are equal. */
static void compare_ends(struct judging *judging, const struct part *part)
{
    for (unsigned i = 0; i + 1 < part->count; i++) {
        struct pagelaw_plan query;
        const struct subject_region *got = &part->regions[i];
        ask_model(judging, got->base, &query);
        uint64_t size = query.region.size;
        if (query.status[0] != STATUS_SUCCESS || size == got->size)
            continue;
        char allowed[64], observed[64];
        judging->splits = true;
        find_at(judging, got->size < size ? PAGELAW_VQ_SAME_STATE : query.rule[PAGELAW_SIZE],
                "RegionSize", got->base,
                size_format(size, allowed, sizeof allowed),
                size_format(got->size, observed, sizeof observed));
        return;
    }
}

void judge_map(struct judging *judging, const struct pagelaw_plan *plan)
{
    unsigned next = 0;
    if (!judging->observed->has_map)
        return;
    for (unsigned i = 0; i < judging->observed->watch_count; i++) {
        struct part part = next_part(judging, i, &next);
        compare(judging, plan, &part);
        if (judging->finding_count == 0 && !judging->splits)
            compare_ends(judging, &part);
        if (judging->finding_count != 0)
            return;
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
        regions[i] = (struct pagelaw_region){ .base = got->base,
                                              .allocation_base = got->allocation_base,
                                              .size = got->size,
                                              .allocation_protect = got->allocation_protect,
                                              .state = got->state,
                                              .protect = got->protect,
                                              .type = got->type };
    }
    if (!pagelaw_resync(judging->model, part->watch->base, part->watch->size, regions,
                        part->count))
        judging->out_of_memory = true;
}

void judge_adopt_map(struct judging *judging)
{
    unsigned next = 0;
    if (!judging->observed->has_map)
        return;
    for (unsigned i = 0; i < judging->observed->watch_count; i++) {
        struct part part = next_part(judging, i, &next);
        adopt_part(judging, &part);
    }
}
