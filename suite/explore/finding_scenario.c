/* A finding as a scenario to keep: the story with what the model answers as its pins. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "pagelaw/rules.h"
#include "suite/model_backend.h"
#include "suite/print.h"

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

static bool is_taken(const struct explored *explored, const char *path)
{
    for (size_t i = 0; i < explored->finding_count; i++)
        if (strcmp(explored->findings[i].path, path) == 0)
            return true;
    return false;
}

/* The rule and a number out of the text: the same for the same scenario in each run. Shards may
 * find the same; their files can lie in one folder. */
static char *make_path(const struct explore_options *options, const struct explored *explored,
                       const char *text, const struct verdict_of *of)
{
    uint32_t hash = 2166136261u;
    char path[600], part[32] = "";
    for (const char *c = text; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 16777619u;
    if (options->shards != 0)
        snprintf(part, sizeof part, "-%uof%u", options->shard, options->shards);
    do
        snprintf(path, sizeof path, "%s/%s-%06" PRIx32 "%s.va", options->folder,
                 of->rule[0] != '\0' ? of->rule : "crash", hash & 0xffffff, part);
    while (is_taken(explored, path) && ++hash != 0);
    char *made = malloc(strlen(path) + 1);
    return made == NULL ? NULL : strcpy(made, path);
}

static bool refuse(const struct verdict_of *of, const struct scenario_error *slip, char *error,
                   size_t capacity)
{
    snprintf(error, capacity, "what was found, \"%s\", is no scenario: line %d: %s", of->what,
             slip->line, slip->message);
    return false;
}

bool finding_make_scenario(struct explore_finding *finding, const struct story *story,
                           const struct verdict_of *of, const struct trier *trier,
                           const struct explored *explored, char *error, size_t capacity)
{
    struct scenario_error slip = {.message = "out of memory"};
    char title[384];
    bool named = of->rule[0] != '\0';
    const char *sentence = named ? pagelaw_rule_info(pagelaw_rule_find(of->rule))->sentence
                           : of->what[0] != '\0' ? of->what
                                                 : "The subject does not end well";
    snprintf(title, sizeof title, "%s", sentence);
    if (title[0] != '\0' && title[strlen(title) - 1] == '.')
        title[strlen(title) - 1] = '\0';
    for (char *c = title; *c != '\0'; c++)
        if (*c == '"' || *c == '\\')
            *c = '\'';
    char *text = story_print(story, trier->alphabet->hole, title, named ? of->rule : "VA-RESERVE");
    struct scenario *bare =
        text == NULL ? NULL : scenario_parse("explored", text, strlen(text), &slip);
    free(text);
    if (bare == NULL)
        return refuse(of, &slip, error, capacity);
    finding->text = pin_by_model(bare, trier->options->profile);
    scenario_free(bare);
    finding->path =
        finding->text == NULL ? NULL : make_path(trier->options, explored, finding->text, of);
    if (finding->path == NULL)
        return false;
    finding->scenario = scenario_parse(finding->path, finding->text, strlen(finding->text), &slip);
    return finding->scenario != NULL || refuse(of, &slip, error, capacity);
}
