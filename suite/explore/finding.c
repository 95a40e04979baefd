/* Judging what was odd, and making the most of it in the fewest calls. */
#include "finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

#define TALLY_MAX 4096
#define JUDGED_OF_A_LOOK 2
#define JUDGED_OF_A_CLASS 16

struct finder {
    struct trier trier;
    struct explored *explored;
    struct tally {
        uint32_t numbers[TALLY_MAX];
        unsigned judged[TALLY_MAX];
        unsigned count;
    } looks, classes;
    struct kept {
        struct act *acts;
        unsigned count;
    } * kept; /* what each finding was shrunk to */
    size_t kept_count;
};

struct finder *finder_create(const struct explore_options *options, struct explored *explored,
                             const struct alphabet *alphabet)
{
    struct finder *finder = calloc(1, sizeof *finder);
    if (finder == NULL)
        return NULL;
    finder->explored = explored;
    if (trier_make(&finder->trier, options, alphabet))
        return finder;
    finder_free(finder);
    return NULL;
}

void finder_free(struct finder *finder)
{
    if (finder == NULL)
        return;
    trier_free(&finder->trier);
    for (size_t i = 0; i < finder->kept_count; i++)
        free(finder->kept[i].acts);
    free(finder->kept);
    free(finder);
}

bool finder_probe(struct finder *finder, bool has[OPERATION_END], char *error, size_t capacity)
{
    return trier_probe(&finder->trier, has, error, capacity);
}

/* ---- Keeping --------------------------------------------------------------------------------- */

/* The difference is in the map: a query there shows it to a program as well. */
static void add_query(const struct finder *finder, struct story *story, const struct verdict_of *of)
{
    if (!of->at_map || story->count == STORY_MAX)
        return;
    story->acts[story->count++] =
        (struct act){.operation = OP_VIRTUAL_QUERY,
                     .anchor = ANCHOR_HOLE,
                     .address = of->place,
                     .size = pagelaw_mbi_size(finder->trier.options->profile->pointer_bytes)};
}

static bool keep_acts(struct finder *finder, const struct story *story)
{
    size_t at = finder->explored->finding_count, size = story->count * sizeof *story->acts;
    struct kept *kept = realloc(finder->kept, (at + 1) * sizeof *kept);
    if (kept == NULL)
        return false;
    finder->kept = kept;
    kept[at] = (struct kept){malloc(size + 1), story->count};
    finder->kept_count = at + 1;
    if (kept[at].acts == NULL)
        return false;
    memcpy(kept[at].acts, story->acts, size);
    return true;
}

