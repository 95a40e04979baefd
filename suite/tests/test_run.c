/* The runner and the agent, through subjects that misbehave. */
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "subjects.h"
#include "suite/run.h"

#define ITEMS 4
#define BAD 1 /* the index of the item that the subject misbehaves at */

static const char good_text[] = "scenario \"good\"\nrules VA-ALIGN-BASE\nsource \"none\"\n"
                                "p = VirtualAlloc(NULL, 64K, MEM_RESERVE, PAGE_READWRITE) => ?\n"
                                "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n";
static const char bad_text[] = "scenario \"bad\"\nrules VA-ALIGN-BASE\nsource \"none\"\n"
                               "p = VirtualAlloc(NULL, 0xbad000, MEM_RESERVE, 4) => ?\n"
                               "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n";

/* A run: four scenarios, of which the second is the bad one, and what came of them. */
struct session {
    struct scenario *good, *bad;
    struct runner_item items[ITEMS];
    struct trace *traces[ITEMS];
    char path[512], state[64];
    char *argv[5];
    struct subject subject;
    struct runner_options options;
    char error[512];
    bool ran;
};

static void keep(void *user, size_t index, struct trace *trace)
{
    struct session *session = user;
    cr_assert_lt(index, ITEMS);
    cr_assert_null(session->traces[index]);
    session->traces[index] = trace;
}

static struct scenario *parse(const char *text)
{
    struct scenario_error error = {0};
    struct scenario *scenario = scenario_parse("test", text, strlen(text), &error);
    cr_assert_not_null(scenario, "%d:%d: %s", error.line, error.column, error.message);
    return scenario;
}

/* Criterion's mark of its own worker processes must not reach an agent that is this program. What
 * loses its parent becomes a child of this process, so that nothing can get lost. */
static void prepare(struct session *session, const char *kind, const char *how)
{
    memset(session, 0, sizeof *session);
    unsetenv("BXFI_MAP");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cr_assert(own_path(session->path, sizeof session->path));
    snprintf(session->state, sizeof session->state, "/tmp/pagelaw-test-%ld", (long)getpid());
    session->argv[0] = session->path;
    session->argv[1] = (char *)kind;
    session->argv[2] = (char *)how;
    session->argv[3] = strcmp(kind, "fake-agent") == 0 ? session->state : NULL;
    session->subject = (struct subject){session->argv, "the subject"};
    session->options = (struct runner_options){
        .jobs = 2, .timeout_ms = 3000, .start_timeout_ms = 5000, .done = keep, .user = session};
    session->good = parse(good_text);
    session->bad = parse(bad_text);
    for (int i = 0; i < ITEMS; i++)
        session->items[i] = (struct runner_item){session->good, good_text, strlen(good_text)};
    session->items[BAD] = (struct runner_item){session->bad, bad_text, strlen(bad_text)};
}

static void run(struct session *session)
{
    session->ran = runner_run(&session->subject, session->items, ITEMS, &session->options,
                              session->error, sizeof session->error);
}

/* Waits two seconds at most for all that was ever started to be gone. */
static void check_nothing_is_left(void)
{
    for (int i = 0; i < 200; i++) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
            return;
        poll(NULL, 0, 10);
    }
    cr_assert_fail("a process is still running");
}

static void check_good_ones(const struct session *session)
{
    cr_assert(session->ran, "%s", session->error);
    for (int i = 0; i < ITEMS; i++) {
        const struct trace *trace = session->traces[i];
        cr_assert_not_null(trace, "no trace of item %d", i);
        if (i == BAD)
            continue;
        cr_assert_eq(trace->end, TRACE_COMPLETE, "item %d: %s", i, trace->why);
        cr_assert_eq(trace->steps[1].state, TRACE_DONE);
        cr_assert_eq(trace->steps[1].value, 1);
    }
}

static void finish(struct session *session)
{
    for (int i = 0; i < ITEMS; i++)
        trace_free(session->traces[i]);
    scenario_free(session->good);
    scenario_free(session->bad);
    remove(session->state);
    check_nothing_is_left();
}

/* A misbehaviour, and how the trace of the bad scenario is to end. */
struct expectation {
    const char *how;
    enum trace_end end;
    const char *why;                /* a part of the words */
    enum trace_state first, second; /* of its two steps */
};

static void check_bad_one(const struct trace *trace, const struct expectation *wanted)
{
    cr_assert_eq(trace->end, wanted->end, "%s: end %d, %s", wanted->how, trace->end, trace->why);
    cr_assert_not_null(strstr(trace->why, wanted->why), "%s: %s", wanted->how, trace->why);
    cr_assert_eq(trace->steps[0].state, wanted->first, "%s: %d", wanted->how,
                 trace->steps[0].state);
    cr_assert_eq(trace->steps[1].state, wanted->second, "%s: %d", wanted->how,
                 trace->steps[1].state);
}

