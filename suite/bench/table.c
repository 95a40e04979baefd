/* The table, and the words on a terminal while it grows. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COLUMNS "%-46s %-24s %8s %8s %6s  %-9s %s\n"
#define CELL 24

static bool progress_shown;

static void clear_progress(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}

void bench_progress(const char *what)
{
    clear_progress();
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "measuring: %s ...", what);
    fflush(stderr);
    progress_shown = true;
}

void bench_cannot(const char *what, const char *why)
{
    clear_progress();
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(2);
}

static void put_time(char *cell, double ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    size_t unit = 0;
    while (ns >= 1000 && unit < 3) {
        ns /= 1000;
        unit++;
    }
    snprintf(cell, CELL, "%.3g %s", ns, units[unit]);
}

static void put_amount(char *cell, enum bench_unit unit, double amount)
{
    if (unit == BENCH_NS)
        put_time(cell, amount);
    else
        snprintf(cell, CELL, "%.0f B", amount);
}

static bool is_of_ratio(const struct bench_row *row)
{
    return row->hold == BENCH_RATIO_AT_MOST || row->hold == BENCH_RATIO_BELOW;
}

static bool holds(const struct bench_row *row)
{
    double value = is_of_ratio(row) ? row->times.ratio : row->times.first;
    bool strictly = row->hold == BENCH_RATIO_BELOW || row->hold == BENCH_AMOUNT_BELOW;
    return strictly ? value < row->limit : value <= row->limit;
}

static void put_limit(char *cell, const struct bench_row *row)
{
    char limit[CELL];
    bool strictly = row->hold == BENCH_RATIO_BELOW || row->hold == BENCH_AMOUNT_BELOW;
    if (is_of_ratio(row))
        snprintf(limit, sizeof limit, "%.4g", row->limit);
    else
        put_amount(limit, row->unit, row->limit);
    snprintf(cell, CELL, "%s %.20s", strictly ? "<" : "<=", limit);
}

void bench_print_heading(void)
{
    printf(COLUMNS, "measured", "beside", "it", "that", "ratio", "held to", "");
    fflush(stdout);
}

void bench_note(const char *words)
{
    clear_progress();
    puts(words);
    fflush(stdout);
}

void bench_print_row(const struct bench_row *row)
{
    char first[CELL], second[CELL] = "", ratio[CELL] = "", limit[CELL];
    put_amount(first, row->unit, row->times.first);
    if (row->beside != NULL) {
        put_amount(second, row->unit, row->times.second);
        snprintf(ratio, sizeof ratio, "%.3f", row->times.ratio);
    }
    bool is_held = row->hold != BENCH_TOLD;
    if (is_held)
        put_limit(limit, row);
    clear_progress();
    printf(COLUMNS, row->what, row->beside != NULL ? row->beside : "", first, second, ratio,
           is_held ? limit : "",
           !is_held     ? ""
           : holds(row) ? "holds"
                        : "MISSES");
    fflush(stdout);
}
