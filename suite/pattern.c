/* Profile patterns: a name in which * stands for anything, with ! before it if it excludes. */
#include <string.h>

#include "suite/scenario.h"

/* On a mismatch only the last * need take one byte more: what an earlier one took can stay. */
bool pattern_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *resume = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

/* Whether no pattern that begins with ! matches, and one of the others does, if there are any. */
static bool are_for(const char *const *patterns, unsigned count, const char *name)
{
    bool named = false, wanted = false;
    for (unsigned i = 0; i < count; i++) {
        bool excludes = patterns[i][0] == '!';
        bool matches = pattern_matches(patterns[i] + excludes, name);
        if (excludes && matches)
            return false;
        wanted |= !excludes;
        named |= !excludes && matches;
    }
    return named || !wanted;
}

bool scenario_is_for(const struct scenario *scenario, const char *profile)
{
    return are_for(scenario->profiles, scenario->profile_count, profile);
}

bool pin_is_for(const struct pin *pin, const char *profile)
{
    return are_for(pin->profiles, pin->profile_count, profile);
}
