/* `pagelaw explore`: what a judged call takes on the model and in Wine, and how much of the time on
 * the layer is not the host's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "bench.h"

#define TURNS 3
#define NOT_INSTALLED 127 /* as suite/wine.sh says it */

/* What one exploration took, and how many calls it made. */
struct exploration {
    double calls, user_ns, kernel_ns;
    double screening_ns; /* wall time that the agent took */
};

static double in_ns(struct timeval time)
{
    return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

/* The agent and its processes are reaped by the time it ends: their time is in the children's. */
static struct exploration explore(const char *pagelaw, const char *options)
{
    struct exploration made = {0};
    struct rusage before, after;
    char command[4096], line[512], error[256] = "it could not be run";
    double seconds;
    snprintf(command, sizeof command, "exec '%s' explore --exhaustive %s 2>&1", pagelaw, options);
    getrusage(RUSAGE_CHILDREN, &before);
    FILE *output = popen(command, "r");
    if (output == NULL)
        bench_cannot("explore", "the shell cannot be started");
    while (fgets(line, sizeof line, output) != NULL) {
        sscanf(line, "%*u sequences, %lf calls;", &made.calls);
        sscanf(line, "pagelaw: %255[^\n]", error);
        if (sscanf(line, "screening took %lf s", &seconds) == 1)
            made.screening_ns = seconds * 1e9;
    }
    int status = pclose(output);
    getrusage(RUSAGE_CHILDREN, &after);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1 || made.calls <= 0)
        bench_cannot("explore", error);
    made.user_ns = in_ns(after.ru_utime) - in_ns(before.ru_utime);
    made.kernel_ns = in_ns(after.ru_stime) - in_ns(before.ru_stime);
    return made;
}

static void print_model(const char *pagelaw)
{
    double all[TURNS], one[TURNS];
    struct bench_row row = {
        .what = "explore: a judged call on the model", .hold = BENCH_AMOUNT_AT_MOST, .limit = 1000};
    bench_progress(row.what);
    for (size_t i = 0; i < TURNS; i++) {
        struct exploration made = explore(pagelaw, "--subject model --pages 2 --depth 5");
        all[i] = (made.user_ns + made.kernel_ns) / made.calls;
        one[i] = 1;
    }
    row.times = bench_medians(all, one, TURNS);
    bench_print_row(&row);
}

static void print_layer(const char *pagelaw)
{
    double own[TURNS], all[TURNS];
    struct bench_row row = {.what = "explore: on the layer, outside of the kernel",
                            .beside = "the whole call",
                            .hold = BENCH_RATIO_AT_MOST,
                            .limit = 0.1};
    bench_progress(row.what);
    for (size_t i = 0; i < TURNS; i++) {
        struct exploration made = explore(pagelaw, "--subject native --pages 2 --depth 4");
        own[i] = made.user_ns / made.calls;
        all[i] = (made.user_ns + made.kernel_ns) / made.calls;
    }
    row.times = bench_medians(own, all, TURNS);
    bench_print_row(&row);
    if (row.times.ratio > row.limit)
        bench_note(
            "  there: the layer's own model, which decides each call, and the one that judges it");
}

static bool has_wine(void)
{
    int status = system("exec sh suite/wine.sh > /dev/null 2>&1");
    return !WIFEXITED(status) || WEXITSTATUS(status) != NOT_INSTALLED;
}

/* What it finds there is shrunk, which is not what this is about. */
static void print_wine(const char *pagelaw, const char *pagelaw_exe)
{
    char options[2048];
    struct bench_row row = {.what = "explore: a judged call in Wine, wall time",
                            .hold = BENCH_AMOUNT_AT_MOST,
                            .limit = 50000};
    double one = 1;
    if (!has_wine())
        return;
    bench_progress(row.what);
    snprintf(options, sizeof options,
             "--pages 2 --scope within --subject 'exec:sh suite/wine.sh %s agent'", pagelaw_exe);
    struct exploration made = explore(pagelaw, options);
    double screening = made.screening_ns / made.calls;
    row.times = bench_medians(&screening, &one, 1);
    bench_print_row(&row);
}

void bench_explore(const char *pagelaw, const char *pagelaw_exe)
{
    print_model(pagelaw);
    print_layer(pagelaw);
    print_wine(pagelaw, pagelaw_exe);
}
