/* What `pagelaw explore` says at its end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "commands.h"
#include "exploration.h"
#include "load_result.h"
#include "result_baseline.h"
#include "result_out.h"
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
            !explored->whole              ? " as far as the bounds allow"
            : exploration->options.within ? ", all that lie within the pages"
                                          : ", all there are",
            explored->transitions, explored->crossed,
            percent(explored->crossed, explored->transitions), explored->barred);
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
    if (seconds > 0 && exploration->report.formats[0] == REPORT_TEXT)
        fprintf(out, "screening took %.2f s: %.0f calls a second\n", seconds,
                (double)explored->acts / seconds);
}

/* Text of no finding would say what the counts say better. */
static int tell(const struct exploration *exploration, const struct result *result)
{
    const struct report_options *report = &exploration->report;
    char text_path[OWN_PATH_MAX];
    bool quiet = result->scenario_count == 0 && report->formats[0] == REPORT_TEXT &&
                 result->baseline.path == NULL;
    bool told = quiet ? result_save(report, result, text_path) : result_out(report, result);
    return told ? status_of_result(result) : STATUS_CANNOT_RUN;
}

static int report_result(const struct exploration *exploration, const char *command,
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
    struct baselined baselined;
    if (exploration->baseline == NULL)
        return tell(exploration, &result);
    if (!result_baseline_take(exploration->baseline, &exploration->report, &result, &baselined))
        return STATUS_CANNOT_RUN;
    int status = tell(exploration, &baselined.result);
    baselined_free(&baselined);
    return status;
}

static int by_path(const void *one, const void *other)
{
    return strcmp(((const struct result_scenario *)one)->path,
                  ((const struct result_scenario *)other)->path);
}

int exploration_report(const struct exploration *exploration)
{
    const struct explored *explored = &exploration->explored;
    struct result_scenario *scenarios = calloc(explored->finding_count + 1, sizeof *scenarios);
    size_t count = 0;
    bool is_text = exploration->report.formats[0] == REPORT_TEXT;
    char *command =
        again_command(program_name(), exploration->subject_name, exploration->profile_name);
    if (scenarios == NULL || command == NULL) {
        complain("out of memory");
        free(scenarios);
        free(command);
        return STATUS_CANNOT_RUN;
    }
    for (size_t i = 0; i < explored->finding_count; i++)
        if (explored->findings[i].judgement != NULL)
            scenarios[count++] = explored->findings[i].judgement->result;
    qsort(scenarios, count, sizeof *scenarios, by_path);
    int status = report_result(exploration, command, scenarios, count);
    free(scenarios);
    free(command);
    print_counts(exploration, is_text ? stdout : stderr);
    if (count != 0 && !exploration->keeps)
        fputs("`--keep FOLDER` writes these scenarios to files\n", stderr);
    if (explored->finding_count == 0 && explored->acts != 0 && is_text)
        puts("No differences.");
    bool all = count == explored->finding_count;
    return all || status != STATUS_NO_DIFFERENCE ? status : STATUS_DIFFERENCES;
}
