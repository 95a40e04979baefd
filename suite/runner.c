/* The runner: keeps agents busy, reads their traces, and outlives whatever they do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "suite/run.h"
#include "wire.h"

#define GRACE_MS 2000       /* that an agent has, beyond a scenario's limit, to say so */
#define LAST_MOMENTS_MS 200 /* that a process has to end after it closed its output */
#define FAREWELL_MS 1000    /* that an agent has to end by itself when it is no longer needed */
#define LOOK_AT_STOP_MS 100
#define FAILED_GREETINGS_MAX 3

enum duty { ABSENT, GREETING, IDLE, BUSY };

/* One agent, and the line of its answer that is still incomplete. */
struct worker {
    struct process *process;
    enum duty duty;
    uint64_t deadline; /* of a greeting or an answer, on process_clock_us */
    char line[WIRE_LINE_MAX];
    size_t line_length;
    struct wire_greeting greeting;
    size_t item;    /* of an answer */
    uint64_t asked; /* when */
    struct trace_reader *reader;
};

struct runner {
    const struct subject *subject;
    const struct runner_item *items;
    size_t item_count, next, done;
    const struct runner_options *options;
    struct worker *workers;
    size_t worker_count;
    bool greeted;              /* an agent has greeted, ever */
    unsigned failed_greetings; /* in a row */
    bool failed;
    char *error;
    size_t capacity;
};

/* ---- Starting and ending agents -------------------------------------------------------------- */

/* Ends the agent; `how` says how it was found. */
static void dismiss(struct worker *worker, unsigned patience_ms, char *how, size_t capacity)
{
    if (worker->process)
        process_end(worker->process, patience_ms, how, capacity);
    worker->process = NULL;
    worker->duty = ABSENT;
}

static bool start_agent(struct worker *worker, const struct subject *subject,
                        unsigned start_timeout_ms, char *error, size_t capacity)
{
    memset(&worker->greeting, 0, sizeof worker->greeting);
    worker->line_length = 0;
    worker->process = process_start(subject->argv, error, capacity);
    worker->duty = worker->process ? GREETING : ABSENT;
    worker->deadline = process_clock_us() + (uint64_t)start_timeout_ms * 1000;
    return worker->process != NULL;
}

static void fail(struct runner *runner, const char *problem)
{
    runner->failed = true;
    snprintf(runner->error, runner->capacity, "%s: %s", runner->subject->spoken, problem);
}

/* An agent that has never greeted never will; later it may have been bad luck. Only an answer ends
 * the row. */
static void greeting_failed(struct runner *runner, const char *problem)
{
    char words[512];
    if (!runner->greeted) {
        fail(runner, problem);
    } else if (++runner->failed_greetings == FAILED_GREETINGS_MAX) {
        snprintf(words, sizeof words, "it no longer starts, after %d attempts: %s",
                 FAILED_GREETINGS_MAX, problem);
        fail(runner, words);
    }
}

static void start_worker(struct runner *runner, struct worker *worker)
{
    char words[256];
    if (!start_agent(worker, runner->subject, runner->options->start_timeout_ms, words,
                     sizeof words))
        greeting_failed(runner, words);
}

/* ---- One scenario ---------------------------------------------------------------------------- */

static bool give(struct runner *runner, struct worker *worker)
{
    const struct runner_item *item = &runner->items[runner->next];
    struct wire_line line;
    wire_make_request(&line, runner->next, item->length, runner->options->timeout_ms);
    char *request = malloc(line.length + item->length);
    worker->reader = trace_reader_create(item->scenario);
    worker->item = runner->next++;
    worker->duty = BUSY;
    worker->asked = process_clock_us();
    worker->deadline = worker->asked + ((uint64_t)runner->options->timeout_ms + GRACE_MS) * 1000;
    bool given = request && worker->reader;
    if (given) {
        process_forget_words(worker->process);
        memcpy(request, line.text, line.length);
        memcpy(request + line.length, item->text, item->length);
        given = process_send(worker->process, request, line.length + item->length);
    }
    free(request);
    return given;
}

static void deliver(struct runner *runner, struct worker *worker, struct trace *trace)
{
    trace->microseconds = process_clock_us() - worker->asked;
    worker->reader = NULL;
    worker->duty = worker->process ? IDLE : ABSENT;
    runner->done++;
    runner->failed_greetings = 0;
    runner->options->done(runner->options->user, worker->item, trace);
}

