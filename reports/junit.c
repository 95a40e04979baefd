/* A result as JUnit's XML, in the form that Jenkins's xUnit plugin checks. */
#include <inttypes.h>
#include <string.h>

#include "markup.h"
#include "reports.h"
#include "tally.h"
#include "words.h"

static void put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    markup_put(out, text);
    putc('"', out);
}

static void put_seconds(FILE *out, uint64_t microseconds)
{
    fprintf(out, " time=\"%" PRIu64 ".%03u\"", microseconds / 1000000,
            (unsigned)(microseconds / 1000 % 1000));
}

/* ---- A scenario ---- */

/* What came back wrong, on one line. */
static void put_values(FILE *out, const struct result_finding *finding)
{
    markup_put(out, finding->what);
    fputs(": allowed ", out);
    markup_put(out, finding->allowed);
    fputs(", came back ", out);
    markup_put(out, finding->observed);
}

static void put_finding(FILE *out, const struct result_finding *finding)
{
    fputs("  ", out);
    put_values(out, finding);
    if (finding->standing == STANDING_DRIFT) {
        fputs(", known as ", out);
        markup_put(out, finding->entry->value);
    }
    fputs("\n    ", out);
    markup_put(out, finding->rule.id);
    fputs(": ", out);
    markup_put(out, finding->rule.sentence);
    fputs("\n    source: ", out);
    markup_put(out, finding->rule.source);
    putc('\n', out);
}

static void put_story(FILE *out, const struct result *result,
                      const struct result_scenario *scenario)
{
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        markup_put(out, scenario->path);
        fprintf(out, ":%d: ", difference->line);
        markup_put(out, difference->call);
        putc('\n', out);
        for (unsigned j = 0; j < difference->finding_count; j++)
            put_finding(out, &difference->findings[j]);
    }
    fputs("again: ", out);
    markup_put(out, result->command);
    putc(' ', out);
    markup_put(out, scenario->path);
    putc('\n', out);
}

/* The first thing that is not known. */
static const struct result_finding *first_finding(const struct result_scenario *scenario)
{
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned j = 0; j < difference->finding_count; j++) {
            if (difference->findings[j].standing != STANDING_KNOWN)
                return &difference->findings[j];
        }
    }
    return NULL;
}

static void put_failure(FILE *out, const struct result *result,
                        const struct result_scenario *scenario)
{
    const struct result_finding *finding = first_finding(scenario);
    fputs("      <failure", out);
    put_attribute(out, "type", finding != NULL ? finding->rule.id : "difference");
    fputs(" message=\"", out);
    if (finding != NULL)
        put_values(out, finding);
    fputs("\">", out);
    put_story(out, result, scenario);
    fputs("</failure>\n", out);
}

static void put_error(FILE *out, const struct result *result,
                      const struct result_scenario *scenario)
{
    fputs("      <error", out);
    put_attribute(out, "type", report_verdict_word(scenario->verdict));
    put_attribute(out, "message", scenario->reason != NULL ? scenario->reason : "");
    putc('>', out);
    put_story(out, result, scenario);
    fputs("</error>\n", out);
}

/* What stands in the baseline for the first of a scenario's known differences. */
static const char *known_reason(const struct result_scenario *scenario)
{
    if (scenario->entry != NULL)
        return scenario->entry->reason;
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned j = 0; j < difference->finding_count; j++) {
            if (difference->findings[j].entry != NULL)
                return difference->findings[j].entry->reason;
        }
    }
    return "";
}

static void put_outcome(FILE *out, const struct result *result,
                        const struct result_scenario *scenario)
{
    switch (scenario->verdict) {
    case VERDICT_DIFFER:
        put_failure(out, result, scenario);
        break;
    case VERDICT_CRASHED:
    case VERDICT_TIMED_OUT:
        put_error(out, result, scenario);
        break;
    case VERDICT_KNOWN:
    case VERDICT_UNSUPPORTED:
        fprintf(out, "      <skipped message=\"%s: ", report_verdict_word(scenario->verdict));
        markup_put(out, scenario->verdict == VERDICT_KNOWN ? known_reason(scenario)
                        : scenario->reason != NULL         ? scenario->reason
                                                           : "");
        fputs("\"/>\n", out);
        break;
    default:
        break;
    }
}

static void put_scenario(FILE *out, const struct result *result,
                         const struct result_scenario *scenario)
{
    fputs("    <testcase", out);
    fputs(" name=\"", out);
    markup_put(out, scenario->path);
    fputs(": ", out);
    markup_put(out, scenario->title);
    fputs("\" classname=\"pagelaw.", out);
    markup_put(out, scenario->area);
    putc('"', out);
    put_seconds(out, scenario->host_microseconds);
    fputs(">\n", out);
    put_outcome(out, result, scenario);
    fputs("    </testcase>\n", out);
}

/* ---- Suites: one for each area, and one for what the baseline has too much ---- */

static size_t failures_of(const size_t counts[VERDICT_END])
{
    return counts[VERDICT_DIFFER];
}

