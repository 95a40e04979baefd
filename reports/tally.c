/* Counting a result by verdict and by area. */
#include "tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct tally_area *find_area(struct tally *tally, const char *name)
{
    for (size_t i = tally->area_count; i > 0; i--) {
        if (strcmp(tally->areas[i - 1].name, name) == 0)
            return &tally->areas[i - 1];
    }
    return NULL;
}

static struct tally_area *add_area(struct tally *tally, const char *name)
{
    size_t size = (tally->area_count + 1) * sizeof *tally->areas;
    struct tally_area *areas = realloc(tally->areas, size);
    if (areas == NULL)
        return NULL;
    tally->areas = areas;
    struct tally_area *area = &areas[tally->area_count++];
    *area = (struct tally_area){.name = name};
    return area;
}

static bool count(struct tally *tally, const struct result_scenario *scenario)
{
    struct tally_area *area = find_area(tally, scenario->area);
    if (area == NULL)
        area = add_area(tally, scenario->area);
    if (area == NULL)
        return false;
    assert(scenario->verdict < VERDICT_END);
    area->counts[scenario->verdict]++;
    area->scenarios++;
    tally->counts[scenario->verdict]++;
    tally->scenarios++;
    tally->steps += scenario->steps;
    tally->steps_agree += scenario->steps_agree;
    tally->steps_unspecified += scenario->steps_unspecified;
    return true;
}

bool tally_create(struct tally *tally, const struct result *result)
{
    *tally = (struct tally){0};
    for (size_t i = 0; i < result->scenario_count; i++) {
        if (!count(tally, &result->scenarios[i])) {
            tally_destroy(tally);
            return false;
        }
    }
    return true;
}

void tally_destroy(struct tally *tally)
{
    free(tally->areas);
    *tally = (struct tally){0};
}

bool tally_is_of_exploration(const struct result *result)
{
    return result->suite.scenario_count == 0;
}

bool tally_checked(const struct tally *tally)
{
    return tally->scenarios > tally->counts[VERDICT_UNSUPPORTED];
}
