/* How to read the site, and what it is made from. */
#include "extent.h"
#include "html.h"
#include "tally.h"

static const char reading[] =
    "<h2 id=\"reading\">Reading it</h2>\n"
    "<p>A <strong>rule</strong> is one sentence of the law of Windows virtual memory, with its "
    "source. It is <em>documented</em> (Microsoft's pages say so), <em>observed</em> (a test that "
    "ran on Windows saw it) or <em>inferred</em>. A <strong>scenario</strong> is one small story "
    "of "
    "calls that exercises rules; the text of each is on the pages of its rules. A "
    "<strong>subject</strong> is a system on which the scenarios ran; a model of Windows, played "
    "under a <em>profile</em>, judged what came back.</p>\n"
    "<p>In the <a href=\"index.html\">matrix</a> a number counts scenarios: <span class=\"a\">"
    "<b>\xe2\x9c\x93</b> 5</span> means that five agree, <span class=\"d\"><b>\xe2\x89\xa0</b> 2/5"
    "</span> that two of the five that exercise the rule break it. Follow such a number to the "
    "difference. The row of an area counts its rules that the subject differs from.</p>\n"
    "<p>On a rule's page subjects whose transcripts are equal stand together as one way. "
    "<mark class=\"w\">\xe2\x89\xa0</mark> before a line marks a step that the law does not allow, "
    "<mark class=\"o\">\xe2\x89\x81</mark> one that came back otherwise elsewhere. In the drawing "
    "of the address space <mark>what is framed</mark> is not as the law has it.</p>\n"
    "<p><em>Refuted by Windows</em> are rules on which a document says one thing and Windows was "
    "seen to do another: an observed rule that a document contradicts, a document that somebody "
    "saw to be wrong, a documented rule that a Windows here breaks, or one that the model of a "
    "Windows breaks where it is held to the documents alone.</p>\n"
    "<p>Keys: <kbd>/</kbd> goes to the search, <kbd>Esc</kbd> leaves it. What is chosen stands in "
    "the address, to be kept or sent.</p>\n";

static void put_fact(FILE *out, const char *label, const char *text)
{
    if (*text != '\0')
        html_put(out, "<dt>%s</dt><dd>%s</dd>\n", label, text);
}

static void put_counts(FILE *out, const struct result *result)
{
    size_t counts[VERDICT_END] = {0};
    for (size_t i = 0; i < result->scenario_count; i++)
        counts[result->scenarios[i].verdict]++;
    html_put(out, "<dt>Scenarios</dt><dd>%u: ", result->scenario_count);
    const char *comma = "";
    for (int verdict = 0; verdict < VERDICT_END; verdict++) {
        enum cell_kind kind = cell_of_verdict((enum verdict)verdict);
        if (counts[verdict] == 0)
            continue;
        html_put(out, "%s<span class=\"%s\"><b aria-hidden=\"true\">%s</b> %u %s</span>", comma,
                 cell_class(kind), cell_sign(kind), counts[verdict], cell_word(kind));
        comma = ", ";
    }
    fputs("</dd>\n", out);
}

static void put_extent(FILE *out, const struct result *result)
{
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++)
        html_put(out, i == 0 ? "<dt>Explored</dt><dd>%s" : "<br>%s", words.lines[i]);
    if (words.count != 0)
        fputs("</dd>\n", out);
}

static void put_subject(FILE *out, const struct site *site, size_t index)
{
    const struct result *result = site->subjects[index].result;
    html_put(out, "<h3 id=\"subject-%u\">%s</h3>\n<dl class=\"facts\">\n", index + 1,
             site->subjects[index].label);
    put_fact(out, "System", result->system);
    put_fact(out, "Processor", result->processor);
    put_fact(out, "Backend", result->backend);
    html_put(out, "<dt>Held to</dt><dd>%s: %s</dd>\n", result->profile, result->profile_reason);
    put_counts(out, result);
    put_extent(out, result);
    html_put(out, "<dt>Suite</dt><dd><code>%s</code>, ",
             *result->suite.hash == '\0' ? "unknown" : result->suite.hash);
    if (tally_is_of_exploration(result))
        fputs("an exploration: its scenarios are the differences that it found", out);
    else
        html_put(out, "%u scenarios", result->suite.scenario_count);
    if (result->suite.shard_count != 0)
        html_put(out, ", part %u of %u", (size_t)result->suite.shard,
                 (size_t)result->suite.shard_count);
    fputs("</dd>\n", out);
    html_put(out, "<dt>Run</dt><dd>%s, by Pagelaw %s%s</dd>\n", result->host_date, result->version,
             result->interrupted ? "; interrupted" : "");
    html_put(out, "<dt>%s</dt><dd><code>%s</code></dd>\n</dl>\n",
             tally_is_of_exploration(result) ? "The suite there" : "Again", result->command);
}

void html_about(FILE *out, const struct site *site)
{
    const struct html_page page = {
        .title = "How to read it", .root = "", .name = "about.html", .heading = "How to read it"};
    html_begin(out, &page);
    fputs(reading, out);
    fputs("<h2 id=\"subjects\">Subjects</h2>\n", out);
    for (size_t i = 0; i < site->subject_count; i++)
        put_subject(out, site, i);
    html_end(out, site);
}
