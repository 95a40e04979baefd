/* What subjects of one behaviour did in a scenario, and what is wrong with it. */
#include <string.h>

#include "html.h"
#include "transcript.h"

/* ---- The transcript ---- */

/* A step that is said to be wrong of any subject that did the same. */
static bool is_wrong(const struct site *site, const struct site_scenario *scenario,
                     size_t behaviour, unsigned line)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        if (scenario->behaviour[i] != behaviour)
            continue;
        const struct result_scenario *on = scenario->on[i];
        for (unsigned j = 0; j < on->difference_count && j < SITE_DIFFERENCES_MAX; j++) {
            if (on->differences[j].transcript_lines == line &&
                on->differences[j].transcript == NULL)
                return true;
        }
    }
    return false;
}

/* The transcripts of all behaviours, step by step beside each other. */
struct beside {
    struct transcript_step own, others[SITE_SUBJECTS_MAX];
    bool ended[SITE_SUBJECTS_MAX];
    size_t count;
};

/* Of what an older format kept only a part of, nothing is known. */
static void begin_beside(struct beside *beside, const struct site *site,
                         const struct site_scenario *scenario, size_t behaviour)
{
    size_t first = behaviour_first(site, scenario, behaviour);
    *beside = (struct beside){.own = {.text = transcript_of(scenario->on[first])}};
    for (size_t i = 0; i < scenario->behaviour_count && *scenario->on[first]->transcript; i++) {
        const char *other = scenario->on[behaviour_first(site, scenario, i)]->transcript;
        if (i != behaviour && *other != '\0')
            beside->others[beside->count++] = (struct transcript_step){.text = other};
    }
}

/* Goes on by a step: whether some other behaviour has another one there. */
static bool next_is_apart(struct beside *beside)
{
    bool apart = false;
    struct transcript_step *own = &beside->own;
    transcript_next_step(own);
    for (size_t i = 0; i < beside->count; i++) {
        struct transcript_step *other = &beside->others[i];
        beside->ended[i] = beside->ended[i] || !transcript_next_step(other);
        apart = apart || beside->ended[i] ||
                !transcript_alike(own->text, own->length, other->text, other->length);
    }
    return apart;
}

/* A step is wrong if the line that ends it is told as such. */
static void put_line(FILE *out, const struct transcript_line *line, bool wrong, bool apart)
{
    const char *begins = line->begins ? " b" : "";
    if (wrong)
        html_put(out, "<mark class=\"l w%s\">", begins);
    else if (apart)
        html_put(out, "<mark class=\"l o%s\">", begins);
    else
        fputs("<span class=\"l\">", out);
    html_part(out, line->text, line->length);
    fputs(wrong || apart ? "\n</mark>" : "\n</span>", out);
}

static void put_transcript(FILE *out, const struct site *site, const struct site_scenario *scenario,
                           size_t behaviour, const char *transcript)
{
    struct transcript_line line = {.text = transcript};
    struct beside beside;
    bool wrong = false, apart = false;
    if (*transcript == '\0') {
        fputs("<p class=\"absent\">Its transcript was not kept.</p>\n", out);
        return;
    }
    begin_beside(&beside, site, scenario, behaviour);
    fputs("<pre class=\"transcript\"><code>", out);
    while (transcript_next(&line)) {
        if (line.text - transcript > (ptrdiff_t)TRANSCRIPT_BYTES_MAX) {
            fputs("\xe2\x80\xa6 (cut)", out);
            break;
        }
        if (line.begins || line.number == 1) {
            apart = next_is_apart(&beside);
            wrong = is_wrong(site, scenario, behaviour, beside.own.lines);
        }
        put_line(out, &line, wrong, apart);
    }
    fputs("</code></pre>\n", out);
}

/* ---- What is wrong ---- */

static void put_entry(FILE *out, const struct result_entry *entry)
{
    if (entry == NULL)
        return;
    fputs("<p class=\"known\">Baseline: ", out);
    html_put(out, "%s", *entry->reason == '\0' ? "known" : entry->reason);
    if (strncmp(entry->link, "https://", 8) == 0 || strncmp(entry->link, "http://", 7) == 0)
        html_put(out, " <a href=\"%s\" rel=\"noreferrer\">%s</a>", entry->link, entry->link);
    else if (*entry->link != '\0')
        html_put(out, " %s", entry->link);
    fputs("</p>\n", out);
}

