/* Measuring: two things in turn, and the table that is printed of it.
 *
 * A *task* does one thing `count` times over. A *row* is one number to hold: what was measured,
 * beside what, both amounts, their ratio, and what it is held to. */
#ifndef SUITE_BENCH_BENCH_H
#define SUITE_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct bench_task {
    void (*run)(void *user, size_t count);
    void *user;
};

/* What one time of each took, in nanoseconds, or another amount: the medians of several turns. The
 * ratio is the median of the turns' own ratios, so that what slows down the machine for a while
 * falls on both. */
struct bench_times {
    double first, second, ratio;
};

/* Runs the two tasks in turn, A B A B, each as often that a turn is long enough for the clock. The
 * time is the thread's own processor time, in the program and in the kernel: what else the machine
 * does does not count. */
struct bench_times bench_compare(struct bench_task first, struct bench_task second);

/* The same with `threads` threads at once, each doing the task as often: wall time of one, while
 * all do. */
struct bench_times bench_compare_threads(struct bench_task first, struct bench_task second,
                                         unsigned threads);

/* The medians of amounts that were measured in turn already; at most BENCH_TURNS_MAX turns. */
#define BENCH_TURNS_MAX 64
struct bench_times bench_medians(const double *first, const double *second, size_t turns);

/* Nanoseconds of this thread's processor time, and of the clock on the wall. */
double bench_processor_ns(void);
double bench_wall_ns(void);

enum bench_unit { BENCH_NS, BENCH_BYTES };

/* What is to be at most, or below, `limit`: the ratio, or the first amount alone; or it is only
 * told.
 */
enum bench_hold {
    BENCH_RATIO_AT_MOST,
    BENCH_RATIO_BELOW,
    BENCH_AMOUNT_AT_MOST,
    BENCH_AMOUNT_BELOW,
    BENCH_TOLD
};

struct bench_row {
    const char *what, *beside;
    enum bench_unit unit;
    struct bench_times times;
    enum bench_hold hold;
    double limit; /* a ratio, or an amount in the unit */
};

void bench_print_heading(void);
void bench_print_row(const struct bench_row *row);

/* A line of words among the rows. */
void bench_note(const char *words);

/* On a terminal tells what is being measured; the next row or call takes the line away. */
void bench_progress(const char *what);

/* Ends the program, with status 2: what could not be had. */
_Noreturn void bench_cannot(const char *what, const char *why);

/* Pseudo-random numbers below `limit`, which is below 2^32; the same in each run. */
struct bench_random {
    unsigned long long state;
};
size_t bench_random_below(struct bench_random *random, size_t limit);

/* The groups of rows. */
void bench_model(void);
void bench_judge(void);
void bench_layer(void);
void bench_suite(const char *pagelaw);
void bench_explore(const char *pagelaw, const char *pagelaw_exe);

/* What the layer's own rows took, for the one that puts Wine beside them; its program is for
 * Windows. */
enum bench_layer_number {
    BENCH_LAYER_RESERVE,
    BENCH_LAYER_COMMIT,
    BENCH_LAYER_QUERY,
    BENCH_LAYER_NUMBERS
};
extern double bench_layer_ns[BENCH_LAYER_NUMBERS];
void bench_wine(const char *program);

#endif
