/* A diff of two results as JSON. */
#include "json_write.h"
#include "report_diff.h"
#include "tally.h"

#define FORMAT_VERSION 1

static void write_side(struct json *json, const char *key, const struct result *result)
{
    json_object(json, key);
    json_text(json, "subject", result->subject);
    json_text(json, "system", result->system);
    json_text(json, "processor", result->processor);
    json_text(json, "profile", result->profile);
    json_text(json, "suite", result->suite.hash);
    json_bool(json, "exploration", tally_is_of_exploration(result));
    json_text(json, "date", result->host_date);
    json_end_object(json);
}

static void write_change(struct json *json, const struct change *change)
{
    const struct result_entry *entry = change_entry(change);
    json_object(json, NULL);
    json_text(json, "change", change_word(change->kind));
    json_text(json, "rule", entry->rule);
    json_text(json, "path", entry->path);
    json_number(json, "step", entry->step);
    json_text(json, "call", entry->call);
    json_text(json, "what", entry->what);
    json_text(json, "allowed", change->allowed);
    json_text(json, "old", change->then != NULL ? change->then->value : NULL);
    json_text(json, "new", change->now != NULL ? change->now->value : NULL);
    json_end_object(json);
}

static void write_uncompared(struct json *json, const struct uncompared *uncompared)
{
    json_object(json, NULL);
    json_text(json, "path", uncompared->path);
    json_text(json, "why", uncompared->why);
    json_end_object(json);
}

bool report_diff_json(const struct result_diff *diff, FILE *out)
{
    struct json json;
    json_begin(&json, out);
    json_object(&json, NULL);
    json_number(&json, "pagelaw-diff", FORMAT_VERSION);
    write_side(&json, "old", diff->then);
    write_side(&json, "new", diff->now);
    json_object(&json, "counts");
    for (unsigned i = 0; i < CHANGE_END; i++)
        json_number(&json, change_word((enum change_kind)i), diff->counts[i]);
    json_number(&json, "same", diff->same);
    json_end_object(&json);
    json_array(&json, "changes");
    for (size_t i = 0; i < diff->change_count; i++)
        write_change(&json, &diff->changes[i]);
    json_end_array(&json);
    json_array(&json, "uncompared");
    for (size_t i = 0; i < diff->uncompared_count; i++)
        write_uncompared(&json, &diff->uncompared[i]);
    json_end_array(&json);
    json_end_object(&json);
    return json_end(&json);
}