/* The agent cannot be trusted with another. `why` is NULL if the reader already said it. */
static void deliver_failure(struct runner *runner, struct worker *worker, enum trace_end end,
                            const char *why)
{
    struct trace *trace = trace_reader_finish(worker->reader);
    char how[256];
    dismiss(worker, 0, how, sizeof how);
    trace->end = end;
    if (why)
        snprintf(trace->why, sizeof trace->why, "%s", why);
    deliver(runner, worker, trace);
}

/* ---- What agents say ------------------------------------------------------------------------- */

static void hear_greeting(struct runner *runner, struct worker *worker)
{
    char problem[512], how[256];
    switch (wire_read_greeting(&worker->greeting, worker->line, worker->line_length, problem,
                               sizeof problem)) {
    case WIRE_READY:
        worker->duty = IDLE;
        runner->greeted = true;
        break;
    case WIRE_BAD:
        process_append_words(worker->process, problem, sizeof problem);
        dismiss(worker, 0, how, sizeof how);
        greeting_failed(runner, problem);
        break;
    case WIRE_GOES_ON:
        break;
    }
}

static void garbled(struct runner *runner, struct worker *worker, const char *problem)
{
    char words[256], quoted[160];
    wire_quote(worker->line, worker->line_length, quoted, sizeof quoted);
    snprintf(words, sizeof words, "%s: %.159s", problem, quoted);
    deliver_failure(runner, worker, TRACE_GARBLED, words);
}

/* What a program printed before it died is often why. */
static void deliver_answer(struct runner *runner, struct worker *worker)
{
    struct trace *trace = trace_reader_finish(worker->reader);
    if (trace->end == TRACE_CRASHED || trace->end == TRACE_TIMED_OUT)
        process_append_words(worker->process, trace->why, sizeof trace->why);
    deliver(runner, worker, trace);
}

static void hear_answer(struct runner *runner, struct worker *worker)
{
    uint64_t id;
    bool is_end = wire_read_end(worker->line, worker->line_length, &id);
    if (is_end && id != worker->item)
        garbled(runner, worker, "the end of another request");
    else if (!trace_reader_line(worker->reader, worker->line, worker->line_length))
        deliver_failure(runner, worker, TRACE_GARBLED, NULL);
    else if (is_end)
        deliver_answer(runner, worker);
}

static void hear_unasked(struct runner *runner, struct worker *worker)
{
    char how[256], words[320], quoted[160];
    wire_quote(worker->line, worker->line_length, quoted, sizeof quoted);
    snprintf(words, sizeof words, "it said, unasked: %.159s", quoted);
    dismiss(worker, 0, how, sizeof how);
    greeting_failed(runner, words);
}

static void hear_line(struct runner *runner, struct worker *worker)
{
    if (worker->duty == GREETING)
        hear_greeting(runner, worker);
    else if (worker->duty == BUSY)
        hear_answer(runner, worker);
    else
        hear_unasked(runner, worker);
}

static void hear_too_long(struct runner *runner, struct worker *worker)
{
    if (worker->duty == BUSY)
        garbled(runner, worker, "a line longer than there may be");
    else
        hear_line(runner, worker);
}

static void hear_bytes(struct runner *runner, struct worker *worker, const char *bytes,
                       size_t count)
{
    for (size_t i = 0; i < count && worker->process; i++) {
        bool complete = bytes[i] == '\n';
        if (!complete)
            worker->line[worker->line_length++] = bytes[i];
        if (complete)
            hear_line(runner, worker);
        else if (worker->line_length == sizeof worker->line)
            hear_too_long(runner, worker);
        else
            continue;
        worker->line_length = 0;
    }
}

static void agent_ended(struct runner *runner, struct worker *worker)
{
    char how[256], words[320];
    enum duty duty = worker->duty;
    dismiss(worker, LAST_MOMENTS_MS, how, sizeof how);
    if (duty == GREETING) {
        snprintf(words, sizeof words, "it closed its output before it had greeted: %s", how);
        greeting_failed(runner, words);
    } else if (duty == BUSY) {
        snprintf(words, sizeof words, "the agent closed its output: %s", how);
        deliver_failure(runner, worker, TRACE_CRASHED, words);
    }
}

static void deadline_over(struct runner *runner, struct worker *worker)
{
    char how[256], words[320];
    if (worker->duty == GREETING) {
        dismiss(worker, 0, how, sizeof how);
        snprintf(words, sizeof words, "it did not greet within %u ms: %s",
                 runner->options->start_timeout_ms, how);
        greeting_failed(runner, words);
    } else if (worker->duty == BUSY) {
        deliver_failure(runner, worker, TRACE_TIMED_OUT,
                        "the agent itself did not answer, and was ended");
    }
}

