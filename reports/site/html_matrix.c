/* The first page: rules down, subjects across. */
#include <string.h>

#include "html.h"
#include "tally.h"
#include "words.h"

#define UPRIGHT_MAX 6 /* columns whose heads need not be turned */

/* ---- What is said before ---- */

static void put_notes(FILE *out, const struct site *site)
{
    if (site_mixes_suites(site))
        fputs(
            "<p class=\"note\"><strong>Different suites.</strong> Some of these results are of "
            "different sets of scenarios under one profile: numbers of one column need not be of "
            "the scenarios of the next. Where a scenario's text is not the same, its section says "
            "so. <a href=\"about.html#subjects\">Which is which</a></p>\n",
            out);
    if (site_mixes_profiles(site))
        fputs("<p class=\"note\"><strong>Different profiles.</strong> Subjects are held to the law "
              "of the profile under their name: that one agrees and another differs can be because "
              "the law differs. <a href=\"about.html#subjects\">Which is which</a></p>\n",
              out);
    if (site_mixes_versions(site))
        fputs("<p class=\"note\"><strong>Different versions of Pagelaw</strong> made these results "
              "and this page. <a href=\"about.html#subjects\">Which is which</a></p>\n",
              out);
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct result *result = site->subjects[i].result;
        if (tally_is_of_exploration(result))
            html_put(out,
                     "<p class=\"note\"><strong>An exploration.</strong> %s: only the "
                     "differences that were found stand here; a rule without a number was not "
                     "seen to be broken. <a href=\"about.html#subject-%u\">How far it came</a>"
                     "</p>\n",
                     site->subjects[i].label, i + 1);
        if (result->interrupted || result->suite.shard_count != 0)
            html_put(out,
                     "<p class=\"note\"><strong>Not whole.</strong> The result of %s is only "
                     "a part of %s.</p>\n",
                     site->subjects[i].label,
                     tally_is_of_exploration(result) ? "what was to be explored" : "its suite");
    }
}

static void put_options(FILE *out, const char *label, const char *id, const char *first)
{
    html_put(out, "<label for=\"%s\">%s</label>\n<select id=\"%s\"><option value=\"\">%s</option>",
             id, label, id, first);
}

/* Shown by the script, which it is for. */
static void put_filter(FILE *out, const struct site *site)
{
    fputs("<form id=\"filter\" role=\"search\" aria-label=\"Rules\" hidden>\n"
          "<div class=\"field wide\"><label for=\"q\">Search <kbd>/</kbd></label>\n"
          "<input id=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></div>\n"
          "<div class=\"field\">",
          out);
    put_options(out, "Show", "show", "all rules");
    fputs("<option value=\"any\">differs on any</option>"
          "<option value=\"one\">differs on exactly one</option>"
          "<option value=\"apart\">subjects go different ways</option>"
          "<option value=\"refuted\">refuted by Windows</option>"
          "<option value=\"disputed\">sources disagree</option>"
          "<option value=\"bare\">no scenario</option></select></div>\n<div class=\"field\">",
          out);
    put_options(out, "Area", "area", "every area");
    size_t area = 0;
    for (size_t i = 0; i < site->rule_count; i++) {
        if (site_begins_area(site, i))
            html_put(out, "<option value=\"%u\">%s</option>", area++, site->rules[i].area);
    }
    fputs("</select></div>\n<div class=\"field\">", out);
    put_options(out, "Differs on", "on", "\xe2\x80\x93");
    for (size_t i = 0; i < site->subject_count; i++)
        html_put(out, "<option value=\"%u\">%s</option>", i, site->subjects[i].label);
    fputs("</select></div>\n<button type=\"reset\">Clear</button>\n</form>\n", out);
    html_put(out, "<p id=\"found\" role=\"status\">%s, %s</p>\n",
             words_count(site->rule_count, "rule").text,
             words_count(site->subject_count, "subject").text);
}

static void put_legend(FILE *out)
{
    fputs("<p class=\"legend\">A number is of scenarios. ", out);
    for (int kind = CELL_AGREE; kind < CELL_END; kind++)
        html_put(out, "<span class=\"%s\"><b>%s</b> %s</span> ", cell_class((enum cell_kind)kind),
                 cell_sign((enum cell_kind)kind), cell_word((enum cell_kind)kind));
    fputs("</p>\n", out);
}

/* ---- The table ---- */

