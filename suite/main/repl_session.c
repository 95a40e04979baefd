/* The text of a session, and running it. */
#include "repl_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/rules.h"
#include "suite/print.h"

#define HIDDEN_STEPS 1 /* of the header, which states something, as a scenario must */

static const char header[] = "scenario \"typed by hand\"\n"
                             "rules    SYS-PAGE\n"
                             "source   \"typed by hand\"\n"
                             "GetSystemInfo() => PageSize: PAGE\n";

#define HEADER_LINES 4

static bool fail(struct session_error *error, const char *message)
{
    error->line = error->column = 0;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

/* ---- One run ---- */

static void outcome_free(struct outcome *outcome)
{
    judgement_free(outcome->judgement);
    trace_free(outcome->trace);
    scenario_free(outcome->scenario);
    free(outcome->decisions);
    *outcome = (struct outcome){.first = 0};
}

static void hear_call(void *user, unsigned step, const struct pagelaw_plan *plan)
{
    struct outcome *outcome = user;
    outcome->decisions[step] = (struct decision){.is_call = true, .plan = *plan};
}

static void hear_touch(void *user, unsigned step, const struct pagelaw_touch *touch)
{
    struct outcome *outcome = user;
    outcome->decisions[step] = (struct decision){.is_touch = true, .touch = *touch};
}

static void take_trace(void *user, size_t index, struct trace *trace)
{
    struct outcome *outcome = user;
    (void)index;
    outcome->trace = trace;
}

static bool run_on_subject(const struct session *session, struct outcome *outcome,
                           struct session_error *error)
{
    struct runner_item item = {outcome->scenario, session->text, session->length};
    struct runner_options options = {.jobs = 1,
                                     .timeout_ms = session->timeout_ms,
                                     .start_timeout_ms = SUBJECT_START_MS,
                                     .done = take_trace,
                                     .user = outcome};
    return runner_run(&session->subject->chosen.subject, &item, 1, &options, error->message,
                      sizeof error->message) &&
           outcome->trace != NULL;
}

static bool judge_outcome(const struct session *session, struct outcome *outcome)
{
    struct judge_listener listener = {.call = hear_call, .touch = hear_touch, .user = outcome};
    outcome->decisions = calloc(outcome->scenario->step_count, sizeof *outcome->decisions);
    if (outcome->decisions == NULL)
        return false;
    outcome->judgement = judge_aloud(outcome->scenario, outcome->trace, &session->subject->info,
                                     session->subject->profile, &listener);
    return outcome->judgement != NULL;
}

/* Where the newest statement is wrong, counted from its own first line. */
static void place_error(const struct session *session, const struct scenario_error *slip,
                        struct session_error *error)
{
    int before = 0;
    for (size_t i = 0; i < session->ends[session->count - 2]; i++)
        before += session->text[i] == '\n';
    snprintf(error->message, sizeof error->message, "%s", slip->message);
    error->line = slip->line > before ? slip->line - before : 0;
    error->column = slip->column;
}

/* Runs the whole text; `first` is the newest statement's first step. */
static enum session_answer run(struct session *session, unsigned first, struct session_error *error)
{
    struct scenario_error slip;
    struct outcome outcome = {.first = first};
    *error = (struct session_error){.message = ""};
    outcome.scenario = scenario_parse("session.va", session->text, session->length, &slip);
    if (outcome.scenario == NULL) {
        place_error(session, &slip, error);
        return slip.at_end ? SESSION_INCOMPLETE : SESSION_REFUSED;
    }
    if (!run_on_subject(session, &outcome, error) || !judge_outcome(session, &outcome)) {
        if (*error->message == '\0')
            fail(error, "there is not enough memory");
        outcome_free(&outcome);
        return SESSION_REFUSED;
    }
    outcome_free(&session->outcome);
    session->outcome = outcome;
    return SESSION_DONE;
}

/* ---- The text ---- */

/* Makes room for so many more bytes, and for one more end. */
static bool make_room(struct session *session, size_t bytes)
{
    char *text = realloc(session->text, session->length + bytes + 1);
    if (text == NULL)
        return false;
    session->text = text;
    size_t *ends = realloc(session->ends, (session->count + 1) * sizeof *ends);
    if (ends == NULL)
        return false;
    session->ends = ends;
    return true;
}

static bool append(struct session *session, const char *lines, size_t length)
{
    if (!make_room(session, length + 1))
        return false;
    memcpy(session->text + session->length, lines, length);
    session->length += length;
    session->text[session->length++] = '\n';
    session->ends[session->count++] = session->length;
    return true;
}

static void cut_last(struct session *session)
{
    session->count--;
    session->length = session->ends[session->count - 1];
}

bool session_begin(struct session *session, const struct started_subject *subject,
                   unsigned timeout_ms)
{
    *session = (struct session){.subject = subject, .timeout_ms = timeout_ms};
    return append(session, header, sizeof header - 2);
}

void session_end(struct session *session)
{
    outcome_free(&session->outcome);
    free(session->text);
    free(session->ends);
}

static unsigned steps_so_far(const struct session *session)
{
    const struct scenario *scenario = session->outcome.scenario;
    return scenario == NULL ? HIDDEN_STEPS : scenario->step_count;
}

enum session_answer session_add(struct session *session, const char *statement, size_t length,
                                struct session_error *error)
{
    if (!append(session, statement, length)) {
        fail(error, "there is not enough memory");
        return SESSION_REFUSED;
    }
    enum session_answer answer = run(session, steps_so_far(session), error);
    if (answer != SESSION_DONE)
        cut_last(session);
    return answer;
}

bool session_undo(struct session *session, struct session_error *error)
{
    if (session->count == 1)
        return fail(error, "there is nothing to undo");
    size_t length = session->length;
    cut_last(session);
    if (session->count == 1) {
        outcome_free(&session->outcome);
        return true;
    }
    if (run(session, UINT32_MAX, error) == SESSION_DONE)
        return true;
    session->length = length;
    session->count++;
    return false;
}

void session_clear(struct session *session)
{
    session->count = 1;
    session->length = session->ends[0];
    outcome_free(&session->outcome);
}

size_t session_count(const struct session *session)
{
    return session->count - 1;
}

const char *session_statement(const struct session *session, size_t index, size_t *length)
{
    size_t from = session->ends[index];
    *length = session->ends[index + 1] - from - 1;
    return session->text + from;
}

/* ---- Saving ---- */

/* A text that grows; NULL once memory has run short. */
struct growing {
    char *text;
    size_t length;
};

static void grow(struct growing *growing, const char *piece)
{
    size_t length = strlen(piece);
    char *text = NULL;
    if (growing->text != NULL)
        text = realloc(growing->text, growing->length + length + 1);
    if (text == NULL) {
        free(growing->text);
        growing->text = NULL;
        return;
    }
    memcpy(text + growing->length, piece, length + 1);
    growing->text = text;
    growing->length += length;
}

static void grow_quoted(struct growing *growing, const char *words)
{
    grow(growing, "\"");
    for (; *words != '\0'; words++) {
        char piece[3] = {*words, '\0', '\0'};
        if (*words == '"' || *words == '\\')
            memcpy(piece, (char[]){'\\', *words}, 2);
        else if ((unsigned char)*words < ' ')
            *piece = ' ';
        grow(growing, piece);
    }
    grow(growing, "\"\n");
}

static void note_rule(bool named[PAGELAW_RULE_END], enum pagelaw_rule rule, unsigned *count)
{
    if (rule == PAGELAW_NO_RULE || named[rule] || *count == SCENARIO_LIST_MAX)
        return;
    named[rule] = true;
    ++*count;
}

/* The rules that decided, in the order of the book. */
static void grow_rules(struct growing *growing, const struct outcome *outcome)
{
    bool named[PAGELAW_RULE_END] = {false};
    unsigned count = 0;
    for (unsigned i = HIDDEN_STEPS; i < outcome->scenario->step_count; i++) {
        const struct decision *decision = &outcome->decisions[i];
        if (decision->is_call)
            note_rule(named, decision->plan.rule[PAGELAW_ANSWER], &count);
        if (decision->is_touch)
            note_rule(named, decision->touch.rule, &count);
    }
    if (count == 0)
        named[PAGELAW_SYS_PAGE] = true;
    grow(growing, "rules   ");
    for (int rule = 0; rule < PAGELAW_RULE_END; rule++) {
        if (!named[rule])
            continue;
        grow(growing, " ");
        grow(growing, pagelaw_rule_info((enum pagelaw_rule)rule)->id);
    }
}

static void grow_source(struct growing *growing, const struct started_subject *subject)
{
    char words[OWN_PATH_MAX + 256];
    snprintf(words, sizeof words, "Typed by hand: what came back from %s, judged as %s",
             subject->chosen.subject.spoken, subject->profile->name);
    grow(growing, "\nsource   ");
    grow_quoted(growing, words);
}

static void grow_step(struct growing *growing, const struct session *session, unsigned step)
{
    const struct outcome *outcome = &session->outcome;
    const struct subject_info *info = &session->subject->info;
    size_t size = print_step(outcome->scenario, outcome->trace, info, step, NULL, 0) + 1;
    char *line = malloc(size);
    if (line == NULL) {
        free(growing->text);
        growing->text = NULL;
        return;
    }
    print_step(outcome->scenario, outcome->trace, info, step, line, size);
    grow(growing, line);
    grow(growing, "\n");
    free(line);
}

/* The session as a scenario. NULL if memory is short. */
static char *print_session(const struct session *session, const char *title)
{
    struct growing growing = {.text = calloc(1, 1)};
    grow(&growing, "scenario ");
    grow_quoted(&growing, title);
    grow_rules(&growing, &session->outcome);
    grow_source(&growing, session->subject);
    grow(&growing, "\n");
    for (unsigned i = HIDDEN_STEPS; i < session->outcome.scenario->step_count; i++)
        grow_step(&growing, session, i);
    return growing.text;
}

static bool write_file(struct session *session, const char *path, const char *text,
                       struct session_error *error)
{
    errno = 0;
    FILE *file = fopen(path, strcmp(path, session->saved_as) == 0 ? "wb" : "wbx");
    if (file == NULL)
        return fail(error, strerror(errno));
    snprintf(session->saved_as, sizeof session->saved_as, "%s", path);
    bool written = fputs(text, file) >= 0;
    written = fclose(file) == 0 && written;
    return written || fail(error, strerror(errno));
}

bool session_save(struct session *session, const char *path, const char *title,
                  struct session_error *error)
{
    struct scenario_error slip;
    if (session->outcome.scenario == NULL)
        return fail(error, "there is nothing to save");
    if (strlen(path) >= sizeof session->saved_as)
        return fail(error, "the path is too long");
    char *text = print_session(session, title);
    if (text == NULL)
        return fail(error, "there is not enough memory");
    struct scenario *scenario = scenario_parse(path, text, strlen(text), &slip);
    bool saved =
        scenario != NULL ? write_file(session, path, text, error) : fail(error, slip.message);
    scenario_free(scenario);
    free(text);
    return saved;
}
