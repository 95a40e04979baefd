/* The rules of the book and of the results, and which scenarios exercise them. */
#include <stdlib.h>
#include <string.h>

#include "site.h"

#define PAGE_NAME_MAX 64
#define RULES_OF_SCENARIO_MAX 16 /* as many as a scenario may name */

static const char foreign_area[] = "Not in this book";

/* ---- By their ids ---- */

struct span {
    const char *text;
    size_t length;
};

static int compare_id(const void *key, const void *item)
{
    const struct span *span = key;
    const struct site_rule *rule = *(struct site_rule *const *)item;
    int order = strncmp(span->text, rule->id, span->length);
    return order != 0 ? order : rule->id[span->length] == '\0' ? 0 : -1;
}

static int by_id(const void *one, const void *other)
{
    return strcmp((*(struct site_rule *const *)one)->id, (*(struct site_rule *const *)other)->id);
}

static struct site_rule *find(const struct site *site, const char *id, size_t length)
{
    const struct span key = {id, length};
    struct site_rule **found =
        bsearch(&key, site->by_id, site->rule_count, sizeof(struct site_rule *), compare_id);
    return found == NULL ? NULL : *found;
}

const struct site_rule *site_rule_find(const struct site *site, const char *id, size_t length)
{
    return site->rule_count == 0 ? NULL : find(site, id, length);
}

static bool index_rules(struct site *site)
{
    site->by_id = site_take(site, site->rule_count + 1, sizeof(struct site_rule *));
    if (site->by_id == NULL)
        return false;
    for (size_t i = 0; i < site->rule_count; i++)
        site->by_id[i] = &site->rules[i];
    qsort(site->by_id, site->rule_count, sizeof(struct site_rule *), by_id);
    return true;
}

/* ---- The book's ---- */

/* Words by which the book tells that somebody looked, and a document is wrong. */
static bool tells_of_sight(const char *text)
{
    return strstr(text, "was seen") != NULL || strstr(text, "were seen") != NULL ||
           strstr(text, " saw ") != NULL;
}

static bool is_file_name(const char *id)
{
    size_t length = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return id[length] == '\0' && length < PAGE_NAME_MAX && strchr(id, '-') != NULL;
}

static bool name_page(struct site *site, struct site_rule *rule, size_t number)
{
    if (rule->page == NULL) {
        char *page = site_take(site, PAGE_NAME_MAX, 1);
        if (page == NULL)
            return false;
        snprintf(page, PAGE_NAME_MAX, "other-%zu", number);
        rule->page = page;
    }
    return true;
}

static void add_book(struct site *site)
{
    const struct book *book = site->input->book;
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        const char *against = rule->contradiction;
        site->rules[site->rule_count++] = (struct site_rule){
            .id = rule->id,
            .area = rule->area,
            .grade = rule->grade,
            .sentence = rule->sentence,
            .source = rule->source,
            .versions = rule->versions,
            .contradiction = against,
            .uncovered = rule->uncovered,
            .page = is_file_name(rule->id) ? rule->id : NULL,
            .refuted = against != NULL &&
                       (strcmp(rule->grade, "observed") == 0 || tells_of_sight(against)),
        };
    }
}

/* ---- Those that the book has not ---- */

/* All ids that results name, with what they say of them if it is known. */
static size_t list_named(const struct site *site, struct result_rule *all)
{
    size_t count = 0;
    for (size_t i = 0; i < site->scenario_count; i++) {
        for (size_t j = 0; j < site->subject_count; j++) {
            const struct result_scenario *on = site->scenarios[i].on[j];
            if (on == NULL)
                continue;
            for (unsigned k = 0; k < on->rule_count; k++, count++) {
                if (all != NULL)
                    all[count] = (struct result_rule){.id = on->rules[k]};
            }
            for (unsigned k = 0; k < on->difference_count; k++) {
                const struct result_difference *difference = &on->differences[k];
                for (unsigned f = 0; f < difference->finding_count; f++, count++) {
                    if (all != NULL)
                        all[count] = difference->findings[f].rule;
                }
            }
        }
    }
    return count;
}

/* Of one id, what says more comes first. */
static int by_named(const void *one, const void *other)
{
    const struct result_rule *a = one, *b = other;
    int order = strcmp(a->id, b->id);
    if (order != 0 || a->sentence == b->sentence)
        return order;
    if (a->sentence == NULL || b->sentence == NULL)
        return a->sentence == NULL ? 1 : -1;
    order = strcmp(a->sentence, b->sentence);
    return order != 0 ? order : strcmp(a->source, b->source);
}

static size_t keep_foreign(const struct site *site, struct result_rule *all, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = i != 0 && strcmp(all[i - 1].id, all[i].id) == 0;
        if (!again && *all[i].id != '\0' &&
            site_rule_find(site, all[i].id, strlen(all[i].id)) == NULL)
            all[kept++] = all[i];
    }
    return kept;
}

static struct site_rule foreign_rule(const struct result_rule *rule)
{
    bool known = rule->sentence != NULL;
    return (struct site_rule){.id = rule->id,
                              .area = foreign_area,
                              .grade = known ? rule->grade : "unknown",
                              .sentence = known ? rule->sentence : "",
                              .source = known ? rule->source : ""};
}

