/* The address space before and after a step that differs, as the judge draws it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "judged.h"
#include "liar.h"
#include "pagelaw/constants.h"
#include "suite/model_backend.h"

#define GRANULE 65536u
#define HOLE "h = hole(2 * GRANULE)\n"
#define COMMIT HOLE "p = VirtualAlloc(h, 16K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"

/* Tells a story to a liar; it has to differ, first at this step. */
static const struct result_difference *differ(struct judged *judged, const char *steps,
                                              enum lie lie, unsigned step)
{
    struct backend backend = liar(lie);
    judged_run(judged, steps, GRANULE, &backend);
    judged_judge(judged);
    cr_assert(judged->result->difference_count > 0, "%s", steps);
    cr_assert_eq(judged->result->differences[0].step, step);
    return &judged->result->differences[0];
}

/* Compares with rows of "start size state protect allocation-base allocation-protect type". */
static void expect_map(const struct result_map *map, const char *wanted)
{
    char text[2048];
    size_t length = 0;
    cr_assert(map->known);
    for (unsigned i = 0; i < map->region_count; i++) {
        const struct result_region *row = &map->regions[i];
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s, %s, %s, %s, %s, %s, %s\n",
                             row->start, row->size, row->state, row->protect, row->allocation_base,
                             row->allocation_protect, row->type);
        cr_assert_lt(length, sizeof text);
    }
    cr_assert_str_eq(map->region_count == 0 ? "" : text, wanted);
}

#define FREE_HOLE "h, 128K, MEM_FREE, PAGE_NOACCESS, NULL, 0, 0\n"
#define FREE_REST "h + 16K, 112K, MEM_FREE, PAGE_NOACCESS, NULL, 0, 0\n"
#define COMMITTED "h, 16K, MEM_COMMIT, PAGE_READWRITE, h, PAGE_READWRITE, MEM_PRIVATE\n"

Test(judge_draw, a_call_whose_effect_is_wrong)
{
    struct judged judged;
    const struct result_difference *difference = differ(&judged, COMMIT, COMMIT_TOO_LATE, 1);
    expect_map(&difference->before, FREE_HOLE);
    expect_map(&difference->after_allowed, COMMITTED FREE_REST);
    expect_map(&difference->after_observed,
               "h, 16K, MEM_RESERVE, 0, h, PAGE_READWRITE, MEM_PRIVATE\n" FREE_REST);
    judged_free(&judged);
}

Test(judge_draw, a_call_that_fails_and_should_not)
{
    struct judged judged;
    const struct result_difference *difference =
        differ(&judged,
               HOLE "p = VirtualAlloc(h, 16K, MEM_RESERVE, PAGE_READWRITE) => h\n"
                    "VirtualFree(p + 4K, 4K, MEM_DECOMMIT)\n",
               DECOMMIT_ONCE, 2);
    static const char reserved[] =
        "h, 16K, MEM_RESERVE, 0, h, PAGE_READWRITE, MEM_PRIVATE\n" FREE_REST;
    expect_map(&difference->before, reserved);
    expect_map(&difference->after_allowed, reserved);
    expect_map(&difference->after_observed, reserved);
    judged_free(&judged);
}

/* Holes can be had, and nothing else. */
static uint64_t only_reserve(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return type == MEM_RESERVE ? model_backend.virtual_alloc(address, size, type, protect) : 0;
}

Test(judge_draw, a_reserve_that_fails_and_should_not)
{
    struct judged judged;
    struct backend backend = liar(HONEST);
    backend.virtual_alloc = only_reserve;
    judged_run(&judged, COMMIT, GRANULE, &backend);
    judged_judge(&judged);
    cr_assert_eq(judged.result->difference_count, 1);
    expect_map(&judged.result->differences[0].after_allowed, COMMITTED FREE_REST);
    expect_map(&judged.result->differences[0].after_observed, FREE_HOLE);
    judged_free(&judged);
}

Test(judge_draw, a_call_that_succeeds_and_should_not)
{
    struct judged judged;
    const struct result_difference *difference =
        differ(&judged, COMMIT "VirtualFree(p, 4K, MEM_RELEASE)\n", RELEASE_ANY_SIZE, 2);
    expect_map(&difference->before, COMMITTED FREE_REST);
    expect_map(&difference->after_allowed, COMMITTED FREE_REST);
    expect_map(&difference->after_observed, FREE_HOLE);
    judged_free(&judged);
}

Test(judge_draw, a_guard_page_that_stays)
{
    struct judged judged;
    const struct result_difference *difference =
        differ(&judged,
               HOLE "p = VirtualAlloc(h, 4K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | "
                    "PAGE_GUARD) => h\nread(p)\n",
               GUARD_IS_VIOLATION, 2);
    cr_assert(difference->after_allowed.known && difference->after_allowed.region_count == 2);
    cr_assert_str_eq(difference->after_allowed.regions[0].protect, "PAGE_READWRITE");
    cr_assert_str_eq(difference->before.regions[0].protect, "PAGE_READWRITE | PAGE_GUARD");
    judged_free(&judged);
}

Test(judge_draw, a_range_begins_to_be_watched)
{
    struct judged judged;
    const struct result_difference *difference = differ(
        &judged,
        "p = VirtualAlloc(NULL, 4K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => above NULL\n",
        COMMIT_TOO_LATE, 0);
    cr_assert_not(difference->before.known);
    expect_map(&difference->after_allowed,
               "p, 4K, MEM_COMMIT, PAGE_READWRITE, p, PAGE_READWRITE, MEM_PRIVATE\n"
               "p + 4K, 60K, MEM_FREE, PAGE_NOACCESS, NULL, 0, 0\n");
    judged_free(&judged);
}

Test(judge_draw, the_transcript_is_told_through_each_difference)
{
    struct judged judged;
    const struct result_difference *difference =
        differ(&judged, COMMIT "read(p)\nVirtualQuery(p)\n", COMMIT_TOO_LATE, 1);
    const char *end = judged.result->transcript;
    for (unsigned i = 0; i < difference->transcript_lines; i++)
        end = strchr(end, '\n') + 1;
    cr_assert_eq(strncmp(end, "read(p)", 7), 0, "%s", end);
    cr_assert_not_null(strstr(end, "VirtualQuery(p)"));
    judged_free(&judged);
}
