/* The rule book as Markdown. */
#include <string.h>

#include "book_count.h"
#include "report_book.h"

/* Text in which no character means anything but itself; `code` between its signs stays. */
static void put_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\*<[", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void put_item(FILE *out, const char *label, const char *text)
{
    if (text == NULL)
        return;
    fprintf(out, "- %s: ", label);
    put_text(out, text);
    fputc('\n', out);
}

static void put_scenarios(FILE *out, const struct book_rule *rule)
{
    for (size_t i = 0; i < rule->scenario_count; i++) {
        fprintf(out, "- `%s`: ", rule->scenarios[i]->path);
        put_text(out, rule->scenarios[i]->title);
        fputc('\n', out);
    }
}

static void put_law(FILE *out, const struct book_rule *rule)
{
    fprintf(out, "### %s\n\n", rule->id);
    put_text(out, rule->sentence);
    fprintf(out, "\n\n- %s: ", rule->grade);
    put_text(out, rule->source);
    fputc('\n', out);
}

static void put_rules(FILE *out, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        if (book_begins_area(book, i))
            fprintf(out, "## %s\n\n", rule->area);
        put_law(out, rule);
        put_item(out, "versions", rule->versions);
        put_item(out, "against it", rule->contradiction);
        put_item(out, "no scenario", rule->uncovered);
        put_scenarios(out, rule);
        fputc('\n', out);
    }
}

static void put_reason(FILE *out, const struct book *book, const char *reason)
{
    fputs("## ", out);
    put_text(out, reason);
    fputs("\n\n", out);
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct book_rule *rule = &book->rules[i];
        if (rule->uncovered != NULL && strcmp(rule->uncovered, reason) == 0)
            put_item(out, rule->id, rule->sentence);
    }
    fputc('\n', out);
}

static void put_uncovered(FILE *out, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        if (book_begins_reason(book, i))
            put_reason(out, book, book->rules[i].uncovered);
    }
    if (book->outside_count != 0)
        fputs("## Facts of Windows that are no part of this book\n\n", out);
    for (size_t i = 0; i < book->outside_count; i++) {
        const struct book_outside *outside = &book->outside[i];
        fprintf(out, "### %s\n\n", outside->subject);
        put_text(out, outside->facts);
        fputs("\n\n", out);
        put_text(out, outside->reason);
        fputs("\n\n", out);
    }
}

static void put_contradictions(FILE *out, const struct book *book)
{
    for (size_t i = 0; i < book->rule_count; i++) {
        put_law(out, &book->rules[i]);
        put_item(out, "against it", book->rules[i].contradiction);
        fputc('\n', out);
    }
}

bool report_book_markdown(const struct book *book, enum book_view view, FILE *out)
{
    static const struct {
        const char *title;
        void (*put)(FILE *, const struct book *);
    } views[] = {
        [BOOK_RULES] = {"The rules of Windows virtual memory", put_rules},
        [BOOK_UNCOVERED] = {"Rules without scenarios", put_uncovered},
        [BOOK_CONTRADICTIONS] = {"Where sources contradict each other", put_contradictions},
    };
    fprintf(out, "# %s\n\nPagelaw %s. %s\n\n", views[view].title, book->version,
            book_summary(book).text);
    views[view].put(out, book);
    return fflush(out) == 0 && !ferror(out);
}
