/* The site as a whole: its memory, and what it is written from. */
#include "site.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Memory ---- */

struct site_block {
    struct site_block *next;
    max_align_t memory[];
};

void *site_take(struct site *site, size_t count, size_t size)
{
    if (count > (SIZE_MAX / 2) / size)
        return NULL;
    struct site_block *block = calloc(1, sizeof *block + count * size);
    if (block == NULL)
        return NULL;
    block->next = site->blocks;
    site->blocks = block;
    return block->memory;
}

bool site_create(struct site *site, const struct site_input *input, char *error, size_t capacity)
{
    *site = (struct site){.input = input};
    snprintf(error, capacity, "out of memory");
    bool created = site_add_subjects(site) && site_add_scenarios(site) &&
                   site_add_rules(site, error, capacity);
    if (created)
        site_fill_cells(site);
    else
        site_destroy(site);
    return created;
}

void site_destroy(struct site *site)
{
    while (site->blocks != NULL) {
        struct site_block *next = site->blocks->next;
        free(site->blocks);
        site->blocks = next;
    }
}

bool report_site(const struct site_input *input, enum site_format format,
                 const struct site_output *output, char *error, size_t capacity)
{
    struct site site;
    if (!site_create(&site, input, error, capacity))
        return false;
    *error = '\0';
    bool written =
        format == SITE_HTML ? site_write_html(&site, output) : site_write_markdown(&site, output);
    site_destroy(&site);
    return written;
}

struct rule_page {
    const struct site *site;
    size_t rule;
    void (*put)(FILE *out, const struct site *site, size_t rule);
};

static bool put_rule(const void *what, FILE *out)
{
    const struct rule_page *page = what;
    page->put(out, page->site, page->rule);
    return !ferror(out);
}

bool site_save_rules(const struct site *site, const struct site_output *output, const char *ending,
                     void (*put)(FILE *out, const struct site *site, size_t rule))
{
    for (size_t i = 0; i < site->rule_count; i++) {
        const struct rule_page page = {site, i, put};
        char name[128];
        snprintf(name, sizeof name, "rules/%s%s", site->rules[i].page, ending);
        if (!output->save(output->user, name, put_rule, &page))
            return false;
    }
    return true;
}

/* ---- Words ---- */

static const struct {
    const char *word, *sign, *class;
} kinds[] = {
    [CELL_NONE] = {"not exercised", "\xc2\xb7", "n"},
    [CELL_AGREE] = {"agrees", "\xe2\x9c\x93", "a"},
    [CELL_UNSPECIFIED] = {"unspecified", "~", "u"},
    [CELL_ELSEWHERE] = {"breaks another rule first", "\xe2\x86\xb7", "e"},
    [CELL_UNSUPPORTED] = {"unsupported", "\xe2\x80\x93", "x"},
    [CELL_KNOWN] = {"differs as known", "\xe2\x89\x88", "k"},
    [CELL_DIFFER] = {"differs", "\xe2\x89\xa0", "d"},
    [CELL_CRASHED] = {"crashed", "\xe2\x80\xa0", "c"},
    [CELL_TIMED_OUT] = {"timed out", "\xe2\x88\x9e", "t"},
};

const char *cell_word(enum cell_kind kind)
{
    return kinds[kind].word;
}

const char *cell_sign(enum cell_kind kind)
{
    return kinds[kind].sign;
}

const char *cell_class(enum cell_kind kind)
{
    return kinds[kind].class;
}

bool cell_differs(const struct site_cell *cell)
{
    return cell->kind >= CELL_KNOWN;
}

enum cell_kind cell_of_verdict(enum verdict verdict)
{
    static const enum cell_kind of[] = {
        [VERDICT_AGREE] = CELL_AGREE,
        [VERDICT_UNSPECIFIED] = CELL_UNSPECIFIED,
        [VERDICT_UNSUPPORTED] = CELL_UNSUPPORTED,
        [VERDICT_KNOWN] = CELL_KNOWN,
        [VERDICT_DIFFER] = CELL_DIFFER,
        [VERDICT_CRASHED] = CELL_CRASHED,
        [VERDICT_TIMED_OUT] = CELL_TIMED_OUT,
    };
    return of[verdict];
}

bool site_begins_area(const struct site *site, size_t rule)
{
    return rule == 0 || strcmp(site->rules[rule - 1].area, site->rules[rule].area) != 0;
}

/* ---- What is compared ---- */

bool site_mixes_suites(const struct site *site)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct result *one = site->subjects[i].result, *other = site->subjects[j].result;
            if (strcmp(one->profile, other->profile) == 0 &&
                (strcmp(one->suite.hash, other->suite.hash) != 0 ||
                 one->suite.scenario_count != other->suite.scenario_count))
                return true;
        }
    }
    return false;
}

bool site_mixes_profiles(const struct site *site)
{
    for (size_t i = 1; i < site->subject_count; i++) {
        if (strcmp(site->subjects[i].result->profile, site->subjects[0].result->profile) != 0)
            return true;
    }
    return false;
}

bool site_mixes_versions(const struct site *site)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        if (strcmp(site->subjects[i].result->version, site->input->book->version) != 0)
            return true;
    }
    return false;
}

const char *site_title(const struct site_scenario *scenario)
{
    return *scenario->title != '\0'  ? scenario->title
           : *scenario->path != '\0' ? scenario->path
                                     : "(no title)";
}

const char *site_text(const struct site *site, const struct site_scenario *scenario)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        if (scenario->on[i] != NULL && *scenario->on[i]->text != '\0')
            return scenario->on[i]->text;
    }
    const char *text =
        site->input->text == NULL ? NULL : site->input->text(site->input->user, scenario->path);
    return text == NULL ? "" : text;
}