static void put_head(FILE *out, const struct site *site)
{
    fputs("<thead><tr><th scope=\"col\">Rule</th>", out);
    for (size_t i = 0; i < site->subject_count; i++) {
        html_put(out, "<th scope=\"col\"><a href=\"about.html#subject-%u\">", i + 1);
        html_subject(out, &site->subjects[i]);
        fputs("</a></th>", out);
    }
    fputs("</tr></thead>\n", out);
}

static size_t end_of_area(const struct site *site, size_t first)
{
    size_t end = first + 1;
    while (end < site->rule_count && !site_begins_area(site, end))
        end++;
    return end;
}

static void put_area(FILE *out, const struct site *site, size_t first, size_t number)
{
    size_t end = end_of_area(site, first);
    html_put(out,
             "<tbody id=\"area-%u\">\n<tr class=\"area\"><th scope=\"rowgroup\">%s "
             "<small>%s</small></th>",
             number, site->rules[first].area, words_count(end - first, "rule").text);
    for (size_t i = 0; i < site->subject_count; i++) {
        size_t differing = 0;
        for (size_t rule = first; rule < end; rule++)
            differing += cell_differs(&site->rules[rule].cells[i]);
        if (differing == 0)
            fputs("<td></td>", out);
        else
            html_put(out, "<td>%u</td>", differing);
    }
    fputs("</tr>\n", out);
}

static void put_cell(FILE *out, const struct site *site, const struct site_rule *rule,
                     size_t subject)
{
    const struct site_cell *cell = &rule->cells[subject];
    html_put(out, "<td class=%s>", cell_class(cell->kind));
    if (cell->kind == CELL_NONE) {
        fputs("</td>", out);
    } else if (cell_differs(cell)) {
        const struct site_scenario *scenario = &site->scenarios[rule->scenarios[cell->scenario]];
        html_put(out, "<a href=\"rules/%s.html#s%ub%u\">%u/%u</a></td>", rule->page,
                 cell->scenario + 1, scenario->behaviour[subject] + 1, cell->count, cell->total);
    } else {
        html_put(out, "%u</td>", cell->count);
    }
}

static void put_flags(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs(" data-f=\"", out);
    if (rule->refuted)
        fputc('r', out);
    if (rule->contradiction != NULL)
        fputc('c', out);
    if (rule->apart)
        fputc('a', out);
    if (rule->scenario_count == 0)
        fputc('b', out);
    fputs("\" data-d=\"", out);
    for (size_t i = 0; i < site->subject_count; i++) {
        if (cell_differs(&rule->cells[i]))
            html_put(out, " %u", i);
    }
    fputc('"', out);
}

static void put_rule(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs("<tr", out);
    put_flags(out, site, rule);
    html_put(out, "><th scope=\"row\"><a href=\"rules/%s.html\">%s</a> <span>%s</span></th>",
             rule->page, rule->id, rule->sentence);
    for (size_t i = 0; i < site->subject_count; i++)
        put_cell(out, site, rule, i);
    fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct site *site)
{
    html_put(out,
             "<div class=\"scroll\" role=\"region\" aria-label=\"Matrix of rules and subjects\" "
             "tabindex=\"0\">\n<table class=\"matrix%s\">\n<caption class=\"hidden\">What each "
             "subject does with each rule. In the row of an area: how many of its rules the "
             "subject differs from.</caption>\n",
             site->subject_count > UPRIGHT_MAX ? " many" : "");
    put_head(out, site);
    size_t area = 0;
    for (size_t i = 0; i < site->rule_count; i++) {
        if (site_begins_area(site, i)) {
            if (i != 0)
                fputs("</tbody>\n", out);
            put_area(out, site, i, area++);
        }
        put_rule(out, site, &site->rules[i]);
    }
    if (site->rule_count != 0)
        fputs("</tbody>\n", out);
    fputs("</table></div>\n", out);
}

void html_matrix(FILE *out, const struct site *site)
{
    const struct html_page page = {
        .title = "Windows virtual memory: who does what", .root = "", .name = "index.html"};
    html_begin(out, &page);
    fputs("<p class=\"lead\">What VirtualAlloc, VirtualFree, VirtualProtect, VirtualQuery and "
          "their Nt forms are documented and seen to do, rule by rule, and what each system "
          "does.</p>\n",
          out);
    put_notes(out, site);
    put_filter(out, site);
    put_legend(out);
    put_table(out, site);
    html_end(out, site);
}
