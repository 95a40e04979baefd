/* The executor: carries a scenario out on a backend, one announced step after the other. */
#include "suite/run.h"

#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "wire.h"

struct execution {
    struct run run;
    const struct line_sink *sink;
    bool unknown[SCENARIO_VARIABLES_MAX]; /* the step that was to give the value was not made */
    uint32_t last_error; /* as the scenario sees it: the harness's own calls do not show */
    struct wire_line line;
};

static void send_line(struct execution *execution)
{
    wire_finish(&execution->line);
    execution->sink->line(execution->sink->user, execution->line.text, execution->line.length);
}

static void announce(struct execution *execution, unsigned number)
{
    wire_start(&execution->line, "begin");
    wire_put_number(&execution->line, number);
    send_line(execution);
}

/* ---- Values of earlier steps ----------------------------------------------------------------- */

static bool is_known(const struct execution *execution, const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_VARIABLE:
        return !execution->unknown[expression->variable];
    case EXPRESSION_BINARY:
        return is_known(execution, expression->left) && is_known(execution, expression->right);
    case EXPRESSION_NEGATE:
        return is_known(execution, expression->left);
    default:
        return true;
    }
}

static bool arguments_known(const struct execution *execution, const struct step *step)
{
    for (unsigned i = 0; i < step->argument_count; i++)
        if (!is_known(execution, step->arguments[i]))
            return false;
    return true;
}

static void assign(struct execution *execution, const struct step *step, enum trace_state state)
{
    const struct trace_step *outcome = &execution->run.outcome;
    bool nt = operation_info(step->operation)->group == GROUP_NT;
    if (step->target < 0)
        return;
    execution->unknown[step->target] = state != TRACE_DONE;
    execution->run.environment.variables[step->target] = nt ? outcome->base : outcome->value;
}

/* ---- One step -------------------------------------------------------------------------------- */

/* The last error that the step finds is the one that the scenario's last call left. */
static enum trace_state make_step(struct execution *execution, const struct step *step)
{
    const struct backend *backend = execution->run.backend;
    if (!arguments_known(execution, step))
        return TRACE_UNSUPPORTED;
    if (backend->set_last_error)
        backend->set_last_error(execution->last_error);
    enum trace_state state = carry_step(&execution->run, step);
    if (backend->get_last_error && operation_info(step->operation)->group != GROUP_HARNESS)
        execution->last_error = backend->get_last_error();
    execution->run.outcome.error = execution->last_error;
    execution->run.outcome.no_error = backend->get_last_error == NULL;
    return state;
}

static void send_outcome(struct execution *execution, unsigned number, const struct step *step,
                         enum trace_state state)
{
    struct wire_line *line = &execution->line;
    if (state == TRACE_DONE) {
        wire_make_done(line, number, step->operation, &execution->run.outcome);
        execution->sink->line(execution->sink->user, line->text, line->length);
        return;
    }
    wire_start(line, state == TRACE_IMPOSSIBLE ? "impossible" : "unsupported");
    wire_put_number(line, number);
    if (state == TRACE_IMPOSSIBLE)
        wire_put_words(line, execution->run.outcome.problem);
    send_line(execution);
}

static void send_watch(struct execution *execution)
{
    const struct trace_watch *watch = &execution->run.watch;
    if (watch->size == 0 || !watches_add(&execution->run.watches, watch->base, watch->size))
        return;
    wire_start(&execution->line, "watch");
    wire_put_number(&execution->line, watch->base);
    wire_put_number(&execution->line, watch->size);
    send_line(execution);
}

static void send_regions(struct execution *execution)
{
    const struct watches *watches = &execution->run.watches;
    struct wire_line *line = &execution->line;
    wire_put_number(line, watches->told_count);
    send_line(execution);
    for (unsigned i = 0; i < watches->told_count; i++) {
        wire_make_region(line, &watches->maps[watches->told][i]);
        execution->sink->line(execution->sink->user, line->text, line->length);
    }
}

static bool may_change_map(const struct step *step, enum trace_state state)
{
    return state == TRACE_DONE && step->operation != OP_GET_LAST_ERROR &&
           step->operation != OP_SET_LAST_ERROR && step->operation != OP_GET_SYSTEM_INFO;
}

static void send_map(struct execution *execution, const struct step *step, enum trace_state state)
{
    struct run *run = &execution->run;
    enum map_news news = MAP_SAME;
    if (may_change_map(step, state))
        news = watches_take_map(&run->watches, run->backend, carry_mbi_size(run));
    wire_start(&execution->line, "map");
    if (news == MAP_NEW) {
        send_regions(execution);
    } else {
        wire_put_name(&execution->line, news == MAP_SAME ? "same" : "none");
        send_line(execution);
    }
}

static void execute_step(struct execution *execution, unsigned number, const struct step *step)
{
    memset(&execution->run.outcome, 0, sizeof execution->run.outcome);
    memset(&execution->run.watch, 0, sizeof execution->run.watch);
    announce(execution, number);
    enum trace_state state = make_step(execution, step);
    assign(execution, step, state);
    send_outcome(execution, number, step, state);
    if (state == TRACE_DONE)
        send_watch(execution);
    send_map(execution, step, state);
}

void execute_scenario(const struct scenario *scenario, const struct backend *backend,
                      const struct subject_info *info, const struct line_sink *sink)
{
    struct execution *execution = calloc(1, sizeof *execution);
    if (!execution)
        return;
    execution->sink = sink;
    execution->run.backend = backend;
    execution->run.info = info;
    execution->run.environment = (struct environment){.page = info->page_size,
                                                      .granule = info->granule,
                                                      .address_min = info->address_min,
                                                      .address_max = info->address_max,
                                                      .pointer_bytes = info->pointer_bytes};
    for (unsigned i = 0; i < scenario->step_count; i++)
        execute_step(execution, i, &scenario->steps[i]);
    free(execution);
}
