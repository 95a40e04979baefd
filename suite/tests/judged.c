/* A story, carried out on a subject in this process and judged. */
#include "judged.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "pagelaw/constants.h"
#include "parsing.h"
#include "suite/model_backend.h"

#define STORY_HEADER "scenario \"T\"\nrules VA-ALIGN-BASE\nsource \"S\"\n"

static void hear(void *user, const char *line, size_t length)
{
    cr_assert(trace_reader_line(user, line, length - 1), "the wire: %.*s", (int)length, line);
}

void judged_run(struct judged *judged, const char *steps, uint64_t before,
                const struct backend *backend)
{
    char text[4096], words[128];
    snprintf(text, sizeof text, "%s%s", STORY_HEADER, steps);
    *judged = (struct judged){.scenario = parse_text(text),
                              .profile = pagelaw_profile_find("windows-11-x64")};
    model_backend_set_profile(judged->profile);
    cr_assert(model_backend.start(&judged->info, words, sizeof words));
    model_backend.virtual_alloc(0, before, MEM_RESERVE, PAGE_READWRITE);
    judged->reader = trace_reader_create(judged->scenario);
    struct line_sink sink = {.line = hear, .user = judged->reader};
    execute_scenario(judged->scenario, backend, &judged->info, &sink);
    judged->trace = trace_reader_finish(judged->reader);
    cr_assert_eq(judged->trace->end, TRACE_COMPLETE, "%s", judged->trace->why);
}

void judged_judge(struct judged *judged)
{
    judgement_free(judged->judgement);
    judged->judgement =
        judge_trace(judged->scenario, judged->trace, &judged->info, judged->profile);
    cr_assert_not_null(judged->judgement);
    judged->result = &judged->judgement->result;
}

void judged_free(struct judged *judged)
{
    judgement_free(judged->judgement);
    trace_free(judged->trace);
    scenario_free(judged->scenario);
}

void judged_print(const struct judged *judged)
{
    const struct result_scenario *result = judged->result;
    fprintf(stderr, "verdict %d, reason %s\n", (int)result->verdict,
            result->reason == NULL ? "-" : result->reason);
    for (unsigned i = 0; i < result->difference_count; i++) {
        const struct result_difference *difference = &result->differences[i];
        fprintf(stderr, "step %u: %s\n", difference->step, difference->call);
        for (unsigned j = 0; j < difference->finding_count; j++) {
            const struct result_finding *finding = &difference->findings[j];
            fprintf(stderr, "  %s: allowed %s, came back %s (%s)\n", finding->what,
                    finding->allowed, finding->observed, finding->rule.id);
        }
    }
}