static void check_all(const char *kind, const struct expectation *list, size_t count,
                      unsigned timeout_ms)
{
    for (size_t i = 0; i < count; i++) {
        struct session session;
        prepare(&session, kind, list[i].how);
        session.options.timeout_ms = timeout_ms;
        run(&session);
        check_good_ones(&session);
        check_bad_one(session.traces[BAD], &list[i]);
        finish(&session);
    }
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

Test(run, an_honest_agent_is_heard_to_the_end)
{
    static const struct expectation list[] = {
        {"honest", TRACE_COMPLETE, "", TRACE_DONE, TRACE_DONE}};
    check_all("fake-agent", list, COUNT(list), 3000);
    check_all("bad-backend", list, COUNT(list), 3000);
}

Test(run, an_agent_that_dies_costs_one_scenario)
{
    static const struct expectation list[] = {
        {"falls", TRACE_CRASHED, "signal 9 (SIGKILL)", TRACE_DONE, TRACE_ANNOUNCED},
        {"leaves", TRACE_CRASHED, "exit status 3; its last words: \"the reason is a full moon\"",
         TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"closes", TRACE_CRASHED, "it was still running", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"dies-late", TRACE_CRASHED, "signal 9", TRACE_DONE, TRACE_DONE},
        {"ends-early", TRACE_CRASHED, "exit status 0", TRACE_DONE, TRACE_NOT_REACHED},
        {"half-line", TRACE_CRASHED, "signal 11", TRACE_DONE, TRACE_ANNOUNCED},
    };
    check_all("fake-agent", list, COUNT(list), 3000);
}

Test(run, an_agent_that_does_not_answer_is_timed_out)
{
    static const struct expectation list[] = {
        {"hangs", TRACE_TIMED_OUT, "the agent itself", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"talks-forever", TRACE_TIMED_OUT, "the agent itself", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"cut-map", TRACE_TIMED_OUT, "time limit", TRACE_DONE, TRACE_NOT_REACHED},
    };
    check_all("fake-agent", list, COUNT(list), 200);
}

Test(run, nonsense_is_refused_and_shown)
{
    static const struct expectation list[] = {
        {"babbles", TRACE_GARBLED, "longer than there may be: \"xxxx", TRACE_ANNOUNCED, 0},
        {"steps-out-of-order", TRACE_GARBLED, "\"begin 1\"", TRACE_ANNOUNCED, 0},
        {"huge-number", TRACE_GARBLED, "11112222333344445", TRACE_ANNOUNCED, 0},
        {"huge-error", TRACE_GARBLED, "out of range", TRACE_ANNOUNCED, 0},
        {"huge-map", TRACE_GARBLED, "too many regions", TRACE_DONE, 0},
        {"long-region", TRACE_GARBLED, "beyond its watch", TRACE_DONE, 0},
        {"short-map", TRACE_GARBLED, "does not cover", TRACE_DONE, 0},
        {"unknown-key", TRACE_GARBLED, "colour 7", TRACE_ANNOUNCED, 0},
        {"unknown-record", TRACE_GARBLED, "unknown record: \"sing 0\"", TRACE_ANNOUNCED, 0},
        {"control-characters", TRACE_GARBLED, "\"\\x1b[31m\\x07\"", TRACE_ANNOUNCED, 0},
        {"other-id", TRACE_GARBLED, "\"end f00 ok\"", TRACE_DONE, TRACE_DONE},
    };
    check_all("fake-agent", list, COUNT(list), 3000);
}

Test(run, a_word_after_the_end_is_not_the_scenarios_fault)
{
    static const struct expectation list[] = {
        {"speaks-on", TRACE_COMPLETE, "", TRACE_DONE, TRACE_DONE}};
    check_all("fake-agent", list, COUNT(list), 3000);
}

Test(run, a_subject_cannot_harm_more_than_its_scenario)
{
    static const struct expectation list[] = {
        {"crash", TRACE_CRASHED, "signal 11 (SIGSEGV)", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"exit", TRACE_CRASHED, "exit status 0", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"exit-3", TRACE_CRASHED, "exit status 3", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"print", TRACE_COMPLETE, "", TRACE_DONE, TRACE_DONE},
        {"fork", TRACE_COMPLETE, "", TRACE_DONE, TRACE_DONE},
    };
    static const struct expectation slow[] = {
        {"hang", TRACE_TIMED_OUT, "time limit", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
        {"stop-agent", TRACE_TIMED_OUT, "the agent itself", TRACE_ANNOUNCED, TRACE_NOT_REACHED},
    };
    check_all("bad-backend", list, COUNT(list), 3000);
    check_all("bad-backend", slow, COUNT(slow), 300);
}

/* ---- Starting -------------------------------------------------------------------------------- */

static void check_start_fails(const char *kind, const char *how, const char *why)
{
    struct session session;
    struct subject_info info;
    prepare(&session, kind, how);
    session.options.start_timeout_ms = 300;
    cr_assert_not(runner_probe(&session.subject, 300, &info, session.error, sizeof session.error));
    cr_assert_not_null(strstr(session.error, why), "%s: %s", how, session.error);
    cr_assert_not_null(strstr(session.error, "the subject: "), "%s", session.error);
    run(&session);
    cr_assert_not(session.ran);
    cr_assert_not_null(strstr(session.error, why), "%s: %s", how, session.error);
    finish(&session);
}

Test(run, a_subject_that_does_not_start_is_named_with_the_reason)
{
    check_start_fails("fake-agent", "exits", "exit status 3; its last words: \"the reason");
    check_start_fails("fake-agent", "hangs-at-once", "did not greet within 300 ms");
    check_start_fails("fake-agent", "greets-wrongly", "\"hello, I am your agent\"");
    check_start_fails("fake-agent", "other-version", "version 2 of the wire and this pagelaw");
    check_start_fails("fake-agent", "refuses", "it is too hot");
    check_start_fails("fake-agent", "babbles-at-once", "\"xxxx");
    check_start_fails("fake-agent", "odd-memory", "\"memory 8 1001");
    check_start_fails("bad-backend", "refuse", "there is no?memory in this machine");
}

Test(run, a_program_that_does_not_exist_is_named)
{
    struct session session;
    prepare(&session, "fake-agent", "honest");
    session.argv[0] = (char *)"/nowhere/agent";
    run(&session);
    cr_assert_not(session.ran);
    cr_assert_str_eq(session.error, "the subject: /nowhere/agent: No such file or directory");
    finish(&session);
}

Test(run, what_a_shell_has_started_ends_with_the_shell)
{
    struct session session;
    struct subject_info info;
    char command[700];
    prepare(&session, "fake-agent", "hangs-at-once");
    snprintf(command, sizeof command, "'%s' fake-agent hangs-at-once '%s'; true", session.path,
             session.state);
    char *argv[] = {(char *)"sh", (char *)"-c", command, NULL};
    session.subject.argv = argv;
    cr_assert_not(runner_probe(&session.subject, 200, &info, session.error, sizeof session.error));
    finish(&session);
}

Test(run, an_agent_that_no_longer_starts_ends_the_run)
{
    struct session session;
    prepare(&session, "fake-agent", "leaves-for-good");
    session.options.jobs = 1;
    run(&session);
    cr_assert_not(session.ran);
    cr_assert_not_null(strstr(session.error, "no longer starts, after 3"), "%s", session.error);
    cr_assert_eq(session.traces[0]->end, TRACE_COMPLETE);
    cr_assert_eq(session.traces[BAD]->end, TRACE_CRASHED);
    cr_assert_null(session.traces[2]);
    finish(&session);
}

Test(run, a_probe_tells_what_the_subject_is)
{
    struct session session;
    struct subject_info info;
    prepare(&session, "fake-agent", "honest");
    cr_assert(runner_probe(&session.subject, 5000, &info, session.error, sizeof session.error),
              "%s", session.error);
    cr_assert_str_eq(info.backend, "model");
    cr_assert_str_eq(info.processor, "x64");
    cr_assert_eq(info.page_size, 4096);
    cr_assert_eq(info.granule, 65536);
    cr_assert_eq(info.address_max, 0x7ffffffeffff);
    finish(&session);
}

/* ---- Stopping -------------------------------------------------------------------------------- */

static volatile int stop_now;

static void keep_and_stop(void *user, size_t index, struct trace *trace)
{
    keep(user, index, trace);
    stop_now = 1;
}

Test(run, a_stop_ends_the_agents_and_keeps_what_is_done)
{
    struct session session;
    prepare(&session, "bad-backend", "hang");
    session.options.done = keep_and_stop;
    session.options.stop = &stop_now;
    session.options.timeout_ms = 60000;
    run(&session);
    cr_assert(session.ran);
    cr_assert_not_null(session.traces[0]);
    cr_assert_null(session.traces[BAD]);
    finish(&session);
}

Test(run, agents_end_when_the_runner_is_killed)
{
    struct session session;
    prepare(&session, "bad-backend", "hang");
    session.options.timeout_ms = 60000;
    pid_t runner = fork();
    if (runner == 0) {
        prctl(PR_SET_CHILD_SUBREAPER, 0);
        run(&session);
        _exit(0);
    }
    poll(NULL, 0, 300);
    kill(runner, SIGKILL);
    session.ran = true;
    finish(&session);
}
