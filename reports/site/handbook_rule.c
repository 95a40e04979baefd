/* A rule's page as Markdown. */
#include <stdlib.h>
#include <string.h>

#include "handbook.h"
#include "region.h"
#include "transcript.h"

static void put_fact(FILE *out, const char *label, const char *text)
{
    if (text != NULL && *text != '\0')
        handbook_put(out, "- %s: %s\n", label, text);
}

static void put_results(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs("\n| subject | held to | |\n| --- | --- | --- |\n", out);
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct site_cell *cell = &rule->cells[i];
        handbook_put(out, "| %s | %s | %s %s", site->subjects[i].label,
                     site->subjects[i].result->profile, cell_sign(cell->kind),
                     cell_word(cell->kind));
        if (cell->kind != CELL_NONE)
            handbook_put(out, " in %u of %u", cell->count, cell->total);
        fputs(" |\n", out);
    }
    fputc('\n', out);
}

/* ---- The address space ---- */

static void put_region(FILE *out, const struct layout *layout, size_t row, enum layout_map map)
{
    const struct result_region *region = layout->rows[row].regions[map];
    if (region == NULL) {
        fputs("  |", out);
        return;
    }
    for (int field = 0; field < REGION_FIELDS; field++) {
        bool differs = region_differs(layout, row, map, (enum region_field)field);
        if (!differs && !region_tells(region, (enum region_field)field))
            continue;
        handbook_put(out, differs ? " **\xe2\x89\xa0 %s**" : " %s",
                     region_field(region, (enum region_field)field));
    }
    fputs(" |", out);
}

static void put_map(FILE *out, const struct result_difference *difference)
{
    struct layout layout;
    if (!layout_create(&layout, difference))
        return;
    fputs("| from | before | after, allowed | after, observed |\n| --- | --- | --- | --- |\n", out);
    for (size_t row = 0; row < layout.count; row++) {
        const char *start = layout.rows[row].start;
        handbook_put(out, "| %s |", start == NULL ? "" : start);
        for (int map = 0; map < LAYOUT_MAPS; map++)
            put_region(out, &layout, row, (enum layout_map)map);
        fputc('\n', out);
    }
    fputc('\n', out);
    layout_free(&layout);
}

/* ---- Scenarios ---- */

static void put_difference(FILE *out, const struct result_difference *difference)
{
    handbook_put(out, "Step %u: %s\n\n", (size_t)difference->step + 1, difference->call);
    if (difference->finding_count != 0)
        fputs("| what | allowed | observed | rule |\n| --- | --- | --- | --- |\n", out);
    for (unsigned i = 0; i < difference->finding_count; i++) {
        const struct result_finding *finding = &difference->findings[i];
        handbook_put(out, "| %s | %s | %s | %s |\n", finding->what, finding->allowed,
                     finding->observed, finding->rule.id);
    }
    if (difference->finding_count != 0)
        fputc('\n', out);
    put_map(out, difference);
}

static void put_judgement(FILE *out, const struct site *site, const struct site_scenario *scenario,
                          size_t subject)
{
    const struct result_scenario *on = scenario->on[subject];
    enum cell_kind kind = cell_of_verdict(on->verdict);
    handbook_put(out, "%s %s:", cell_sign(kind), cell_word(kind));
    const char *comma = " ";
    for (size_t i = subject; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == scenario->behaviour[subject] &&
            site_judged_alike(scenario->on[i], on)) {
            handbook_put(out, "%s%s (%s)", comma, site->subjects[i].label,
                         site->subjects[i].result->profile);
            comma = ", ";
        }
    }
    if (on->reason != NULL)
        handbook_put(out, ": %s", on->reason);
    fputs("\n\n", out);
    for (unsigned i = 0; i < on->difference_count; i++)
        put_difference(out, &on->differences[i]);
}

static void put_behaviour(FILE *out, const struct site *site, const struct site_scenario *scenario,
                          size_t behaviour)
{
    size_t first = behaviour_first(site, scenario, behaviour);
    handbook_put(out, "#### Way %u of %u\n\n", behaviour + 1, scenario->behaviour_count);
    if (*transcript_of(scenario->on[first]) != '\0')
        handbook_code(out, "", transcript_of(scenario->on[first]));
    for (size_t i = first; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == behaviour && !site_is_told(scenario, i))
            put_judgement(out, site, scenario, i);
    }
}

static void put_program(FILE *out, const struct site *site, const struct site_scenario *scenario,
                        const char *text)
{
    const char *profile = NULL;
    for (size_t i = 0; i < site->subject_count && profile == NULL; i++) {
        if (scenario->on[i] != NULL)
            profile = site->subjects[i].result->profile;
    }
    char *program = site->input->program == NULL
                        ? NULL
                        : site->input->program(site->input->user, scenario->path, text, profile);
    if (program == NULL)
        return;
    fputs("A C program for windows.h that shows it:\n\n", out);
    handbook_code(out, "c", program);
    free(program);
}

static void put_scenario(FILE *out, const struct site *site, const struct site_scenario *scenario)
{
    const char *text = site_text(site, scenario);
    handbook_put(out, "### %s\n\n%s\n\n", site_title(scenario), scenario->path);
    if (*text != '\0')
        handbook_code(out, "", text);
    for (size_t i = 0; i < scenario->behaviour_count; i++)
        put_behaviour(out, site, scenario, i);
    put_program(out, site, scenario, text);
}

void handbook_rule(FILE *out, const struct site *site, size_t index)
{
    const struct site_rule *rule = &site->rules[index];
    handbook_put(out, "# %s\n\n%s\n\n", rule->id, rule->sentence);
    put_fact(out, rule->grade, *rule->source == '\0' ? "no source" : rule->source);
    put_fact(out, "versions", rule->versions);
    put_fact(out, "against it", rule->contradiction);
    put_fact(out, "no scenario", rule->uncovered);
    put_results(out, site, rule);
    if (rule->scenario_count != 0)
        fputs("## Scenarios\n\n", out);
    for (size_t i = 0; i < rule->scenario_count; i++)
        put_scenario(out, site, &site->scenarios[rule->scenarios[i]]);
}
