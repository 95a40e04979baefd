/* The clock, the turns, and the medians. */
#include "bench.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TURNS 21
#define TURN_NS 5e6

static double clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double bench_processor_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

double bench_wall_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static double median(const double *values, size_t count)
{
    double sorted[BENCH_TURNS_MAX];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

struct bench_times bench_medians(const double *first, const double *second, size_t turns)
{
    double ratios[BENCH_TURNS_MAX];
    for (size_t i = 0; i < turns; i++)
        ratios[i] = first[i] / second[i];
    return (struct bench_times){.first = median(first, turns),
                                .second = median(second, turns),
                                .ratio = median(ratios, turns)};
}

static double run_once(struct bench_task task, size_t count)
{
    double start = bench_processor_ns();
    task.run(task.user, count);
    return bench_processor_ns() - start;
}

/* How often makes one turn; the tries warm up as well. */
static size_t count_for(struct bench_task task)
{
    size_t count = 1;
    while (run_once(task, count) < TURN_NS)
        count *= 2;
    return count;
}

struct bench_times bench_compare(struct bench_task first, struct bench_task second)
{
    double of_first[TURNS], of_second[TURNS];
    size_t first_count = count_for(first), second_count = count_for(second);
    for (size_t i = 0; i < TURNS; i++) {
        of_first[i] = run_once(first, first_count) / (double)first_count;
        of_second[i] = run_once(second, second_count) / (double)second_count;
    }
    return bench_medians(of_first, of_second, TURNS);
}

/* ---- Many threads ---- */

#define THREADS_MAX 64

struct crowd {
    struct bench_task task;
    size_t count;
    pthread_barrier_t start;
};

static void *take_part(void *user)
{
    struct crowd *crowd = user;
    pthread_barrier_wait(&crowd->start);
    crowd->task.run(crowd->task.user, crowd->count);
    return NULL;
}

/* The wall time of it all, for each thing that one thread did. */
static double run_crowd(struct bench_task task, size_t count, unsigned threads)
{
    struct crowd crowd = {.task = task, .count = count};
    pthread_t others[THREADS_MAX];
    pthread_barrier_init(&crowd.start, NULL, threads + 1);
    for (unsigned i = 0; i < threads; i++) {
        if (pthread_create(&others[i], NULL, take_part, &crowd) != 0)
            bench_cannot("threads", "they cannot be started");
    }
    pthread_barrier_wait(&crowd.start);
    double begin = bench_wall_ns();
    for (unsigned i = 0; i < threads; i++)
        pthread_join(others[i], NULL);
    pthread_barrier_destroy(&crowd.start);
    return (bench_wall_ns() - begin) / (double)count;
}

struct bench_times bench_compare_threads(struct bench_task first, struct bench_task second,
                                         unsigned threads)
{
    double of_first[TURNS], of_second[TURNS];
    size_t count = count_for(second);
    for (size_t i = 0; i < TURNS; i++) {
        of_first[i] = run_crowd(first, count, threads);
        of_second[i] = run_crowd(second, count, threads);
    }
    return bench_medians(of_first, of_second, TURNS);
}

/* Vigna's splitmix64. */
size_t bench_random_below(struct bench_random *random, size_t limit)
{
    unsigned long long value = random->state += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return (size_t)(((value ^ value >> 31) >> 32) * limit >> 32);
}