/* The book's rules are moved to an array that has room for the others. */
static bool add_foreign(struct site *site, char *error, size_t capacity)
{
    size_t named = list_named(site, NULL);
    struct result_rule *all = calloc(named + 1, sizeof *all);
    if (all == NULL)
        return false;
    list_named(site, all);
    qsort(all, named, sizeof *all, by_named);
    size_t count = keep_foreign(site, all, named), book_count = site->rule_count;
    struct site_rule *rules = NULL;
    if (count > SITE_FOREIGN_MAX)
        snprintf(error, capacity,
                 "the results name %zu rules that the book does not have, wanted at most %d: were "
                 "they made by Pagelaw?",
                 count, SITE_FOREIGN_MAX);
    else
        rules = site_take(site, book_count + count + 1, sizeof *rules);
    if (rules != NULL) {
        memcpy(rules, site->rules, book_count * sizeof *rules);
        site->rules = rules;
        for (size_t i = 0; i < count; i++)
            site->rules[site->rule_count++] = foreign_rule(&all[i]);
    }
    free(all);
    return rules != NULL;
}

/* ---- Their scenarios ---- */

struct pair {
    size_t rule, scenario;
};

struct pairs {
    struct pair *all;
    size_t count, capacity;
};

static bool add_pair(struct pairs *pairs, size_t rule, size_t scenario)
{
    if (pairs->count == pairs->capacity) {
        size_t capacity = pairs->capacity == 0 ? 4096 : pairs->capacity * 2;
        struct pair *all = realloc(pairs->all, capacity * sizeof *all);
        if (all == NULL)
            return false;
        pairs->all = all;
        pairs->capacity = capacity;
    }
    pairs->all[pairs->count++] = (struct pair){rule, scenario};
    return true;
}

static bool pair_id(struct site *site, struct pairs *pairs, const char *id, size_t scenario)
{
    const struct site_rule *rule = find(site, id, strlen(id));
    return rule == NULL || add_pair(pairs, (size_t)(rule - site->rules), scenario);
}

static bool pair_scenario(struct site *site, struct pairs *pairs, size_t scenario, size_t subject)
{
    const struct result_scenario *on = site->scenarios[scenario].on[subject];
    if (on == NULL)
        return true;
    for (unsigned i = 0; i < on->rule_count && i < RULES_OF_SCENARIO_MAX; i++) {
        if (!pair_id(site, pairs, on->rules[i], scenario))
            return false;
    }
    for (unsigned i = 0; i < on->difference_count && i < SITE_DIFFERENCES_MAX; i++) {
        for (unsigned f = 0; f < on->differences[i].finding_count; f++) {
            if (!pair_id(site, pairs, on->differences[i].findings[f].rule.id, scenario))
                return false;
        }
    }
    return true;
}

static bool pair_book(struct site *site, struct pairs *pairs)
{
    const struct book *book = site->input->book;
    for (size_t i = 0; i < book->rule_count; i++) {
        for (size_t j = 0; j < book->rules[i].scenario_count; j++) {
            const struct book_scenario *scenario = book->rules[i].scenarios[j];
            const struct site_scenario *found =
                site_scenario_find(site, scenario->path, scenario->title);
            if (!add_pair(pairs, i, (size_t)(found - site->scenarios)))
                return false;
        }
    }
    return true;
}

static bool pair_all(struct site *site, struct pairs *pairs)
{
    for (size_t i = 0; i < site->scenario_count; i++) {
        for (size_t j = 0; j < site->subject_count; j++) {
            if (!pair_scenario(site, pairs, i, j))
                return false;
        }
    }
    return pair_book(site, pairs);
}

static int by_pair(const void *one, const void *other)
{
    const struct pair *a = one, *b = other;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return a->scenario < b->scenario ? -1 : a->scenario > b->scenario;
}

static bool share_out(struct site *site, struct pairs *pairs)
{
    size_t *list = site_take(site, pairs->count + 1, sizeof *list);
    if (list == NULL)
        return false;
    if (pairs->count != 0)
        qsort(pairs->all, pairs->count, sizeof *pairs->all, by_pair);
    for (size_t i = 0; i < pairs->count; i++) {
        struct site_rule *rule = &site->rules[pairs->all[i].rule];
        if (i != 0 && by_pair(&pairs->all[i - 1], &pairs->all[i]) == 0)
            continue;
        if (rule->scenario_count == 0)
            rule->scenarios = list;
        rule->scenario_count++;
        *list++ = pairs->all[i].scenario;
    }
    return true;
}

static bool add_lists(struct site *site)
{
    struct pairs pairs = {NULL, 0, 0};
    bool added = pair_all(site, &pairs) && share_out(site, &pairs);
    free(pairs.all);
    return added;
}

bool site_add_rules(struct site *site, char *error, size_t capacity)
{
    site->rules = site_take(site, site->input->book->rule_count + 1, sizeof *site->rules);
    if (site->rules == NULL)
        return false;
    add_book(site);
    if (!index_rules(site) || !add_foreign(site, error, capacity) || !index_rules(site))
        return false;
    struct site_cell *cells =
        site_take(site, site->rule_count * site->subject_count + 1, sizeof *cells);
    if (cells == NULL)
        return false;
    for (size_t i = 0; i < site->rule_count; i++) {
        site->rules[i].cells = cells + i * site->subject_count;
        if (!name_page(site, &site->rules[i], i + 1))
            return false;
    }
    return add_lists(site);
}