static size_t errors_of(const size_t counts[VERDICT_END])
{
    return counts[VERDICT_CRASHED] + counts[VERDICT_TIMED_OUT];
}

static void put_counts(FILE *out, size_t tests, size_t failures, size_t errors)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tests, failures, errors);
}

static void put_area(FILE *out, const struct result *result, const struct tally_area *area)
{
    uint64_t time = 0;
    for (size_t i = 0; i < area->scenarios; i++)
        time += area->members[i]->host_microseconds;
    fputs("  <testsuite", out);
    put_attribute(out, "name", area->name);
    put_counts(out, area->scenarios, failures_of(area->counts), errors_of(area->counts));
    fprintf(out, " skipped=\"%zu\"",
            area->counts[VERDICT_KNOWN] + area->counts[VERDICT_UNSUPPORTED]);
    put_seconds(out, time);
    fputs(">\n", out);
    for (size_t i = 0; i < area->scenarios; i++)
        put_scenario(out, result, area->members[i]);
    fputs("  </testsuite>\n", out);
}

static void put_fixed(FILE *out, const struct result_entry *entry)
{
    fputs("    <testcase name=\"", out);
    markup_put(out, entry->path);
    fprintf(out, ", step %u: ", entry->step);
    markup_put(out, entry->rule);
    putc(' ', out);
    markup_put(out, entry->what);
    fputs(
        "\" classname=\"pagelaw.baseline\" time=\"0\">\n"
        "      <failure type=\"fixed\" message=\"this no longer differs: its entry in the baseline "
        "must go\">",
        out);
    markup_put(out, entry->call);
    fputs(" used to give ", out);
    markup_put(out, entry->value);
    fputs("</failure>\n    </testcase>\n", out);
}

static void put_baseline(FILE *out, const struct result_baseline *baseline)
{
    if (baseline->fixed_count == 0)
        return;
    fputs("  <testsuite name=\"baseline\"", out);
    put_counts(out, baseline->fixed_count, baseline->fixed_count, 0);
    fputs(" time=\"0\">\n", out);
    for (size_t i = 0; i < baseline->fixed_count; i++)
        put_fixed(out, &baseline->fixed[i]);
    fputs("  </testsuite>\n", out);
}

static void put_property(FILE *out, const char *name, uint64_t value)
{
    fprintf(out, "      <property name=\"%s\" value=\"%" PRIu64 "\"/>\n", name, value);
}

/* A suite without tests: how far an exploration came. */
static void put_extent(FILE *out, const struct result *result)
{
    const struct result_exploration *extent = result->exploration;
    if (extent == NULL)
        return;
    fputs("  <testsuite name=\"exploration\"", out);
    put_counts(out, 0, 0, 0);
    put_seconds(out, result->host_microseconds);
    fputs(">\n    <properties>\n", out);
    put_property(out, "sequences", extent->sequences);
    put_property(out, "calls", extent->calls);
    put_property(out, "odd", extent->odd);
    if (extent->exhaustive) {
        put_property(out, "states", extent->scope.states);
        put_property(out, "states_reached", extent->scope.states_reached);
        put_property(out, "transitions", extent->scope.transitions);
        put_property(out, "transitions_reached", extent->scope.transitions_reached);
        put_property(out, "crossed", extent->scope.crossed);
        put_property(out, "unsettled", extent->scope.unsettled);
    }
    if (extent->random) {
        put_property(out, "seed", extent->sample.seed);
        put_property(out, "states_at_random", extent->sample.states);
    }
    fputs("    </properties>\n  </testsuite>\n", out);
}

/* Else nothing would tell it from a run that came to its end. */
static void put_interruption(FILE *out, const struct result *result)
{
    fputs("  <testsuite name=\"run\"", out);
    put_counts(out, 1, 0, 1);
    fputs(" time=\"0\">\n"
          "    <testcase name=\"the run comes to its end\" classname=\"pagelaw.run\" time=\"0\">\n"
          "      <error type=\"interrupted\"",
          out);
    put_attribute(out, "message", words_of_interruption(result));
    fputs("/>\n    </testcase>\n  </testsuite>\n", out);
}

bool report_junit(const struct result *result, FILE *out)
{
    struct tally tally;
    if (!tally_create(&tally, result))
        return false;
    size_t fixed = result->baseline.fixed_count, broken_off = result->interrupted;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
    put_attribute(out, "name", result->subject);
    put_counts(out, tally.scenarios + fixed + broken_off, failures_of(tally.counts) + fixed,
               errors_of(tally.counts) + broken_off);
    put_seconds(out, result->host_microseconds);
    fputs(">\n", out);
    for (size_t i = 0; i < tally.area_count; i++)
        put_area(out, result, &tally.areas[i]);
    put_baseline(out, &result->baseline);
    put_extent(out, result);
    if (result->interrupted)
        put_interruption(out, result);
    fputs("</testsuites>\n", out);
    tally_destroy(&tally);
    return fflush(out) == 0 && !ferror(out);
}
