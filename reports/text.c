/* A result as text. */
#include "reports.h"

#include "parts.h"

static bool all_agree(const struct tally *tally)
{
    return tally->counts[VERDICT_AGREE] + tally->counts[VERDICT_UNSPECIFIED] == tally->scenarios;
}

static void put_full_path(struct page *page, const struct report_style *style)
{
    if (style->full || style->full_path == NULL)
        return;
    page_put(page, INK_PLAIN, "In full, with transcripts: ");
    page_put(page, INK_PLACE, style->full_path);
    page_end_line(page);
}

static bool put_text(struct page *page, const struct result *result,
                     const struct report_style *style, const struct tally *tally)
{
    part_header(page, result);
    bool told = style->full ? full_body(page, result, tally) : short_body(page, result, tally);
    if (!told)
        return false;
    part_entries(page, &result->baseline, style->full);
    if (tally->scenarios != 0 && (style->full || !all_agree(tally))) {
        page_blank(page);
        part_table(page, tally);
        page_blank(page);
    } else if (result->exploration != NULL) {
        page_blank(page);
    }
    part_extent(page, result);
    part_summary(page, result, tally);
    part_beside(page, result);
    if (!all_agree(tally))
        put_full_path(page, style);
    return fflush(page->out) == 0 && !ferror(page->out);
}

bool report_text(const struct result *result, const struct report_style *style, FILE *out)
{
    struct tally tally;
    if (!tally_create(&tally, result))
        return false;
    struct page page;
    page_init(&page, style, out);
    bool done = put_text(&page, result, style, &tally);
    tally_destroy(&tally);
    return done;
}
