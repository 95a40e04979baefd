/* The rule book as text for people, as Markdown, and as JSON. As in reports.h nothing is asked of
 * the system: what is written comes from the book and the style alone, and lines end in '\n'. */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include <stdbool.h>
#include <stdio.h>

#include "book.h"
#include "reports.h"

/* How the rules are told of; which they are the book says. */
enum book_view {
    BOOK_RULES,         /* each with all that is known of it, by area */
    BOOK_UNCOVERED,     /* those without scenarios by the reason, and what is outside the book */
    BOOK_CONTRADICTIONS /* each with the two sides */
};

/* Each returns false if the stream failed. */
bool report_book_text(const struct book *book, enum book_view view,
                      const struct report_style *style, FILE *out);
bool report_book_markdown(const struct book *book, enum book_view view, FILE *out);

/* Everything, as reports/BOOK.md describes it, whatever the view. */
bool report_book_json(const struct book *book, FILE *out);

#endif
