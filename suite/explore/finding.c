/* Judging what was odd, and making the most of it in the fewest calls. */
#include "finding.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "pagelaw/rules.h"
#include "screener.h"
#include "space.h"
#include "suite/heap.h"
#include "suite/model_backend.h"
#include "suite/print.h"

#define LOOKS_MAX 4096
#define JUDGED_OF_A_LOOK 2
#define TRIES_MAX 512
#define ROUNDS_MAX 40

struct finder {
    const struct explore_options *options;
    struct explored *explored;
    const struct alphabet *alphabet;
    struct {
        uint32_t look;
        unsigned judged;
    } looks[LOOKS_MAX];
    unsigned look_count;
    struct pagelaw_model *model;
    struct story *tries;
    struct verdict_of *verdicts;
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
    finder->options = options;
    finder->explored = explored;
    finder->alphabet = alphabet;
    finder->tries = calloc(TRIES_MAX, sizeof *finder->tries);
    finder->verdicts = calloc(TRIES_MAX, sizeof *finder->verdicts);
    finder->model = pagelaw_model_create(options->profile, &suite_heap);
    if (finder->tries != NULL && finder->verdicts != NULL && finder->model != NULL)
        return finder;
    finder_free(finder);
    return NULL;
}

void finder_free(struct finder *finder)
{
    if (finder == NULL)
        return;
    pagelaw_model_destroy(finder->model);
    for (size_t i = 0; i < finder->kept_count; i++)
        free(finder->kept[i].acts);
    free(finder->kept);
    free(finder->tries);
    free(finder->verdicts);
    free(finder);
}

/* ---- A story as a scenario ------------------------------------------------------------------- */

static void add_story(struct text *text, const struct story *story, uint64_t hole,
                      const char *title, const char *rule)
{
    char size[24];
    text_add(text, "scenario \"%s\"\nrules    %s\nsource   \"pagelaw explore\"\n\n", title, rule);
    text_add(text, "h = hole(%s)\n", size_format(hole, size, sizeof size));
    for (unsigned i = 0; i < story->count; i++)
        act_print(text, &story->acts[i]);
    text_add(text, "GetLastError() => ?\n"); /* a scenario has to pin something */
}

static char *print_story(const struct story *story, uint64_t hole, const char *title,
                         const char *rule)
{
    struct text text = text_begin(NULL, 0);
    add_story(&text, story, hole, title, rule);
    size_t capacity = text.length + 1;
    char *buffer = malloc(capacity);
    if (buffer == NULL)
        return NULL;
    text = text_begin(buffer, capacity);
    add_story(&text, story, hole, title, rule);
    return buffer;
}

/* The act that a step belongs to: the hole is step 0, a chosen address takes three. */
static unsigned act_of_step(const struct story *story, unsigned step)
{
    unsigned at = 0;
    for (unsigned i = 0; i < story->count; i++) {
        at += story->acts[i].anchor == ANCHOR_CHOSEN ? 3 : 1;
        if (step <= at)
            return i;
    }
    return story->count == 0 ? 0 : story->count - 1;
}

/* "h" or "h + SIZE". */
static bool read_place(const char *words, uint64_t *place)
{
    char *end;
    *place = 0;
    if (strcmp(words, "h") == 0)
        return true;
    if (strncmp(words, "h + ", 4) != 0)
        return false;
    *place = strtoull(words + 4, &end, 0);
    *place <<= *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
    return end != words + 4;
}

static void read_verdict(struct verdict_of *of, const struct story *story,
                         const struct result_scenario *result)
{
    *of = (struct verdict_of){.verdict = result->verdict};
    if (result->difference_count == 0)
        return;
    const struct result_difference *difference = &result->differences[0];
    of->act = act_of_step(story, difference->step);
    if (difference->finding_count == 0) {
        snprintf(of->what, sizeof of->what, "%s in %s", result->reason,
                 operation_info(story->acts[of->act].operation)->name);
        return;
    }
    const struct result_finding *finding = &difference->findings[0];
    of->verdict = VERDICT_DIFFER;
    snprintf(of->rule, sizeof of->rule, "%s", finding->rule.id);
    bool byte = strncmp(finding->what, "byte", 4) == 0;
    snprintf(of->what, sizeof of->what, "%s", byte ? "byte" : finding->what);
    char *place = strstr(of->what, " at ");
    if (place == NULL)
        return;
    of->at_map = read_place(place + strlen(" at "), &of->place);
    *place = '\0'; /* wherever it shows, it is one bug */
}

