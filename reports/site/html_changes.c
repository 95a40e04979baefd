/* What changed between the versions of a subject. */
#include <string.h>

#include "html.h"
#include "pairs.h"
#include "report_diff.h"
#include "words.h"

#define UNCOMPARED_MAX 200 /* scenarios that are told one by one */

static void put_rule(FILE *out, const struct site *site, const char *id)
{
    if (*id == '\0')
        fputs("the end", out);
    else
        html_rule_link(out, site, "rules/", id);
}

static const char *what_of(const struct result_entry *entry)
{
    return *entry->value == '\0' ? entry->what : entry->value;
}

static void put_value(FILE *out, const struct result_entry *entry, const char *otherwise)
{
    if (entry == NULL)
        html_put(out, "<td>%s</td>", otherwise);
    else
        html_put(out, "<td><code>%s</code></td>", what_of(entry));
}

static void put_change(FILE *out, const struct site *site, const struct change *change)
{
    static const char *const classes[] = {
        [CHANGE_APPEARED] = "d", [CHANGE_VALUE] = "k", [CHANGE_GONE] = "a"};
    static const char *const signs[] = {[CHANGE_APPEARED] = "\xe2\x89\xa0",
                                        [CHANGE_VALUE] = "\xe2\x89\x88",
                                        [CHANGE_GONE] = "\xe2\x9c\x93"};
    const struct result_entry *entry = change_entry(change);
    html_put(out, "<tr><td class=\"%s\"><b aria-hidden=\"true\">%s</b> %s</td><td>",
             classes[change->kind], signs[change->kind], change_word(change->kind));
    put_rule(out, site, entry->rule);
    html_put(out, "</td><td><code>%s</code><br><small>%s</small> <code>%s</code></td>", entry->path,
             entry->what, entry->call);
    html_put(out, "<td><code>%s</code></td>", change->allowed);
    put_value(out, change->then, "as allowed");
    put_value(out, change->now, "as allowed");
    fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct site *site, const struct result_diff *diff,
                      const struct site_pair *pair)
{
    html_put(out,
             "<div class=\"scroll short\" role=\"group\" aria-label=\"Changes from %s to %s\" "
             "tabindex=\"0\"><table class=\"findings changes\"><thead><tr><th scope=\"col\">Change"
             "</th><th scope=\"col\">Rule</th><th scope=\"col\">Step</th><th scope=\"col\">Allowed"
             "</th><th scope=\"col\">Then</th><th scope=\"col\">Now</th></tr></thead><tbody>\n",
             site->subjects[pair->then].label, site->subjects[pair->now].label);
    for (size_t i = 0; i < diff->change_count; i++)
        put_change(out, site, &diff->changes[i]);
    fputs("</tbody></table></div>\n", out);
}

static void put_uncompared(FILE *out, const struct result_diff *diff)
{
    if (diff->uncompared_count == 0)
        return;
    html_put(out, "<details><summary>%s could not be compared</summary>\n<ul>\n",
             words_count(diff->uncompared_count, "scenario").text);
    for (size_t i = 0; i < diff->uncompared_count && i < UNCOMPARED_MAX; i++)
        html_put(out, "<li><code>%s</code>: %s\n", diff->uncompared[i].path,
                 diff->uncompared[i].why);
    if (diff->uncompared_count > UNCOMPARED_MAX)
        html_put(out, "<li>and %u more\n", diff->uncompared_count - UNCOMPARED_MAX);
    fputs("</ul></details>\n", out);
}

static bool put_pair(FILE *out, const struct site *site, const struct site_pair *pair,
                     size_t number)
{
    struct result_diff diff;
    if (!result_diff_make(&diff, site->subjects[pair->then].result,
                          site->subjects[pair->now].result))
        return false;
    html_put(out, "<h2 id=\"pair-%u\">%s \xe2\x86\x92 %s</h2>\n", number,
             site->subjects[pair->then].label, site->subjects[pair->now].label);
    if (diff_note(&diff) != NULL)
        html_put(out, "<p class=\"note\">%s</p>\n", diff_note(&diff));
    if (!diff.same_suite)
        fputs("<p class=\"note\"><strong>Different suites.</strong> Only scenarios that both ran "
              "are compared.</p>\n",
              out);
    html_put(out, "<p>Differences from the law: %u appeared, %u changed, %u gone, %u stayed.</p>\n",
             diff.counts[CHANGE_APPEARED], diff.counts[CHANGE_VALUE], diff.counts[CHANGE_GONE],
             diff.same);
    if (diff.change_count != 0)
        put_table(out, site, &diff, pair);
    put_uncompared(out, &diff);
    result_diff_free(&diff);
    return true;
}

bool html_changes(FILE *out, const struct site *site)
{
    const struct html_page page = {
        .title = "What changed", .root = "", .name = "changes.html", .heading = NULL};
    struct site_pair pairs[SITE_SUBJECTS_MAX];
    size_t count = site_pairs(site, pairs);
    html_begin(out, &page);
    fputs(
        "<p class=\"lead\">Between results of one kind of subject, one processor and one profile, "
        "from each version to the next.</p>\n",
        out);
    if (count == 0)
        fputs("<p>No two of these results are of one kind of subject.</p>\n", out);
    bool put = true;
    for (size_t i = 0; i < count && put; i++)
        put = put_pair(out, site, &pairs[i], i + 1);
    html_end(out, site);
    return put;
}
