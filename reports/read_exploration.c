/* How far an exploration came, out of its result file. */
#include "reading.h"

static void read_bar(struct reading *reading, void *item)
{
    static const struct member members[] = {
        {"rule", TEXT, offsetof(struct result_bar, rule), NULL, 0, 0},
        {"transitions", NUMBER, offsetof(struct result_bar, transitions), NULL, 0, 0},
    };
    read_object(reading, MEMBERS(members), item, "a rule and its transitions");
}

static void read_bars(struct reading *reading, void *object)
{
    struct result_scope *scope = object;
    const char *begin = json_here(&reading->json);
    scope->bars =
        read_array(reading, sizeof *scope->bars, "an array of rules", read_bar, &scope->bar_count);
    if (scope->bar_count > RESULT_BARS_MAX)
        json_fail(&reading->json, begin, "found %zu rules, wanted at most %d", scope->bar_count,
                  RESULT_BARS_MAX);
}

static void read_scope(struct reading *reading, void *object)
{
#define SCOPE(field) offsetof(struct result_scope, field)
    static const struct member members[] = {
        {"pages", UNSIGNED, SCOPE(pages), NULL, 0, 0},
        {"granules", UNSIGNED, SCOPE(granules), NULL, 0, 0},
        {"scope", TEXT, SCOPE(within), NULL, 0, 0},
        {"protections", TEXT, SCOPE(protections), NULL, 0, 0},
        {"depth", UNSIGNED, SCOPE(depth), NULL, 0, 0},
        {"whole", TRUTH, SCOPE(whole), NULL, 0, 0},
        {"states", NUMBER, SCOPE(states), NULL, 0, 0},
        {"states_reached", NUMBER, SCOPE(states_reached), NULL, 0, 0},
        {"transitions", NUMBER, SCOPE(transitions), NULL, 0, 0},
        {"transitions_reached", NUMBER, SCOPE(transitions_reached), NULL, 0, 0},
        {"crossed", NUMBER, SCOPE(crossed), NULL, 0, 0},
        {"unsettled", NUMBER, SCOPE(unsettled), NULL, 0, 0},
        {"bars", OTHER, 0, read_bars, 0, 0},
    };
#undef SCOPE
    struct result_exploration *extent = object;
    struct result_scope *scope = &extent->scope;
    const char *begin = json_here(&reading->json);
    extent->exhaustive = true;
    read_object(reading, MEMBERS(members), scope, "what was explored exhaustively");
    if (scope->crossed > scope->transitions || scope->states_reached > scope->states)
        json_fail(&reading->json, begin,
                  "found more transitions crossed, or more states reached, than there are");
}

static void read_sample(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"pages", UNSIGNED, offsetof(struct result_sample, pages), NULL, 0, 0},
        {"granules", UNSIGNED, offsetof(struct result_sample, granules), NULL, 0, 0},
        {"seed", NUMBER, offsetof(struct result_sample, seed), NULL, 0, 0},
        {"states", NUMBER, offsetof(struct result_sample, states), NULL, 0, 0},
    };
    struct result_exploration *extent = object;
    extent->random = true;
    read_object(reading, MEMBERS(members), &extent->sample, "what was explored at random");
}

void read_exploration(struct reading *reading, void *object)
{
    static const struct member members[] = {
        {"sequences", NUMBER, offsetof(struct result_exploration, sequences), NULL, 0, 0},
        {"calls", NUMBER, offsetof(struct result_exploration, calls), NULL, 0, 0},
        {"odd", NUMBER, offsetof(struct result_exploration, odd), NULL, 0, 0},
        {"exhaustive", OPTIONAL, 0, read_scope, 0, 0},
        {"random", OPTIONAL, 0, read_sample, 0, 0},
    };
    struct result_exploration *extent = read_take(&reading->json, 1, sizeof *extent);
    read_object(reading, MEMBERS(members), extent, "the extent of an exploration");
    ((struct result *)object)->exploration = extent;
}