/* Whether all that is executed is code, as the model has it: what else would run there is nobody's
 * bug but ours. */
static bool is_safe(struct finder *finder, const struct story *story)
{
    enum pagelaw_rule rule;
    bool safe = true, was_reset = false;
    pagelaw_end_process(finder->model, NULL);
    pagelaw_model_set_commit_limit(finder->model, UINT64_MAX);
    for (unsigned i = 0; safe && i < story->count; i++) {
        const struct act *act = &story->acts[i];
        was_reset = was_reset || (act->type & MEM_RESET) != 0;
        enum step_effect effect = step_model(finder->model, act, SPACE_HOLE, true, &rule);
        safe = act->operation != OP_EXECUTE || (effect != STEP_BARRED && !was_reset);
    }
    return safe;
}

/* ---- Running some at once -------------------------------------------------------------------- */

struct trial {
    struct finder *finder;
    const struct story *stories;
    struct runner_item *items;
    struct explore_finding *kept; /* NULL, or where the judgement of the only one goes */
};

static void judge_one(void *user, size_t index, struct trace *trace)
{
    struct trial *trial = user;
    const struct explore_options *options = trial->finder->options;
    struct judgement *judgement =
        judge_trace(trial->items[index].scenario, trace, options->info, options->profile);
    if (judgement != NULL)
        read_verdict(&trial->finder->verdicts[index], &trial->stories[index], &judgement->result);
    if (trial->kept != NULL && judgement != NULL) {
        judge_transcript(judgement, trial->items[index].scenario, trace, options->info);
        trial->kept->judgement = judgement;
        trial->kept->trace = trace;
        return;
    }
    judgement_free(judgement);
    trace_free(trace);
}

static bool run_items(struct trial *trial, size_t count, char *error, size_t capacity)
{
    const struct explore_options *options = trial->finder->options;
    const struct runner_options runner = {.jobs = 1,
                                          .timeout_ms = options->timeout_ms,
                                          .start_timeout_ms = options->start_timeout_ms,
                                          .done = judge_one,
                                          .user = trial};
    return runner_run(options->subject, trial->items, count, &runner, error, capacity);
}

static bool try_stories(struct finder *finder, const struct story *stories, size_t count,
                        char *error, size_t capacity)
{
    struct runner_item *items = calloc(count, sizeof *items);
    struct trial trial = {.finder = finder, .stories = stories, .items = items};
    struct scenario_error slip = {.message = "out of memory"};
    static const struct story nothing = {.count = 0};
    bool good = items != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const struct story *story = is_safe(finder, &stories[i]) ? &stories[i] : &nothing;
        char *text = print_story(story, finder->alphabet->hole, "tried", "VA-RESERVE");
        good = text != NULL;
        items[i].text = text;
        items[i].length = good ? strlen(text) : 0;
        if (good)
            items[i].scenario = scenario_parse("explored", text, items[i].length, &slip);
        good = good && items[i].scenario != NULL;
        finder->verdicts[i] = (struct verdict_of){.verdict = VERDICT_AGREE};
    }
    if (!good)
        snprintf(error, capacity, "a sequence is no scenario: line %d: %s", slip.line,
                 slip.message);
    good = good && run_items(&trial, count, error, capacity);
    for (size_t i = 0; items != NULL && i < count; i++) {
        scenario_free((struct scenario *)items[i].scenario);
        free((char *)items[i].text);
    }
    free(items);
    return good;
}

/* ---- Shrinking ------------------------------------------------------------------------------- */

static bool is_same(const struct verdict_of *one, const struct verdict_of *other)
{
    return one->verdict >= VERDICT_DIFFER && strcmp(one->rule, other->rule) == 0 &&
           (one->rule[0] != '\0' || one->verdict == other->verdict);
}

/* Tries them; the first that shows the same becomes the story. */
static bool adopt_first(struct finder *finder, struct story *story, struct verdict_of *of,
                        size_t count, bool *better, char *error, size_t capacity)
{
    *better = false;
    if (count == 0)
        return true;
    if (!try_stories(finder, finder->tries, count, error, capacity))
        return false;
    for (size_t i = 0; i < count && !*better; i++) {
        if (!is_same(&finder->verdicts[i], of))
            continue;
        *of = finder->verdicts[i];
        *story = finder->tries[i];
        if (story->count != 0)
            story->count = of->act + 1; /* what comes after says nothing */
        *better = true;
    }
    return true;
}

