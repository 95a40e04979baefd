/* The agent: takes scenarios from the wire, has each carried out in a process of its own, and says
 * how that process ended. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "screen.h"
#include "suite/run.h"
#include "wire.h"

#define EXIT_REFUSED 2
#define START_MS 20000 /* that a backend has to start, apart */

/* ---- Writing --------------------------------------------------------------------------------- */

/* Lines on their way to the wire. An announcement goes out at once, with all that waits: whatever
 * the call then does, the wire has its name. */
struct output {
    char bytes[1 << 16];
    size_t length;
    bool cut; /* nothing gets through any more */
};

static void flush(struct output *output)
{
    if (!channel_write(output->bytes, output->length))
        output->cut = true;
    output->length = 0;
}

static void put_line(void *user, const char *line, size_t length)
{
    struct output *output = user;
    if (output->length + length > sizeof output->bytes)
        flush(output);
    memcpy(output->bytes + output->length, line, length);
    output->length += length;
    if (line[0] == 'b')
        flush(output);
}

static bool write_line(struct wire_line *line)
{
    return channel_write(line->text, line->length);
}

static int refuse(const char *words)
{
    struct wire_line line;
    wire_start(&line, "refused");
    wire_put_words(&line, words);
    wire_finish(&line);
    write_line(&line);
    return EXIT_REFUSED;
}

/* ---- Requests -------------------------------------------------------------------------------- */

struct input {
    char bytes[1 << 14];
    size_t length, taken;
};

/* False at the end of the input. */
static bool next_byte(struct input *input, char *byte)
{
    if (input->taken == input->length) {
        input->length = channel_read(input->bytes, sizeof input->bytes);
        input->taken = 0;
        if (input->length == 0)
            return false;
    }
    *byte = input->bytes[input->taken++];
    return true;
}

/* A request as it came: the line with its '\n', and the text behind it. */
struct request {
    char bytes[WIRE_LINE_MAX + SCENARIO_TEXT_MAX];
    size_t length;
    size_t text_at;
    uint64_t id;
    unsigned timeout_ms;
};

enum asked { ASKED, ASKED_NOTHING, ASKED_NONSENSE };

static enum asked read_line(struct input *input, struct request *request)
{
    char byte;
    request->length = 0;
    do {
        if (!next_byte(input, &byte))
            return request->length == 0 ? ASKED_NOTHING : ASKED_NONSENSE;
        request->bytes[request->length++] = byte;
    } while (byte != '\n' && request->length < WIRE_LINE_MAX);
    return byte == '\n' ? ASKED : ASKED_NONSENSE;
}

static enum asked read_request(struct input *input, struct request *request)
{
    size_t text_length;
    enum asked asked = read_line(input, request);
    if (asked != ASKED)
        return asked;
    if (!wire_read_request(request->bytes, request->length - 1, &request->id, &text_length,
                           &request->timeout_ms))
        return ASKED_NONSENSE;
    request->text_at = request->length;
    while (text_length-- > 0)
        if (!next_byte(input, &request->bytes[request->length++]))
            return ASKED_NONSENSE;
    return ASKED;
}

/* ---- One program ----------------------------------------------------------------------------- */

struct agent {
    const struct backend *backend;
    struct subject_info info;
    struct input input;
    struct request request;
    struct output output;
    const struct scenario *scenario; /* of the request */
};

static bool is_screening(const struct request *request)
{
    return screen_asked(request->bytes + request->text_at, request->length - request->text_at);
}

static int execute(struct agent *agent)
{
    struct line_sink sink = {put_line, &agent->output};
    const struct request *request = &agent->request;
    if (is_screening(request))
        screen_run(request->bytes + request->text_at, request->length - request->text_at,
                   agent->backend, &agent->info, &sink);
    else
        execute_scenario(agent->scenario, agent->backend, &agent->info, &sink);
    flush(&agent->output);
    return agent->output.cut ? CHANNEL_CUT : CHANNEL_DONE;
}

/* A subject that started once and does not any more has something to do with chance: its words go
 * to standard error. */
