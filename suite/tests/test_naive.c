/* The model beside the naive oracle, on random calls. PAGELAW_SEED chooses the calls. */
#define _POSIX_C_SOURCE 200809L

#include <criterion/criterion.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "naive_steps.h"

#define SEED_DEFAULT 20240229u
#define ROW_STEPS 500 /* a row of steps begins with everything free */

#define X64                                                                                        \
    .processor = PAGELAW_X64, .pointer_bytes = 8, .granule = 0x10000, .address_min = 0x10000,      \
    .address_max = 0x7FFFFFFEFFFF
#define X86                                                                                        \
    .processor = PAGELAW_X86, .pointer_bytes = 4, .granule = 0x10000, .address_min = 0x10000,      \
    .address_max = 0x7FFEFFFF

static const struct world worlds[] = {
    {.name = "x64-low", .profile = {X64, .page_size = 4096}, .page_count = 160},
    {.name = "x64-high", .profile = {X64, .page_size = 4096}, .high = true, .page_count = 128},
    {.name = "x64-wide", .profile = {X64, .page_size = 4096}, .page_count = 1024},
    {.name = "x86-low", .profile = {X86, .page_size = 4096}, .page_count = 128},
    {.name = "x86-high", .profile = {X86, .page_size = 4096}, .high = true, .page_count = 96},
    {.name = "x64-8K",
     .profile = {X64, .page_size = 8192, .quirks = PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE},
     .page_count = 96},
    {.name = "x64-16K", .profile = {X64, .page_size = 16384}, .page_count = 64},
};

static struct bench bench;
static struct step steps[ROW_STEPS];

/* An assertion of the model's is a failure like another, to be shrunk. */
static sigjmp_buf abroad;
static volatile sig_atomic_t is_abroad;

static void come_back(int number)
{
    if (!is_abroad) {
        signal(number, SIG_DFL);
        raise(number);
    }
    siglongjmp(abroad, 1);
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    struct sigaction action = {.sa_handler = come_back};
    action.sa_flags = SA_NODEFER;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

/* Carries steps out until one fails. The number of steps that were carried out, the failing one
 * included; bench.fault tells whether one did. With a seed they are made up on the way. */
static size_t run_row(const struct world *world, size_t count, uint64_t *seed)
{
    static volatile size_t done;
    done = 0;
    is_abroad = 1;
    if (sigsetjmp(abroad, 1) != 0) {
        strcpy(bench.fault, "a signal: an assertion?");
        is_abroad = 0;
        return done;
    }
    if (bench_open(&bench, world)) {
        while (done < count && bench.fault[0] == 0) {
            if (seed != NULL)
                step_make_up(&steps[done], &bench, seed);
            done++;
            bench_run(&bench, &steps[done - 1]);
        }
        bench_close(&bench);
    }
    is_abroad = 0;
    return done;
}

static bool still_fails_without(const struct world *world, size_t *count, size_t at, size_t length)
{
    static struct step all[ROW_STEPS];
    size_t count_all = *count;
    memcpy(all, steps, sizeof all);
    memmove(&steps[at], &steps[at + length], (count_all - at - length) * sizeof *steps);
    *count = run_row(world, count_all - length, NULL);
    if (bench.fault[0] != 0)
        return true;
    memcpy(steps, all, sizeof all);
    *count = count_all;
    return false;
}

/* Leaves out what is not needed for a failure: halves first, then less and less. */
static size_t shrink(const struct world *world, size_t count)
{
    for (size_t length = count / 2; length > 0; length /= 2) {
        for (size_t at = count; at-- > 0;) {
            if (at + length <= count)
                still_fails_without(world, &count, at, length);
        }
    }
    return run_row(world, count, NULL);
}

static void report(const struct world *world, size_t count, uint64_t seed)
{
    char fault[sizeof bench.fault];
    strcpy(fault, bench.fault);
    bench.thorough = true;
    count = shrink(world, count);
    fprintf(stderr, "PAGELAW_SEED=%" PRIu64 ", %s: %s\nshortest: %s\n", seed, world->name, fault,
            bench.fault);
    for (size_t i = 0; i < count; i++)
        step_print(stderr, &steps[i]);
    cr_assert_fail("model and oracle differ: %s", bench.fault);
}

static void run_world(size_t index, size_t step_count)
{
    const struct world *world = &worlds[index];
    const char *text = getenv("PAGELAW_SEED");
    uint64_t first = text == NULL ? SEED_DEFAULT : strtoull(text, NULL, 0), seed = first + index;
    catch_signals();
    for (size_t total = 0; total < step_count;) {
        size_t count = run_row(world, ROW_STEPS, &seed);
        if (bench.fault[0] != 0)
            report(world, count, first);
        total += count;
    }
    for (int function = 0; function < PAGELAW_FUNCTION_END; function++) {
        size_t successes = bench.successes[function], failures = bench.failures[function];
        cr_assert(successes >= step_count / 200 && failures >= step_count / 2000,
                  "%s: function %d succeeded %zu times and failed %zu times", world->name, function,
                  successes, failures);
    }
}

/* One test each, so that they run side by side. */
Test(naive, x64_low)
{
    run_world(0, 34000);
}

Test(naive, x64_high)
{
    run_world(1, 34000);
}

Test(naive, x64_wide)
{
    run_world(2, 5000);
}

Test(naive, x86_low)
{
    run_world(3, 34000);
}

Test(naive, x86_high)
{
    run_world(4, 34000);
}

Test(naive, pages_of_8K)
{
    run_world(5, 34000);
}

Test(naive, pages_of_16K)
{
    run_world(6, 34000);
}
