/* A result as one HTML page that needs no other file and no script. */
#include <limits.h>

#include "extent.h"
#include "groups.h"
#include "markup.h"
#include "parts.h"
#include "reports.h"
#include "words.h"

static const char style[] =
    ":root { color-scheme: light dark; --ink: #1c2126; --quiet: #59636e; --line: #d5dbe1;\n"
    "  --wrong: #b3261e; --right: #14692c; --doubt: #7a5200; --back: #ffffff; --soft: #f4f6f8; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --quiet: #a3adb8;\n"
    "  --line: #3a424b; --wrong: #ff8a80; --right: #7fd493; --doubt: #f0bf5a; --back: #14181c;\n"
    "  --soft: #1d2329; } }\n"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto;\n"
    "  padding: 1rem; color: var(--ink); background: var(--back); }\n"
    "code, pre { font: 0.875rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }\n"
    "pre { background: var(--soft); padding: 0.6rem 0.8rem; overflow-x: auto; }\n"
    "table { border-collapse: collapse; }\n"
    ".scroll { overflow-x: auto; }\n"
    "th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: left;\n"
    "  vertical-align: top; }\n"
    "td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }\n"
    "h2 { border-bottom: 2px solid var(--line); margin-top: 2.2rem; }\n"
    "article { margin: 1.2rem 0 2rem; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; }\n"
    "dt, .quiet { color: var(--quiet); } dd { margin: 0; }\n"
    ".wrong { color: var(--wrong); } .right { color: var(--right); } .doubt { color: var(--doubt); "
    "}\n"
    "summary { cursor: pointer; padding: 0.25rem 0; }\n";

static void put_element(FILE *out, const char *element, const char *class, const char *text)
{
    fprintf(out, "<%s", element);
    if (class != NULL)
        fprintf(out, " class=\"%s\"", class);
    putc('>', out);
    markup_put(out, text);
    fprintf(out, "</%s>", element);
}

static void put_fact(FILE *out, const char *label, const char *text)
{
    put_element(out, "dt", NULL, label);
    put_element(out, "dd", NULL, text);
    putc('\n', out);
}

static void put_number(FILE *out, size_t number)
{
    fprintf(out, "<td class=\"number\">%zu</td>", number);
}

static void put_row(FILE *out, const char *name, const size_t counts[VERDICT_END], size_t all,
                    const struct tally *tally)
{
    fputs("<tr><th scope=\"row\">", out);
    markup_put(out, name);
    fputs("</th>", out);
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (tally->counts[i] != 0)
            put_number(out, counts[i]);
    }
    put_number(out, all);
    fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct tally *tally)
{
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Scenarios by area\">"
          "<table>\n<thead><tr><th scope=\"col\">area</th>",
          out);
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (tally->counts[i] != 0)
            fprintf(out, "<th scope=\"col\" class=\"number\">%s</th>",
                    report_verdict_word((enum verdict)i));
    }
    fputs("<th scope=\"col\" class=\"number\">all</th></tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < tally->area_count; i++)
        put_row(out, tally->areas[i].name, tally->areas[i].counts, tally->areas[i].scenarios,
                tally);
    put_row(out, "all", tally->counts, tally->scenarios, tally);
    fputs("</tbody></table></div>\n", out);
}

/* ---- Differences ---- */

static void put_finding(FILE *out, const struct result_finding *finding)
{
    fputs("<tr><th scope=\"row\">", out);
    markup_put(out, finding->what);
    fputs("</th><td class=\"right\"><code>", out);
    markup_put(out, finding->allowed);
    fputs("</code></td><td class=\"wrong\"><code>", out);
    markup_put(out, finding->observed);
    fputs("</code></td><td>", out);
    markup_put(out, finding->rule.id);
    if (finding->standing == STANDING_DRIFT) {
        fputs(", <span class=\"doubt\">known as <code>", out);
        markup_put(out, finding->entry->value);
        fputs("</code></span>", out);
    } else if (finding->standing != STANDING_NONE) {
        fprintf(out, ", %s", report_standing_word(finding->standing));
    }
    fputs("</td></tr>\n", out);
}

static void put_transcript(FILE *out, const struct result_scenario *scenario,
                           const struct result_difference *difference)
{
    bool own = difference->transcript != NULL;
    const char *text = own ? difference->transcript : scenario->transcript;
    if (*text == '\0')
        return;
    fputs("<details><summary>What came back, step by step</summary>\n<pre tabindex=\"0\">", out);
    markup_put_lines(out, text, own ? UINT_MAX : difference->transcript_lines);
    fputs("</pre></details>\n", out);
}

static void put_again(FILE *out, const struct result *result,
                      const struct result_scenario *scenario)
{
    fputs("<p class=\"quiet\">Again: <code>", out);
    markup_put(out, result->command);
    putc(' ', out);
    markup_put(out, scenario->path);
    fputs("</code></p>\n", out);
}

static void put_difference(FILE *out, const struct result *result,
                           const struct result_scenario *scenario,
                           const struct result_difference *difference)
{
    fputs("<article>\n", out);
    put_element(out, "h4", NULL, scenario->title);
    fputs("\n<p class=\"quiet\">", out);
    markup_put(out, scenario->path);
    fprintf(out, ", line %d</p>\n<pre tabindex=\"0\">", difference->line);
    markup_put_lines(out, difference->call, UINT_MAX);
    fputs("</pre>\n", out);
    if (difference->finding_count != 0)
        fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What differs\">"
              "<table><thead><tr><th scope=\"col\">what</th><th scope=\"col\">allowed</th>"
              "<th scope=\"col\">came back</th><th scope=\"col\">rule</th></tr></thead>\n<tbody>\n",
              out);
    for (unsigned i = 0; i < difference->finding_count; i++)
        put_finding(out, &difference->findings[i]);
    if (difference->finding_count != 0)
        fputs("</tbody></table></div>\n", out);
    put_transcript(out, scenario, difference);
    put_again(out, result, scenario);
    fputs("</article>\n", out);
}