static void put_findings(FILE *out, const struct site *site,
                         const struct result_difference *difference)
{
    fputs("<div class=\"scroll short\" role=\"group\" aria-label=\"What came back wrong\" "
          "tabindex=\"0\"><table class=\"findings\"><thead><tr><th scope=\"col\">What</th>"
          "<th scope=\"col\">Allowed</th><th scope=\"col\">Observed</th>"
          "<th scope=\"col\">Rule</th></tr></thead><tbody>\n",
          out);
    for (unsigned i = 0; i < difference->finding_count; i++) {
        const struct result_finding *finding = &difference->findings[i];
        html_put(out,
                 "<tr><th scope=\"row\">%s</th><td><code>%s</code></td><td class=\"d\"><code>%s"
                 "</code></td><td>",
                 finding->what, finding->allowed, finding->observed);
        html_rule_link(out, site, "", finding->rule.id);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
    for (unsigned i = 0; i < difference->finding_count; i++)
        put_entry(out, difference->findings[i].entry);
}

static void put_difference(FILE *out, const struct site *site,
                           const struct result_difference *difference)
{
    html_put(
        out,
        "<div class=\"difference\"><p class=\"step\"><span>Step %u</span> <code>%s</code></p>\n",
        (size_t)difference->step + 1, difference->call);
    if (difference->finding_count != 0)
        put_findings(out, site, difference);
    else
        fputs("<p>The scenario did not come back from this step.</p>\n", out);
    html_map(out, difference);
    fputs("</div>\n", out);
}

/* ---- Verdicts ---- */

static void put_subjects(FILE *out, const struct site *site, const struct site_scenario *scenario,
                         size_t first)
{
    for (size_t i = first; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == scenario->behaviour[first] &&
            site_judged_alike(scenario->on[i], scenario->on[first])) {
            fputs("<li>", out);
            html_subject(out, &site->subjects[i]);
            fputs("</li>", out);
        }
    }
}

static void put_verdict(FILE *out, const struct site *site, const struct site_scenario *scenario,
                        size_t subject)
{
    const struct result_scenario *on = scenario->on[subject];
    enum cell_kind kind = cell_of_verdict(on->verdict);
    html_put(out,
             "<p class=\"verdict\"><span class=\"%s\"><b aria-hidden=\"true\">%s</b> %s</span>",
             cell_class(kind), cell_sign(kind), cell_word(kind));
    if (on->reason != NULL)
        html_put(out, ": %s", on->reason);
    fputs("</p>\n<ul class=\"who\">", out);
    put_subjects(out, site, scenario, subject);
    fputs("</ul>\n", out);
}

static void put_differences(FILE *out, const struct site *site,
                            const struct site_scenario *scenario, size_t subject, bool alone)
{
    const struct result_scenario *on = scenario->on[subject];
    put_entry(out, on->entry);
    if (!alone && on->difference_count != 0)
        html_put(out, "<h4>%s, held to %s</h4>\n", site->subjects[subject].label,
                 site->subjects[subject].result->profile);
    for (unsigned i = 0; i < on->difference_count && i < SITE_DIFFERENCES_MAX; i++)
        put_difference(out, site, &on->differences[i]);
    if (on->difference_count > SITE_DIFFERENCES_MAX)
        html_put(out, "<p>And %u steps more that differ.</p>\n",
                 (size_t)on->difference_count - SITE_DIFFERENCES_MAX);
}

void html_behaviour(FILE *out, const struct site *site, const struct site_scenario *scenario,
                    size_t number, size_t behaviour)
{
    size_t first = behaviour_first(site, scenario, behaviour), told = 0;
    html_put(out,
             "<section class=\"way\" id=\"s%ub%u\" aria-label=\"Scenario %u, way %u of %u\">\n",
             number, behaviour + 1, number, behaviour + 1, scenario->behaviour_count);
    for (size_t i = first; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == behaviour && !site_is_told(scenario, i)) {
            put_verdict(out, site, scenario, i);
            told += scenario->on[i]->difference_count != 0;
        }
    }
    put_transcript(out, site, scenario, behaviour, transcript_of(scenario->on[first]));
    for (size_t i = first; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == behaviour && !site_is_told(scenario, i))
            put_differences(out, site, scenario, i, told <= 1);
    }
    fputs("</section>\n", out);
}
