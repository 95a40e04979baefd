/* Reading back one scenario of a result file, with its differences. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"
#include "reports.h"

/* ---- Differences ---- */

static void read_region(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"start", TEXT, offsetof(struct result_region, start), NULL, 0, 0},
        {"size", TEXT, offsetof(struct result_region, size), NULL, 0, 0},
        {"state", TEXT, offsetof(struct result_region, state), NULL, 0, 0},
        {"protect", TEXT, offsetof(struct result_region, protect), NULL, 0, 0},
        {"allocation_base", TEXT, offsetof(struct result_region, allocation_base), NULL, 0, 0},
        {"allocation_protect", TEXT, offsetof(struct result_region, allocation_protect), NULL, 0,
         0},
        {"type", TEXT, offsetof(struct result_region, type), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), item, "a row of pages");
}

static void read_map(struct reading *reading, struct result_map *map)
{
    size_t count;
    if (json_null(&reading->json))
        return;
    map->known = true;
    map->regions =
        read_array(reading, sizeof *map->regions, "rows of pages, or null", read_region, &count);
    map->region_count = (unsigned)count;
}

static void read_before(struct reading *reading, void *object)
{
    read_map(reading, &((struct result_difference *)object)->before);
}

static void read_allowed(struct reading *reading, void *object)
{
    read_map(reading, &((struct result_difference *)object)->after_allowed);
}

static void read_observed(struct reading *reading, void *object)
{
    read_map(reading, &((struct result_difference *)object)->after_observed);
}

static void read_after(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"allowed", OTHER, 0, read_allowed, 0, 0},
        {"observed", OTHER, 0, read_observed, 0, 0},
    };
    read_object(reading, MEMBERS(members), object, "the maps after the step");
}

void read_entry(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"path", TEXT, offsetof(struct result_entry, path), NULL, 0, 0},
        {"step", UNSIGNED, offsetof(struct result_entry, step), NULL, 0, 0},
        {"call", TEXT, offsetof(struct result_entry, call), NULL, 0, 0},
        {"rule", TEXT, offsetof(struct result_entry, rule), NULL, 0, 0},
        {"what", TEXT, offsetof(struct result_entry, what), NULL, 0, 0},
        {"value", TEXT, offsetof(struct result_entry, value), NULL, 0, 0},
        {"versions", TEXT, offsetof(struct result_entry, versions), NULL, 0, 0},
        {"reason", TEXT, offsetof(struct result_entry, reason), NULL, 0, 0},
        {"link", TEXT, offsetof(struct result_entry, link), NULL, 0, 0},
        {"date", TEXT, offsetof(struct result_entry, date), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), item, "an entry of the baseline");
}

static const struct result_entry *read_entry_or_null(struct reading *reading)
{
    if (json_null(&reading->json))
        return NULL;
    struct result_entry *entry = read_take(&reading->json, 1, sizeof *entry);
    read_entry(reading, entry);
    return entry;
}

static enum standing read_standing(struct reading *reading)
{
    const char *at = json_here(&reading->json);
    const char *word = json_string(&reading->json, "what the baseline says, or null", true);
    if (word == NULL)
        return STANDING_NONE;
    for (unsigned i = STANDING_NEW; i < STANDING_END; i++) {
        if (strcmp(word, report_standing_word((enum standing)i)) == 0)
            return (enum standing)i;
    }
    json_fail(&reading->json, at, "found the word '%.24s', wanted new, known or drift", word);
}

/* What is known, or has drifted, has an entry; nothing else has. */
static void check_standing(struct reading *reading, const char *at, enum standing standing,
                           const struct result_entry *entry)
{
    bool wanted = standing == STANDING_KNOWN || standing == STANDING_DRIFT;
    if (wanted != (entry != NULL))
        json_fail(&reading->json, at,
                  wanted ? "found null, wanted the entry of what is not new"
                         : "found an entry of what is in no baseline");
}

static int by_id(const void *id, const void *rule)
{
    return strcmp(id, ((const struct result_rule *)rule)->id);
}