/* Large pieces first, then single acts, the newest first. The last act is the one that shows it. */
static size_t shorter_ones(struct finder *finder, const struct story *story)
{
    size_t count = 0;
    unsigned before = story->count - 1;
    for (unsigned piece = before; piece > 0; piece /= 2) {
        for (unsigned at = before; at >= piece && count < TRIES_MAX; at -= piece) {
            struct story *try = &finder->tries[count++];
            *try = *story;
            memmove(&try->acts[at - piece], &try->acts[at],
                    (story->count - at) * sizeof *try->acts);
            try->count -= piece;
        }
    }
    return count;
}

static void add_try(struct finder *finder, size_t *count, const struct story *story, unsigned at,
                    struct act act)
{
    if (*count == TRIES_MAX || memcmp(&act, &story->acts[at], sizeof act) == 0)
        return;
    finder->tries[*count] = *story;
    finder->tries[(*count)++].acts[at] = act;
}

/* Each argument simpler by itself; only what becomes less is simpler, so that it comes to an end.
 */
static size_t simpler_ones(struct finder *finder, const struct story *story)
{
    uint64_t page = finder->alphabet->page;
    size_t count = 0;
    for (unsigned i = 0; i < story->count; i++) {
        const struct act *old = &story->acts[i];
        const uint64_t places[] = {0, page, old->address / page * page};
        const uint64_t sizes[] = {page, 2 * page};
        struct act act = *old;
        bool ranged = operation_info(old->operation)->arguments[1] == ARGUMENT_SIZE &&
                      old->operation != OP_VIRTUAL_QUERY && old->operation != OP_NT_QUERY;
        for (size_t j = 0; j < 3; j++, act = *old)
            if (old->anchor == ANCHOR_HOLE && places[j] < old->address) {
                act.address = places[j];
                add_try(finder, &count, story, i, act);
            }
        for (size_t j = 0; ranged && j < 2; j++, act = *old)
            if (old->size > sizes[j]) {
                act.size = sizes[j];
                add_try(finder, &count, story, i, act);
            }
        if (old->type == (MEM_RESERVE | MEM_COMMIT)) {
            act.type = MEM_RESERVE;
            add_try(finder, &count, story, i, act);
            act = *old;
        }
        if (old->protect != PAGE_READWRITE && old->protect != 0) {
            act.protect = PAGE_READWRITE;
            add_try(finder, &count, story, i, act);
        }
    }
    return count;
}

static bool shrink(struct finder *finder, struct story *story, struct verdict_of *of, char *error,
                   size_t capacity)
{
    bool better = true;
    for (int round = 0; better && round < ROUNDS_MAX; round++) {
        size_t count = shorter_ones(finder, story);
        if (!adopt_first(finder, story, of, count, &better, error, capacity))
            return false;
        if (better)
            continue;
        count = simpler_ones(finder, story);
        if (!adopt_first(finder, story, of, count, &better, error, capacity))
            return false;
    }
    return true;
}

/* ---- Keeping --------------------------------------------------------------------------------- */

static void take_line(void *user, const char *line, size_t length)
{
    trace_reader_line(user, line, length - 1);
}

/* Where the system chooses the address, it may be any; the last step only pins. */
static void add_pinned(struct text *text, const struct scenario *scenario,
                       const struct trace *trace, const struct subject_info *info)
{
    char words[4096];
    print_header(scenario, words, sizeof words);
    text_add(text, "%s\n", words);
    for (unsigned i = 0; i + 1 < scenario->step_count; i++) {
        const struct step *step = &scenario->steps[i];
        bool chosen = step->operation == OP_VIRTUAL_ALLOC && step->target >= 0;
        if (chosen && trace->steps[i].value != 0)
            text_add(text, "%s  => above NULL\n", step->text);
        else if (strcmp(step->text, "VirtualQuery(p)") == 0)
            text_add(text, "%s\n", step->text);
        else {
            print_step(scenario, trace, info, i, words, sizeof words);
            text_add(text, "%s\n", words);
        }
    }
}

