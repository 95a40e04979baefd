/* Taking a run into a baseline. */
#include <stdlib.h>
#include <string.h>

#include "known.h"

#define RANGE_TEXT_MAX 512

struct update {
    struct baseline *baseline;
    const struct comparison *comparison;
    const char *since; /* the range of new entries */
    const char *date;
    bool *gone; /* of the entries as they were */
};

/* What was so in older versions stays known of them; anything else goes. False if memory is
 * short. */
static bool end_entry(const struct update *update, size_t index)
{
    struct result_entry *entry = &update->baseline->entries[index].entry;
    const struct subject_version *version = &update->comparison->version;
    char closed[RANGE_TEXT_MAX];
    if (!range_is_older(entry->versions, version) ||
        !range_close(entry->versions, version, closed, sizeof closed)) {
        update->gone[index] = true;
        return true;
    }
    entry->versions = baseline_keep(update->baseline, closed, strlen(closed));
    return entry->versions != NULL;
}

/* The reason that a human gave for the same difference, at another version or step. */
static const struct result_entry *find_reason(const struct baseline *baseline,
                                              const struct result_entry *entry)
{
    for (size_t i = 0; i < baseline->entry_count; i++) {
        const struct result_entry *other = &baseline->entries[i].entry;
        if (*other->reason != '\0' && strcmp(other->path, entry->path) == 0 &&
            strcmp(other->rule, entry->rule) == 0 && strcmp(other->what, entry->what) == 0)
            return other;
    }
    return NULL;
}

static bool add_entry(const struct update *update, const struct result_entry *now,
                      const struct result_entry *reason, const char *comment)
{
    struct baseline_entry added = {.entry = *now, .comment = comment};
    added.entry.versions = update->since;
    added.entry.date = update->date;
    added.entry.reason = reason != NULL ? reason->reason : "";
    added.entry.link = reason != NULL ? reason->link : "";
    return baseline_add(update->baseline, &added);
}

static bool update_differences(const struct update *update)
{
    const struct comparison *comparison = update->comparison;
    for (size_t i = 0; i < comparison->now.count; i++) {
        const struct result_entry *now = &comparison->now.all[i].entry;
        size_t partner = comparison->now_partner[i];
        if (partner == ENTRY_ALONE) {
            if (!add_entry(update, now, find_reason(update->baseline, now), ""))
                return false;
            continue;
        }
        size_t index = comparison->then.all[partner].origin;
        struct baseline_entry then = update->baseline->entries[index];
        if (strcmp(then.entry.value, now->value) == 0)
            continue;
        if (!end_entry(update, index) ||
            !add_entry(update, now, &then.entry, update->gone[index] ? then.comment : ""))
            return false;
    }
    return true;
}

static bool update_fixed(const struct update *update)
{
    const struct comparison *comparison = update->comparison;
    for (size_t i = 0; i < comparison->then.count; i++) {
        if (comparison->judged[i] && comparison->then_partner[i] == ENTRY_ALONE &&
            !end_entry(update, comparison->then.all[i].origin))
            return false;
    }
    return true;
}

static void drop_gone(const struct update *update, size_t count)
{
    struct baseline *baseline = update->baseline;
    size_t kept = 0;
    for (size_t i = 0; i < baseline->entry_count; i++) {
        if (i >= count || !update->gone[i])
            baseline->entries[kept++] = baseline->entries[i];
    }
    baseline->entry_count = kept;
}

static bool begin(struct update *update, const struct result *result, const char *date)
{
    struct baseline *baseline = update->baseline;
    struct subject_version version;
    char text[VERSION_TEXT_MAX], since[VERSION_TEXT_MAX + 4] = "";
    if (update->comparison->version.count != 0)
        snprintf(since, sizeof since, ">= %s", version_spell(&update->comparison->version, text));
    update->gone = calloc(baseline->entry_count + 1, sizeof *update->gone);
    update->since = baseline_keep(baseline, since, strlen(since));
    update->date = baseline_keep(baseline, date, strlen(date));
    if (*baseline->subject == '\0')
        baseline->subject =
            baseline_keep(baseline, result->system, version_of_system(&version, result->system));
    return update->gone != NULL && update->since != NULL && update->date != NULL &&
           baseline->subject != NULL;
}

bool baseline_update(struct baseline *baseline, const struct result *result, const char *version,
                     const char *date)
{
    struct comparison comparison;
    if (!comparison_begin(&comparison, baseline, result, version))
        return false;
    struct update update = {.baseline = baseline, .comparison = &comparison};
    size_t count = baseline->entry_count;
    bool done =
        begin(&update, result, date) && update_differences(&update) && update_fixed(&update);
    if (done)
        drop_gone(&update, count);
    free(update.gone);
    comparison_end(&comparison);
    return done;
}
