/* The handbook as Markdown: escaping, the matrix, and how to read it. */
#include "handbook.h"

#include <stdarg.h>

#include "glyph.h"
#include "markdown.h"
#include "pairs.h"
#include "report_diff.h"
#include "tally.h"

/* ---- Text ---- */

void handbook_put(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format != '%')
            fputc(*format, out);
        else if (*++format == 's')
            markdown_put(out, va_arg(arguments, const char *));
        else
            fprintf(out, "%zu", va_arg(arguments, size_t));
    }
    va_end(arguments);
}

void handbook_code(FILE *out, const char *language, const char *text)
{
    const char *whole = text;
    struct glyph glyph;
    bool begun = true;
    markdown_put_fence(out, whole);
    fprintf(out, "%s\n", language);
    while (*text != '\0') {
        begun = *text == '\n';
        if (begun || *text == '\t') {
            fputs(begun ? "\n" : "    ", out);
            text++;
            continue;
        }
        text += glyph_next(text, &glyph);
        fputs(glyph.bytes, out);
    }
    if (!begun)
        fputc('\n', out);
    markdown_put_fence(out, whole);
    fputs("\n\n", out);
}

/* ---- The matrix ---- */

static void put_notes(FILE *out, const struct site *site)
{
    if (site_mixes_suites(site))
        fputs("**Different suites**: some results are of different sets of scenarios under one "
              "profile.\n\n",
              out);
    if (site_mixes_profiles(site))
        fputs("**Different profiles**: subjects are held to the law of the profile under their "
              "name.\n\n",
              out);
    for (size_t i = 0; i < site->subject_count; i++) {
        if (tally_is_of_exploration(site->subjects[i].result))
            handbook_put(out,
                         "**An exploration**: %s. Only the differences that were found stand "
                         "here.\n\n",
                         site->subjects[i].label);
    }
    if (site_mixes_versions(site))
        fputs("**Different versions of Pagelaw** made these results and this page.\n\n", out);
}

static void put_subjects(FILE *out, const struct site *site)
{
    fputs("| | subject | system | processor | held to | suite | run |\n"
          "| --- | --- | --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct result *result = site->subjects[i].result;
        handbook_put(out, "| %u | %s | %s | %s | %s | %s, %u scenarios | %s, Pagelaw %s |\n", i + 1,
                     site->subjects[i].label, result->system, result->processor, result->profile,
                     *result->suite.hash == '\0' ? "unknown" : result->suite.hash,
                     result->suite.scenario_count, result->host_date, result->version);
    }
    fputc('\n', out);
}

static void put_cell(FILE *out, const struct site_cell *cell)
{
    if (cell->kind == CELL_NONE)
        handbook_put(out, " %s |", cell_sign(CELL_NONE));
    else if (cell_differs(cell))
        handbook_put(out, " **%s %u/%u** |", cell_sign(cell->kind), cell->count, cell->total);
    else
        handbook_put(out, " %s %u |", cell_sign(cell->kind), cell->count);
}

static void put_area(FILE *out, const struct site *site, size_t first)
{
    handbook_put(out, "\n## %s\n\n| rule | |", site->rules[first].area);
    for (size_t i = 0; i < site->subject_count; i++)
        handbook_put(out, " %u |", i + 1);
    fputs("\n| --- | --- |", out);
    for (size_t i = 0; i < site->subject_count; i++)
        fputs(" --- |", out);
    fputc('\n', out);
}

static void put_matrix(FILE *out, const struct site *site)
{
    for (size_t i = 0; i < site->rule_count; i++) {
        const struct site_rule *rule = &site->rules[i];
        if (site_begins_area(site, i))
            put_area(out, site, i);
        handbook_put(out, "| [%s](rules/", rule->id);
        fprintf(out, "%s.md)", rule->page);
        handbook_put(out, " | %s |", rule->sentence);
        for (size_t j = 0; j < site->subject_count; j++)
            put_cell(out, &rule->cells[j]);
        fputc('\n', out);
    }
}

static bool put_first_page(const void *what, FILE *out)
{
    const struct site *site = what;
    handbook_put(out,
                 "# Windows virtual memory: who does what\n\nMade by Pagelaw %s from %u result "
                 "files. [What changed](changes.md) between versions of one subject.\n\n",
                 site->input->book->version, site->subject_count);
    put_notes(out, site);
    put_subjects(out, site);
    fputs("A number is of scenarios:", out);
    for (int kind = CELL_NONE; kind < CELL_END; kind++)
        handbook_put(out, "%s %s %s", kind == CELL_NONE ? "" : ",", cell_sign((enum cell_kind)kind),
                     cell_word((enum cell_kind)kind));
    fputs(".\n", out);
    put_matrix(out, site);
    return !ferror(out);
}

/* ---- What changed ---- */

static bool put_changes(const void *what, FILE *out)
{
    const struct site *site = what;
    struct site_pair pairs[SITE_SUBJECTS_MAX];
    size_t count = site_pairs(site, pairs);
    if (count == 0)
        fputs("No two of these results are of one kind of subject.\n", out);
    for (size_t i = 0; i < count; i++) {
        struct result_diff diff;
        if (!result_diff_make(&diff, site->subjects[pairs[i].then].result,
                              site->subjects[pairs[i].now].result))
            return false;
        report_diff_markdown(&diff, out);
        fputc('\n', out);
        result_diff_free(&diff);
    }
    return !ferror(out);
}

bool site_write_markdown(const struct site *site, const struct site_output *output)
{
    if (!site_save_rules(site, output, ".md", handbook_rule))
        return false;
    return output->save(output->user, "changes.md", put_changes, site) &&
           output->save(output->user, "README.md", put_first_page, site);
}
