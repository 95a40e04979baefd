/* The wire's lines, the greeting, and the reader of traces. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "last_words.h"
#include "suite/run.h"
#include "wire.h"

/* ---- Lines ----------------------------------------------------------------------------------- */

static struct trace_step full_step(void)
{
    struct trace_step step = {.value = UINT64_MAX,
                              .error = UINT32_MAX,
                              .base = UINT64_MAX - 1,
                              .size = 0x8000000000000000,
                              .old_protect = TRACE_OUTPUT_FILL,
                              .region = {1, 2, 3, 4, 5, 6, 7},
                              .info = {.page_size = 4096, .granule = 65536, .address_max = 99},
                              .exception = {0xc0000005, 8, UINT64_MAX},
                              .touched = TRACE_READ_MAX,
                              .run_count = TRACE_RUNS_MAX,
                              .runs_cut = true};
    for (unsigned i = 0; i < TRACE_RUNS_MAX; i++) {
        step.runs[i].value = (uint8_t)(255 - i);
        step.runs[i].count = 1000 + i;
    }
    return step;
}

Test(wire, every_outcome_comes_back_as_it_was)
{
    struct trace_step step = full_step();
    for (int operation = 0; operation < OPERATION_END; operation++) {
        struct trace_step back = {0};
        struct wire_line line, again;
        uint64_t number;
        wire_make_done(&line, 7, (enum operation)operation, &step);
        struct wire_scan scan = wire_scan(line.text, line.length - 1);
        cr_assert(wire_take_record(&scan, "done"));
        cr_assert(wire_take_number(&scan, 7, &number));
        cr_assert(wire_take_done(&scan, (enum operation)operation, &back), "%.*s", (int)line.length,
                  line.text);
        wire_make_done(&again, 7, (enum operation)operation, &back);
        cr_assert_eq(line.length, again.length);
        cr_assert_arr_eq(line.text, again.text, line.length);
    }
}

Test(wire, numbers_are_short_lower_case_and_in_range)
{
    static const struct {
        const char *text;
        uint64_t most;
        bool good;
        uint64_t value;
    } rows[] = {
        {" 0", 0, true, 0},
        {" ff", 0xff, true, 0xff},
        {" ffffffffffffffff", UINT64_MAX, true, UINT64_MAX},
        {" 10 more", 0x10, true, 0x10},
        {" 0ffffffffffffffff", UINT64_MAX, false, 0},
        {" 100", 0xff, false, 0},
        {" FF", 0xff, false, 0},
        {" 0x1", 0xff, false, 0},
        {" -1", UINT64_MAX, false, 0},
        {" 1,", UINT64_MAX, false, 0},
        {"  1", UINT64_MAX, false, 0},
        {"1", UINT64_MAX, false, 0},
        {" ", UINT64_MAX, false, 0},
        {"", UINT64_MAX, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire_scan scan = wire_scan(rows[i].text, strlen(rows[i].text));
        uint64_t value = 0;
        cr_assert_eq(wire_take_number(&scan, rows[i].most, &value), rows[i].good, "row %zu", i);
        cr_assert_eq(value, rows[i].value, "row %zu", i);
    }
}

Test(wire, words_stay_one_line_and_never_look_cut_off)
{
    struct wire_line line;
    char words[WIRE_LINE_MAX * 2];
    wire_start(&line, "impossible");
    wire_put_words(&line, "a\nb\tc~");
    wire_finish(&line);
    cr_assert_eq(line.length, strlen("impossible a?b?c-\n"));
    cr_assert_arr_eq(line.text, "impossible a?b?c-\n", line.length);

    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    wire_start(&line, "impossible");
    wire_put_words(&line, words);
    wire_finish(&line);
    cr_assert_eq(line.length, WIRE_LINE_MAX);
    cr_assert_eq(line.text[line.length - 1], '\n');
}

Test(wire, a_request_is_read_only_if_all_of_it_is_right)
{
    static const char *const bad[] = {
        "",           "run",           "run 1",           "run 1 2",   "run 1 2 3 4", "walk 1 2 3",
        "run 1 2 3 ", "run 1 40001 3", "run 1 2 5265c01", "run g 2 3", "run 1 2 3\r"};
    uint64_t id;
    size_t length;
    unsigned timeout_ms;
    struct wire_line line;
    wire_make_request(&line, 0xabc, SCENARIO_TEXT_MAX, 5000);
    cr_assert(wire_read_request(line.text, line.length - 1, &id, &length, &timeout_ms));
    cr_assert_eq(id, 0xabc);
    cr_assert_eq(length, SCENARIO_TEXT_MAX);
    cr_assert_eq(timeout_ms, 5000);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_not(wire_read_request(bad[i], strlen(bad[i]), &id, &length, &timeout_ms), "%s",
                      bad[i]);
}

Test(wire, a_quoted_line_is_printable_and_fits)
{
    char line[500], text[256];
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = (char)i;
    for (size_t capacity = 1; capacity < sizeof text; capacity++) {
        memset(text, 'Z', sizeof text);
        wire_quote(line, sizeof line, text, capacity);
        cr_assert_lt(strlen(text), capacity);
        for (const char *at = text; *at; at++)
            cr_assert(*at >= 0x20 && *at < 0x7f);
        cr_assert_eq(text[capacity], 'Z');
    }
    wire_quote("a\033b", 3, text, sizeof text);
    cr_assert_str_eq(text, "\"a\\x1bb\"");
}

Test(wire, the_last_line_of_much_is_remembered)
{
    struct last_words words = {.length = 0};
    char text[256] = "exit status 1", bytes[3000];
    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < 10; i++)
        last_words_add(&words, bytes, sizeof bytes);
    last_words_add(&words, "\nout of \tpaper\r\n\n", 17);
    last_words_append(&words, text, sizeof text);
    cr_assert_str_eq(text, "exit status 1; its last words: \"out of \\x09paper\"");
}

