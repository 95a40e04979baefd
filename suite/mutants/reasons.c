/* What is known of mutants that no suite can kill, and of rules that no mutant breaks. */
#include "reasons.h"

#include <string.h>

static const struct {
    enum pagelaw_rule rule, first;
    const char *kind;
    const char *why;
} equivalents[] = {
    {PAGELAW_VA_ALL_OR_NOTHING, PAGELAW_VA_LOW_ADDRESS, "a page done all the same",
     "what lies right above the lowest 64 KB is the host's own, and no scenario may look"},
    {PAGELAW_VA_RESET_INWARD, PAGELAW_NO_RULE, "refused",
     "the rule is that no source settles it, and its scenarios leave it open"},
};

static const struct {
    enum pagelaw_rule rule;
    const char *why;
} unreachable[] = {
    {PAGELAW_VA_SCOPE, "It says itself what is outside this book: those calls are left open."},
    {PAGELAW_PR_SCOPE, "It says itself what is outside this book: those calls are left open."},
    {PAGELAW_VA_RESET_NULL, "It says itself that the outcome is not settled."},
    {PAGELAW_VA_RESET_INWARD, "It says itself that the outcome is not settled."},
    {PAGELAW_VP_NO_WRITECOMBINE, "It says itself that the outcome is not settled."},
    {PAGELAW_PR_RESERVE_MODIFIERS, "It says itself that the outcome is not settled."},
    {PAGELAW_PR_WC_IGNORED, "It says itself that the outcome is not settled."},
    {PAGELAW_GUARD_9X, "What Windows 98 makes of it no source settles."},
    {PAGELAW_PR_9X, "What Windows 98 makes of it no source settles."},
    {PAGELAW_VF_OLD_SAMESTATE, "What Windows 98 makes of it no source settles."},
    {PAGELAW_9X_RESET, "What Windows 98 makes of it no source settles."},
    {PAGELAW_ST_PROCESS_EXIT, "A scenario ends with its process; the tests of the model hold it."},
};

const char *reason_equivalent(const struct mutant *mutant)
{
    for (size_t i = 0; i < sizeof equivalents / sizeof *equivalents; i++) {
        if (equivalents[i].rule == mutant->rule && equivalents[i].first == mutant->first &&
            strcmp(equivalents[i].kind, mutant->kind->name) == 0)
            return equivalents[i].why;
    }
    return NULL;
}

const char *reason_unreachable(enum pagelaw_rule rule)
{
    for (size_t i = 0; i < sizeof unreachable / sizeof *unreachable; i++) {
        if (unreachable[i].rule == rule)
            return unreachable[i].why;
    }
    return NULL;
}