static bool keep(struct finder *finder, struct story *story, const struct verdict_of *of,
                 char *error, size_t capacity)
{
    struct explored *explored = finder->explored;
    if (!keep_acts(finder, story))
        return false;
    struct explore_finding *findings =
        realloc(explored->findings, (explored->finding_count + 1) * sizeof *findings);
    if (findings == NULL)
        return false;
    explored->findings = findings;
    struct explore_finding *finding = &findings[explored->finding_count];
    *finding = (struct explore_finding){.sequences = 1};
    snprintf(finding->rule, sizeof finding->rule, "%s", of->rule);
    snprintf(finding->what, sizeof finding->what, "%s", of->what);
    add_query(finder, story, of);
    if (!finding_make_scenario(finding, story, of, &finder->trier, explored, error, capacity) ||
        !trier_judge(&finder->trier, finding, story, error, capacity))
        return false;
    finding->calls = finding->scenario->step_count - 1;
    explored->finding_count++;
    if (finding->judgement != NULL)
        finding->judgement->result.text = finding->text;
    const struct explore_options *options = finder->trier.options;
    bool kept =
        options->found != NULL && options->found(options->user, explored->finding_count - 1);
    explored->unkept = explored->unkept || !kept;
    return true;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

static unsigned find_number(const struct tally *tally, uint32_t number)
{
    unsigned at = 0;
    while (at < tally->count && tally->numbers[at] != number)
        at++;
    return at;
}

/* Where there is no room for a number it counts as judged often enough. */
static bool is_judged(const struct tally *tally, uint32_t number, unsigned times)
{
    unsigned at = find_number(tally, number);
    return at == TALLY_MAX || (at < tally->count && tally->judged[at] >= times);
}

static void count_judged(struct tally *tally, uint32_t number)
{
    unsigned at = find_number(tally, number);
    if (at == tally->count) {
        tally->numbers[tally->count++] = number;
        tally->judged[at] = 0;
    }
    tally->judged[at]++;
}

bool finder_is_tired_of(const struct finder *finder, uint32_t look)
{
    return is_judged(&finder->looks, look, JUDGED_OF_A_LOOK) ||
           is_judged(&finder->classes, screen_look_class(look), JUDGED_OF_A_CLASS);
}

static struct explore_finding *find_same(struct finder *finder, const struct verdict_of *of)
{
    for (size_t i = 0; i < finder->explored->finding_count; i++) {
        struct explore_finding *finding = &finder->explored->findings[i];
        if (strcmp(finding->rule, of->rule) == 0 && strcmp(finding->what, of->what) == 0)
            return finding;
    }
    return NULL;
}

static bool same_acts(const struct kept *kept, const struct story *story)
{
    bool same = kept->count == story->count;
    for (unsigned i = 0; same && i < story->count; i++)
        same = act_equals(&kept->acts[i], &story->acts[i]);
    return same;
}

/* The finding that the same calls show, which break more than one rule. */
static struct explore_finding *find_calls(struct finder *finder, const struct story *story)
{
    for (size_t i = 0; i < finder->explored->finding_count; i++)
        if (same_acts(&finder->kept[i], story))
            return &finder->explored->findings[i];
    return NULL;
}

/* What was found before is counted; what was not is shrunk and kept. */
static bool settle(struct finder *finder, const struct story *story,
                   const struct verdict_of *judged, char *error, size_t capacity)
{
    struct explore_finding *same = find_same(finder, judged);
    if (same != NULL) {
        same->sequences++;
        return true;
    }
    struct verdict_of of = *judged;
    struct story shrunk = *story;
    shrunk.count = of.act + 1;
    if (!trier_shrink(&finder->trier, &shrunk, &of, error, capacity))
        return false;
    same = find_same(finder, &of);
    if (same == NULL)
        same = find_calls(finder, &shrunk);
    if (same == NULL)
        return keep(finder, &shrunk, &of, error, capacity);
    same->sequences++;
    return true;
}

/* What a page lets be done, and what it holds, shows in a touch. */
static void add_touch(struct story *story, uint32_t look, const struct alphabet *alphabet)
{
    uint32_t what = screen_look_what(look);
    bool writes = what >= SCREEN_WRITE;
    uint32_t page = what - (writes ? SCREEN_WRITE : SCREEN_READ);
    if (what >= SCREEN_READ && page < SCREEN_PAGES_MAX && story->count < STORY_MAX)
        story->acts[story->count++] = (struct act){.operation = writes ? OP_WRITE : OP_READ,
                                                   .anchor = ANCHOR_HOLE,
                                                   .address = page * alphabet->page,
                                                   .size = 1,
                                                   .value = 0x61};
}

bool finder_take(struct finder *finder, const struct story *story, uint32_t look, char *error,
                 size_t capacity)
{
    if (finder_is_tired_of(finder, look))
        return true;
    count_judged(&finder->looks, look);
    count_judged(&finder->classes, screen_look_class(look));
    struct story told = *story;
    add_touch(&told, look, finder->trier.alphabet);
    if (!trier_run(&finder->trier, &told, 1, error, capacity))
        return false;
    struct verdict_of of = finder->trier.verdicts[0];
    if (of.verdict < VERDICT_DIFFER) {
        finder->explored->allowed++;
        return true;
    }
    return settle(finder, &told, &of, error, capacity);
}

bool finder_judge(struct finder *finder, const struct story *stories, size_t count, char *error,
                  size_t capacity)
{
    struct verdict_of verdicts[FINDER_AT_ONCE];
    if (!trier_run(&finder->trier, stories, count, error, capacity))
        return false;
    memcpy(verdicts, finder->trier.verdicts, count * sizeof *verdicts);
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].verdict >= VERDICT_DIFFER &&
            !settle(finder, &stories[i], &verdicts[i], error, capacity))
            return false;
    return true;
}
