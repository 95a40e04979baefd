/* A result as Markdown: what a person reads below a change or in a wiki. */

#include "extent.h"
#include "groups.h"
#include "markdown.h"
#include "parts.h"
#include "reports.h"
#include "words.h"

static void put_fact(FILE *out, const char *label, const char *text)
{
    fprintf(out, "- %s: ", label);
    markdown_put(out, text);
    putc('\n', out);
}

static void put_counts(FILE *out, const size_t counts[VERDICT_END], const struct tally *tally)
{
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (tally->counts[i] != 0)
            fprintf(out, " %zu |", counts[i]);
    }
}

static void put_table(FILE *out, const struct tally *tally)
{
    fputs("\n| area |", out);
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (tally->counts[i] != 0)
            fprintf(out, " %s |", report_verdict_word((enum verdict)i));
    }
    fputs(" all |\n| --- |", out);
    for (unsigned i = 0; i < VERDICT_END; i++)
        fputs(tally->counts[i] != 0 ? " ---: |" : "", out);
    fputs(" ---: |\n", out);
    for (size_t i = 0; i < tally->area_count; i++) {
        const struct tally_area *area = &tally->areas[i];
        fputs("| ", out);
        markdown_put(out, area->name);
        fputs(" |", out);
        put_counts(out, area->counts, tally);
        fprintf(out, " %zu |\n", area->scenarios);
    }
    fputs("| **all** |", out);
    put_counts(out, tally->counts, tally);
    fprintf(out, " %zu |\n", tally->scenarios);
}

/* ---- Differences ---- */

static void put_finding(FILE *out, const struct result_finding *finding)
{
    fputs("| ", out);
    markdown_put(out, finding->what);
    fputs(" | ", out);
    markdown_put_code(out, finding->allowed);
    fputs(" | ", out);
    markdown_put_code(out, finding->observed);
    fputs(" | ", out);
    markdown_put(out, finding->rule.id);
    if (finding->standing == STANDING_DRIFT) {
        fputs(", known as ", out);
        markdown_put_code(out, finding->entry->value);
    } else if (finding->standing != STANDING_NONE) {
        fprintf(out, ", %s", report_standing_word(finding->standing));
    }
    fputs(" |\n", out);
}

static void put_difference(FILE *out, const struct result *result,
                           const struct result_scenario *scenario,
                           const struct result_difference *difference)
{
    putc('\n', out);
    markdown_put(out, scenario->title);
    fputs(" ", out);
    markdown_put_code(out, scenario->path);
    fprintf(out, ", line %d:\n\n", difference->line);
    markdown_put_block(out, difference->call, 1000);
    if (difference->finding_count != 0)
        fputs("\n| | allowed | came back | rule |\n| --- | --- | --- | --- |\n", out);
    for (unsigned i = 0; i < difference->finding_count; i++)
        put_finding(out, &difference->findings[i]);
    fputs("\nAgain: ", out);
    markdown_put_code(out, result->command);
    putc(' ', out);
    markdown_put_code(out, scenario->path);
    putc('\n', out);
}

static void put_group(FILE *out, const struct result *result, const struct group *group)
{
    const struct result_rule *rule = group->items[0].rule;
    fputs("\n### ", out);
    markdown_put(out, rule->id);
    fputs("\n\n", out);
    markdown_put(out, rule->sentence);
    fputs(" (", out);
    markdown_put(out, rule->grade);
    fputs(": ", out);
    markdown_put(out, rule->source);
    fputs(")\n", out);
    for (size_t i = 0; i < group->item_count; i++)
        put_difference(out, result, group->items[i].scenario, group->items[i].difference);
}

static bool put_groups(FILE *out, const struct result *result)
{
    struct groups groups;
    if (!groups_by_rule(&groups, result))
        return false;
    if (groups.group_count != 0)
        fprintf(out, "\n## %s broken in %s\n", words_count(groups.group_count, "rule").text,
                words_count(groups.scenario_count, "scenario").text);
    for (size_t i = 0; i < groups.group_count; i++)
        put_group(out, result, &groups.groups[i]);
    groups_destroy(&groups);
    return true;
}

static void put_ended(FILE *out, const struct result *result, enum verdict verdict, size_t count)
{
    if (count == 0)
        return;
    fprintf(out, "\n## %s: %s\n\n", report_verdict_word(verdict),
            words_count(count, "scenario").text);
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (scenario->verdict != verdict)
            continue;
        fputs("- ", out);
        markdown_put_code(out, scenario->path);
        fputs(": ", out);
        markdown_put(out, scenario->reason != NULL ? scenario->reason : scenario->title);
        putc('\n', out);
    }
}

static void put_fixed(FILE *out, const struct result_baseline *baseline)
{
    if (baseline->fixed_count != 0)
        fputs("\n## No longer so: these entries of the baseline must go\n\n", out);
    for (size_t i = 0; i < baseline->fixed_count; i++) {
        const struct result_entry *entry = &baseline->fixed[i];
        fputs("- ", out);
        markdown_put_code(out, entry->path);
        fprintf(out, ", step %u: ", entry->step);
        markdown_put(out, entry->rule);
        putc(' ', out);
        markdown_put(out, entry->what);
        fputs(" was ", out);
        markdown_put_code(out, entry->value);
        putc('\n', out);
    }
}

static void put_beside(FILE *out, const struct result *result)
{
    const struct result_baseline *baseline = &result->baseline;
    if (baseline->path == NULL)
        return;
    struct standings standings = standings_of(result);
    fputs("- baseline: ", out);
    markdown_put_code(out, baseline->path);
    fprintf(out, ": %zu known, %zu new, %zu drifted, %zu fixed, %zu expired\n",
            standings.counts[STANDING_KNOWN], standings.counts[STANDING_NEW],
            standings.counts[STANDING_DRIFT], baseline->fixed_count, baseline->expired_count);
}

static void put_extent(FILE *out, const struct result *result)
{
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++)
        put_fact(out, "explored", words.lines[i]);
}

bool report_markdown(const struct result *result, FILE *out)
{
    struct tally tally;
    if (!tally_create(&tally, result))
        return false;
    fputs("# Pagelaw: ", out);
    markdown_put(out, result->subject);
    fputs("\n\n", out);
    put_fact(out, "system", result->system);
    put_fact(out, "processor", result->processor);
    put_fact(out, "profile", result->profile);
    put_beside(out, result);
    if (result->interrupted)
        fprintf(out, "- interrupted: %s\n", words_of_interruption(result));
    put_extent(out, result);
    if (tally_is_of_exploration(result) && result->scenario_count == 0)
        fputs("- an exploration, which found no differences\n", out);
    put_table(out, &tally);
    put_ended(out, result, VERDICT_CRASHED, tally.counts[VERDICT_CRASHED]);
    put_ended(out, result, VERDICT_TIMED_OUT, tally.counts[VERDICT_TIMED_OUT]);
    bool told = put_groups(out, result);
    put_ended(out, result, VERDICT_KNOWN, tally.counts[VERDICT_KNOWN]);
    put_ended(out, result, VERDICT_UNSUPPORTED, tally.counts[VERDICT_UNSUPPORTED]);
    put_fixed(out, &result->baseline);
    tally_destroy(&tally);
    return told && fflush(out) == 0 && !ferror(out);
}
