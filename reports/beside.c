/* What a text tells of a result beside its baseline. */
#include "parts.h"

#include <stdio.h>

#include "words.h"

#define ENTRIES_MAX 12 /* told in the short text */

static void count(struct standings *standings, enum standing standing)
{
    standings->counts[standing]++;
}

struct standings standings_of(const struct result *result)
{
    struct standings standings = {{0}};
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        count(&standings, scenario->standing);
        for (unsigned j = 0; j < scenario->difference_count; j++) {
            const struct result_difference *difference = &scenario->differences[j];
            for (unsigned k = 0; k < difference->finding_count; k++)
                count(&standings, difference->findings[k].standing);
        }
    }
    return standings;
}

bool difference_is_known(const struct result_difference *difference)
{
    for (unsigned i = 0; i < difference->finding_count; i++) {
        if (difference->findings[i].standing != STANDING_KNOWN)
            return false;
    }
    return difference->finding_count != 0;
}

static void put_entry(struct page *page, const struct result_entry *entry)
{
    page_blank(page);
    page_put(page, INK_PLACE, entry->path);
    page_put(page, INK_QUIET, ", step ");
    page_put(page, INK_QUIET, words_number(entry->step).text);
    page_end_line(page);
    page_margin(page, "    ");
    page_hang(page, 8);
    page_flow(page, INK_STRONG, entry->call);
    page_end_line(page);
    page_hang(page, 8);
    page_put(page, INK_STRONG, entry->rule);
    page_put(page, INK_PLAIN, *entry->rule == '\0' ? "" : ": ");
    page_flow(page, INK_PLAIN, entry->what);
    page_put(page, INK_PLAIN, ": ");
    page_flow(page, INK_DOUBT, entry->value);
    page_end_line(page);
    page_margin(page, "");
}

static void put_entries(struct page *page, const struct result_entry *entries, size_t entry_count,
                        size_t most, const char *heading)
{
    if (entry_count == 0)
        return;
    char count_words[96];
    snprintf(count_words, sizeof count_words, "%s %s", words_number(entry_count).text,
             entry_count == 1 ? "entry" : "entries");
    part_heading_of(page, INK_DOUBT, heading, "", count_words);
    for (size_t i = 0; i < entry_count && i < most; i++)
        put_entry(page, &entries[i]);
    part_more(page, entry_count, most);
}

void part_entries(struct page *page, const struct result_baseline *baseline, bool full)
{
    size_t most = full ? SIZE_MAX : ENTRIES_MAX;
    put_entries(page, baseline->fixed, baseline->fixed_count, most,
                "no longer so, to be taken out of the baseline: ");
    if (full)
        put_entries(page, baseline->expired, baseline->expired_count, most,
                    "expired, of older versions only: ");
}

static void put_count(struct page *page, size_t number, const char *word, enum ink ink)
{
    page_flow(page, INK_PLAIN, ", ");
    page_flow(page, number == 0 ? INK_PLAIN : ink, words_number(number).text);
    page_flow(page, number == 0 ? INK_PLAIN : ink, " ");
    page_flow(page, number == 0 ? INK_PLAIN : ink, word);
}

void part_beside(struct page *page, const struct result *result)
{
    const struct result_baseline *baseline = &result->baseline;
    if (baseline->path == NULL)
        return;
    struct standings standings = standings_of(result);
    page_flow(page, INK_PLAIN, "Beside ");
    page_put(page, INK_PLACE, baseline->path);
    page_put(page, INK_PLAIN, ": ");
    page_flow(page, INK_PLAIN, words_number(standings.counts[STANDING_KNOWN]).text);
    page_flow(page, INK_PLAIN, " known");
    put_count(page, standings.counts[STANDING_NEW], "new", INK_WRONG);
    put_count(page, standings.counts[STANDING_DRIFT], "drifted", INK_WRONG);
    put_count(page, baseline->fixed_count, "fixed", INK_WRONG);
    put_count(page, baseline->expired_count, "expired", INK_DOUBT);
    page_put(page, INK_PLAIN, ".");
    page_end_line(page);
}
