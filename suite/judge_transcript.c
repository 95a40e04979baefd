/* What came back from all steps, as a text. */
#include <string.h>

#include "judging.h"
#include "suite/print.h"

/* Each step begins a line; what of it is on further lines stands in from the margin. */
static void count_lines(struct result_scenario *result)
{
    struct result_difference *differences = (struct result_difference *)result->differences;
    const char *at = result->transcript;
    unsigned lines = 0, step = 0;
    for (unsigned i = 0; i < result->difference_count; i++) {
        for (; *at != '\0' && (step <= differences[i].step || *at == ' '); lines++) {
            step += *at != ' ';
            at += strcspn(at, "\n");
            at += *at == '\n';
        }
        differences[i].transcript_lines = lines;
    }
}

bool judge_transcript(struct judgement *judgement, const struct scenario *scenario,
                      const struct trace *trace, const struct subject_info *info)
{
    struct owned_judgement *owned = (struct owned_judgement *)judgement;
    size_t size = print_trace(scenario, trace, info, scenario->step_count, NULL, 0) + 1;
    char *text = arena_take(&owned->arena, size);
    if (text == NULL)
        return false;
    print_trace(scenario, trace, info, scenario->step_count, text, size);
    judgement->result.transcript = text;
    count_lines(&judgement->result);
    return true;
}