static int carry_out(void *user)
{
    struct agent *agent = user;
    char error[256] = "";
    if (agent->backend->apart && !agent->backend->start(&agent->info, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    return execute(agent);
}

static struct scenario *parse_request(const struct request *request, char *why, size_t capacity)
{
    struct scenario_error error;
    struct scenario *scenario = scenario_parse("request", request->bytes + request->text_at,
                                               request->length - request->text_at, &error);
    if (!scenario)
        snprintf(why, capacity, "line %d, column %d: %.200s", error.line, error.column,
                 error.message);
    return scenario;
}

/* A process that did not end well may have left a line half written: the mark makes it void. */
static bool write_end(const struct agent *agent, const char *how, const char *why)
{
    struct wire_line line;
    static const char void_line[] = {WIRE_VOID, '\n'};
    if (strcmp(how, "ok") != 0 && !channel_write(void_line, sizeof void_line))
        return false;
    wire_make_end(&line, agent->request.id, how, why);
    return write_line(&line);
}

static bool answer(struct agent *agent)
{
    static const char *const words[] = {"ok", "crashed", "timeout", "refused", "refused"};
    char why[256] = "";
    const struct request *request = &agent->request;
    struct isolated isolated = {carry_out, agent, request->bytes, request->length,
                                request->timeout_ms};
    bool screens = is_screening(request);
    struct scenario *scenario = screens ? NULL : parse_request(request, why, sizeof why);
    if (screens ? !screen_is_whole(request->bytes + request->text_at,
                                   request->length - request->text_at, why, sizeof why)
                : scenario == NULL)
        return write_end(agent, "refused", why);
    agent->scenario = scenario;
    enum isolated_end end = isolated_run(&isolated, why, sizeof why);
    scenario_free(scenario);
    return write_end(agent, words[end], why);
}

/* ---- Public ---------------------------------------------------------------------------------- */

static bool greet(const struct agent *agent)
{
    struct wire_line line;
    for (unsigned i = 1; i < WIRE_GREETING_LINES; i++) {
        wire_make_greeting(&line, i, &agent->info);
        if (!write_line(&line))
            return false;
    }
    return true;
}

static int serve(struct agent *agent)
{
    for (;;) {
        switch (read_request(&agent->input, &agent->request)) {
        case ASKED_NOTHING:
            return EXIT_SUCCESS;
        case ASKED_NONSENSE:
            return refuse("the request is not: run ID BYTES MILLISECONDS, and so many bytes");
        case ASKED:
            if (!answer(agent))
                return EXIT_FAILURE;
        }
    }
}

/* In whichever process: says what the backend is, or why it cannot be had. */
static int start_and_greet(void *user)
{
    struct agent *agent = user;
    char error[256] = "";
    if (!agent->backend->start(&agent->info, error, sizeof error)) {
        refuse(error);
        return CHANNEL_REFUSED;
    }
    return greet(agent) ? CHANNEL_DONE : CHANNEL_CUT;
}

/* Has it said by a process of its own. That may end in any way, before or after it has spoken. */
static int greet_apart(struct agent *agent)
{
    struct isolated isolated = {
        .work = start_and_greet, .user = agent, .input = "", .timeout_ms = START_MS};
    char why[128] = "", words[256];
    switch (isolated_run(&isolated, why, sizeof why)) {
    case ISOLATED_OK:
        return CHANNEL_DONE;
    case ISOLATED_REFUSED:
        return CHANNEL_REFUSED;
    case ISOLATED_TIMED_OUT:
        snprintf(words, sizeof words, "it hangs as it is started: it had %d seconds",
                 START_MS / 1000);
        break;
    default:
        snprintf(words, sizeof words, "its process ended as it was started: %s", why);
    }
    refuse(words);
    return CHANNEL_REFUSED;
}

/* The first line goes out before the backend starts, so that a reader learns the version first. */
static int start_and_serve(struct agent *agent)
{
    struct wire_line line;
    wire_make_greeting(&line, 0, &agent->info);
    if (!write_line(&line))
        return EXIT_FAILURE;
    int greeted = agent->backend->apart ? greet_apart(agent) : start_and_greet(agent);
    if (greeted == CHANNEL_DONE)
        return serve(agent);
    return greeted == CHANNEL_REFUSED ? EXIT_REFUSED : EXIT_FAILURE;
}

static struct agent *agent_create(const struct backend *backend)
{
    bool opened = channel_open();
    struct agent *agent = opened ? calloc(1, sizeof *agent) : NULL;
    if (agent)
        agent->backend = backend;
    else
        fprintf(stderr, "pagelaw agent: %s: %s\n",
                opened ? "out of memory" : "standard input and output cannot be set apart",
                strerror(errno));
    return agent;
}

int agent_serve(const struct backend *backend)
{
    struct agent *agent = agent_create(backend);
    if (!agent)
        return EXIT_FAILURE;
    int status = start_and_serve(agent);
    free(agent);
    return status;
}

/* The end is the business of the agent that started this one; so is the greeting, of which the part
 * behind the first line is asked for by an input that is empty. */
static int serve_one(struct agent *agent)
{
    char error[256];
    enum asked asked = read_request(&agent->input, &agent->request);
    if (asked == ASKED_NOTHING)
        return start_and_greet(agent);
    if (asked != ASKED || !agent->backend->start(&agent->info, error, sizeof error))
        return EXIT_REFUSED;
    if (is_screening(&agent->request))
        return execute(agent);
    struct scenario *scenario = parse_request(&agent->request, error, sizeof error);
    if (!scenario)
        return EXIT_REFUSED;
    agent->scenario = scenario;
    return execute(agent);
}

int agent_serve_once(const struct backend *backend)
{
    struct agent *agent = agent_create(backend);
    if (!agent)
        return EXIT_FAILURE;
    channel_leave(serve_one(agent));
}
