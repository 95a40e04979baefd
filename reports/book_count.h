/* What the reports of the book count. */
#ifndef REPORTS_BOOK_COUNT_H
#define REPORTS_BOOK_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "book.h"

/* "3 rules: 1 documented, 1 observed, 1 inferred. 2 have scenarios." */
struct book_words {
    char text[160];
};
struct book_words book_summary(const struct book *book);

/* Whether the rule is the first of its area, or the first with its reason. */
bool book_begins_area(const struct book *book, size_t index);
bool book_begins_reason(const struct book *book, size_t index);

#endif
