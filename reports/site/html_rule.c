/* A rule's page. */
#include <string.h>

#include "html.h"

static const char root[] = "../";

static void put_fact(FILE *out, const struct site *site, const char *label, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    html_put(out, "<dt>%s</dt><dd>", label);
    html_prose(out, site, root, text);
    fputs("</dd>\n", out);
}

static void put_facts(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs("<dl class=\"facts\">\n<dt>Grade</dt><dd>", out);
    html_put(out, "<span class=\"grade\">%s</span>", rule->grade);
    if (rule->refuted)
        fputs(" <span class=\"badge\">refuted by Windows</span> Windows was seen to do otherwise "
              "than a document says.",
              out);
    fputs("</dd>\n", out);
    put_fact(out, site, "Source", rule->source);
    put_fact(out, site, "Versions", rule->versions);
    put_fact(out, site, "Against it", rule->contradiction);
    put_fact(out, site, "No scenario", rule->uncovered);
    fputs("</dl>\n", out);
}

/* ---- On each subject ---- */

static void put_result(FILE *out, const struct site *site, const struct site_rule *rule,
                       size_t subject)
{
    const struct site_cell *cell = &rule->cells[subject];
    const struct site_subject *of = &site->subjects[subject];
    html_put(out,
             "<tr><th scope=\"row\"><a href=\"../about.html#subject-%u\">%s</a></th><td>%s</td>"
             "<td class=\"%s\"><b aria-hidden=\"true\">%s</b> ",
             subject + 1, of->label, of->result->profile, cell_class(cell->kind),
             cell_sign(cell->kind));
    if (cell_differs(cell)) {
        size_t index = rule->scenarios[cell->scenario];
        html_put(out, "<a href=\"#s%ub%u\">%s</a>", cell->scenario + 1,
                 site->scenarios[index].behaviour[subject] + 1, cell_word(cell->kind));
    } else {
        html_put(out, "%s", cell_word(cell->kind));
    }
    if (cell->kind != CELL_NONE)
        html_put(out, " in %u of %u", cell->count, cell->total);
    fputs("</td></tr>\n", out);
}

static void put_results(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs("<h2 id=\"subjects\">On each subject</h2>\n<div class=\"scroll short\" role=\"group\" "
          "aria-label=\"Results\" tabindex=\"0\"><table class=\"list\">\n<thead><tr>"
          "<th scope=\"col\">Subject</th><th scope=\"col\">Held to</th>"
          "<th scope=\"col\">Scenarios</th></tr></thead>\n<tbody>\n",
          out);
    for (size_t i = 0; i < site->subject_count; i++)
        put_result(out, site, rule, i);
    fputs("</tbody></table></div>\n", out);
}

/* ---- The way to other pages ---- */

static void put_step(FILE *out, const struct site_rule *rule, const char *rel, const char *before,
                     const char *after)
{
    html_put(out, "<a rel=\"%s\" href=\"%s.html\"><span aria-hidden=\"true\">%s</span>", rel,
             rule->page, before);
    html_put(out, "%s<span aria-hidden=\"true\">%s</span></a>\n", rule->id, after);
}

static void put_path(FILE *out, const struct site *site, size_t index)
{
    size_t area = 0;
    for (size_t i = 1; i <= index; i++)
        area += site_begins_area(site, i);
    html_put(out,
             "<nav class=\"path\" aria-label=\"Rules\"><a href=\"../index.html#area-%u\">%s</a>\n",
             area, site->rules[index].area);
    if (index > 0)
        put_step(out, &site->rules[index - 1], "prev", "\xe2\x86\x90 ", "");
    if (index + 1 < site->rule_count)
        put_step(out, &site->rules[index + 1], "next", "", " \xe2\x86\x92");
    fputs("</nav>\n", out);
}

static void put_contents(FILE *out, const struct site *site, const struct site_rule *rule)
{
    fputs("<ol class=\"contents\">\n", out);
    for (size_t i = 0; i < rule->scenario_count; i++) {
        const struct site_scenario *scenario = &site->scenarios[rule->scenarios[i]];
        html_put(out, "<li><a href=\"#s%u\">%s</a>", i + 1, site_title(scenario));
        if (scenario->differs)
            html_put(out, " <span class=\"d\"><b>%s</b> differs</span>", cell_sign(CELL_DIFFER));
        fputs("\n", out);
    }
    fputs("</ol>\n", out);
}

void html_rule(FILE *out, const struct site *site, size_t index)
{
    const struct site_rule *rule = &site->rules[index];
    const struct html_page page = {.title = rule->id, .root = root, .name = ""};
    html_begin(out, &page);
    put_path(out, site, index);
    if (*rule->sentence != '\0') {
        fputs("<p class=\"law\">", out);
        html_prose(out, site, root, rule->sentence);
        fputs("</p>\n", out);
    }
    put_facts(out, site, rule);
    put_results(out, site, rule);
    if (rule->scenario_count != 0)
        fputs("<h2 id=\"scenarios\">Scenarios</h2>\n", out);
    if (rule->scenario_count > 1)
        put_contents(out, site, rule);
    for (size_t i = 0; i < rule->scenario_count; i++)
        html_scenario(out, site, rule, i);
    html_end(out, site);
}
