/* The end of a text: the table by area, and the counts in a sentence. */
#include "parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "extent.h"
#include "words.h"

#define INDENT 2
#define ALL_WIDTH 5

enum ink part_verdict_ink(enum verdict verdict)
{
    static const enum ink inks[VERDICT_END] = {
        [VERDICT_AGREE] = INK_RIGHT,       [VERDICT_UNSPECIFIED] = INK_PLAIN,
        [VERDICT_UNSUPPORTED] = INK_DOUBT, [VERDICT_KNOWN] = INK_DOUBT,
        [VERDICT_DIFFER] = INK_WRONG,      [VERDICT_CRASHED] = INK_WRONG,
        [VERDICT_TIMED_OUT] = INK_WRONG,
    };
    return inks[verdict];
}

/* "2 differ, 1 unspecified, 81 agree.": the gravest first. */
static void put_counts(struct page *page, const size_t counts[VERDICT_END])
{
    size_t left = 0;
    for (unsigned i = 0; i < VERDICT_END; i++)
        left += counts[i];
    for (unsigned i = VERDICT_END; i > 0 && left > 0; i--) {
        enum verdict verdict = (enum verdict)(i - 1);
        if (counts[verdict] == 0)
            continue;
        left -= counts[verdict];
        char words[64];
        snprintf(words, sizeof words, "%" PRIu64 " %s%s", (uint64_t)counts[verdict],
                 report_verdict_word(verdict), left > 0 ? "," : ".");
        page_word(page, part_verdict_ink(verdict), words);
        page_flow(page, INK_PLAIN, left > 0 ? " " : "");
    }
}

/* ---- The table ------------------------------------------------------------------------------- */

/* Columns are as wide as their headings; those in which nothing stands are left out. */
struct table {
    struct page *page;
    const struct tally *tally;
    unsigned name_width, gap;
};

static unsigned table_width(const struct table *table)
{
    unsigned width = INDENT + table->name_width + table->gap + ALL_WIDTH;
    for (unsigned i = 0; i < VERDICT_END; i++) {
        if (table->tally->counts[i] > 0)
            width += table->gap + page_columns(report_verdict_word((enum verdict)i));
    }
    return width;
}

static void put_headings(const struct table *table)
{
    struct page *page = table->page;
    unsigned edge = INDENT + table->name_width;
    page_put(page, INK_QUIET, "area");
    for (unsigned i = 0; i < VERDICT_END; i++) {
        const char *word = report_verdict_word((enum verdict)i);
        if (table->tally->counts[i] == 0)
            continue;
        edge += table->gap + page_columns(word);
        page_put_right(page, edge, INK_QUIET, word);
    }
    page_put_right(page, edge + table->gap + ALL_WIDTH, INK_QUIET, "all");
    page_end_line(page);
}

static void put_row(const struct table *table, const struct tally_area *area)
{
    struct page *page = table->page;
    unsigned edge = INDENT + table->name_width;
    page_put(page, INK_PLAIN, area->name);
    for (unsigned i = 0; i < VERDICT_END; i++) {
        enum verdict verdict = (enum verdict)i;
        if (table->tally->counts[i] == 0)
            continue;
        edge += table->gap + page_columns(report_verdict_word(verdict));
        if (area->counts[i] == 0)
            page_put_right(page, edge, INK_QUIET, "-");
        else
            page_put_right(page, edge, part_verdict_ink(verdict),
                           words_number(area->counts[i]).text);
    }
    edge += table->gap + ALL_WIDTH;
    page_put_right(page, edge, INK_PLAIN, words_number(area->scenarios).text);
    page_end_line(page);
}

static void put_sentence(struct page *page, const struct tally_area *area)
{
    page_hang(page, 2 * INDENT);
    page_flow(page, INK_PLAIN, area->name);
    page_put(page, INK_PLAIN, ": ");
    put_counts(page, area->counts);
    page_end_line(page);
}

static unsigned longest_name(const struct tally *tally)
{
    unsigned width = page_columns("area");
    for (size_t i = 0; i < tally->area_count; i++) {
        unsigned columns = page_columns(tally->areas[i].name);
        width = columns > width ? columns : width;
    }
    return width;
}

void part_table(struct page *page, const struct tally *tally)
{
    struct table table = {page, tally, longest_name(tally), 2};
    if (table_width(&table) > page->width)
        table.gap = 1;
    bool fits = table_width(&table) <= page->width;
    page_margin(page, "  ");
    if (fits)
        put_headings(&table);
    for (size_t i = 0; i < tally->area_count; i++) {
        if (fits)
            put_row(&table, &tally->areas[i]);
        else
            put_sentence(page, &tally->areas[i]);
    }
    page_margin(page, "");
}

/* ---- The sentence ---------------------------------------------------------------------------- */

static const char *conclusion(const struct result *result, const struct tally *tally)
{
    const size_t *counts = tally->counts;
    bool explored = tally_is_of_exploration(result) && tally->scenarios == 0 &&
                    (result->exploration == NULL || result->exploration->calls != 0);
    if (!tally_checked(tally) && !explored)
        return "Nothing was checked.";
    if (counts[VERDICT_DIFFER] + counts[VERDICT_CRASHED] + counts[VERDICT_TIMED_OUT] +
            result->baseline.fixed_count >
        0)
        return "";
    if (result->interrupted)
        return "No differences so far.";
    return counts[VERDICT_KNOWN] > 0 ? "No new differences." : "No differences.";
}

void part_extent(struct page *page, const struct result *result)
{
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++) {
        page_hang(page, INDENT);
        page_flow(page, INK_PLAIN, words.lines[i]);
        page_end_line(page);
    }
}

static void put_sum(struct page *page, const struct result *result, const struct tally *tally)
{
    page_flow(page, INK_STRONG, words_count(tally->scenarios, "scenario").text);
    page_flow(page, INK_STRONG, ", ");
    page_flow(page, INK_STRONG, words_count(tally->steps, "step").text);
    page_flow(page, INK_STRONG, " in ");
    page_flow(page, INK_STRONG, words_time(result->host_microseconds).text);
    page_flow(page, INK_PLAIN, tally->scenarios > 0 ? ": " : ".");
    put_counts(page, tally->counts);
}

void part_summary(struct page *page, const struct result *result, const struct tally *tally)
{
    if (result->interrupted) {
        page_flow(page, INK_DOUBT, "Interrupted: ");
        page_flow(page, INK_DOUBT, words_of_interruption(result));
        page_flow(page, INK_DOUBT, ".");
        page_end_line(page);
    }
    const char *last = conclusion(result, tally);
    bool is_sum = tally->scenarios != 0 || !tally_is_of_exploration(result);
    if (is_sum)
        put_sum(page, result, tally);
    if (is_sum && *last != '\0')
        page_flow(page, INK_STRONG, " ");
    page_flow(page, INK_STRONG, last);
    page_end_line(page);
}
