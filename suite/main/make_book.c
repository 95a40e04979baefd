/* The rule book with its scenarios. */
#include "make_book.h"

#include <stdlib.h>
#include <string.h>

#include "pagelaw/rules.h"
#include "version.h"

/* All in one: `book` first, so that it is this. */
struct making {
    struct book book;
    struct book_scenario *scenarios; /* of load, by its index */
    struct book_rule *rules;
    struct book_outside *outside;
};

static bool names(const struct scenario *scenario, const char *id)
{
    for (unsigned i = 0; i < scenario->rule_count; i++) {
        if (strcmp(scenario->rules[i], id) == 0)
            return true;
    }
    return false;
}

static bool is_among(const char *id, char *const *ids, int id_count)
{
    for (int i = 0; i < id_count; i++) {
        if (strcmp(ids[i], id) == 0)
            return true;
    }
    return id_count == 0;
}

static bool is_chosen(const struct book_choice *choice, const struct pagelaw_rule_info *info)
{
    return (choice->view != BOOK_UNCOVERED || info->uncovered != NULL) &&
           (choice->view != BOOK_CONTRADICTIONS || info->contradiction != NULL) &&
           (choice->grade == NULL || strcmp(choice->grade, pagelaw_grade_name(info->grade)) == 0) &&
           is_among(info->id, choice->ids, choice->id_count);
}

static bool add_scenarios(struct making *making, struct book_rule *rule, const char *profile,
                          const struct load *load)
{
    const struct book_scenario **list = calloc(load->count + 1, sizeof *list);
    if (list == NULL)
        return false;
    for (size_t i = 0; i < load->count; i++) {
        const struct scenario *scenario = load->all[i].scenario;
        if (names(scenario, rule->id) && (profile == NULL || scenario_is_for(scenario, profile)))
            list[rule->scenario_count++] = &making->scenarios[i];
    }
    rule->scenarios = list;
    return true;
}

static bool add_rule(struct making *making, enum pagelaw_rule number, const char *profile,
                     const struct load *load)
{
    const struct pagelaw_rule_info *info = pagelaw_rule_info(number);
    struct book_rule *rule = &making->rules[making->book.rule_count++];
    *rule = (struct book_rule){.id = info->id,
                               .area = pagelaw_rule_area(number),
                               .grade = pagelaw_grade_name(info->grade),
                               .sentence = info->sentence,
                               .source = info->source,
                               .versions = info->versions,
                               .contradiction = info->contradiction,
                               .uncovered = info->uncovered};
    if (!add_scenarios(making, rule, profile, load))
        return false;
    if (profile != NULL && rule->scenario_count == 0) {
        free((void *)rule->scenarios);
        making->book.rule_count--;
    }
    return true;
}

static bool add_rules(struct making *making, const struct book_choice *choice,
                      const struct load *load)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        if (is_chosen(choice, pagelaw_rule_info((enum pagelaw_rule)rule)) &&
            !add_rule(making, (enum pagelaw_rule)rule, choice->profile, load))
            return false;
    }
    return true;
}

static void add_outside(struct making *making)
{
    const struct pagelaw_outside *outside;
    for (size_t i = 0; (outside = pagelaw_outside_at(i)) != NULL; i++) {
        making->outside[i] = (struct book_outside){
            .subject = outside->subject, .facts = outside->facts, .reason = outside->reason};
        making->book.outside_count++;
    }
}

static size_t count_outside(void)
{
    size_t count = 0;
    while (pagelaw_outside_at(count) != NULL)
        count++;
    return count;
}

static bool fill(struct making *making, const struct book_choice *choice, const struct load *load)
{
    making->scenarios = calloc(load->count + 1, sizeof *making->scenarios);
    making->rules = calloc(PAGELAW_RULE_END, sizeof *making->rules);
    making->outside = calloc(count_outside() + 1, sizeof *making->outside);
    if (making->scenarios == NULL || making->rules == NULL || making->outside == NULL)
        return false;
    making->book.version = PAGELAW_VERSION;
    making->book.rules = making->rules;
    making->book.outside = making->outside;
    for (size_t i = 0; i < load->count; i++) {
        const struct scenario *scenario = load->all[i].scenario;
        making->scenarios[i] =
            (struct book_scenario){.path = scenario->path, .title = scenario->title};
    }
    if (choice->view == BOOK_UNCOVERED && choice->id_count == 0 && choice->grade == NULL)
        add_outside(making);
    return add_rules(making, choice, load);
}

struct book *book_make(const struct book_choice *choice, const struct load *load)
{
    struct making *making = calloc(1, sizeof *making);
    if (making == NULL)
        return NULL;
    if (fill(making, choice, load))
        return &making->book;
    book_free(&making->book);
    return NULL;
}

void book_free(struct book *book)
{
    struct making *making = (struct making *)book;
    for (size_t i = 0; i < book->rule_count; i++)
        free((void *)making->rules[i].scenarios);
    free(making->scenarios);
    free(making->rules);
    free(making->outside);
    free(making);
}