/* ---- The greeting ---------------------------------------------------------------------------- */

static const struct subject_info wine = {.backend = "win32",
                                         .system = "Wine 8.0 as Windows 10",
                                         .processor = "x86",
                                         .major = 10,
                                         .build = 19043,
                                         .pointer_bytes = 4,
                                         .page_size = 4096,
                                         .granule = 65536,
                                         .address_min = 0x10000,
                                         .address_max = 0x7ffeffff};

/* Reads the greeting of `info` with one line replaced; index WIRE_GREETING_LINES replaces none. */
static enum wire_greeted greet(const struct subject_info *info, unsigned index,
                               const char *replacement, struct wire_greeting *greeting, char *error,
                               size_t capacity)
{
    enum wire_greeted greeted = WIRE_GOES_ON;
    memset(greeting, 0, sizeof *greeting);
    for (unsigned i = 0; i < WIRE_GREETING_LINES && greeted == WIRE_GOES_ON; i++) {
        struct wire_line line;
        wire_make_greeting(&line, i, info);
        if (i == index)
            greeted =
                wire_read_greeting(greeting, replacement, strlen(replacement), error, capacity);
        else
            greeted = wire_read_greeting(greeting, line.text, line.length - 1, error, capacity);
    }
    return greeted;
}

Test(wire, a_greeting_comes_back_as_it_was)
{
    struct wire_greeting greeting;
    char error[256];
    cr_assert_eq(greet(&wine, WIRE_GREETING_LINES, "", &greeting, error, sizeof error), WIRE_READY);
    cr_assert_eq(memcmp(&greeting.info, &wine, sizeof wine), 0);
}