/* The scenario as the model plays it: what it answers becomes the pins. */
static char *pin_by_model(const struct scenario *scenario, const struct pagelaw_profile *profile)
{
    const struct backend *backend = model_backend_for(profile);
    struct subject_info info;
    char error[SUBJECT_TEXT_MAX];
    struct trace_reader *reader = trace_reader_create(scenario);
    if (reader == NULL || !backend->start(&info, error, sizeof error))
        return NULL;
    struct line_sink sink = {take_line, reader};
    execute_scenario(scenario, backend, &info, &sink);
    struct trace *trace = trace_reader_finish(reader);
    if (trace == NULL)
        return NULL;
    struct text measured = text_begin(NULL, 0);
    add_pinned(&measured, scenario, trace, &info);
    char *text = malloc(measured.length + 1);
    if (text != NULL) {
        struct text out = text_begin(text, measured.length + 1);
        add_pinned(&out, scenario, trace, &info);
    }
    trace_free(trace);
    return text;
}

/* The difference is in the map: a query there shows it to a program as well. */
static void add_query(const struct finder *finder, struct story *story, const struct verdict_of *of)
{
    if (!of->at_map || story->count == STORY_MAX)
        return;
    story->acts[story->count++] =
        (struct act){.operation = OP_VIRTUAL_QUERY,
                     .anchor = ANCHOR_HOLE,
                     .address = of->place,
                     .size = pagelaw_mbi_size(finder->options->profile->pointer_bytes)};
}

static bool is_taken(const struct finder *finder, const char *path)
{
    for (size_t i = 0; i < finder->explored->finding_count; i++)
        if (strcmp(finder->explored->findings[i].path, path) == 0)
            return true;
    return false;
}

/* The rule and a number out of the text: the same for the same scenario in each run. Shards may
 * find the same; their files can lie in one folder. */
static char *make_path(const struct finder *finder, const char *text, const struct verdict_of *of)
{
    const struct explore_options *options = finder->options;
    uint32_t hash = 2166136261u;
    char path[600], part[32] = "";
    for (const char *c = text; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 16777619u;
    if (options->shards != 0)
        snprintf(part, sizeof part, "-%uof%u", options->shard, options->shards);
    do
        snprintf(path, sizeof path, "%s/%s-%06" PRIx32 "%s.va", options->folder,
                 of->rule[0] != '\0' ? of->rule : "crash", hash & 0xffffff, part);
    while (is_taken(finder, path) && ++hash != 0);
    char *made = malloc(strlen(path) + 1);
    return made == NULL ? NULL : strcpy(made, path);
}

static bool make_scenario(struct finder *finder, const struct story *story,
                          const struct verdict_of *of, struct explore_finding *finding)
{
    struct scenario_error slip;
    char title[384];
    bool named = of->rule[0] != '\0';
    const char *sentence =
        named ? pagelaw_rule_info(pagelaw_rule_find(of->rule))->sentence : of->what;
    snprintf(title, sizeof title, "%s", sentence);
    if (title[0] != '\0' && title[strlen(title) - 1] == '.')
        title[strlen(title) - 1] = '\0';
    for (char *c = title; *c != '\0'; c++)
        if (*c == '"' || *c == '\\')
            *c = '\'';
    char *text = print_story(story, finder->alphabet->hole, title, named ? of->rule : "VA-RESERVE");
    struct scenario *bare =
        text == NULL ? NULL : scenario_parse("explored", text, strlen(text), &slip);
    free(text);
    if (bare == NULL)
        return false;
    finding->text = pin_by_model(bare, finder->options->profile);
    scenario_free(bare);
    finding->path = finding->text == NULL ? NULL : make_path(finder, finding->text, of);
    if (finding->path == NULL)
        return false;
    finding->scenario = scenario_parse(finding->path, finding->text, strlen(finding->text), &slip);
    return finding->scenario != NULL;
}

static bool judge_kept(struct finder *finder, struct explore_finding *finding,
                       const struct story *story, char *error, size_t capacity)
{
    struct runner_item item = {finding->scenario, finding->text, strlen(finding->text)};
    struct trial trial = {.finder = finder, .stories = story, .items = &item, .kept = finding};
    return run_items(&trial, 1, error, capacity);
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
    if (!make_scenario(finder, story, of, finding) ||
        !judge_kept(finder, finding, story, error, capacity))
        return false;
    finding->calls = finding->scenario->step_count - 1;
    explored->finding_count++;
    if (finding->judgement != NULL)
        finding->judgement->result.text = finding->text;
    if (finder->options->found != NULL)
        finder->options->found(finder->options->user, explored->finding_count - 1);
    return true;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

static unsigned *judged_of(struct finder *finder, uint32_t look)
{
    for (unsigned i = 0; i < finder->look_count; i++)
        if (finder->looks[i].look == look)
            return &finder->looks[i].judged;
    if (finder->look_count == LOOKS_MAX)
        return NULL;
    finder->looks[finder->look_count].look = look;
    finder->looks[finder->look_count].judged = 0;
    return &finder->looks[finder->look_count++].judged;
}

bool finder_is_tired_of(const struct finder *finder, uint32_t look)
{
    for (unsigned i = 0; i < finder->look_count; i++)
        if (finder->looks[i].look == look)
            return finder->looks[i].judged >= JUDGED_OF_A_LOOK;
    return finder->look_count == LOOKS_MAX;
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
    if (!shrink(finder, &shrunk, &of, error, capacity))
        return false;
    same = find_same(finder, &of);
    if (same == NULL)
        same = find_calls(finder, &shrunk);
    if (same == NULL)
        return keep(finder, &shrunk, &of, error, capacity);
    same->sequences++;
    return true;
}

bool finder_take(struct finder *finder, const struct story *story, uint32_t look, char *error,
                 size_t capacity)
{
    unsigned *judged = judged_of(finder, look);
    if (judged == NULL || *judged >= JUDGED_OF_A_LOOK)
        return true;
    ++*judged;
    finder->tries[0] = *story;
    if (!try_stories(finder, finder->tries, 1, error, capacity))
        return false;
    struct verdict_of of = finder->verdicts[0];
    if (of.verdict < VERDICT_DIFFER) {
        finder->explored->allowed++;
        return true;
    }
    return settle(finder, story, &of, error, capacity);
}

bool finder_judge(struct finder *finder, const struct story *stories, size_t count, char *error,
                  size_t capacity)
{
    struct verdict_of verdicts[FINDER_AT_ONCE];
    if (!try_stories(finder, stories, count, error, capacity))
        return false;
    memcpy(verdicts, finder->verdicts, count * sizeof *verdicts);
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].verdict >= VERDICT_DIFFER &&
            !settle(finder, &stories[i], &verdicts[i], error, capacity))
            return false;
    return true;
}

