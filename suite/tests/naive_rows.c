/* Rows of random steps: run, shrunk, told. */
#include "naive_rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#define ROW_STEPS 500
#define WIDE_EVERY 64 /* a row in so many has as many pages as there can be */

static struct bench bench;
static struct naive_step steps[ROW_STEPS];

bool rows_knows(const struct pagelaw_profile *profile)
{
    return (profile->quirks & PAGELAW_QUIRK_DOCUMENTS_ONLY) == 0;
}

/* ---- An assertion of the model's is a failure like another, to be shrunk ---- */

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

/* ---- One row ---- */

/* The window lies at the lower end of the user range or at the upper. */
static struct world world_of(const struct rows *rows, size_t row)
{
    static const size_t page_counts[] = {160, 64, 128, 96};
    return (struct world){.profile = rows->profile,
                          .played = rows->played != NULL ? rows->played : rows->profile,
                          .high = row % 2 != 0,
                          .page_count =
                              row % WIDE_EVERY == 0 ? NAIVE_PAGES : page_counts[row / 2 % 4]};
}

/* Each profile has its own steps. */
static uint64_t seed_of(const struct rows *rows, size_t row)
{
    uint64_t seed = rows->seed + row * UINT64_C(0xD1342543DE82EF95);
    for (const char *c = rows->profile->name; *c != 0; c++)
        seed = seed * 31 + (unsigned char)*c;
    return seed;
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

/* ---- A failure ---- */

static void leave_out(const struct world *world, size_t *count, size_t at, size_t length)
{
    static struct naive_step all[ROW_STEPS];
    size_t count_all = *count;
    memcpy(all, steps, sizeof all);
    memmove(&steps[at], &steps[at + length], (count_all - at - length) * sizeof *steps);
    *count = run_row(world, count_all - length, NULL);
    if (bench.fault[0] != 0)
        return;
    memcpy(steps, all, sizeof all);
    *count = count_all;
}

/* Leaves out what is not needed for a failure: halves first, then less and less. */
static size_t shrink(const struct world *world, size_t count)
{
    for (size_t length = count / 2; length > 0; length /= 2) {
        for (size_t at = count; at-- > 0;) {
            if (at + length <= count)
                leave_out(world, &count, at, length);
        }
    }
    return run_row(world, count, NULL);
}

static void tell(const struct rows *rows, size_t row, const struct world *world, size_t count)
{
    char fault[sizeof bench.fault];
    strcpy(fault, bench.fault);
    bench.thorough = true;
    count = shrink(world, count);
    fprintf(rows->out, "%s, seed %" PRIu64 ", row %zu: %s\nshortest, %zu of its steps: %s\n",
            world->profile->name, rows->seed, row, fault, count, bench.fault);
    for (size_t i = 0; i < count; i++)
        step_print(rows->out, &steps[i]);
}

/* ---- All rows ---- */

static void take_stock(const struct rows *rows, struct rows_done *done)
{
    done->calls = 0;
    for (int i = 0; i < PAGELAW_FUNCTION_END; i++) {
        done->successes[i] = bench.successes[i];
        done->failures[i] = bench.failures[i];
        done->calls += bench.successes[i] + bench.failures[i];
    }
    done->ends = bench.ends;
    if (rows->progress != NULL)
        rows->progress(rows->user, done->calls);
}

bool rows_run(const struct rows *rows, struct rows_done *done)
{
    memset(&bench, 0, sizeof bench);
    *done = (struct rows_done){.calls = 0};
    catch_signals();
    for (size_t row = 0; done->calls < rows->calls; row++) {
        struct world world = world_of(rows, row);
        uint64_t seed = seed_of(rows, row);
        size_t count = run_row(&world, ROW_STEPS, &seed);
        done->steps += count;
        done->rows++;
        take_stock(rows, done);
        if (bench.fault[0] != 0) {
            tell(rows, row, &world, count);
            return false;
        }
    }
    return true;
}

enum pagelaw_function rows_neglected(const struct rows *rows, const struct rows_done *done)
{
    bool win32_only = (rows->profile->quirks & PAGELAW_QUIRK_9X) != 0;
    int function = win32_only ? PAGELAW_VIRTUAL_ALLOC : PAGELAW_NT_ALLOCATE;
    while (function < PAGELAW_FUNCTION_END && done->successes[function] > done->calls / 2000 &&
           done->failures[function] > done->calls / 2000)
        function++;
    return (enum pagelaw_function)function;
}
