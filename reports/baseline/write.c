/* Writing a baseline file, and what changed in one. */
#include <errno.h>
#include <string.h>

#include "page.h"
#include "known.h"
#include "save.h"
#include "words.h"

static const char head[] =
    "# The differences that are known of one subject. `pagelaw check --baseline FILE` holds a run\n"
    "# against it, `--rebaseline FILE` takes a run into it: what is written here by hand, "
    "reasons,\n"
    "# links, ranges of versions and comments like this one, stays.";

/* What would not be read back as it is stands as an escape. */
static void write_text(const char *text, FILE *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        bool edge = (c == ' ' && (at == text || at[1] == '\0')) || (c == '#' && at == text);
        if (c == '\\')
            fputs("\\\\", out);
        else if (c == '\n')
            fputs("\\n", out);
        else if (c < 0x20 || c == 0x7F || edge)
            fprintf(out, "\\x%02x", c);
        else
            putc(c, out);
    }
}

static void write_key(const char *key, const char *text, FILE *out)
{
    if (*text == '\0' && strcmp(key, "value") != 0)
        return;
    fprintf(out, *text == '\0' ? "    %s" : "    %-9s ", key);
    write_text(text, out);
    putc('\n', out);
}

static void write_entry(const struct baseline_entry *known, FILE *out)
{
    const struct result_entry *entry = &known->entry;
    putc('\n', out);
    if (*known->comment != '\0')
        fprintf(out, "%s\n", known->comment);
    write_text(entry->path, out);
    fprintf(out, "\n    step      %u", entry->step);
    fputs(*entry->call == '\0' ? "" : ": ", out);
    write_text(entry->call, out);
    putc('\n', out);
    write_key("rule", entry->rule, out);
    write_key("what", entry->what, out);
    write_key("value", entry->value, out);
    write_key("versions", entry->versions, out);
    write_key("reason", entry->reason, out);
    write_key("link", entry->link, out);
    write_key("date", entry->date, out);
}

bool baseline_write(const struct baseline *baseline, FILE *out)
{
    struct entries sorted;
    if (!baseline_list(baseline, &sorted))
        return false;
    fprintf(out, "%s\npagelaw-baseline %d\nsubject ",
            *baseline->comment == '\0' ? head : baseline->comment, BASELINE_VERSION);
    write_text(baseline->subject, out);
    putc('\n', out);
    for (size_t i = 0; i < sorted.count; i++)
        write_entry(&baseline->entries[sorted.all[i].origin], out);
    if (*baseline->ending != '\0')
        fprintf(out, "\n%s\n", baseline->ending);
    entries_free(&sorted);
    return fflush(out) == 0 && !ferror(out);
}

/* ---- Changes ---- */

static void put_change(struct page *page, const char *sign, enum ink ink,
                       const struct result_entry *entry)
{
    page_put(page, ink, sign);
    page_put(page, INK_PLAIN, *entry->rule == '\0' ? "" : entry->rule);
    page_put(page, INK_PLAIN, *entry->rule == '\0' ? "" : " ");
    page_put(page, INK_PLAIN, entry->what);
    page_put(page, INK_PLAIN, ": ");
    page_put(page, ink, entry->value);
    if (*entry->versions != '\0') {
        page_put(page, INK_QUIET, "   versions ");
        page_put(page, INK_QUIET, entry->versions);
    }
    if (*entry->reason != '\0') {
        page_put(page, INK_QUIET, "   reason: ");
        page_put(page, INK_QUIET, entry->reason);
    }
    page_end_line(page);
}

static void put_place(struct page *page, const struct result_entry *entry)
{
    page_put(page, INK_PLACE, entry->path);
    page_put(page, INK_QUIET, ", step ");
    page_put(page, INK_QUIET, words_number(entry->step).text);
    page_put(page, INK_QUIET, *entry->call == '\0' ? "" : ": ");
    page_put(page, INK_PLAIN, entry->call);
    page_end_line(page);
}

static bool same_step(const struct result_entry *one, const struct result_entry *other)
{
    return strcmp(one->path, other->path) == 0 && one->step == other->step &&
           strcmp(one->call, other->call) == 0;
}

static int compare(const struct result_entry *one, const struct result_entry *other)
{
    int order = entry_compare_keys(one, other);
    if (order == 0)
        order = strcmp(one->value, other->value);
    return order != 0 ? order : strcmp(one->versions, other->versions);
}

static size_t put_changes(struct page *page, const struct entries *from, const struct entries *to)
{
    size_t i = 0, j = 0, changes = 0;
    const struct result_entry *told = NULL;
    while (i < from->count || j < to->count) {
        int order = i == from->count ? 1
                    : j == to->count ? -1
                                     : compare(&from->all[i].entry, &to->all[j].entry);
        const struct result_entry *entry = order <= 0 ? &from->all[i].entry : &to->all[j].entry;
        i += order <= 0;
        j += order >= 0;
        if (order == 0)
            continue;
        if (told == NULL || !same_step(told, entry))
            put_place(page, entry);
        put_change(page, order < 0 ? "-   " : "+   ", order < 0 ? INK_WRONG : INK_RIGHT, entry);
        told = entry;
        changes++;
    }
    return changes;
}

bool baseline_write_changes(const struct baseline *from, const struct baseline *to,
                            const struct report_style *style, size_t *changes, FILE *out)
{
    struct entries old, fresh;
    struct page page;
    if (!baseline_list(from, &old))
        return false;
    if (!baseline_list(to, &fresh)) {
        entries_free(&old);
        return false;
    }
    page_init(&page, style, out);
    *changes = put_changes(&page, &old, &fresh);
    entries_free(&old);
    entries_free(&fresh);
    return !ferror(out);
}

/* What could not be read again must not take the place of what can. */
static bool write_whole(const void *baseline, FILE *out)
{
    if (!baseline_write(baseline, out))
        return false;
    bool readable = ftell(out) <= (long)BASELINE_FILE_MAX;
    if (!readable)
        errno = EFBIG;
    return readable;
}

bool baseline_save(const struct baseline *baseline, const char *path)
{
    return save_file(path, write_whole, baseline);
}