static void put_group(FILE *out, const struct result *result, const struct group *group)
{
    const struct result_rule *rule = group->items[0].rule;
    fputs("<section>\n", out);
    put_element(out, "h3", NULL, rule->id);
    put_element(out, "p", NULL, rule->sentence);
    fputs("\n<p class=\"quiet\">", out);
    markup_put(out, rule->grade);
    fputs(": ", out);
    markup_put(out, rule->source);
    fputs("</p>\n", out);
    for (size_t i = 0; i < group->item_count; i++)
        put_difference(out, result, group->items[i].scenario, group->items[i].difference);
    fputs("</section>\n", out);
}

static bool put_groups(FILE *out, const struct result *result)
{
    struct groups groups;
    if (!groups_by_rule(&groups, result))
        return false;
    if (groups.group_count != 0)
        fprintf(out, "<h2>%s broken in %s</h2>\n", words_count(groups.group_count, "rule").text,
                words_count(groups.scenario_count, "scenario").text);
    for (size_t i = 0; i < groups.group_count; i++)
        put_group(out, result, &groups.groups[i]);
    groups_destroy(&groups);
    return true;
}

static void put_list(FILE *out, const struct result *result, enum verdict verdict, size_t count)
{
    if (count == 0)
        return;
    fprintf(out, "<h2>%s: %s</h2>\n<ul>\n", report_verdict_word(verdict),
            words_count(count, "scenario").text);
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (scenario->verdict != verdict)
            continue;
        fputs("<li>", out);
        put_element(out, "code", NULL, scenario->path);
        fputs(": ", out);
        markup_put(out, scenario->reason != NULL ? scenario->reason : scenario->title);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void put_fixed(FILE *out, const struct result_baseline *baseline)
{
    if (baseline->fixed_count == 0)
        return;
    fputs("<h2>No longer so: these entries of the baseline must go</h2>\n<ul>\n", out);
    for (size_t i = 0; i < baseline->fixed_count; i++) {
        const struct result_entry *entry = &baseline->fixed[i];
        fputs("<li>", out);
        put_element(out, "code", NULL, entry->path);
        fprintf(out, ", step %u: ", entry->step);
        markup_put(out, entry->rule);
        putc(' ', out);
        markup_put(out, entry->what);
        fputs(" was ", out);
        put_element(out, "code", NULL, entry->value);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

/* ---- The page ---- */

static void put_beside(FILE *out, const struct result *result)
{
    const struct result_baseline *baseline = &result->baseline;
    if (baseline->path == NULL)
        return;
    struct standings standings = standings_of(result);
    fputs("<dt>baseline</dt><dd>", out);
    markup_put(out, baseline->path);
    fprintf(out, ": %zu known, %zu new, %zu drifted, %zu fixed, %zu expired</dd>\n",
            standings.counts[STANDING_KNOWN], standings.counts[STANDING_NEW],
            standings.counts[STANDING_DRIFT], baseline->fixed_count, baseline->expired_count);
}

static void put_extent(FILE *out, const struct result *result)
{
    struct extent_words words;
    extent_tell(result, &words);
    if (words.count == 0)
        return;
    fputs("<dt>explored</dt>", out);
    for (unsigned i = 0; i < words.count; i++)
        put_element(out, "dd", NULL, words.lines[i]);
    putc('\n', out);
}

static void put_head(FILE *out, const struct result *result)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'\">\n<title>Pagelaw: ",
          out);
    markup_put(out, result->subject);
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>Pagelaw: ", style);
    markup_put(out, result->subject);
    fputs("</h1>\n<dl>\n", out);
    put_fact(out, "system", result->system);
    put_fact(out, "processor", result->processor);
    put_fact(out, "profile", result->profile);
    put_beside(out, result);
    put_extent(out, result);
    put_fact(out, "run", result->host_date);
    fputs("</dl>\n", out);
    if (result->interrupted)
        fprintf(out, "<p class=\"doubt\">Interrupted: %s.</p>\n", words_of_interruption(result));
    if (tally_is_of_exploration(result) && result->scenario_count == 0)
        fputs("<p>An exploration, which found no differences.</p>\n", out);
}

bool report_html(const struct result *result, FILE *out)
{
    struct tally tally;
    if (!tally_create(&tally, result))
        return false;
    put_head(out, result);
    put_table(out, &tally);
    put_list(out, result, VERDICT_CRASHED, tally.counts[VERDICT_CRASHED]);
    put_list(out, result, VERDICT_TIMED_OUT, tally.counts[VERDICT_TIMED_OUT]);
    bool told = put_groups(out, result);
    put_list(out, result, VERDICT_KNOWN, tally.counts[VERDICT_KNOWN]);
    put_list(out, result, VERDICT_UNSUPPORTED, tally.counts[VERDICT_UNSUPPORTED]);
    put_fixed(out, &result->baseline);
    fputs("</main>\n</body>\n</html>\n", out);
    tally_destroy(&tally);
    return told && fflush(out) == 0 && !ferror(out);
}
