/* The rule book as a table. */
#include "pagelaw/rules.h"

#include <string.h>

static const struct pagelaw_rule_info rules[] = {
    { "", PAGELAW_INFERRED, "", "" },
#define RULE(name, id, grade, sentence, source) { id, PAGELAW_##grade, sentence, source },
#include "pagelaw/rules.def"
#undef RULE
};

const struct pagelaw_rule_info *pagelaw_rule_info(enum pagelaw_rule rule)
{
    return &rules[rule];
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
    static const char *const names[] = { "documented", "observed", "inferred" };
    return names[grade];
}
