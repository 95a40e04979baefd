/* A baseline and what it holds. */
#include <stdlib.h>
#include <string.h>

#include "known.h"

struct baseline *baseline_new(const char *path)
{
    struct baseline *baseline = calloc(1, sizeof *baseline);
    if (baseline == NULL)
        return NULL;
    baseline->subject = baseline->comment = baseline->ending = "";
    baseline->path = baseline_keep(baseline, path, strlen(path));
    if (baseline->path != NULL)
        return baseline;
    baseline_free(baseline);
    return NULL;
}

void baseline_free(struct baseline *baseline)
{
    if (baseline == NULL)
        return;
    while (baseline->kept != NULL) {
        struct kept_text *next = baseline->kept->next;
        free(baseline->kept);
        baseline->kept = next;
    }
    free(baseline->entries);
    free(baseline);
}

char *baseline_keep(struct baseline *baseline, const char *text, size_t length)
{
    struct kept_text *kept = malloc(sizeof *kept + length + 1);
    if (kept == NULL)
        return NULL;
    memcpy(kept->text, text, length);
    kept->text[length] = '\0';
    kept->next = baseline->kept;
    baseline->kept = kept;
    return kept->text;
}

bool baseline_add(struct baseline *baseline, const struct baseline_entry *entry)
{
    if (baseline->entry_count == baseline->entry_capacity) {
        size_t capacity = baseline->entry_capacity == 0 ? 64 : baseline->entry_capacity * 2;
        struct baseline_entry *entries = realloc(baseline->entries, capacity * sizeof *entries);
        if (entries == NULL)
            return false;
        baseline->entries = entries;
        baseline->entry_capacity = capacity;
    }
    baseline->entries[baseline->entry_count++] = *entry;
    return true;
}

bool baseline_list(const struct baseline *baseline, struct entries *entries)
{
    *entries = (struct entries){0};
    for (size_t i = 0; i < baseline->entry_count; i++) {
        if (!entries_add(entries, &baseline->entries[i].entry, i)) {
            entries_free(entries);
            return false;
        }
    }
    entries_sort(entries);
    return true;
}

bool baseline_is_of(const struct baseline *baseline, const char *system, const char **subject)
{
    struct subject_version version;
    unsigned length = version_of_system(&version, system);
    *subject = baseline->subject;
    return *baseline->subject == '\0' ||
           (strlen(baseline->subject) == length && memcmp(baseline->subject, system, length) == 0);
}

bool baseline_is_version(const char *text)
{
    struct subject_version version;
    const char *end = version_read(&version, text);
    return end != NULL && *end == '\0';
}

size_t baseline_unexplained(const struct baseline *baseline)
{
    size_t count = 0;
    for (size_t i = 0; i < baseline->entry_count; i++)
        count += *baseline->entries[i].entry.reason == '\0';
    return count;
}
