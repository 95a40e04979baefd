/* The rule book as tables. */
#include "pagelaw/rules.h"

#include <string.h>

#define REASON(name, text) static const char name[] = text;
#include "pagelaw/rules.def"

static const struct pagelaw_rule_info rules[] = {
    {.id = "", .grade = PAGELAW_INFERRED, .sentence = "", .source = ""},
#define RULE(name, id_, grade_, sentence_, ...)                                                    \
    {.id = id_, .grade = PAGELAW_##grade_, .sentence = sentence_, .source = __VA_ARGS__},
#include "pagelaw/rules.def"
};

/* The headings, and the rules by them, as they follow each other in the book. */
static const struct entry {
    const char *area; /* NULL for a rule */
    enum pagelaw_rule rule;
} entries[] = {
#define AREA(title) {title, PAGELAW_NO_RULE},
#define RULE(name, ...) {NULL, PAGELAW_##name},
#include "pagelaw/rules.def"
};

static const struct pagelaw_outside outside[] = {
#define OUTSIDE(subject, facts, reason) {subject, facts, reason},
#include "pagelaw/rules.def"
};

const struct pagelaw_rule_info *pagelaw_rule_info(enum pagelaw_rule rule)
{
    return &rules[rule];
}

const char *pagelaw_rule_area(enum pagelaw_rule rule)
{
    const char *area = "";
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (entries[i].area != NULL)
            area = entries[i].area;
        else if (entries[i].rule == rule)
            break;
    }
    return area;
}

enum pagelaw_rule pagelaw_rule_find(const char *id)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        if (strcmp(rules[rule].id, id) == 0)
            return (enum pagelaw_rule)rule;
    }
    return PAGELAW_NO_RULE;
}

const char *pagelaw_grade_name(enum pagelaw_grade grade)
{
    static const char *const names[] = {"documented", "observed", "inferred"};
    return names[grade];
}

const struct pagelaw_outside *pagelaw_outside_at(size_t index)
{
    return index < sizeof outside / sizeof *outside ? &outside[index] : NULL;
}
