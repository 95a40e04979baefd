/* Profile patterns: a name in which * stands for anything. */
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

static bool any_matches(const char *const *patterns, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (pattern_matches(patterns[i], name))
            return true;
    return count == 0;
}

bool scenario_is_for(const struct scenario *scenario, const char *profile)
{
    return any_matches(scenario->profiles, scenario->profile_count, profile);
}

bool pin_is_for(const struct pin *pin, const char *profile)
{
    return any_matches(pin->profiles, pin->profile_count, profile);
}
