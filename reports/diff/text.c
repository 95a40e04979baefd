/* A diff of two results as text. */
#include <string.h>

#include "extent.h"
#include "parts.h"
#include "report_diff.h"
#include "words.h"

#define UNCOMPARED_MAX 12
#define LABEL_WIDTH 13

static void put_side(struct page *page, const char *label, const struct result *result)
{
    page_put(page, INK_QUIET, label);
    page_tab(page, 6);
    page_flow(page, INK_STRONG, result->system);
    page_flow(page, INK_PLAIN, ", ");
    page_flow(page, INK_PLAIN, result->processor);
    page_flow(page, INK_PLAIN, ", as ");
    page_flow(page, INK_PLAIN, result->profile);
    page_flow(page, INK_PLAIN, ": ");
    page_flow(page, INK_QUIET, result->subject);
    page_end_line(page);
}

static void put_extent(struct page *page, const struct result *result)
{
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++) {
        page_tab(page, 6);
        page_flow(page, INK_PLAIN, words.lines[i]);
        page_end_line(page);
    }
}

static void put_head(struct page *page, const struct result_diff *diff)
{
    put_side(page, "old", diff->then);
    put_extent(page, diff->then);
    put_side(page, "new", diff->now);
    put_extent(page, diff->now);
    if (diff_note(diff) != NULL) {
        page_flow(page, INK_DOUBT, diff_note(diff));
        page_end_line(page);
    }
    if (!diff->same_suite) {
        page_flow(page, INK_DOUBT,
                  "The two were run with different suites: only what is in both is compared.");
        page_end_line(page);
    }
    if (!diff->same_profile) {
        page_flow(page, INK_DOUBT,
                  "The two were judged by different profiles: a change may be one of the law.");
        page_end_line(page);
    }
}

static void put_value(struct page *page, const char *label, enum ink ink, const char *value)
{
    page_put(page, INK_QUIET, label);
    page_tab(page, 4 + LABEL_WIDTH);
    page_flow(page, ink, value);
    page_end_line(page);
}

static void put_change(struct page *page, const struct change *change)
{
    static const enum ink inks[CHANGE_END] = {INK_WRONG, INK_DOUBT, INK_RIGHT};
    const struct result_entry *entry = change_entry(change);
    page_blank(page);
    page_put(page, inks[change->kind], change_word(change->kind));
    page_tab(page, 10);
    page_put(page, INK_PLACE, entry->path);
    page_put(page, INK_QUIET, ", step ");
    page_put(page, INK_QUIET, words_number(entry->step).text);
    page_end_line(page);
    page_margin(page, "    ");
    if (*entry->call != '\0') {
        page_hang(page, 8);
        page_flow(page, INK_STRONG, entry->call);
        page_end_line(page);
    }
    page_flow(page, INK_PLAIN, entry->what);
    page_end_line(page);
    if (*change->allowed != '\0')
        put_value(page, "allowed", INK_RIGHT, change->allowed);
    put_value(page, "old", change->then != NULL ? INK_WRONG : INK_RIGHT,
              change->then != NULL ? change->then->value : "as allowed");
    put_value(page, "new", change->now != NULL ? INK_WRONG : INK_RIGHT,
              change->now != NULL ? change->now->value : "as allowed");
    page_margin(page, "");
}

static void put_rule(struct page *page, const struct change *change)
{
    page_blank(page);
    page_put(page, INK_FRAME, "--- ");
    if (change->rule == NULL) {
        page_put(page, INK_WRONG, "crashed or timed out");
    } else {
        page_put(page, INK_WRONG, change->rule->id);
        page_put(page, INK_STRONG, ": ");
        page_flow(page, INK_STRONG, change->rule->sentence);
    }
    page_end_line(page);
}

static void put_uncompared(struct page *page, const struct result_diff *diff, bool full)
{
    if (diff->uncompared_count == 0)
        return;
    page_blank(page);
    page_flow(page, INK_DOUBT, words_count(diff->uncompared_count, "scenario").text);
    page_flow(page, INK_DOUBT, " cannot be compared:");
    page_end_line(page);
    size_t most = full ? diff->uncompared_count : UNCOMPARED_MAX;
    for (size_t i = 0; i < diff->uncompared_count && i < most; i++) {
        page_put(page, INK_PLAIN, "  ");
        page_put(page, INK_PLACE, diff->uncompared[i].path);
        page_put(page, INK_PLAIN, ": ");
        page_flow(page, INK_PLAIN, diff->uncompared[i].why);
        page_end_line(page);
    }
    page_margin(page, "  ");
    part_more(page, diff->uncompared_count, most);
    page_margin(page, "");
}

static void put_count(struct page *page, const struct result_diff *diff, enum change_kind kind)
{
    page_flow(page, INK_STRONG, words_number(diff->counts[kind]).text);
    page_flow(page, INK_STRONG, " ");
    page_flow(page, INK_STRONG, change_word(kind));
    page_flow(page, INK_STRONG, ", ");
}

bool report_diff_text(const struct result_diff *diff, const struct report_style *style, FILE *out)
{
    struct page page;
    page_init(&page, style, out);
    put_head(&page, diff);
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct change *change = &diff->changes[i];
        if (i == 0 || strcmp(change_entry(change)->rule, change_entry(change - 1)->rule) != 0)
            put_rule(&page, change);
        put_change(&page, change);
    }
    put_uncompared(&page, diff, style->full);
    page_blank(&page);
    for (unsigned i = 0; i < CHANGE_END; i++)
        put_count(&page, diff, (enum change_kind)i);
    page_flow(&page, INK_STRONG, words_number(diff->same).text);
    page_flow(&page, INK_STRONG, " as before.");
    page_end_line(&page);
    return fflush(out) == 0 && !ferror(out);
}
