/* The rule book: every sentence of the law, whether the model plays it or not. */
#ifndef PAGELAW_RULES_H
#define PAGELAW_RULES_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How well a rule is known. */
enum pagelaw_grade {
    PAGELAW_DOCUMENTED, /* a sentence of Microsoft's documentation says so */
    PAGELAW_OBSERVED,   /* Windows was seen to do so, by a test that ran on it */
    PAGELAW_INFERRED    /* concluded from the two; no source states it */
};

enum pagelaw_rule {
    PAGELAW_NO_RULE,
#define RULE(name, ...) PAGELAW_##name,
#include "pagelaw/rules.def"
    PAGELAW_RULE_END
};

struct pagelaw_rule_info {
    const char *id; /* "VA-ALIGN-BASE" */
    enum pagelaw_grade grade;
    const char *sentence;
    const char *source;
    const char *versions;      /* in which it holds, in words; NULL: in all */
    const char *contradiction; /* what another source says, and who follows which; or NULL */
    const char *uncovered;     /* why no scenario shows it; NULL: some do */
};

/* Facts of Windows that are no part of the book. */
struct pagelaw_outside {
    const char *subject, *facts;
    const char *reason; /* why not */
};

/* The entry of a rule, PAGELAW_NO_RULE and PAGELAW_RULE_END excluded. */
const struct pagelaw_rule_info *pagelaw_rule_info(enum pagelaw_rule rule);

/* The heading under which a rule stands: "VirtualAlloc". */
const char *pagelaw_rule_area(enum pagelaw_rule rule);

/* The rule with that id, or PAGELAW_NO_RULE. */
enum pagelaw_rule pagelaw_rule_find(const char *id);

/* "documented", "observed" or "inferred". */
const char *pagelaw_grade_name(enum pagelaw_grade grade);

/* The facts at `index`, or NULL past the last. */
const struct pagelaw_outside *pagelaw_outside_at(size_t index);

#ifdef __cplusplus
}
#endif

#endif
