/* The agent: takes scenarios from the wire, has each carried out in a process of its own, and says
 * how that process ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "suite/run.h"
#include "wire.h"

#define EXIT_REFUSED 2

/* ---- Writing --------------------------------------------------------------------------------- */

/* Lines on their way to the wire. An announcement goes out at once, with all that waits: whatever
 * the call then does, the wire has its name. */
struct output {
    char bytes[1 << 16];
    size_t length;
};

static void flush(struct output *output)
{
    channel_write(output->bytes, output->length);
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

static void carry_out(void *user)
{
    struct agent *agent = user;
    struct line_sink sink = {put_line, &agent->output};
    execute_scenario(agent->scenario, agent->backend, &agent->info, &sink);
    flush(&agent->output);
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
    static const char *const words[] = {"ok", "crashed", "timeout", "refused"};
    char why[256] = "";
    const struct request *request = &agent->request;
    struct isolated isolated = {carry_out, agent, request->bytes, request->length,
                                request->timeout_ms};
    struct scenario *scenario = parse_request(request, why, sizeof why);
    if (!scenario)
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

/* The first line goes out before the backend starts, so that a reader learns the version first. */
static int start_and_serve(struct agent *agent)
{
    char error[256] = "";
    struct wire_line line;
    wire_make_greeting(&line, 0, &agent->info);
    if (!write_line(&line))
        return EXIT_FAILURE;
    if (!agent->backend->start(&agent->info, error, sizeof error))
        return refuse(error);
    return greet(agent) ? serve(agent) : EXIT_FAILURE;
}

static struct agent *agent_create(const struct backend *backend)
{
    struct agent *agent = channel_open() ? calloc(1, sizeof *agent) : NULL;
    if (agent)
        agent->backend = backend;
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

/* The greeting and the end are the business of the agent that started this one. */
static int serve_one(struct agent *agent)
{
    char error[256];
    if (!agent->backend->start(&agent->info, error, sizeof error) ||
        read_request(&agent->input, &agent->request) != ASKED)
        return EXIT_REFUSED;
    struct scenario *scenario = parse_request(&agent->request, error, sizeof error);
    if (!scenario)
        return EXIT_REFUSED;
    agent->scenario = scenario;
    carry_out(agent);
    scenario_free(scenario);
    return EXIT_SUCCESS;
}

int agent_serve_once(const struct backend *backend)
{
    struct agent *agent = agent_create(backend);
    if (!agent)
        return EXIT_FAILURE;
    int status = serve_one(agent);
    free(agent);
    return status;
}
