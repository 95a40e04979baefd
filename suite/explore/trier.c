/* Running stories on the subject, each in a process of its own. */
#include "trier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "screener.h"
#include "state_space.h"
#include "suite/heap.h"

bool trier_make(struct trier *trier, const struct explore_options *options,
                const struct alphabet *alphabet)
{
    *trier = (struct trier){.options = options, .alphabet = alphabet};
    trier->tries = calloc(TRIES_MAX, sizeof *trier->tries);
    trier->verdicts = calloc(TRIES_MAX, sizeof *trier->verdicts);
    trier->model = pagelaw_model_create(options->profile, &suite_heap);
    return trier->tries != NULL && trier->verdicts != NULL && trier->model != NULL;
}

void trier_free(struct trier *trier)
{
    pagelaw_model_destroy(trier->model);
    free(trier->tries);
    free(trier->verdicts);
}

/* Whether all that is executed is code, as the model has it: what else would run there is nobody's
 * bug but ours. */
static bool is_safe(struct trier *trier, const struct story *story)
{
    enum pagelaw_rule rule;
    bool safe = true, was_reset = false;
    pagelaw_end_process(trier->model, NULL);
    pagelaw_model_set_commit_limit(trier->model, UINT64_MAX);
    for (unsigned i = 0; safe && i < story->count; i++) {
        const struct act *act = &story->acts[i];
        was_reset = was_reset || (act->type & MEM_RESET) != 0;
        enum step_effect effect = step_model(trier->model, act, SPACE_HOLE, true, &rule);
        safe = act->operation != OP_EXECUTE || (effect != STEP_BARRED && !was_reset);
    }
    return safe;
}

/* ---- Running some at once -------------------------------------------------------------------- */

struct trial {
    struct trier *trier;
    const struct story *stories;
    struct runner_item *items;
    struct explore_finding *kept; /* NULL, or where the judgement of the only one goes */
};

static void judge_one(void *user, size_t index, struct trace *trace)
{
    struct trial *trial = user;
    const struct explore_options *options = trial->trier->options;
    struct judgement *judgement =
        judge_trace(trial->items[index].scenario, trace, options->info, options->profile);
    if (judgement != NULL)
        story_read_verdict(&trial->trier->verdicts[index], &trial->stories[index],
                           &judgement->result);
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
    const struct explore_options *options = trial->trier->options;
    const struct runner_options runner = {.jobs = 1,
                                          .timeout_ms = options->timeout_ms,
                                          .start_timeout_ms = options->start_timeout_ms,
                                          .done = judge_one,
                                          .user = trial};
    return runner_run(options->subject, trial->items, count, &runner, error, capacity);
}

bool trier_run(struct trier *trier, const struct story *stories, size_t count, char *error,
               size_t capacity)
{
    struct runner_item *items = calloc(count, sizeof *items);
    struct trial trial = {.trier = trier, .stories = stories, .items = items};
    struct scenario_error slip = {.message = "out of memory"};
    static const struct story nothing = {.count = 0};
    bool good = items != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const struct story *story = is_safe(trier, &stories[i]) ? &stories[i] : &nothing;
        char *text = story_print(story, trier->alphabet->hole, "tried", "VA-RESERVE");
        good = text != NULL;
        items[i].text = text;
        items[i].length = good ? strlen(text) : 0;
        if (good)
            items[i].scenario = scenario_parse("explored", text, items[i].length, &slip);
        good = good && items[i].scenario != NULL;
        trier->verdicts[i] = (struct verdict_of){.verdict = VERDICT_AGREE};
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

bool trier_judge(struct trier *trier, struct explore_finding *finding, const struct story *story,
                 char *error, size_t capacity)
{
    struct runner_item item = {finding->scenario, finding->text, strlen(finding->text)};
    struct trial trial = {.trier = trier, .stories = story, .items = &item, .kept = finding};
    return run_items(&trial, 1, error, capacity);
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

bool trier_probe(struct trier *trier, bool has[OPERATION_END], char *error, size_t capacity)
{
    struct story *story = &trier->tries[0];
    struct scenario_error slip = {.message = "out of memory"};
    story->count = 0;
    for (int i = 0; i < OPERATION_END; i++) {
        has[i] = true;
        if (i == OP_HOLE || i == OP_GET_LAST_ERROR || i == OP_SET_LAST_ERROR || i == OP_EXECUTE)
            continue;
        story->acts[story->count++] = (struct act){.operation = (enum operation)i,
                                                   .anchor = ANCHOR_HOLE,
                                                   .size = trier->alphabet->page,
                                                   .type = MEM_DECOMMIT,
                                                   .protect = PAGE_READWRITE};
    }
    char *text = story_print(story, trier->alphabet->hole, "probe", "VA-RESERVE");
    struct scenario *scenario =
        text == NULL ? NULL : scenario_parse("probe", text, strlen(text), &slip);
    if (scenario == NULL)
        snprintf(error, capacity, "the probe is no scenario: %s", slip.message);
    const struct explore_options *options = trier->options;
    struct probe probe = {scenario, has};
    struct runner_item item = {scenario, text, text == NULL ? 0 : strlen(text)};
    const struct runner_options runner = {.jobs = 1,
                                          .timeout_ms = options->timeout_ms,
                                          .start_timeout_ms = options->start_timeout_ms,
                                          .done = read_probe,
                                          .stop = options->stop,
                                          .user = &probe};
    bool ran = scenario != NULL && runner_run(options->subject, &item, 1, &runner, error, capacity);
    scenario_free(scenario);
    free(text);
    return ran;
}
