/* Counting a result by verdict and by area. */
#include "tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Scenarios of one area stand together then, as they stand in the result. */
static int by_area(const void *a, const void *b)
{
    const struct result_scenario *one = *(const struct result_scenario *const *)a;
    const struct result_scenario *other = *(const struct result_scenario *const *)b;
    int order = strcmp(one->area, other->area);
    return order != 0 ? order : (one > other) - (one < other);
}

static int by_first_member(const void *a, const void *b)
{
    const struct tally_area *one = a, *other = b;
    return (one->members[0] > other->members[0]) - (one->members[0] < other->members[0]);
}

static void count(struct tally *tally, struct tally_area *area,
                  const struct result_scenario *scenario)
{
    assert(scenario->verdict < VERDICT_END);
    area->counts[scenario->verdict]++;
    area->scenarios++;
    tally->counts[scenario->verdict]++;
    tally->scenarios++;
    tally->steps += scenario->steps;
    tally->steps_agree += scenario->steps_agree;
    tally->steps_unspecified += scenario->steps_unspecified;
}

bool tally_create(struct tally *tally, const struct result *result)
{
    size_t scenarios = result->scenario_count;
    *tally = (struct tally){.areas = calloc(scenarios + 1, sizeof *tally->areas),
                            .by_area = calloc(scenarios + 1, sizeof *tally->by_area)};
    if (tally->areas == NULL || tally->by_area == NULL) {
        tally_destroy(tally);
        return false;
    }
    for (size_t i = 0; i < scenarios; i++)
        tally->by_area[i] = &result->scenarios[i];
    qsort(tally->by_area, scenarios, sizeof *tally->by_area, by_area);
    for (size_t i = 0; i < scenarios; i++) {
        const struct result_scenario *scenario = tally->by_area[i];
        if (i == 0 || strcmp(tally->by_area[i - 1]->area, scenario->area) != 0)
            tally->areas[tally->area_count++] =
                (struct tally_area){.name = scenario->area, .members = &tally->by_area[i]};
        count(tally, &tally->areas[tally->area_count - 1], scenario);
    }
    qsort(tally->areas, tally->area_count, sizeof *tally->areas, by_first_member);
    return true;
}

void tally_destroy(struct tally *tally)
{
    free(tally->areas);
    free(tally->by_area);
    *tally = (struct tally){0};
}

bool tally_is_of_exploration(const struct result *result)
{
    return result->suite.scenario_count == 0 && *result->suite.hash != '\0';
}

bool tally_checked(const struct tally *tally)
{
    return tally->scenarios > tally->counts[VERDICT_UNSUPPORTED];
}
