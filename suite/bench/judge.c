/* Running the built-in programs on the emulation layer and judging them, beside only running them.
 *
 * All in this process. What a program leaves behind is taken away after it, outside of the times;
 * parsing is outside of them too. */
#include "suite/judge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "native.h"
#include "pagelaw/constants.h"
#include "suite/builtin.h"
#include "suite/run.h"

#define TURNS 15
#define MBI_SIZE 48

struct judge_bench {
    struct scenario **scenarios; /* those that are for the profile */
    size_t count;
    struct subject_info info;
    const struct pagelaw_profile *profile;
    unsigned differ; /* programs of the last turn that did not agree */
};

static void open_backend(struct judge_bench *bench)
{
    char why[160];
    if (!backend_native.start(&bench->info, why, sizeof why))
        bench_cannot("this machine's backend", why);
    bench->profile = judge_profile(&bench->info, why, sizeof why);
    if (bench->profile == NULL)
        bench_cannot("this machine's backend", why);
}

static void parse_all(struct judge_bench *bench)
{
    bench->scenarios = calloc(builtin_scenario_count, sizeof(struct scenario *));
    for (size_t i = 0; bench->scenarios != NULL && i < builtin_scenario_count; i++) {
        const struct builtin_scenario *builtin = &builtin_scenarios[i];
        struct scenario_error error;
        struct scenario *scenario =
            scenario_parse(builtin->path, builtin->text, builtin->length, &error);
        if (scenario == NULL)
            bench_cannot(builtin->path, error.message);
        if (scenario_is_for(scenario, bench->profile->name))
            bench->scenarios[bench->count++] = scenario;
        else
            scenario_free(scenario);
    }
    if (bench->count == 0)
        bench_cannot("the built-in programs", "there are none for this backend");
}

static void close_all(struct judge_bench *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        scenario_free(bench->scenarios[i]);
    free(bench->scenarios);
}

/* Makes the process as if no program had run in it. */
static void clean_up(const struct judge_bench *bench)
{
    uint64_t at = bench->info.address_min;
    struct subject_region region;
    while (at <= bench->info.address_max &&
           backend_native.virtual_query(at, &region, MBI_SIZE) != 0) {
        if (region.state != MEM_FREE)
            backend_native.virtual_free(region.allocation_base, 0, MEM_RELEASE);
        at = region.base + region.size;
    }
    backend_native.set_commit_limit(UINT64_MAX);
    backend_native.set_last_error(0);
}

static void drop_line(void *user, const char *line, size_t length)
{
    (void)user, (void)line, (void)length;
}

static void only_run(struct judge_bench *bench, const struct scenario *scenario)
{
    struct line_sink sink = {.line = drop_line};
    execute_scenario(scenario, &backend_native, &bench->info, &sink);
}

static void read_line(void *user, const char *line, size_t length)
{
    trace_reader_line(user, line, length - 1);
}

static void run_and_judge(struct judge_bench *bench, const struct scenario *scenario)
{
    struct trace_reader *reader = trace_reader_create(scenario);
    if (reader == NULL)
        bench_cannot(scenario->path, "out of memory");
    struct line_sink sink = {.line = read_line, .user = reader};
    execute_scenario(scenario, &backend_native, &bench->info, &sink);
    struct trace *trace = trace_reader_finish(reader);
    struct judgement *judgement = judge_trace(scenario, trace, &bench->info, bench->profile);
    if (judgement == NULL)
        bench_cannot(scenario->path, "out of memory");
    bench->differ += judgement->result.verdict > VERDICT_UNSPECIFIED;
    judgement_free(judgement);
    trace_free(trace);
}

/* The time of all programs together. */
static double turn(struct judge_bench *bench,
                   void (*run)(struct judge_bench *bench, const struct scenario *scenario))
{
    double total = 0;
    bench->differ = 0;
    for (size_t i = 0; i < bench->count; i++) {
        double start = bench_processor_ns();
        run(bench, bench->scenarios[i]);
        total += bench_processor_ns() - start;
        clean_up(bench);
    }
    return total;
}

void bench_judge(void)
{
    struct judge_bench bench = {.count = 0};
    double judged[TURNS], only[TURNS];
    char what[80];
    struct bench_row row = {
        .what = what, .beside = "only running them", .hold = BENCH_RATIO_AT_MOST, .limit = 1.25};
    open_backend(&bench);
    parse_all(&bench);
    snprintf(what, sizeof what, "judging: running %zu programs and judging", bench.count);
    bench_progress(what);
    turn(&bench, only_run);
    for (size_t i = 0; i < TURNS; i++) {
        only[i] = turn(&bench, only_run);
        judged[i] = turn(&bench, run_and_judge);
    }
    row.times = bench_medians(judged, only, TURNS);
    bench_print_row(&row);
    if (bench.differ != 0)
        fprintf(stderr, "bench: %u of the %zu programs did not agree\n", bench.differ, bench.count);
    close_all(&bench);
}
