/* What a step sees of those before it. */
#include "environment.h"

#include "operations.h"
#include "suite/print.h"

struct environment environment_begin(const struct subject_info *info)
{
    return (struct environment){.page = info->page_size,
                                .granule = info->granule,
                                .address_min = info->address_min,
                                .address_max = info->address_max,
                                .pointer_bytes = info->pointer_bytes};
}

uint64_t environment_given(const struct step *step, const struct trace_step *observed)
{
    if (observed->state != TRACE_DONE)
        return 0;
    return operation_gives_base(step->operation) ? observed->base : observed->value;
}

void environment_assign(struct environment *environment, const struct step *step,
                        const struct trace_step *observed)
{
    if (step->target >= 0)
        environment->variables[step->target] = environment_given(step, observed);
}

void trace_environment(const struct scenario *scenario, const struct trace *trace,
                       const struct subject_info *info, unsigned step,
                       struct environment *environment)
{
    *environment = environment_begin(info);
    for (unsigned i = 0; i < step && i < trace->step_count; i++)
        environment_assign(environment, &scenario->steps[i], &trace->steps[i]);
}