static void read_rule_of(struct reading *reading, void *object)
{
    struct result_finding *finding = object;
    const char *at = json_here(&reading->json);
    const char *id = json_string(&reading->json, "the id of a rule", false);
    const struct result_rule *rule =
        reading->rule_count == 0
            ? NULL
            : bsearch(id, reading->rules, reading->rule_count, sizeof *reading->rules, by_id);
    if (rule == NULL)
        json_fail(&reading->json, at, "found the rule %.60s, wanted one of this file's \"rules\"",
                  id);
    finding->rule = *rule;
}

static void read_finding_standing(struct reading *reading, void *object)
{
    ((struct result_finding *)object)->standing = read_standing(reading);
}

static void read_finding_entry(struct reading *reading, void *object)
{
    ((struct result_finding *)object)->entry = read_entry_or_null(reading);
}

static void read_finding(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"what", TEXT, offsetof(struct result_finding, what), NULL, 0, 0},
        {"allowed", TEXT, offsetof(struct result_finding, allowed), NULL, 0, 0},
        {"observed", TEXT, offsetof(struct result_finding, observed), NULL, 0, 0},
        {"rule", OTHER, 0, read_rule_of, 0, 0},
        {"standing", OTHER, 0, read_finding_standing, 3, 0},
        {"entry", OTHER, 0, read_finding_entry, 3, 0},
    };
    const struct result_finding *finding = item;
    const char *begin = json_here(&reading->json);
    read_object(reading, MEMBERS(members), item, "a finding");
    check_standing(reading, begin, finding->standing, finding->entry);
}

static void read_findings(struct reading *reading, void *object)
{
    struct result_difference *difference = object;
    size_t count;
    difference->findings = read_array(reading, sizeof *difference->findings, "an array of findings",
                                      read_finding, &count);
    difference->finding_count = (unsigned)count;
}

static unsigned count_lines(const char *text)
{
    unsigned lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n' || text[1] == '\0';
    return lines;
}

static void read_call_host(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"call", TEXT, offsetof(struct result_difference, host_call), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), object, "the host's part of a difference");
}

static void read_line(struct reading *reading, void *object)
{
    struct result_difference *difference = object;
    difference->line = (int)json_whole(&reading->json, "the number of a line", INT_MAX);
}

static void read_difference(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"step", UNSIGNED, offsetof(struct result_difference, step), NULL, 0, 0},
        {"line", OTHER, 0, read_line, 0, 0},
        {"call", TEXT, offsetof(struct result_difference, call), NULL, 0, 0},
        {"findings", OTHER, 0, read_findings, 0, 0},
        {"transcript", TEXT_OR_NULL, offsetof(struct result_difference, transcript), NULL, 0, 0},
        {"transcript_lines", UNSIGNED, offsetof(struct result_difference, transcript_lines), NULL,
         2, 0},
        {"before", OTHER, 0, read_before, 2, 0},
        {"after", OTHER, 0, read_after, 2, 0},
        {"host", OTHER, 0, read_call_host, 0, 0},
    };
    read_object(reading, MEMBERS(members), item, "a difference");
}

/* ---- Scenarios ---- */

static void read_verdict(struct reading *reading, void *object)
{
    struct result_scenario *scenario = object;
    const char *at = json_here(&reading->json);
    const char *word = json_string(&reading->json, "a verdict", false);
    for (unsigned i = 0; i < VERDICT_END; i++) {
        scenario->verdict = (enum verdict)i;
        if (strcmp(word, report_verdict_word((enum verdict)i)) == 0)
            return;
    }
    json_fail(&reading->json, at, "found the word '%.24s', wanted a verdict", word);
}

static void read_differences(struct reading *reading, void *object)
{
    struct result_scenario *scenario = object;
    size_t count;
    scenario->differences = read_array(reading, sizeof *scenario->differences,
                                       "an array of differences", read_difference, &count);
    scenario->difference_count = (unsigned)count;
}

static void read_named_rules(struct reading *reading, void *object)
{
    struct result_scenario *scenario = object;
    size_t count;
    scenario->rules = read_array(reading, sizeof *scenario->rules, "an array of the ids of rules",
                                 read_text, &count);
    scenario->rule_count = (unsigned)count;
}

