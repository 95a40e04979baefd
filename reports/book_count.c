/* What the reports of the book count. */
#include "book_count.h"

#include <stdio.h>
#include <string.h>

#include "words.h"

static size_t count_grade(const struct book *book, const char *grade)
{
    size_t count = 0;
    for (size_t i = 0; i < book->rule_count; i++)
        count += strcmp(book->rules[i].grade, grade) == 0;
    return count;
}

static size_t count_covered(const struct book *book)
{
    size_t count = 0;
    for (size_t i = 0; i < book->rule_count; i++)
        count += book->rules[i].scenario_count != 0;
    return count;
}

struct book_words book_summary(const struct book *book)
{
    struct book_words words;
    snprintf(words.text, sizeof words.text,
             "%s: %zu documented, %zu observed, %zu inferred. Of these %zu have scenarios.",
             words_count(book->rule_count, "rule").text, count_grade(book, "documented"),
             count_grade(book, "observed"), count_grade(book, "inferred"), count_covered(book));
    return words;
}

bool book_begins_area(const struct book *book, size_t index)
{
    return index == 0 || strcmp(book->rules[index - 1].area, book->rules[index].area) != 0;
}

static bool have_one_reason(const struct book_rule *a, const struct book_rule *b)
{
    return a->uncovered != NULL && b->uncovered != NULL && strcmp(a->uncovered, b->uncovered) == 0;
}

bool book_begins_reason(const struct book *book, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (have_one_reason(&book->rules[i], &book->rules[index]))
            return false;
    }
    return book->rules[index].uncovered != NULL;
}
