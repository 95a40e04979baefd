/* Which mutants there are: the kinds, times the rules that the suite reaches. */
#include "list.h"

#include <stdlib.h>

#include "pagelaw/constants.h"

#define ALL_PROFILES UINT32_MAX

static const struct kinds *const all_kinds[] = {
    &kinds_of_refusals,  &kinds_of_deeds,   &kinds_of_contents,
    &kinds_of_queries,   &kinds_of_touches, &kinds_of_bounds,
    &kinds_of_their_own, &kinds_of_answers, &kinds_of_errors,
};

static void add(struct mutant_list *list, struct mutant mutant)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 256 : 2 * list->capacity;
        struct mutant *all = realloc(list->all, capacity * sizeof *all);
        if (all == NULL) {
            list->out_of_memory = true;
            return;
        }
        list->all = all;
        list->capacity = capacity;
    }
    list->all[list->count++] = mutant;
}

static void add_pairs(struct mutant_list *list, const struct reach *reach, const struct kind *kind,
                      enum pagelaw_rule rule)
{
    for (unsigned i = 0; i < reach->pair_count; i++) {
        const struct pair *pair = &reach->pairs[i];
        if (pair->site == kind->site && pair->rule == rule)
            add(list, (struct mutant){.rule = rule,
                                      .kind = kind,
                                      .first = pair->first,
                                      .later = pair->later,
                                      .profiles = pair->profiles});
    }
}

static bool bounds(enum pagelaw_rule rule, const struct bound *bound)
{
    const struct boundary *boundary;
    for (size_t i = 0; (boundary = boundary_at(i)) != NULL; i++) {
        unsigned units = bound->field == BOUND_ADDRESS ? boundary->address
                         : bound->field == BOUND_SIZE  ? boundary->size
                                                       : boundary->zero_bits;
        if (boundary->rule == rule && (units >> bound->unit & 1) != 0)
            return true;
    }
    return false;
}

static bool is_answered(const struct reach *reach, uint32_t status)
{
    for (unsigned i = 0; i < reach->status_count; i++) {
        if (reach->statuses[i] == status)
            return true;
    }
    return false;
}

/* A mutant for each status of the error table: those that no call fails with are not reached. */
static void add_rows(struct mutant_list *list, const struct reach *reach, const struct kind *kind)
{
    for (uint32_t status = 0xC0000001; status < 0xC0001000; status++) {
        if (pagelaw_error_from_status(status) != ERROR_MR_MID_NOT_FOUND)
            add(list, (struct mutant){.rule = PAGELAW_ERR_MAP,
                                      .kind = kind,
                                      .row = status,
                                      .profiles = is_answered(reach, status) ? ALL_PROFILES : 0});
    }
}

static void add_kind(struct mutant_list *list, const struct reach *reach, const struct kind *kind,
                     enum pagelaw_rule rule)
{
    struct mutant mutant = {.rule = rule, .kind = kind, .profiles = ALL_PROFILES};
    if (kind->shapes != 0 && (reach->shapes[kind->site][kind->aspect][rule] & kind->shapes) == 0)
        return;
    switch (kind->site) {
    case SITE_REFUSED:
    case SITE_DONE:
    case SITE_TOLD:
    case SITE_TOUCH:
        mutant.profiles = reach->named[kind->site][kind->aspect][rule];
        if (mutant.profiles != 0)
            add(list, mutant);
        break;
    case SITE_PARTIAL:
    case SITE_ORDER:
        add_pairs(list, reach, kind, rule);
        break;
    case SITE_BOUND:
        if (bounds(rule, &kind->bound))
            add(list, mutant);
        break;
    case SITE_OWN:
        if (kind->rule == rule && rule == PAGELAW_ERR_MAP)
            add_rows(list, reach, kind);
        else if (kind->rule == rule)
            add(list, mutant);
        break;
    case SITE_END:
        break;
    }
}

bool mutants_list(struct mutant_list *list, const struct reach *reach)
{
    *list = (struct mutant_list){.count = 0};
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        for (size_t i = 0; i < sizeof all_kinds / sizeof *all_kinds; i++) {
            for (size_t j = 0; j < all_kinds[i]->count; j++)
                add_kind(list, reach, &all_kinds[i]->list[j], (enum pagelaw_rule)rule);
        }
    }
    return !list->out_of_memory;
}

void mutants_free(struct mutant_list *list)
{
    free(list->all);
    *list = (struct mutant_list){.count = 0};
}
