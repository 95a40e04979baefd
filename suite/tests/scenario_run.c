/* Running a built-in scenario in a test. */
#include "scenario_run.h"

#include <criterion/criterion.h>

#include "suite/builtin.h"
#include "suite/judge.h"
#include "suite/run.h"

static void take_line(void *user, const char *line, size_t length)
{
    cr_assert(trace_reader_line(user, line, length - 1), "the wire: %.*s", (int)length, line);
}

static struct trace *run(const struct scenario *scenario, const struct backend *backend,
                         const struct subject_info *info)
{
    struct trace_reader *reader = trace_reader_create(scenario);
    struct line_sink sink = {.line = take_line, .user = reader};
    execute_scenario(scenario, backend, info, &sink);
    return trace_reader_finish(reader);
}

static void print_differences(const struct result_scenario *result)
{
    for (unsigned i = 0; i < result->difference_count; i++) {
        const struct result_difference *difference = &result->differences[i];
        cr_log_error("%s:%d: %s", result->path, difference->line, difference->call);
        for (unsigned j = 0; j < difference->finding_count; j++) {
            const struct result_finding *finding = &difference->findings[j];
            cr_log_error("  %s: allowed %s, came back %s (%s)", finding->what, finding->allowed,
                         finding->observed, finding->rule.id);
        }
    }
}

void scenario_must_agree(size_t index, const struct backend *backend,
                         const struct subject_info *info, const struct pagelaw_profile *profile)
{
    const struct builtin_scenario *builtin = &builtin_scenarios[index];
    struct scenario_error error;
    struct scenario *scenario =
        scenario_parse(builtin->path, builtin->text, builtin->length, &error);
    cr_assert_not_null(scenario, "%s:%d:%d: %s", builtin->path, error.line, error.column,
                       error.message);
    if (scenario_is_for(scenario, profile->name)) {
        struct trace *trace = run(scenario, backend, info);
        struct judgement *judgement = judge_trace(scenario, trace, info, profile);
        print_differences(&judgement->result);
        enum verdict worst =
            backend->nt_allocate == NULL ? VERDICT_UNSUPPORTED : VERDICT_UNSPECIFIED;
        cr_expect(judgement->result.verdict <= worst, "%s as %s", builtin->path, profile->name);
        judgement_free(judgement);
        trace_free(trace);
    }
    scenario_free(scenario);
}
