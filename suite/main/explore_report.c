/* What `pagelaw explore` says at its end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exploration.h"
#include "reports.h"
#include "suite/terminal.h"
#include "version.h"

static double percent(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : 100.0 * (double)part / (double)all;
}

static void print_reach(const struct explored *explored, FILE *out)
{
    if (explored->states_reached == explored->states)
        return;
    fprintf(out,
            "%" PRIu64 " states are reached, of their transitions %" PRIu64
            " were crossed (%.2f %%); on each way to the others the subject does otherwise:",
            explored->states_reached, explored->crossed,
            percent(explored->crossed, explored->transitions_reached));
    for (unsigned i = 0; i < explored->bar_count; i++)
        fprintf(out, "%s %s in %" PRIu64 " transitions", i == 0 ? "" : ",", explored->bars[i].rule,
                explored->bars[i].transitions);
    fputc('\n', out);
}

static void print_scope(const struct exploration *exploration, FILE *out)
{
    const struct explored *explored = &exploration->explored;
    fprintf(out,
            "%" PRIu64 " states%s, %" PRIu64 " transitions, %" PRIu64 " crossed (%.2f %%); %" PRIu64
            " are settled by no source\n",
            explored->states,
            !explored->whole             ? " within the bounds"
            : exploration->options.plain ? ", all plain ones"
                                         : ", all there are",
            explored->transitions, explored->crossed,
            percent(explored->crossed, explored->transitions), explored->barred);
    if (exploration->options.plain)
        fprintf(out,
                "%" PRIu64 " transitions lead to states that are not plain, from which nothing "
                "was tried: `--scope full` does\n",
                explored->left);
    print_reach(explored, out);
}

static void print_counts(const struct exploration *exploration, FILE *out)
{
    const struct explored *explored = &exploration->explored;
    double seconds = (double)explored->screening_us / 1e6;
    if (exploration->options.exhaustive)
        print_scope(exploration, out);
    if (exploration->options.random)
        fprintf(out, "%" PRIu64 " states of the model were seen at random\n",
                explored->states_at_random);
    fprintf(out,
            "%" PRIu64 " sequences, %" PRIu64 " calls; %" PRIu64
            " sequences were not as the model itself answers\n",
            explored->sequences, explored->acts, explored->odd);
    if (seconds > 0 && !exploration->json)
        fprintf(out, "screening took %.2f s: %.0f calls a second\n", seconds,
                (double)explored->acts / seconds);
}

static bool print_result(const struct exploration *exploration, const char *command,
                         const struct result_scenario *scenarios, size_t count)
{
    char date[32] = "", hash[17];
    const struct explore_options *options = &exploration->options;
    const struct tm *utc = gmtime(&exploration->began);
    if (utc != NULL)
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", utc);
    const struct result result = {
        .version = PAGELAW_VERSION,
        .subject = exploration->subject_name,
        .backend = exploration->subject.info.backend,
        .processor = exploration->subject.info.processor,
        .system = exploration->subject.info.system,
        .profile = exploration->subject.profile->name,
        .profile_reason = exploration->subject.profile_reason,
        .command = command,
        .scenarios = scenarios,
        .scenario_count = count,
        .interrupted = exploration->explored.interrupted,
        .host_date = date,
        .suite = {.hash = hash, .shard = options->shard, .shard_count = options->shards}};
    snprintf(hash, sizeof hash, "%016" PRIx64, exploration->explored.hash);
    const struct report_style style = {
        .full = exploration->full, .width = terminal_width(), .colour = terminal_colour()};
    return exploration->json ? report_json(&result, stdout) : report_text(&result, &style, stdout);
}

static int by_path(const void *one, const void *other)
{
    return strcmp(((const struct result_scenario *)one)->path,
                  ((const struct result_scenario *)other)->path);
}

bool exploration_report(const struct exploration *exploration)
{
    const struct explored *explored = &exploration->explored;
    struct result_scenario *scenarios = calloc(explored->finding_count + 1, sizeof *scenarios);
    size_t count = 0;
    char command[512];
    snprintf(command, sizeof command, "pagelaw check --subject '%s'", exploration->subject_name);
    for (size_t i = 0; scenarios != NULL && i < explored->finding_count; i++)
        if (explored->findings[i].judgement != NULL)
            scenarios[count++] = explored->findings[i].judgement->result;
    bool printed = scenarios != NULL;
    if (scenarios != NULL)
        qsort(scenarios, count, sizeof *scenarios, by_path);
    if (printed && (count != 0 || exploration->json))
        printed = print_result(exploration, command, scenarios, count);
    free(scenarios);
    print_counts(exploration, exploration->json ? stderr : stdout);
    if (count != 0 && !exploration->keeps)
        fputs("`--keep FOLDER` writes these scenarios to files\n", stderr);
    if (count == 0 && !exploration->json)
        puts("No differences.");
    return printed;
}
