/* A result in the Test Anything Protocol, version 14. */
#include "extent.h"
#include "glyph.h"
#include "reports.h"
#include "words.h"

/* A description: no character of it is a directive or ends the line. */
static void put_description(FILE *out, const char *text)
{
    while (*text != '\0') {
        struct glyph glyph;
        size_t length = glyph_next(text, &glyph);
        if (*text == '#' || *text == '\\')
            putc('\\', out);
        fputs(glyph.bytes, out);
        text += length;
    }
}

/* ---- Diagnostics, as YAML: a string in double quotes is one in which nothing else means anything
 * ---- */

static void put_quoted(FILE *out, const char *text)
{
    putc('"', out);
    while (*text != '\0') {
        struct glyph glyph;
        size_t length = glyph_next(text, &glyph);
        if (*text == '"' || *text == '\\' || glyph.bytes[0] == '\\')
            putc('\\', out);
        fputs(glyph.bytes, out);
        text += length;
    }
    putc('"', out);
}

static void put_key(FILE *out, const char *indent, const char *key, const char *text)
{
    fprintf(out, "%s%s: ", indent, key);
    put_quoted(out, text);
    putc('\n', out);
}

static void put_finding(FILE *out, const struct result_difference *difference,
                        const struct result_finding *finding)
{
    fprintf(out, "    - line: %d\n", difference->line);
    put_key(out, "      ", "call", difference->call);
    put_key(out, "      ", "what", finding->what);
    put_key(out, "      ", "wanted", finding->allowed);
    put_key(out, "      ", "found", finding->observed);
    put_key(out, "      ", "rule", finding->rule.id);
    put_key(out, "      ", "source", finding->rule.source);
    if (finding->standing != STANDING_NONE)
        put_key(out, "      ", "standing", report_standing_word(finding->standing));
    if (finding->standing == STANDING_DRIFT)
        put_key(out, "      ", "known_as", finding->entry->value);
}

static void put_diagnostics(FILE *out, const struct result *result,
                            const struct result_scenario *scenario)
{
    fputs("  ---\n", out);
    put_key(out, "  ", "verdict", report_verdict_word(scenario->verdict));
    if (scenario->reason != NULL)
        put_key(out, "  ", "reason", scenario->reason);
    put_key(out, "  ", "again", result->command);
    put_key(out, "  ", "scenario", scenario->path);
    bool begun = false;
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned j = 0; j < difference->finding_count; j++) {
            if (!begun)
                fputs("  differences:\n", out);
            begun = true;
            put_finding(out, difference, &difference->findings[j]);
        }
    }
    fputs("  ...\n", out);
}

static void put_scenario(FILE *out, const struct result *result,
                         const struct result_scenario *scenario, size_t number)
{
    bool failed = scenario->verdict >= VERDICT_KNOWN;
    fprintf(out, "%s %zu - ", failed ? "not ok" : "ok", number);
    put_description(out, scenario->path);
    fputs(": ", out);
    put_description(out, scenario->title);
    if (scenario->verdict == VERDICT_UNSUPPORTED) {
        fputs(" # SKIP ", out);
        put_description(out, scenario->reason != NULL ? scenario->reason : "unsupported");
    } else if (scenario->verdict == VERDICT_KNOWN) {
        fputs(" # TODO known", out);
    } else if (scenario->verdict == VERDICT_UNSPECIFIED) {
        fputs(", with steps that no source settles", out);
    }
    putc('\n', out);
    if (failed)
        put_diagnostics(out, result, scenario);
}

static void put_fixed(FILE *out, const struct result_entry *entry, size_t number)
{
    fprintf(out, "not ok %zu - ", number);
    put_description(out, entry->path);
    fprintf(out, ", step %u: this no longer differs, its entry in the baseline must go\n  ---\n",
            entry->step);
    put_key(out, "  ", "call", entry->call);
    put_key(out, "  ", "rule", entry->rule);
    put_key(out, "  ", "what", entry->what);
    put_key(out, "  ", "known_as", entry->value);
    fputs("  ...\n", out);
}

bool report_tap(const struct result *result, FILE *out)
{
    const struct result_baseline *baseline = &result->baseline;
    size_t count = result->scenario_count;
    struct extent_words words;
    extent_tell(result, &words);
    fputs("TAP version 14\n", out);
    fprintf(out, "1..%zu\n", count + baseline->fixed_count);
    for (size_t i = 0; i < count; i++)
        put_scenario(out, result, &result->scenarios[i], i + 1);
    for (size_t i = 0; i < baseline->fixed_count; i++)
        put_fixed(out, &baseline->fixed[i], count + i + 1);
    for (unsigned i = 0; i < words.count; i++) {
        fputs("# ", out);
        put_description(out, words.lines[i]);
        putc('\n', out);
    }
    if (result->interrupted)
        fprintf(out, "Bail out! Interrupted: %s.\n", words_of_interruption(result));
    return fflush(out) == 0 && !ferror(out);
}