/* ---- What the subject has -------------------------------------------------------------------- */

struct probe {
    const struct scenario *scenario;
    bool *has;
};

static void read_probe(void *user, size_t index, struct trace *trace)
{
    struct probe *probe = user;
    (void)index;
    for (unsigned i = 0; i < trace->step_count; i++)
        if (trace->steps[i].state == TRACE_UNSUPPORTED)
            probe->has[probe->scenario->steps[i].operation] = false;
    trace_free(trace);
}

bool finder_probe(struct finder *finder, bool has[OPERATION_END], char *error, size_t capacity)
{
    struct story *story = &finder->tries[0];
    struct scenario_error slip;
    story->count = 0;
    for (int i = 0; i < OPERATION_END; i++) {
        has[i] = true;
        if (i == OP_HOLE || i == OP_GET_LAST_ERROR || i == OP_SET_LAST_ERROR || i == OP_EXECUTE)
            continue;
        story->acts[story->count++] = (struct act){.operation = (enum operation)i,
                                                   .anchor = ANCHOR_HOLE,
                                                   .size = finder->alphabet->page,
                                                   .type = MEM_DECOMMIT,
                                                   .protect = PAGE_READWRITE};
    }
    char *text = print_story(story, finder->alphabet->hole, "probe", "VA-RESERVE");
    struct scenario *scenario =
        text == NULL ? NULL : scenario_parse("probe", text, strlen(text), &slip);
    snprintf(error, capacity, "the probe is no scenario: %s", scenario == NULL ? slip.message : "");
    const struct explore_options *options = finder->options;
    struct probe probe = {scenario, has};
    struct runner_item item = {scenario, text, text == NULL ? 0 : strlen(text)};
    const struct runner_options runner = {.jobs = 1,
                                          .timeout_ms = options->timeout_ms,
                                          .start_timeout_ms = options->start_timeout_ms,
                                          .done = read_probe,
                                          .user = &probe};
    bool ran = scenario != NULL && runner_run(options->subject, &item, 1, &runner, error, capacity);
    scenario_free(scenario);
    free(text);
    return ran;
}
