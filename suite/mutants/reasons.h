/* What is known of mutants that no suite can kill, and of rules that no mutant breaks. */
#ifndef MUTANTS_REASONS_H
#define MUTANTS_REASONS_H

#include "mutant.h"

/* Why the mutant does what the law allows after all; NULL if it is not known to. */
const char *reason_equivalent(const struct mutant *mutant);

/* Why no scenario can reach a mutant that breaks the rule; NULL if it is not known. */
const char *reason_unreachable(enum pagelaw_rule rule);

#endif
