/* The scenarios of all results, and which subjects did the same in them. */
#include <stdlib.h>
#include <string.h>

#include "site.h"
#include "transcript.h"

static int by_path(const void *one, const void *other)
{
    const struct site_scenario *a = one, *b = other;
    int order = strcmp(a->path, b->path);
    return order != 0 ? order : strcmp(a->title, b->title);
}

struct site_scenario *site_scenario_find(const struct site *site, const char *path,
                                         const char *title)
{
    const struct site_scenario key = {.path = path, .title = title};
    return site->scenario_count == 0
               ? NULL
               : bsearch(&key, site->scenarios, site->scenario_count, sizeof key, by_path);
}

/* Also those of the book that ran nowhere. */
static size_t list_all(const struct site *site, struct site_scenario *all)
{
    size_t count = 0;
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct result *result = site->subjects[i].result;
        for (size_t j = 0; j < result->scenario_count; j++, count++) {
            if (all != NULL)
                all[count] = (struct site_scenario){.path = result->scenarios[j].path,
                                                    .title = result->scenarios[j].title};
        }
    }
    const struct book *book = site->input->book;
    for (size_t i = 0; i < book->rule_count; i++) {
        for (size_t j = 0; j < book->rules[i].scenario_count; j++, count++) {
            const struct book_scenario *scenario = book->rules[i].scenarios[j];
            if (all != NULL)
                all[count] =
                    (struct site_scenario){.path = scenario->path, .title = scenario->title};
        }
    }
    return count;
}

static size_t drop_doubles(struct site_scenario *all, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_path(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    }
    return kept;
}

/* ---- Behaviours ---- */

static bool ended_alike(const struct result_scenario *one, const struct result_scenario *other)
{
    const char *told = transcript_of(one), *other_told = transcript_of(other);
    return transcript_alike(told, strlen(told), other_told, strlen(other_told)) &&
           (*one->transcript == '\0') == (*other->transcript == '\0') &&
           (one->verdict >= VERDICT_CRASHED) == (other->verdict >= VERDICT_CRASHED);
}

static void group(const struct site *site, struct site_scenario *scenario)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        scenario->behaviour[i] = SITE_NONE;
        if (scenario->on[i] == NULL)
            continue;
        scenario->differs = scenario->differs || scenario->on[i]->verdict >= VERDICT_KNOWN;
        for (size_t j = 0; j < i && scenario->behaviour[i] == SITE_NONE; j++) {
            if (scenario->on[j] != NULL && ended_alike(scenario->on[i], scenario->on[j]))
                scenario->behaviour[i] = scenario->behaviour[j];
        }
        if (scenario->behaviour[i] == SITE_NONE)
            scenario->behaviour[i] = scenario->behaviour_count++;
    }
}

static bool findings_alike(const struct result_difference *one,
                           const struct result_difference *other)
{
    if (one->step != other->step || one->finding_count != other->finding_count)
        return false;
    for (unsigned i = 0; i < one->finding_count; i++) {
        const struct result_finding *a = &one->findings[i], *b = &other->findings[i];
        if (strcmp(a->what, b->what) != 0 || strcmp(a->allowed, b->allowed) != 0 ||
            strcmp(a->observed, b->observed) != 0 || strcmp(a->rule.id, b->rule.id) != 0)
            return false;
    }
    return true;
}

bool site_judged_alike(const struct result_scenario *one, const struct result_scenario *other)
{
    if (one->verdict != other->verdict || one->difference_count != other->difference_count)
        return false;
    for (unsigned i = 0; i < one->difference_count; i++) {
        if (!findings_alike(&one->differences[i], &other->differences[i]))
            return false;
    }
    return true;
}

bool site_is_told(const struct site_scenario *scenario, size_t subject)
{
    for (size_t i = 0; i < subject; i++) {
        if (scenario->behaviour[i] == scenario->behaviour[subject] &&
            site_judged_alike(scenario->on[i], scenario->on[subject]))
            return true;
    }
    return false;
}

/* ---- All ---- */

static bool add_subjects(struct site *site)
{
    size_t cells = site->scenario_count * site->subject_count;
    const struct result_scenario **on = site_take(site, cells + 1, sizeof *on);
    size_t *behaviour = site_take(site, cells + 1, sizeof *behaviour);
    if (on == NULL || behaviour == NULL)
        return false;
    for (size_t i = 0; i < site->scenario_count; i++) {
        site->scenarios[i].on = on + i * site->subject_count;
        site->scenarios[i].behaviour = behaviour + i * site->subject_count;
    }
    return true;
}

bool site_add_scenarios(struct site *site)
{
    size_t count = list_all(site, NULL);
    site->scenarios = site_take(site, count + 1, sizeof *site->scenarios);
    if (site->scenarios == NULL)
        return false;
    list_all(site, site->scenarios);
    qsort(site->scenarios, count, sizeof *site->scenarios, by_path);
    site->scenario_count = drop_doubles(site->scenarios, count);
    if (!add_subjects(site))
        return false;
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct result *result = site->subjects[i].result;
        for (size_t j = 0; j < result->scenario_count; j++) {
            const struct result_scenario *scenario = &result->scenarios[j];
            site_scenario_find(site, scenario->path, scenario->title)->on[i] = scenario;
        }
    }
    for (size_t i = 0; i < site->scenario_count; i++)
        group(site, &site->scenarios[i]);
    return true;
}
