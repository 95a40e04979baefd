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

static void print_speed(const struct explored *explored)
{
    double seconds = (double)explored->screening_us / 1e6;
    if (seconds > 0)
        fprintf(stderr, "screening took %.2f s: %.0f calls a second\n", seconds,
                (double)explored->extent.calls / seconds);
}

/* The text says how far it came; of other formats people see that beside it. */
static int tell(const struct exploration *exploration, const struct result *result)
{
    int status =
        result_out(&exploration->report, result) ? status_of_result(result) : STATUS_CANNOT_RUN;
    if (exploration->report.formats[0] == REPORT_TEXT)
        print_speed(&exploration->explored);
    else
        report_extent(result, stderr);
    return status;
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
        .interrupted =
            exploration->explored.interrupted || count != exploration->explored.finding_count,
        .exploration = &exploration->explored.extent,
        .host_date = date,
        .host_microseconds = exploration->explored.microseconds,
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
    if (count != 0 && !exploration->keeps)
        fputs("`--keep FOLDER` writes these scenarios to files\n", stderr);
    bool all = count == explored->finding_count;
    return all || status != STATUS_NO_DIFFERENCE ? status : STATUS_DIFFERENCES;
}
