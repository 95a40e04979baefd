/* An agent that misbehaves on demand. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pagelaw/profile.h"
#include "subjects.h"
#include "suite/model_backend.h"
#include "suite/run.h"
#include "wire.h"

/* A way to misbehave: what it says, and then does. In `says`, "%" stands for the request's id. */
struct manner {
    const char *name;
    const char *says;
    void (*does)(const char *state);
};

static void say(const char *words)
{
    fputs(words, stdout);
    fflush(stdout);
}

static void hang(const char *state)
{
    (void)state;
    for (;;)
        pause();
}

static void fall(const char *state)
{
    (void)state;
    raise(SIGKILL);
}

static void leave(const char *state)
{
    (void)state;
    fputs("an unimportant line\nthe reason is a full moon\n", stderr);
    exit(3);
}

static void tell_and_hang(const char *state)
{
    FILE *file = fopen(state, "w");
    if (file)
        fclose(file);
    hang(state);
}

/* The next agent finds the file and does not greet. */
static void leave_for_good(const char *state)
{
    FILE *file = fopen(state, "w");
    if (file)
        fclose(file);
    exit(4);
}

static void close_output(const char *state)
{
    close(STDOUT_FILENO);
    hang(state);
}

/* 10 MB without a line break. */
static void babble(const char *state)
{
    char bytes[1000];
    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < 10000; i++)
        fwrite(bytes, 1, sizeof bytes, stdout);
    fflush(stdout);
    hang(state);
}

static void talk_forever(const char *state)
{
    (void)state;
    for (;;)
        say("~\n");
}

static void stay(const char *state)
{
    (void)state;
}

#define ALLOC "begin 0\ndone 0 value 10000 error 0\n"
#define FREE "begin 1\ndone 1 value 1 error 0\nmap same\n"

static const struct manner at_start[] = {
    {"exits", "", leave},
    {"hangs-at-once", "", hang},
    {"greets-wrongly", "hello, I am your agent\n", hang},
    {"other-version", "pagelaw-agent 2\n", hang},
    {"refuses", "pagelaw-agent 1\nrefused it is too hot\n", leave},
    {"babbles-at-once", "", babble},
    {"odd-memory",
     "pagelaw-agent 1\nbackend b\nsystem s\nprocessor x64\nversion a 0 0\n"
     "memory 8 1001 10000 10000 7ffeffff\n",
     hang},
};

static const struct manner at_bad[] = {
    {"hangs", "begin 0\n", hang},
    {"tells-and-hangs", "begin 0\n", tell_and_hang},
    {"falls", ALLOC "map none\nbegin 1\n", fall},
    {"leaves", "begin 0\n", leave},
    {"leaves-for-good", "begin 0\n", leave_for_good},
    {"babbles", "begin 0\n", babble},
    {"talks-forever", "begin 0\n", talk_forever},
    {"closes", "begin 0\n", close_output},
    {"steps-out-of-order", "begin 0\nbegin 1\n", hang},
    {"huge-number", "begin 0\ndone 0 value 11112222333344445 error 0\n", hang},
    {"huge-error", "begin 0\ndone 0 value 0 error 111111111\n", hang},
    {"huge-map", ALLOC "watch 10000 10000\nmap 1001\n", hang},
    {"long-region", ALLOC "watch 10000 10000\nmap 1\nregion 11000 0 0 10000 1 0\n", hang},
    {"short-map", ALLOC "watch 10000 10000\nmap 1\nregion 1000 0 0 10000 1 0\n", hang},
    {"unknown-key", "begin 0\ndone 0 value 10000 error 0 colour 7\n", hang},
    {"unknown-record", "begin 0\nsing 0\n", hang},
    {"control-characters", "begin 0\n\x1b[31m\a\n", hang},
    {"other-id", ALLOC "map none\n" FREE "end f00 ok\n", hang},
    {"dies-late", ALLOC "map none\n" FREE, fall},
    {"ends-early", ALLOC "map none\nend % ok\n", stay},
    {"half-line", ALLOC "map none\nbegin 1\ndone 1 va~\nend % crashed signal 11\n", stay},
    {"cut-map", ALLOC "watch 10000 10000\nmap 2\nregion 1000 0 0 10~\nend % timeout\n", stay},
    {"allocates-beyond-the-limit",
     "begin 0\ndone 0 value 800000000000 error 0\n"
     "watch 800000000000 10000\nmap 1\n"
     "region 10000 800000000000 4 1000 4 20000\n"
     "begin 1\ndone 1 value 1 error 0\nmap 1\n"
     "region 10000 800000000000 4 1000 4 20000\nend % ok\n",
     stay},
    {"speaks-on", ALLOC "map none\n" FREE "end % ok\nand another thing\n", stay},
};

static const struct manner *find(const struct manner *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

#define FIND(list, name) find(list, sizeof list / sizeof list[0], name)

static void misbehave(const struct manner *manner, uint64_t id, const char *state)
{
    for (const char *at = manner->says; *at; at++)
        if (*at == '%')
            printf("%llx", (unsigned long long)id);
        else
            putchar(*at);
    fflush(stdout);
    manner->does(state);
}

/* ---- The honest part ------------------------------------------------------------------------- */

static void print_line(void *user, const char *line, size_t length)
{
    (void)user;
    fwrite(line, 1, length, stdout);
}

static void answer(const struct scenario *scenario, const struct subject_info *info, uint64_t id)
{
    struct line_sink sink = {print_line, NULL};
    struct wire_line line;
    execute_scenario(scenario, &model_backend, info, &sink);
    wire_make_end(&line, id, "ok", "");
    fwrite(line.text, 1, line.length, stdout);
    fflush(stdout);
}

static struct scenario *read_scenario(uint64_t *id)
{
    static char text[SCENARIO_TEXT_MAX];
    char line[WIRE_LINE_MAX];
    struct scenario_error error;
    size_t length;
    unsigned timeout_ms;
    if (!fgets(line, sizeof line, stdin) ||
        !wire_read_request(line, strlen(line) - 1, id, &length, &timeout_ms) ||
        fread(text, 1, length, stdin) != length)
        return NULL;
    return scenario_parse("request", text, length, &error);
}

static void greet(struct subject_info *info)
{
    struct wire_line line;
    char error[256];
    model_backend_set_profile(pagelaw_profile_find("windows-11-x64"));
    model_backend.start(info, error, sizeof error);
    for (unsigned i = 0; i < WIRE_GREETING_LINES; i++) {
        wire_make_greeting(&line, i, info);
        fwrite(line.text, 1, line.length, stdout);
    }
    fflush(stdout);
}

static void serve(const struct manner *manner, const char *state)
{
    struct subject_info info;
    struct scenario *scenario;
    uint64_t id;
    greet(&info);
    while ((scenario = read_scenario(&id)) != NULL) {
        if (manner && strcmp(scenario->title, "bad") == 0)
            misbehave(manner, id, state);
        else
            answer(scenario, &info, id);
        scenario_free(scenario);
    }
}

int fake_agent(const char *how, const char *state)
{
    const struct manner *manner = FIND(at_start, how);
    if (access(state, F_OK) == 0)
        leave(state);
    if (manner)
        misbehave(manner, 0, state);
    else
        serve(FIND(at_bad, how), state);
    return 0;
}
