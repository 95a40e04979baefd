/* A page of text: lines with a margin, wrapped at a width, in colour or without.
 *
 * Spaces are owed until something visible follows them, so that no line ends in one. */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "reports.h"

enum ink {
    INK_PLAIN,
    INK_STRONG, /* headings and names */
    INK_QUIET,  /* what can be skipped */
    INK_FRAME,  /* lines and margins */
    INK_PLACE,  /* where something is */
    INK_RIGHT,
    INK_DOUBT,
    INK_WRONG,
    INK_END
};

struct page {
    FILE *out;
    unsigned width;
    bool colour;
    const char *margin; /* begins every line */
    const char *first;  /* begins the next line instead, if not NULL */
    unsigned hang;      /* the column at which a wrapped line goes on */
    unsigned column;    /* of the line so far, its margin included */
    unsigned spaces;    /* owed */
    bool begun;         /* something of this line is written */
    enum ink ink;       /* in force on the terminal */
};

void page_init(struct page *page, const struct report_style *style, FILE *out);

/* From the next line on; the text must stay. */
void page_margin(struct page *page, const char *margin);

/* Begins the next line only, in place of the margin; the text must stay until then. */
void page_first(struct page *page, const char *first);

/* Writes text that is never broken. */
void page_put(struct page *page, enum ink ink, const char *text);

/* The same of the first `length` bytes of a text. */
void page_put_part(struct page *page, enum ink ink, const char *text, size_t length);

/* Writes text that ends at a column, if there is room for it on the line. */
void page_put_right(struct page *page, unsigned column, enum ink ink, const char *text);

/* Writes text that may be broken at its spaces, and before it if a space is owed. */
void page_flow(struct page *page, enum ink ink, const char *text);

/* Writes text as one word, spaces and all. */
void page_word(struct page *page, enum ink ink, const char *text);

/* Writes text up to the end of the line, and "..." for what does not fit. */
void page_cut(struct page *page, enum ink ink, const char *text);

/* Until the line ends, what is wrapped goes on at a column. */
void page_hang(struct page *page, unsigned column);

/* Goes on at a column, or after two spaces if the line is there already, and hangs there. */
void page_tab(struct page *page, unsigned column);

void page_end_line(struct page *page);

/* Ends the line if there is one, and adds an empty one. */
void page_blank(struct page *page);

/* How many columns a text takes. */
unsigned page_columns(const char *text);

#endif