Test(wire, a_wrong_greeting_is_refused_with_the_line)
{
    static const struct {
        unsigned index;
        const char *line, *why;
    } rows[] = {
        {0, "pagelaw-agent", "\"pagelaw-agent\""},
        {0, "pagelaw-agent 7", "version 7"},
        {0, "", "\"\""},
        {1, "system x", "a well-formed \"backend\" line"},
        {1, "backend ", "\"backend \""},
        {2, "system a\x01", "\\x01"},
        {4, "version a 0", "\"version a 0\""},
        {4, "version 10000 0 0", "version 10000"},
        {5, "memory 4 1000 10000 10000 17ffeffff", "memory"},
        {5, "memory 5 1000 10000 10000 7ffeffff", "memory"},
        {5, "memory 8 0 10000 10000 7ffeffff", "memory"},
        {5, "memory 8 10000 1000 10000 7ffeffff", "memory"},
        {5, "memory 8 1000 10000 10000 10000", "memory"},
        {6, "refused no luck", "it cannot run here: no luck"},
        {6, "ready now", "\"ready now\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire_greeting greeting;
        char error[256] = "";
        cr_assert_eq(greet(&wine, rows[i].index, rows[i].line, &greeting, error, sizeof error),
                     WIRE_BAD, "%s", rows[i].line);
        cr_assert_not_null(strstr(error, rows[i].why), "%s: %s", rows[i].line, error);
    }
}

/* ---- The reader ------------------------------------------------------------------------------ */

static const char text[] = "scenario \"t\"\nrules VA-ALIGN-BASE\nsource \"none\"\n"
                           "h = hole(4 * GRANULE)\n"
                           "p = VirtualAlloc(h, PAGE, MEM_RESERVE, PAGE_READWRITE) => h\n"
                           "read(p, 10)\n"
                           "NtFreeVirtualMemory(p, 0, MEM_RELEASE)\n";

static const char good[] = "begin 0\ndone 0 value 10000\nwatch 10000 40000\nmap 1\n"
                           "region 40000 0 0 10000 1 0\n"
                           "begin 1\ndone 1 va~\ndone 1 value 10000 error 57\nmap 2\n"
                           "region 1000 10000 4 2000 0 20000\nregion 3f000 0 0 10000 1 0\n"
                           "begin 2\n"
                           "done 2 exception c0000005 0 10000 touched 3 run 61 2 run 0 1\n"
                           "map same\n"
                           "begin 3\nunsupported 3\nmap same\n"
                           "end 5 ok\n";

static struct scenario *parse(void)
{
    struct scenario_error error = {0};
    struct scenario *scenario = scenario_parse("test", text, strlen(text), &error);
    cr_assert_not_null(scenario, "%d:%d: %s", error.line, error.column, error.message);
    return scenario;
}

/* Every line, even after one was refused. */
static struct trace *read_trace(const struct scenario *scenario, const char *lines)
{
    struct trace_reader *reader = trace_reader_create(scenario);
    for (const char *at = lines; *at;) {
        size_t length = strcspn(at, "\n");
        trace_reader_line(reader, at, length);
        at += length + (at[length] == '\n');
    }
    return trace_reader_finish(reader);
}

Test(trace, all_of_an_answer_is_in_the_trace)
{
    struct scenario *scenario = parse();
    struct trace *trace = read_trace(scenario, good);
    const struct trace_step *steps = trace->steps;
    cr_assert_eq(trace->end, TRACE_COMPLETE, "%s", trace->why);
    cr_assert_eq(trace->watch_count, 1);
    cr_assert_eq(trace->watches[0].base, 0x10000);
    cr_assert_eq(steps[1].error, 87);
    cr_assert_eq(steps[1].region_count, 2);
    cr_assert_eq(steps[1].regions[1].base, 0x11000);
    cr_assert_eq(steps[1].regions[1].state, 0x10000);
    cr_assert_eq(steps[2].regions, steps[1].regions);
    cr_assert_eq(steps[2].exception.code, 0xc0000005);
    cr_assert_eq(steps[2].run_count, 2);
    cr_assert_eq(steps[3].state, TRACE_UNSUPPORTED);
    cr_assert(steps[3].has_map);
    trace_free(trace);
    scenario_free(scenario);
}

Test(trace, a_record_out_of_place_is_refused_with_the_line)
{
    static const struct {
        const char *lines, *why;
    } rows[] = {
        {"done 0 value 1\n", "out of place"},
        {"begin 1\n", "out of order"},
        {"begin 0\nbegin 0\n", "out of place"},
        {"begin 0\ndone 1 value 1\n", "another step"},
        {"begin 0\nmap same\n", "out of place"},
        {"begin 0\ndone 0 value 1\nregion 1 0 0 0 0 0\n", "out of place"},
        {"begin 0\ndone 0 value 1\nwatch 0 0\n", "no range"},
        {"begin 0\ndone 0 value 1\nwatch ffffffffffff0000 20000\n", "no range"},
        {"begin 0\ndone 0 value 1\nwatch 0 1000\nwatch 0 1000\n", "out of place"},
        {"begin 0\ndone 0 value 1\nwatch 0 1000\nmap same\n", "one watch more"},
        {"begin 0\ndone 0 value 1\nmap 1\nregion 1000 0 0 0 0 0\n", "beyond its watches"},
        {"begin 0\nimpossible 0\n", "malformed"},
        {"begin 0\nunsupported 0 really\n", "another step"},
        {"end 0\n", "malformed"},
        {"end 0 crashed\n", "malformed"},
        {"end 0 ok really\n", "malformed"},
        {"end 0 timeout\nend 0 timeout\n", "after the end"},
        {"\n", "unknown record: \"\""},
    };
    struct scenario *scenario = parse();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trace *trace = read_trace(scenario, rows[i].lines);
        cr_assert_eq(trace->end, TRACE_GARBLED, "%s", rows[i].lines);
        cr_assert_not_null(strstr(trace->why, rows[i].why), "%s: %s", rows[i].lines, trace->why);
        trace_free(trace);
    }
    scenario_free(scenario);
}

Test(trace, an_answer_that_stops_anywhere_is_never_complete)
{
    struct scenario *scenario = parse();
    const char *end = strstr(good, "end 5 ok");
    for (const char *stop = good; stop < end; stop++) {
        if (stop > good && stop[-1] != '\n')
            continue;
        char *part = strndup(good, (size_t)(stop - good));
        struct trace *trace = read_trace(scenario, part);
        cr_assert_eq(trace->end, TRACE_CRASHED);
        cr_assert(trace->why[0] != '\0');
        trace_free(trace);
        free(part);
    }
    scenario_free(scenario);
}

/* Whatever is changed, the reader ends with words or with a trace that keeps its bounds. */
Test(trace, no_change_of_a_few_bytes_does_harm)
{
    static const char palette[] = "0123456789abcdef ~\n\x7fxregionmapdone";
    struct scenario *scenario = parse();
    char lines[sizeof good];
    srand(20);
    for (int round = 0; round < 50000; round++) {
        memcpy(lines, good, sizeof good);
        for (int i = rand() % 4; i >= 0; i--)
            lines[(size_t)rand() % (sizeof good - 1)] =
                palette[(size_t)rand() % (sizeof palette - 1)];
        struct trace *trace = read_trace(scenario, lines);
        cr_assert(trace->end == TRACE_COMPLETE || trace->why[0] != '\0');
        cr_assert_leq(trace->watch_count, TRACE_WATCHES_MAX);
        for (unsigned i = 0; i < trace->step_count; i++)
            cr_assert_leq(trace->steps[i].region_count, TRACE_REGIONS_MAX);
        trace_free(trace);
    }
    scenario_free(scenario);
}
