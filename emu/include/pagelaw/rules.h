/* The rule book: every sentence of the law that the model knows. */
#ifndef PAGELAW_RULES_H
#define PAGELAW_RULES_H

#include <stddef.h>

/* How well a rule is known. */
enum pagelaw_grade {
    PAGELAW_DOCUMENTED, /* a sentence of Microsoft's documentation says so */
    PAGELAW_OBSERVED,   /* Windows was seen to do so, by a test that ran on it */
    PAGELAW_INFERRED    /* concluded from the two; no source states it */
};

enum pagelaw_rule {
    PAGELAW_NO_RULE,
#define RULE(name, id, grade, sentence, source) PAGELAW_##name,
#include "pagelaw/rules.def"
#undef RULE
    PAGELAW_RULE_END
};

struct pagelaw_rule_info {
    const char *id; /* "VA-ALIGN-BASE" */
    enum pagelaw_grade grade;
    const char *sentence;
    const char *source;
};

/* The entry of a rule, PAGELAW_NO_RULE and PAGELAW_RULE_END excluded. */
const struct pagelaw_rule_info *pagelaw_rule_info(enum pagelaw_rule rule);

/* The rule with that id, or PAGELAW_NO_RULE. */
enum pagelaw_rule pagelaw_rule_find(const char *id);

/* "documented", "observed" or "inferred". */
const char *pagelaw_grade_name(enum pagelaw_grade grade);

#endif
