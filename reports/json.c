/* The result file, as reports/RESULT.md describes it. */
#include "reports.h"

#include "groups.h"
#include "json_write.h"
#include "tally.h"

#define FORMAT_VERSION 3

static void write_subject(struct json *json, const struct result *result)
{
    json_text(json, "version", result->version);
    json_text(json, "subject", result->subject);
    json_text(json, "backend", result->backend);
    json_text(json, "processor", result->processor);
    json_text(json, "profile", result->profile);
    json_text(json, "profile_reason", result->profile_reason);
    json_text(json, "command", result->command);
    json_bool(json, "interrupted", result->interrupted);
}

static void write_suite(struct json *json, const struct result_suite *suite)
{
    json_object(json, "suite");
    json_text(json, "hash", suite->hash);
    json_number(json, "scenarios", suite->scenario_count);
    json_number(json, "shard", suite->shard);
    json_number(json, "shards", suite->shard_count);
    json_end_object(json);
}

static void write_counts(struct json *json, const struct tally *tally)
{
    json_object(json, "counts");
    for (unsigned i = 0; i < VERDICT_END; i++)
        json_number(json, report_verdict_word((enum verdict)i), tally->counts[i]);
    json_end_object(json);
}

static void write_rules(struct json *json, const struct groups *rules)
{
    json_array(json, "rules");
    for (size_t i = 0; i < rules->group_count; i++) {
        const struct result_rule *rule = rules->groups[i].items[0].rule;
        json_object(json, NULL);
        json_text(json, "id", rule->id);
        json_text(json, "grade", rule->grade);
        json_text(json, "sentence", rule->sentence);
        json_text(json, "source", rule->source);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_entry(struct json *json, const char *key, const struct result_entry *entry)
{
    if (entry == NULL) {
        json_text(json, key, NULL);
        return;
    }
    json_object(json, key);
    json_text(json, "path", entry->path);
    json_number(json, "step", entry->step);
    json_text(json, "call", entry->call);
    json_text(json, "rule", entry->rule);
    json_text(json, "what", entry->what);
    json_text(json, "value", entry->value);
    json_text(json, "versions", entry->versions);
    json_text(json, "reason", entry->reason);
    json_text(json, "link", entry->link);
    json_text(json, "date", entry->date);
    json_end_object(json);
}

static void write_standing(struct json *json, enum standing standing,
                           const struct result_entry *entry)
{
    json_text(json, "standing", report_standing_word(standing));
    write_entry(json, "entry", entry);
}

static void write_finding(struct json *json, const struct result_finding *finding)
{
    json_object(json, NULL);
    json_text(json, "what", finding->what);
    json_text(json, "allowed", finding->allowed);
    json_text(json, "observed", finding->observed);
    json_text(json, "rule", finding->rule.id);
    write_standing(json, finding->standing, finding->entry);
    json_end_object(json);
}

static void write_region(struct json *json, const struct result_region *region)
{
    json_object(json, NULL);
    json_text(json, "start", region->start);
    json_text(json, "size", region->size);
    json_text(json, "state", region->state);
    json_text(json, "protect", region->protect);
    json_text(json, "allocation_base", region->allocation_base);
    json_text(json, "allocation_protect", region->allocation_protect);
    json_text(json, "type", region->type);
    json_end_object(json);
}

static void write_map(struct json *json, const char *key, const struct result_map *map)
{
    if (!map->known) {
        json_text(json, key, NULL);
        return;
    }
    json_array(json, key);
    for (unsigned i = 0; i < map->region_count; i++)
        write_region(json, &map->regions[i]);
    json_end_array(json);
}

static void write_maps(struct json *json, const struct result_difference *difference)
{
    write_map(json, "before", &difference->before);
    json_object(json, "after");
    write_map(json, "allowed", &difference->after_allowed);
    write_map(json, "observed", &difference->after_observed);
    json_end_object(json);
}

static void write_difference(struct json *json, const struct result_difference *difference)
{
    json_object(json, NULL);
    json_number(json, "step", difference->step);
    json_number(json, "line", difference->line > 0 ? (uint64_t)difference->line : 0);
    json_text(json, "call", difference->call);
    json_array(json, "findings");
    for (unsigned i = 0; i < difference->finding_count; i++)
        write_finding(json, &difference->findings[i]);
    json_end_array(json);
    json_number(json, "transcript_lines", difference->transcript_lines);
    json_text(json, "transcript", difference->transcript);
    write_maps(json, difference);
    json_object(json, "host");
    json_text(json, "call", difference->host_call);
    json_end_object(json);
    json_end_object(json);
}

static void write_texts(struct json *json, const char *key, const char *const *texts,
                        unsigned count)
{
    json_array(json, key);
    for (unsigned i = 0; i < count; i++)
        json_text(json, NULL, texts[i]);
    json_end_array(json);
}

static void write_scenario(struct json *json, const struct result_scenario *scenario)
{
    json_object(json, NULL);
    json_text(json, "path", scenario->path);
    json_text(json, "title", scenario->title);
    json_text(json, "area", scenario->area);
    write_texts(json, "rules", scenario->rules, scenario->rule_count);
    write_texts(json, "sources", scenario->sources, scenario->source_count);
    json_text(json, "text", scenario->text);
    json_text(json, "verdict", report_verdict_word(scenario->verdict));
    json_text(json, "reason", scenario->reason);
    write_standing(json, scenario->standing, scenario->entry);
    json_number(json, "steps", scenario->steps);
    json_number(json, "steps_agree", scenario->steps_agree);
    json_number(json, "steps_unspecified", scenario->steps_unspecified);
    json_text(json, "transcript", scenario->transcript);
    json_array(json, "differences");
    for (unsigned i = 0; i < scenario->difference_count; i++)
        write_difference(json, &scenario->differences[i]);
    json_end_array(json);
    json_object(json, "host");
    json_number(json, "microseconds", scenario->host_microseconds);
    json_end_object(json);
    json_end_object(json);
}

static void write_scenarios(struct json *json, const struct result *result)
{
    json_array(json, "scenarios");
    for (size_t i = 0; i < result->scenario_count; i++)
        write_scenario(json, &result->scenarios[i]);
    json_end_array(json);
}

static void write_entries(struct json *json, const char *key, const struct result_entry *entries,
                          size_t count)
{
    json_array(json, key);
    for (size_t i = 0; i < count; i++)
        write_entry(json, NULL, &entries[i]);
    json_end_array(json);
}

static void write_baseline(struct json *json, const struct result_baseline *baseline)
{
    if (baseline->path == NULL) {
        json_text(json, "baseline", NULL);
        return;
    }
    json_object(json, "baseline");
    json_text(json, "path", baseline->path);
    write_entries(json, "fixed", baseline->fixed, baseline->fixed_count);
    write_entries(json, "expired", baseline->expired, baseline->expired_count);
    json_end_object(json);
}

static void write_bars(struct json *json, const struct result_scope *scope)
{
    json_array(json, "bars");
    for (size_t i = 0; i < scope->bar_count; i++) {
        json_object(json, NULL);
        json_text(json, "rule", scope->bars[i].rule);
        json_number(json, "transitions", scope->bars[i].transitions);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_scope(struct json *json, const struct result_scope *scope)
{
    json_object(json, "exhaustive");
    json_number(json, "pages", scope->pages);
    json_number(json, "granules", scope->granules);
    json_text(json, "scope", scope->within);
    json_text(json, "protections", scope->protections);
    json_number(json, "depth", scope->depth);
    json_bool(json, "whole", scope->whole);
    json_number(json, "states", scope->states);
    json_number(json, "states_reached", scope->states_reached);
    json_number(json, "transitions", scope->transitions);
    json_number(json, "transitions_reached", scope->transitions_reached);
    json_number(json, "crossed", scope->crossed);
    json_number(json, "unsettled", scope->unsettled);
    write_bars(json, scope);
    json_end_object(json);
}

static void write_sample(struct json *json, const struct result_sample *sample)
{
    json_object(json, "random");
    json_number(json, "pages", sample->pages);
    json_number(json, "granules", sample->granules);
    json_number(json, "seed", sample->seed);
    json_number(json, "states", sample->states);
    json_end_object(json);
}

static void write_exploration(struct json *json, const struct result_exploration *extent)
{
    if (extent == NULL)
        return;
    json_object(json, "exploration");
    json_number(json, "sequences", extent->sequences);
    json_number(json, "calls", extent->calls);
    json_number(json, "odd", extent->odd);
    if (extent->exhaustive)
        write_scope(json, &extent->scope);
    if (extent->random)
        write_sample(json, &extent->sample);
    json_end_object(json);
}

static void write_host(struct json *json, const struct result *result)
{
    json_object(json, "host");
    json_text(json, "system", result->system);
    json_text(json, "date", result->host_date);
    json_number(json, "microseconds", result->host_microseconds);
    json_end_object(json);
}

static bool write_result(const struct result *result, const struct tally *tally,
                         const struct groups *rules, FILE *out)
{
    struct json json;
    json_begin(&json, out);
    json_object(&json, NULL);
    json_number(&json, "pagelaw-result", FORMAT_VERSION);
    write_subject(&json, result);
    write_suite(&json, &result->suite);
    write_counts(&json, tally);
    write_rules(&json, rules);
    write_scenarios(&json, result);
    write_baseline(&json, &result->baseline);
    write_exploration(&json, result->exploration);
    write_host(&json, result);
    json_end_object(&json);
    return json_end(&json);
}

bool report_json(const struct result *result, FILE *out)
{
    struct tally tally;
    if (!tally_create(&tally, result))
        return false;
    struct groups rules;
    bool done = groups_of_rules(&rules, result);
    if (done) {
        done = write_result(result, &tally, &rules, out);
        groups_destroy(&rules);
    }
    tally_destroy(&tally);
    return done;
}
