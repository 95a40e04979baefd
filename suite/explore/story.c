/* A sequence of acts on its own. */
#include "story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/print.h"

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

char *story_print(const struct story *story, uint64_t hole, const char *title, const char *rule)
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

void story_read_verdict(struct verdict_of *of, const struct story *story,
                        const struct result_scenario *result)
{
    *of = (struct verdict_of){.verdict = result->verdict};
    if (result->difference_count == 0) { /* it ended before its first step, if at all badly */
        snprintf(of->what, sizeof of->what, "%s", result->reason != NULL ? result->reason : "");
        return;
    }
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
