/* A scenario on a rule's page: its text, the program that shows it, and what subjects did. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "transcript.h"

static void put_code(FILE *out, const char *text)
{
    struct transcript_line line = {.text = text};
    fputs("<pre><code>", out);
    while (transcript_next(&line)) {
        if (line.text - text > (ptrdiff_t)TRANSCRIPT_BYTES_MAX) {
            fputs("\xe2\x80\xa6 (cut)", out);
            break;
        }
        for (size_t at = 0; at < line.length;) {
            size_t blank = strcspn(line.text + at, "\t");
            size_t length = blank < line.length - at ? blank : line.length - at;
            html_part(out, line.text + at, length);
            at += length;
            if (at < line.length) {
                fputs("    ", out);
                at++;
            }
        }
        fputc('\n', out);
    }
    fputs("</code></pre>", out);
}

/* ---- The text ---- */

static void put_other_texts(FILE *out, const struct site *site,
                            const struct site_scenario *scenario, const char *shown)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        const struct result_scenario *on = scenario->on[i];
        if (on == NULL || *on->text == '\0' || strcmp(on->text, shown) == 0)
            continue;
        html_put(out,
                 "<details class=\"note\"><summary><strong>Another text</strong>: the result of %s "
                 "is of another version of this scenario</summary>",
                 site->subjects[i].label);
        put_code(out, on->text);
        fputs("</details>\n", out);
    }
}

static void put_text(FILE *out, const struct site *site, const struct site_scenario *scenario)
{
    const char *text = site_text(site, scenario);
    if (*text == '\0')
        return;
    fputs("<div class=\"text\">", out);
    put_code(out, text);
    fputs("</div>\n", out);
    put_other_texts(out, site, scenario, text);
}

/* The profile that the program is made for: of the first that ran it. */
static char *make_program(const struct site *site, const struct site_scenario *scenario)
{
    const char *profile = NULL;
    for (size_t i = 0; i < site->subject_count && profile == NULL; i++) {
        if (scenario->on[i] != NULL)
            profile = site->subjects[i].result->profile;
    }
    return site->input->program == NULL ? NULL
                                        : site->input->program(site->input->user, scenario->path,
                                                               site_text(site, scenario), profile);
}

static void put_program(FILE *out, const struct site *site, const struct site_scenario *scenario)
{
    char *program = make_program(site, scenario);
    if (program == NULL)
        return;
    fputs("<details class=\"program\"><summary>C program for windows.h that shows it</summary>\n",
          out);
    put_code(out, program);
    fputs("</details>\n", out);
    free(program);
}

/* ---- What subjects did ---- */

static void put_absent(FILE *out, const struct site *site, const struct site_scenario *scenario)
{
    size_t absent = 0;
    for (size_t i = 0; i < site->subject_count; i++) {
        if (scenario->on[i] == NULL)
            html_put(out, absent++ == 0 ? "<p class=\"absent\">Not run on %s" : ", %s",
                     site->subjects[i].label);
    }
    if (absent != 0)
        fputs(".</p>\n", out);
}

static void put_behaviours(FILE *out, const struct site *site, const struct site_scenario *scenario,
                           size_t number)
{
    html_put(out, "<div class=\"ways\">\n");
    for (size_t i = 0; i < scenario->behaviour_count; i++)
        html_behaviour(out, site, scenario, number, i);
    fputs("</div>\n", out);
    put_absent(out, site, scenario);
}

void html_scenario(FILE *out, const struct site *site, const struct site_rule *rule, size_t number)
{
    const struct site_scenario *scenario = &site->scenarios[rule->scenarios[number]];
    bool open = scenario->differs || rule->scenario_count == 1;
    html_put(out, "<details class=\"scenario\" id=\"s%u\"%s><summary><h3>%s</h3> <code>%s</code> ",
             number + 1, open ? " open" : "", site_title(scenario), scenario->path);
    if (scenario->behaviour_count > 1)
        html_put(out, "<span class=\"badge\">%u ways</span>", scenario->behaviour_count);
    fputs("</summary>\n", out);
    put_text(out, site, scenario);
    put_program(out, site, scenario);
    put_behaviours(out, site, scenario, number + 1);
    fputs("</details>\n", out);
}