static void read_sources(struct reading *reading, void *object)
{
    struct result_scenario *scenario = object;
    size_t count;
    scenario->sources =
        read_array(reading, sizeof *scenario->sources, "an array of sources", read_text, &count);
    scenario->source_count = (unsigned)count;
}

static void read_scenario_standing(struct reading *reading, void *object)
{
    ((struct result_scenario *)object)->standing = read_standing(reading);
}

static void read_scenario_entry(struct reading *reading, void *object)
{
    ((struct result_scenario *)object)->entry = read_entry_or_null(reading);
}

static void read_scenario_host(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"microseconds", NUMBER, offsetof(struct result_scenario, host_microseconds), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), object, "the host's part of a scenario");
}

/* The verdict and the counts are of the steps, and those that differ are told. */
static void check_verdict(struct reading *reading, const struct result_scenario *scenario,
                          const char *begin)
{
    if ((uint64_t)scenario->steps_agree + scenario->steps_unspecified > scenario->steps)
        json_fail(
            &reading->json, begin,
            "found %u steps that agree and %u unspecified ones, wanted no more than the %u of "
            "the scenario that begins here",
            scenario->steps_agree, scenario->steps_unspecified, scenario->steps);
    if (scenario->verdict < VERDICT_UNSUPPORTED && scenario->difference_count != 0)
        json_fail(&reading->json, begin,
                  "found the verdict %s and a difference, in the scenario that begins here",
                  report_verdict_word(scenario->verdict));
}

/* What has to fit together in one scenario. */
static void check_scenario(struct reading *reading, const struct result_scenario *scenario,
                           const char *begin)
{
    unsigned lines = count_lines(scenario->transcript), next = 0;
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        if (difference->step >= scenario->steps || difference->step < next)
            json_fail(&reading->json, begin,
                      "found a difference at step %u, wanted steps in order, below the %u of the "
                      "scenario that begins here",
                      difference->step, scenario->steps);
        if (difference->transcript_lines > lines)
            json_fail(&reading->json, begin,
                      "found %u lines of a transcript that has %u, in the scenario that begins "
                      "here",
                      difference->transcript_lines, lines);
        next = difference->step + 1;
    }
}

void read_scenario(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"path", TEXT, offsetof(struct result_scenario, path), NULL, 0, 0},
        {"title", TEXT, offsetof(struct result_scenario, title), NULL, 0, 0},
        {"area", TEXT, offsetof(struct result_scenario, area), NULL, 0, 0},
        {"rules", OTHER, 0, read_named_rules, 2, 0},
        {"sources", OTHER, 0, read_sources, 2, 0},
        {"text", TEXT, offsetof(struct result_scenario, text), NULL, 2, 0},
        {"verdict", OTHER, 0, read_verdict, 0, 0},
        {"reason", TEXT_OR_NULL, offsetof(struct result_scenario, reason), NULL, 0, 0},
        {"standing", OTHER, 0, read_scenario_standing, 3, 0},
        {"entry", OTHER, 0, read_scenario_entry, 3, 0},
        {"steps", UNSIGNED, offsetof(struct result_scenario, steps), NULL, 0, 0},
        {"steps_agree", UNSIGNED, offsetof(struct result_scenario, steps_agree), NULL, 0, 0},
        {"steps_unspecified", UNSIGNED, offsetof(struct result_scenario, steps_unspecified), NULL,
         0, 0},
        {"transcript", TEXT, offsetof(struct result_scenario, transcript), NULL, 2, 0},
        {"differences", OTHER, 0, read_differences, 0, 0},
        {"host", OTHER, 0, read_scenario_host, 0, 0},
    };
    const char *begin = json_here(&reading->json);
    struct result_scenario *scenario = item;
    read_object(reading, MEMBERS(members), item, "a scenario");
    if (scenario->text == NULL)
        scenario->text = "";
    if (scenario->transcript == NULL)
        scenario->transcript = "";
    check_standing(reading, begin, scenario->standing, scenario->entry);
    check_verdict(reading, scenario, begin);
    check_scenario(reading, scenario, begin);
}
