/* The rule book as the reports take it: plain data, no code. All strings are UTF-8 and stay until
 * whoever made the book frees it; none is NULL where nothing else is said. */
#ifndef BOOK_H
#define BOOK_H

#include <stddef.h>

struct book_scenario {
    const char *path, *title;
};

struct book_rule {
    const char *id, *area; /* rules of one area stand together */
    const char *grade, *sentence, *source;
    const char *versions;      /* in which it holds; NULL: in all */
    const char *contradiction; /* what another source says, and who follows which; or NULL */
    const char *uncovered;     /* why no scenario shows it; or NULL */
    const struct book_scenario *const *scenarios; /* that name it, by path */
    size_t scenario_count;
};

/* Facts that are no part of the book. */
struct book_outside {
    const char *subject, *facts, *reason;
};

struct book {
    const char *version; /* of Pagelaw */
    const struct book_rule *rules;
    size_t rule_count;
    const struct book_outside *outside; /* none where they were not asked for */
    size_t outside_count;
};

#endif