static void hear(struct runner *runner, struct worker *worker)
{
    char bytes[1 << 14];
    bool closed = false;
    if (!worker->process)
        return;
    size_t count = process_take(worker->process, bytes, sizeof bytes, &closed);
    hear_bytes(runner, worker, bytes, count);
    if (closed)
        agent_ended(runner, worker);
    else if (worker->process && process_clock_us() >= worker->deadline)
        deadline_over(runner, worker);
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* How long nothing can be due, in ms. */
static unsigned time_to_wait(const struct runner *runner)
{
    uint64_t now = process_clock_us(), wait = LOOK_AT_STOP_MS * 1000;
    for (size_t i = 0; i < runner->worker_count; i++) {
        const struct worker *worker = &runner->workers[i];
        uint64_t left = worker->deadline > now ? worker->deadline - now : 0;
        if ((worker->duty == GREETING || worker->duty == BUSY) && left < wait)
            wait = left;
    }
    return (unsigned)((wait + 999) / 1000);
}

static void wait_and_hear(struct runner *runner)
{
    struct process *processes[PROCESS_MAX];
    for (size_t i = 0; i < runner->worker_count; i++)
        processes[i] = runner->workers[i].process;
    process_wait(processes, runner->worker_count, time_to_wait(runner));
    for (size_t i = 0; i < runner->worker_count; i++)
        hear(runner, &runner->workers[i]);
}

static void assign(struct runner *runner)
{
    for (size_t i = 0; i < runner->worker_count && !runner->failed; i++) {
        struct worker *worker = &runner->workers[i];
        if (runner->next == runner->item_count)
            return;
        if (worker->duty == ABSENT)
            start_worker(runner, worker);
        else if (worker->duty == IDLE && !give(runner, worker))
            fail(runner, "there is not enough memory here to run it");
    }
}

static bool stopped(const struct runner *runner)
{
    return runner->options->stop && *runner->options->stop;
}

/* All are told before any is waited for. */
static void dismiss_all(struct runner *runner)
{
    bool early = runner->failed || stopped(runner);
    char how[256];
    for (size_t i = 0; i < runner->worker_count; i++)
        if (runner->workers[i].process)
            process_hang_up(runner->workers[i].process);
    for (size_t i = 0; i < runner->worker_count; i++) {
        struct worker *worker = &runner->workers[i];
        dismiss(worker, early ? 0 : FAREWELL_MS, how, sizeof how);
        if (worker->reader)
            trace_free(trace_reader_finish(worker->reader));
    }
}

static bool make_workers(struct runner *runner, size_t count)
{
    runner->worker_count = count < PROCESS_MAX ? count : PROCESS_MAX;
    runner->workers = calloc(runner->worker_count, sizeof *runner->workers);
    if (!runner->workers)
        fail(runner, "there is not enough memory here to run it");
    return runner->workers != NULL;
}

bool runner_probe(const struct subject *subject, unsigned start_timeout_ms,
                  struct subject_info *info, char *error, size_t capacity)
{
    struct runner_options options = {.start_timeout_ms = start_timeout_ms};
    struct runner runner = {
        .subject = subject, .options = &options, .error = error, .capacity = capacity};
    if (!make_workers(&runner, 1))
        return false;
    start_worker(&runner, &runner.workers[0]);
    while (!runner.greeted && !runner.failed)
        wait_and_hear(&runner);
    *info = runner.workers[0].greeting.info;
    dismiss_all(&runner);
    free(runner.workers);
    return runner.greeted;
}

bool runner_run(const struct subject *subject, const struct runner_item *items, size_t item_count,
                const struct runner_options *options, char *error, size_t capacity)
{
    struct runner runner = {.subject = subject,
                            .items = items,
                            .item_count = item_count,
                            .options = options,
                            .error = error,
                            .capacity = capacity};
    size_t jobs = options->jobs < item_count ? options->jobs : item_count;
    if (!make_workers(&runner, jobs ? jobs : 1))
        return false;
    while (!runner.failed && runner.done < item_count && !stopped(&runner)) {
        assign(&runner);
        if (!runner.failed)
            wait_and_hear(&runner);
    }
    dismiss_all(&runner);
    free(runner.workers);
    return !runner.failed;
}
