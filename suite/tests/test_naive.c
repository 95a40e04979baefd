/* The model beside the naive oracle, on random calls. PAGELAW_SEED chooses them; `zig build oracle`
 * makes many more. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "naive_rows.h"
#include "naive_states.h"

#define SEED_DEFAULT 20240229u
#define CALLS 20000

static uint64_t seed_chosen(void)
{
    const char *text = getenv("PAGELAW_SEED");
    return text == NULL ? SEED_DEFAULT : strtoull(text, NULL, 0);
}

static void agree(const struct pagelaw_profile *profile, size_t calls)
{
    struct rows rows = {.profile = profile, .seed = seed_chosen(), .calls = calls, .out = stderr};
    struct rows_done done;
    cr_assert_not_null(profile);
    cr_assert(rows_run(&rows, &done), "model and oracle differ");
    cr_assert_eq(rows_neglected(&rows, &done), PAGELAW_FUNCTION_END, "%s: function %d is neglected",
                 profile->name, (int)rows_neglected(&rows, &done));
    cr_assert_geq(done.ends, done.calls / 2000, "%zu processes have ended", done.ends);
}

/* One test each, so that they run side by side. Together they have all quirks. */
Test(naive, windows_98)
{
    agree(pagelaw_profile_find("windows-98"), CALLS);
}

Test(naive, windows_2000_alpha)
{
    agree(pagelaw_profile_find("windows-2000-alpha"), CALLS);
}

Test(naive, windows_xp_x86)
{
    agree(pagelaw_profile_find("windows-xp-x86"), CALLS);
}

Test(naive, windows_10_1809_x64)
{
    agree(pagelaw_profile_find("windows-10-1809-x64"), CALLS);
}

Test(naive, windows_11_x64)
{
    agree(pagelaw_profile_find("windows-11-x64"), CALLS);
}

Test(naive, pages_of_16K)
{
    struct pagelaw_profile profile = *pagelaw_profile_find("windows-11-arm64");
    profile.name = "pages of 16K";
    profile.page_size = 16384;
    agree(&profile, CALLS);
}

/* ---- Every call in every state ---- */

/* One page has so many states under the profile; none of its calls comes back otherwise. */
static void agree_everywhere(const char *name, uint32_t states)
{
    const struct states wanted = {
        .profile = pagelaw_profile_find(name), .scope = {.pages = 1, .granules = 1}, .out = stderr};
    struct states_done done;
    cr_assert(states_run(&wanted, &done), "model and oracle differ");
    cr_assert(done.whole);
    cr_assert_eq(done.states, states, "%u", done.states);
    cr_assert_gt(done.transitions, 200 * states, "%zu", done.transitions);
}

Test(naive, every_state_of_windows_98)
{
    agree_everywhere("windows-98", 64);
}

Test(naive, every_state_of_windows_xp_x86)
{
    agree_everywhere("windows-xp-x86", 571);
}

Test(naive, every_state_of_windows_11_x64)
{
    agree_everywhere("windows-11-x64", 571);
}

/* ---- The comparison itself ---- */

static const enum pagelaw_quirk all_quirks[] = {
    PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE,
    PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED,
    PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS,
    PAGELAW_QUIRK_CACHE_OPEN,
    PAGELAW_QUIRK_LOW_OPEN,
    PAGELAW_QUIRK_ZEROBITS_ONE_OPEN,
    PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN,
    PAGELAW_QUIRK_NO_DEP,
    PAGELAW_QUIRK_DEP_OPEN,
    PAGELAW_QUIRK_9X,
};

/* A model with one quirk more than the oracle is found out. */
Test(naive, each_quirk_is_noticed)
{
    const struct pagelaw_profile *profile = pagelaw_profile_find("windows-10-x64");
    for (size_t i = 0; i < sizeof all_quirks / sizeof *all_quirks; i++) {
        struct pagelaw_profile played = *profile;
        struct rows_done done;
        FILE *out = tmpfile();
        cr_assert_not_null(out);
        played.quirks |= (uint32_t)all_quirks[i];
        struct rows rows = {
            .profile = profile, .played = &played, .seed = 1, .calls = CALLS, .out = out};
        cr_assert_not(rows_run(&rows, &done), "quirk %zu is not noticed", i);
        fclose(out);
    }
}

/* What is told of a difference: where it was found, and the few steps that show it. */
Test(naive, a_difference_is_shrunk)
{
    char text[4096] = "";
    struct rows_done done;
    FILE *out = tmpfile();
    cr_assert_not_null(out);
    struct rows rows = {.profile = pagelaw_profile_find("windows-10-x64"),
                        .played = pagelaw_profile_find("windows-10-1709-x64"),
                        .seed = 7,
                        .calls = CALLS,
                        .out = out};
    cr_assert_not(rows_run(&rows, &done));
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = 0;
    fclose(out);
    cr_assert_not_null(strstr(text, "windows-10-x64, seed 7, row "), "%s", text);
    cr_assert_not_null(strstr(text, "shortest, 2 of its steps: *RegionSize: model "), "%s", text);
    cr_assert_not_null(strstr(text, "NtFree address="), "%s", text);
}

/* The same in a state, with the calls that lead to it. */
Test(naive, a_difference_in_a_state_is_told)
{
    char text[4096] = "";
    struct states_done done;
    FILE *out = tmpfile();
    cr_assert_not_null(out);
    const struct states wanted = {.profile = pagelaw_profile_find("windows-10-x64"),
                                  .played = pagelaw_profile_find("windows-10-1709-x64"),
                                  .scope = {.pages = 1, .granules = 1},
                                  .out = out};
    cr_assert_not(states_run(&wanted, &done));
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = 0;
    fclose(out);
    cr_assert_not_null(strstr(text, "windows-10-x64: *RegionSize: model "), "%s", text);
    cr_assert_not_null(strstr(text, "NtFree address="), "%s", text);
}
