/* Running scenarios: the executor, the wire, the agent, and the runner that asks agents. */
#ifndef SUITE_RUN_H
#define SUITE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/backend.h"
#include "suite/scenario.h"
#include "suite/trace.h"

/* ---- Executor: carries a scenario out on a backend, in this process -------------------------- */

/* Takes the wire's lines, each whole and ended by '\n'. */
struct line_sink {
    void (*line)(void *user, const char *line, size_t length);
    void *user;
};

/* Announces each step, makes it, and tells what came back, in the wire's lines (suite/WIRE.md). */
void execute_scenario(const struct scenario *scenario, const struct backend *backend,
                      const struct subject_info *info, const struct line_sink *sink);

/* ---- Trace: the wire's lines, read back ------------------------------------------------------ */

struct trace_reader;
struct trace_reader *trace_reader_create(const struct scenario *scenario);
/* Takes one line without its '\n'. False if the line is not of the wire's language or out of place:
 * then the trace's end is TRACE_GARBLED and no more lines are taken. */
bool trace_reader_line(struct trace_reader *reader, const char *line, size_t length);
/* Hands the trace over; free it with trace_free. */
struct trace *trace_reader_finish(struct trace_reader *reader);
void trace_free(struct trace *trace);

/* ---- Agent ----------------------------------------------------------------------------------- */

/* Serves a backend on standard input and output until the input ends. Each program runs in a
 * process of its own. Returns the exit status of the process. */
int agent_serve(const struct backend *backend);

/* What `pagelaw agent --once` does where a process cannot be forked: one program, in this
 * process. */
int agent_serve_once(const struct backend *backend);

/* ---- Runner ---------------------------------------------------------------------------------- */

struct subject {
    char *const *argv;  /* the agent to start; argv[0] is looked up in PATH */
    const char *spoken; /* how to call it in messages: "native", "exec:wine ..." */
};

struct runner_options {
    unsigned jobs;             /* agents at once, at least 1 */
    unsigned timeout_ms;       /* for one scenario */
    unsigned start_timeout_ms; /* for an agent's greeting */
    /* Called in the runner's thread as traces arrive, in any order. The trace is the callee's. */
    void (*done)(void *user, size_t index, struct trace *trace);
    void *user;
    const volatile int *stop; /* becomes nonzero when the run is to end early; may be NULL */
};

/* A scenario and its text, which goes to the agent as it is. */
struct runner_item {
    const struct scenario *scenario;
    const char *text;
    size_t length;
};

/* Starts the subject once and learns what it says of itself. False with words in `error` (what
 * was found, what was wanted, what to do) if it does not start. */
bool runner_probe(const struct subject *subject, unsigned start_timeout_ms,
                  struct subject_info *info, char *error, size_t capacity);

/* Runs every item. An agent that dies, hangs or talks nonsense costs the scenario it was at and is
 * started anew. False, with words in `error`, if the subject cannot be started at all, or three
 * times in a row no longer; what was done by then has been handed over. */
bool runner_run(const struct subject *subject, const struct runner_item *items, size_t item_count,
                const struct runner_options *options, char *error, size_t capacity);

/* The path of this program's own file, for starting it as an agent. */
bool own_path(char *buffer, size_t capacity);

#endif
