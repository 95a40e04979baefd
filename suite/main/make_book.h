/* The rule book with its scenarios, made from the table of rules and from what scenarios name. */
#ifndef MAIN_MAKE_BOOK_H
#define MAIN_MAKE_BOOK_H

#include <stdbool.h>

#include "load.h"
#include "report_book.h"

struct book_choice {
    enum book_view view;
    const char *grade; /* NULL: any */
    char **ids;        /* rules of the book; NULL: all */
    int id_count;
    const char *profile; /* only what a scenario shows that is for it; NULL: all */
};

/* A book of the chosen rules. It stays as long as `load`, and until book_free; NULL if memory is
 * short. */
struct book *book_make(const struct book_choice *choice, const struct load *load);
void book_free(struct book *book);

#endif
