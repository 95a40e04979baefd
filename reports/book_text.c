/* The rule book as text. */
#include <string.h>

#include "book_count.h"
#include "page.h"
#include "report_book.h"

#define INDENT 2
#define LABEL_END 14 /* where the text behind "scenarios" begins */
#define ID_END 27

/* ---- Pieces ---- */

static void put_heading(struct page *page, const char *text)
{
    page_flow(page, INK_STRONG, text);
    page_end_line(page);
}

static void put_paragraph(struct page *page, enum ink ink, const char *text)
{
    page_tab(page, INDENT);
    page_flow(page, ink, text);
    page_end_line(page);
}

static void put_labelled(struct page *page, const char *label, enum ink ink, const char *text)
{
    if (text == NULL)
        return;
    page_tab(page, INDENT);
    page_put(page, INK_QUIET, label);
    page_tab(page, LABEL_END);
    page_flow(page, ink, text);
    page_end_line(page);
}

static void put_scenarios(struct page *page, const struct book_rule *rule)
{
    if (rule->scenario_count == 0)
        return;
    page_tab(page, INDENT);
    page_put(page, INK_QUIET, "scenarios");
    page_tab(page, LABEL_END);
    for (size_t i = 0; i < rule->scenario_count; i++) {
        page_flow(page, INK_PLACE, rule->scenarios[i]->path);
        page_put(page, INK_PLAIN, i + 1 < rule->scenario_count ? ", " : "");
    }
    page_end_line(page);
}

/* "VA-ALIGN-BASE (documented)" and the sentence. */
static void put_law(struct page *page, const struct book_rule *rule)
{
    page_put(page, INK_STRONG, rule->id);
    page_put(page, INK_QUIET, " (");
    page_put(page, INK_QUIET, rule->grade);
    page_put(page, INK_QUIET, ")");
    page_end_line(page);
    put_paragraph(page, INK_PLAIN, rule->sentence);
}

/* ---- The three views ---- */

static void put_rules(struct page *page, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        if (book_begins_area(book, i)) {
            page_put(page, INK_FRAME, "--- ");
            put_heading(page, rule->area);
            page_blank(page);
        }
        put_law(page, rule);
        put_labelled(page, "source", INK_PLAIN, rule->source);
        put_labelled(page, "versions", INK_PLAIN, rule->versions);
        put_labelled(page, "against it", INK_DOUBT, rule->contradiction);
        put_labelled(page, "uncovered", INK_DOUBT, rule->uncovered);
        put_scenarios(page, rule);
        page_blank(page);
    }
}

static void put_reason(struct page *page, const struct book *book, const char *reason)
{
    put_heading(page, reason);
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        if (rule->uncovered == NULL || strcmp(rule->uncovered, reason) != 0)
            continue;
        page_tab(page, INDENT);
        page_put(page, INK_PLAIN, rule->id);
        page_tab(page, ID_END);
        page_flow(page, INK_QUIET, rule->sentence);
        page_end_line(page);
    }
    page_blank(page);
}

static void put_uncovered(struct page *page, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        if (book_begins_reason(book, i))
            put_reason(page, book, book->rules[i].uncovered);
    }
    for (size_t i = 0; i < book->outside_count; i++) {
        const struct book_outside *outside = &book->outside[i];
        if (i == 0) {
            page_put(page, INK_FRAME, "--- ");
            put_heading(page, "Facts of Windows that are no part of this book");
            page_blank(page);
        }
        put_heading(page, outside->subject);
        put_paragraph(page, INK_QUIET, outside->facts);
        put_paragraph(page, INK_PLAIN, outside->reason);
        page_blank(page);
    }
}

static void put_contradictions(struct page *page, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        put_law(page, rule);
        put_labelled(page, "for it", INK_PLAIN, rule->source);
        put_labelled(page, "against it", INK_DOUBT, rule->contradiction);
        page_blank(page);
    }
}

bool report_book_text(const struct book *book, enum book_view view,
                      const struct report_style *style, FILE *out)
{
    static void (*const put[])(struct page *, const struct book *) = {
        [BOOK_RULES] = put_rules,
        [BOOK_UNCOVERED] = put_uncovered,
        [BOOK_CONTRADICTIONS] = put_contradictions,
    };
    struct page page;
    page_init(&page, style, out);
    put[view](&page, book);
    page_flow(&page, INK_PLAIN, book_summary(book).text);
    page_end_line(&page);
    return fflush(out) == 0 && !ferror(out);
}
