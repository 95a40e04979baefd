/* Traces in the scenario language: what is printed can be parsed again. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "parsing.h"
#include "suite/print.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define HOLE UINT64_C(0x7F2A40000000) /* h and p */
#define HOLE_SIZE (256u << 10)        /* 4 granules */
#define CHOSEN UINT64_C(0x600000)     /* where the system puts an allocation */
#define MAX_ADDRESS UINT64_C(0x7FFFFFFEFFFF)

static const struct subject_info info = {.page_size = 4096,
                                         .granule = 65536,
                                         .address_min = 0x10000,
                                         .address_max = MAX_ADDRESS,
                                         .pointer_bytes = 8};

/* A trace whose first steps are those of BEFORE. */
struct sample {
    struct scenario *scenario;
    struct trace trace;
    struct trace_step steps[64];
};

static void sample_begin(struct sample *sample, const char *lines)
{
    *sample = (struct sample){.scenario = parse_lines(lines)};
    cr_assert_leq(sample->scenario->step_count, COUNT(sample->steps));
    sample->trace.steps = sample->steps;
    sample->trace.step_count = sample->scenario->step_count;
    for (unsigned i = 0; i < sample->trace.step_count; i++)
        sample->steps[i].state = TRACE_DONE;
    sample->steps[0].value = HOLE;
    sample->steps[1].value = HOLE;
    sample->trace.watches[0] = (struct trace_watch){HOLE, HOLE_SIZE, 0};
    sample->trace.watch_count = 1;
}

static void watch(struct sample *sample, uint64_t base, uint64_t size, unsigned step)
{
    sample->trace.watches[sample->trace.watch_count++] = (struct trace_watch){base, size, step};
}

/* ---- Addresses ---- */

Test(print, addresses)
{
    static const struct {
        uint64_t address;
        const char *words;
    } cases[] = {
        {0, "NULL"},
        {HOLE, "h"},
        {HOLE + 1, "h + 1"},
        {HOLE + 0x1234, "h + 0x1234"},
        {HOLE + 65536 - 1, "h + 0xffff"},
        {HOLE + 65536, "q"},
        {HOLE + 65536 + 8192, "q + 8K"},
        {HOLE + HOLE_SIZE - 1, "q + 0x2ffff"},
        {HOLE + HOLE_SIZE, "q + 192K"},
        {HOLE + HOLE_SIZE + 1, "0x7f2a40040001"},
        {HOLE - 1, "0x7f2a3fffffff"},
        {0x1000, "0x1000"},
        {0xFFFF, "0xffff"},
        {0x10000, "MIN_ADDRESS"},
        {0x11000, "MIN_ADDRESS + 4K"},
        {0x20000, "0x20000"},
        {MAX_ADDRESS, "MAX_ADDRESS"},
        {MAX_ADDRESS + 1, "MAX_ADDRESS + 1"},
        {MAX_ADDRESS + 1 - 4096, "MAX_ADDRESS + 1 - 4K"},
        {MAX_ADDRESS + 1 - 65536, "MAX_ADDRESS + 1 - 64K"},
        {MAX_ADDRESS - 65536, "0x7ffffffdffff"},
        {MAX_ADDRESS + 2, "0x7fffffff0001"},
        {UINT64_MAX, "0xffffffffffffffff"},
        {12, "0xc"},
        {13, "0xd"},
    };
    char words[64];
    struct sample sample;
    struct environment environment;
    sample_begin(&sample, "q = VirtualAlloc(h + GRANULE, 1, 2, 3)\ne = GetLastError()\nread(q)\n");
    sample.steps[2].value = HOLE + 65536;
    sample.steps[3].value = 12;
    trace_environment(sample.scenario, &sample.trace, &info, 4, &environment);
    for (size_t i = 0; i < COUNT(cases); i++) {
        format_address(&sample.trace, sample.scenario, &environment, 4, cases[i].address, words,
                       sizeof words);
        cr_expect_str_eq(words, cases[i].words, "%s, not %s", words, cases[i].words);
    }
    scenario_free(sample.scenario);
}

Test(print, an_address_that_the_step_gives_its_target)
{
    char words[64];
    struct sample sample;
    struct environment environment;
    sample_begin(&sample, "q = VirtualAlloc(NULL, 100K, 2, 3)\nread(q)\n");
    sample.steps[2].value = CHOSEN;
    watch(&sample, CHOSEN, 128u << 10, 2);
    for (unsigned step = 1; step < 4; step++) {
        trace_environment(sample.scenario, &sample.trace, &info, step, &environment);
        format_address(&sample.trace, sample.scenario, &environment, step, CHOSEN + 4096, words,
                       sizeof words);
        cr_expect_str_eq(words, step < 2 ? "0x601000" : "q + 4K");
    }
    scenario_free(sample.scenario);
}

Test(print, where_two_watches_meet)
{
    char words[64];
    struct sample sample;
    struct environment environment;
    sample_begin(&sample, "q = hole(1)\nread(q)\n");
    sample.steps[2].value = HOLE + HOLE_SIZE;
    watch(&sample, HOLE + HOLE_SIZE, 65536, 2);
    trace_environment(sample.scenario, &sample.trace, &info, 3, &environment);
    format_address(&sample.trace, sample.scenario, &environment, 3, HOLE + HOLE_SIZE, words,
                   sizeof words);
    cr_expect_str_eq(words, "q");
    scenario_free(sample.scenario);
}

/* ---- The environment ---- */

Test(print, environment)
{
    struct sample sample;
    struct environment environment;
    sample_begin(&sample,
                 "q = NtAllocateVirtualMemory(h, 0, 1, 2, 3)\np = VirtualAlloc(h, 1, 2, 3)\n"
                 "r = VirtualFree(p, 0, 1)\nread(p)\n");
    sample.steps[2].value = STATUS_CONFLICTING_ADDRESSES;
    sample.steps[2].base = HOLE + 1;
    sample.steps[3].state = TRACE_UNSUPPORTED;
    sample.steps[3].value = 7;
    sample.steps[4].value = 1;
    trace_environment(sample.scenario, &sample.trace, &info, 0, &environment);
    cr_expect_eq(environment.page, 4096);
    cr_expect_eq(environment.granule, 65536);
    cr_expect_eq(environment.address_min, 0x10000);
    cr_expect_eq(environment.address_max, MAX_ADDRESS);
    cr_expect_eq(environment.pointer_bytes, 8);
    cr_expect_eq(environment.variables[0], 0);
    trace_environment(sample.scenario, &sample.trace, &info, 3, &environment);
    cr_expect_eq(environment.variables[0], HOLE);
    cr_expect_eq(environment.variables[1], HOLE);
    cr_expect_eq(environment.variables[2], HOLE + 1);
    trace_environment(sample.scenario, &sample.trace, &info, 5, &environment);
    cr_expect_eq(environment.variables[1], 0, "a step that was not done gives nothing");
    cr_expect_eq(environment.variables[3], 1);
    scenario_free(sample.scenario);
}

/* ---- Steps ---- */

struct step_case {
    const char *line;
    struct trace_step observed;
    const char *outcome; /* what is printed after the line */
};

#define REGION(...)                                                                                \
    {                                                                                              \
        .value = 48, .region = { __VA_ARGS__ }                                                     \
    }

static const struct step_case step_cases[] = {
    {"VirtualAlloc(h, 1, 2, 3)", {.value = HOLE}, "  => h"},
    {"VirtualAlloc(NULL, 1, 2, 3)", {.value = CHOSEN}, "  => above NULL"},
    {"VirtualAlloc(h, 1, 2, 3)", {.value = 0, .error = 487}, "  => NULL ERROR_INVALID_ADDRESS"},
    {"VirtualAlloc(h, 1, 2, 3)", {.value = 0, .error = 1234}, "  => NULL 1234"},
    {"VirtualFree(p, 0, MEM_RELEASE)", {.value = 1, .error = 87}, "  => TRUE"},
    {"VirtualFree(p, 0, MEM_RELEASE)", {.error = 87}, "  => FALSE ERROR_INVALID_PARAMETER"},
    {"VirtualFree(p, 0, MEM_RELEASE)", {.value = 0x80}, "  => 0x80"},
    {"VirtualProtect(p, 1, 2)",
     {.value = 1, .old_protect = PAGE_READWRITE | PAGE_GUARD},
     "  => TRUE, OldProtect: PAGE_READWRITE | PAGE_GUARD"},
    {"VirtualProtect(p, 1, 2)",
     {.error = 87, .old_protect = TRACE_OUTPUT_FILL},
     "  => FALSE ERROR_INVALID_PARAMETER, OldProtect: untouched"},
    {"VirtualProtect(p, 1, 2)",
     {.error = 487, .old_protect = PAGE_NOACCESS},
     "  => FALSE ERROR_INVALID_ADDRESS, OldProtect: PAGE_NOACCESS"},
    {"VirtualProtect(p, 1, 2, NULL)", {.error = 998}, "  => FALSE ERROR_NOACCESS"},
    {"VirtualQuery(p)", REGION(HOLE, HOLE, 4096, PAGE_READWRITE, MEM_RESERVE, 0, MEM_PRIVATE),
     "\n    => MBI_SIZE, BaseAddress: h, AllocationBase: h, AllocationProtect: PAGE_READWRITE, "
     "RegionSize: 4K, State: MEM_RESERVE, Protect: 0, Type: MEM_PRIVATE"},
    {"VirtualQuery(p + 4K)",
     REGION(HOLE + 4096, 0, HOLE_SIZE - 4096, 0, MEM_FREE, PAGE_NOACCESS, 0),
     "\n    => MBI_SIZE, BaseAddress: h + 4K, AllocationBase: NULL, AllocationProtect: 0, "
     "RegionSize: 252K, State: MEM_FREE, Protect: PAGE_NOACCESS, Type: 0"},
    {"VirtualQuery(p + 4K)", REGION(HOLE + 4096, 0, HOLE_SIZE, 0, MEM_FREE, PAGE_NOACCESS, 0),
     "\n    => MBI_SIZE, BaseAddress: h + 4K, AllocationBase: NULL, AllocationProtect: 0, "
     "State: MEM_FREE, Protect: PAGE_NOACCESS, Type: 0"},
    {"VirtualQuery(0x30000)", REGION(CHOSEN, CHOSEN, 8192, 4, MEM_COMMIT, 4, MEM_IMAGE),
     "\n    => MBI_SIZE, AllocationProtect: PAGE_READWRITE, RegionSize: 8K, State: MEM_COMMIT, "
     "Protect: PAGE_READWRITE, Type: MEM_IMAGE"},
    {"VirtualQuery(p, 1)", {.error = ERROR_BAD_LENGTH}, "  => 0 ERROR_BAD_LENGTH"},
    {"GetSystemInfo()",
     {.info =
          {.page_size = 4096, .granule = 65536, .address_min = 65536, .address_max = MAX_ADDRESS}},
     "\n    => PageSize: 4K, AllocationGranularity: 64K, MinimumApplicationAddress: MIN_ADDRESS, "
     "MaximumApplicationAddress: MAX_ADDRESS"},
    {"GetLastError()", {.value = 8}, "  => ERROR_NOT_ENOUGH_MEMORY"},
    {"SetLastError(8)", {.value = 0}, ""},
    {"commit_limit(1M)", {.value = 1}, ""},
    {"NtAllocateVirtualMemory(h + 1, 0, 1, 2, 3)",
     {.base = HOLE, .size = 8192},
     "  => STATUS_SUCCESS, BaseAddress: h, RegionSize: 8K"},
    {"NtAllocateVirtualMemory(0, 0, 1, 2, 3)",
     {.base = CHOSEN, .size = 4096},
     "  => STATUS_SUCCESS, RegionSize: 4K"},
    {"NtAllocateVirtualMemory(h, 0, 1, 2, 3)",
     {.value = STATUS_CONFLICTING_ADDRESSES, .base = HOLE, .size = 1},
     "  => STATUS_CONFLICTING_ADDRESSES"},
    {"NtFreeVirtualMemory(h, 0, 1)", {.value = 0xC0001234}, "  => 0xc0001234"},
    {"NtFreeVirtualMemory(h, 0, 1)",
     {.base = HOLE, .size = 0},
     "  => STATUS_SUCCESS, BaseAddress: h, RegionSize: 0"},
    {"NtProtectVirtualMemory(h, 1, 2)",
     {.base = HOLE, .size = 4096, .old_protect = 4},
     "\n    => STATUS_SUCCESS, BaseAddress: h, RegionSize: 4K, OldProtect: PAGE_READWRITE"},
    {"NtProtectVirtualMemory(h, 1, 2)",
     {.value = STATUS_NOT_COMMITTED, .old_protect = TRACE_OUTPUT_FILL},
     "  => STATUS_NOT_COMMITTED, OldProtect: untouched"},
    {"NtProtectVirtualMemory(h, 1, 2, NULL)",
     {.value = STATUS_ACCESS_VIOLATION},
     "  => STATUS_ACCESS_VIOLATION"},
    {"NtQueryVirtualMemory(h, 1)",
     {.value = STATUS_INFO_LENGTH_MISMATCH},
     "  => STATUS_INFO_LENGTH_MISMATCH"},
    {"NtQueryVirtualMemory(h)",
     {.region = {HOLE, HOLE, 4096, 4, MEM_COMMIT, 4, MEM_PRIVATE}},
     "\n    => STATUS_SUCCESS, BaseAddress: h, AllocationBase: h, AllocationProtect: "
     "PAGE_READWRITE, RegionSize: 4K, State: MEM_COMMIT, Protect: PAGE_READWRITE, Type: "
     "MEM_PRIVATE"},
    {"read(p)", {.runs = {{0, 1}}, .run_count = 1}, "  => bytes 0"},
    {"read(p, 8K)",
     {.runs = {{0x61, 1}, {0, 4096}, {9, 2}}, .run_count = 3},
     "  => bytes 0x61, 0 * 4K, 9 * 2"},
    {"read(p, 1M)",
     {.runs = {{1, 1}}, .run_count = 1, .runs_cut = true},
     "  => RETURNED  # bytes in more rows than are kept"},
    {"read(p, 0)", {.touched = 0}, "  => RETURNED"},
    {"read(p, 8K)",
     {.runs = {{0, 4096}}, .run_count = 1, .exception = {STATUS_ACCESS_VIOLATION, 0, HOLE + 4096}},
     "  => ACCESS_VIOLATION read h + 4K"},
    {"write(p, 1)",
     {.exception = {STATUS_GUARD_PAGE_VIOLATION, 1, HOLE}},
     "  => GUARD_PAGE_VIOLATION write h"},
    {"write(p, 1)", {.touched = 1}, "  => RETURNED"},
    {"code(p)", {.exception = {0xC0000006, 1, CHOSEN}}, "  => 0xC0000006 write 0x600000"},
    {"execute(p)",
     {.exception = {STATUS_ACCESS_VIOLATION, 8, 0}},
     "  => ACCESS_VIOLATION execute NULL"},
    {"execute(p)", {.touched = 0}, "  => RETURNED"},
};

static const char *outcome_of(const struct sample *sample, char *buffer, size_t capacity)
{
    size_t length =
        print_step(sample->scenario, &sample->trace, &info, BEFORE_STEPS, buffer, capacity);
    cr_expect_eq(length, strlen(buffer));
    return buffer + strlen(sample->scenario->steps[BEFORE_STEPS].text);
}

/* What is printed parses, and with the same trace prints again as it is. */
static void check_round_trip(const struct sample *sample)
{
    char whole[8192], again[8192];
    size_t at = print_header(sample->scenario, whole, sizeof whole);
    print_trace(sample->scenario, &sample->trace, &info, sample->trace.step_count, whole + at,
                sizeof whole - at);
    struct scenario *scenario = parse_text(whole);
    cr_assert_eq(scenario->step_count, sample->scenario->step_count);
    at = print_header(scenario, again, sizeof again);
    print_trace(scenario, &sample->trace, &info, sample->trace.step_count, again + at,
                sizeof again - at);
    cr_expect_str_eq(again, whole);
    scenario_free(scenario);
}

Test(print, steps)
{
    char printed[1024];
    for (size_t i = 0; i < COUNT(step_cases); i++) {
        const struct step_case *it = &step_cases[i];
        struct sample sample;
        sample_begin(&sample, it->line);
        sample.steps[BEFORE_STEPS] = it->observed;
        sample.steps[BEFORE_STEPS].state = TRACE_DONE;
        const char *outcome = outcome_of(&sample, printed, sizeof printed);
        cr_expect_str_eq(outcome, it->outcome, "%s\nis:  %s\nnot: %s", it->line, outcome,
                         it->outcome);
        check_round_trip(&sample);
        scenario_free(sample.scenario);
    }
}

Test(print, steps_that_were_not_done)
{
    static const struct {
        enum trace_state state;
        const char *outcome;
    } cases[] = {
        {TRACE_NOT_REACHED, "  # not reached"},
        {TRACE_ANNOUNCED, "  # did not come back"},
        {TRACE_UNSUPPORTED, "  # unsupported"},
        {TRACE_IMPOSSIBLE, "  # impossible: two?lines, ? and ?? "},
    };
    char printed[256];
    struct sample sample;
    sample_begin(&sample, "read(p)\n");
    snprintf(sample.steps[2].problem, SUBJECT_TEXT_MAX, "two\nlines, \x7F and \xC3\xA9 ");
    for (size_t i = 0; i < COUNT(cases); i++) {
        sample.steps[2].state = cases[i].state;
        cr_expect_str_eq(outcome_of(&sample, printed, sizeof printed), cases[i].outcome);
        check_round_trip(&sample);
    }
    scenario_free(sample.scenario);
}

/* ---- Whole traces ---- */

static const char whole_lines[] =
    "each s in 1, PAGE - 1\n  q = VirtualAlloc(NULL, s * 2,\n    MEM_COMMIT, PAGE_READWRITE)\n"
    "  write(q + 1, 0x61)\n  read(q, 4)\nend\nVirtualFree(p, 0, MEM_RELEASE)  => TRUE\n";

static const char whole_printed[] =
    "scenario \"T\"\nrules    R\nsource   \"S\"\n"
    "h = hole(4 * GRANULE)\n"
    "p = VirtualAlloc(h, PAGE, MEM_RESERVE, 4)  => h\n"
    "q = VirtualAlloc(NULL, 1 * 2, MEM_COMMIT, PAGE_READWRITE)  => above NULL\n"
    "write(q + 1, 0x61)  => RETURNED\n"
    "read(q, 4)  => bytes 0, 0x61, 0 * 2\n"
    "q = VirtualAlloc(NULL, (PAGE - 1) * 2, MEM_COMMIT, PAGE_READWRITE)  => above NULL\n"
    "write(q + 1, 0x61)  => ACCESS_VIOLATION write q + 1\n"
    "read(q, 4)  # did not come back\n"
    "VirtualFree(p, 0, MEM_RELEASE)  # not reached\n";

static void fill_whole(struct sample *sample)
{
    const struct trace_step bytes = {
        .state = TRACE_DONE, .runs = {{0, 1}, {0x61, 1}, {0, 2}}, .run_count = 3};
    sample_begin(sample, whole_lines);
    sample->steps[2].value = CHOSEN;
    watch(sample, CHOSEN, 65536, 2);
    sample->steps[4] = bytes;
    sample->steps[5].value = CHOSEN + 65536;
    watch(sample, CHOSEN + 65536, 65536, 5);
    sample->steps[6].exception =
        (struct subject_exception){STATUS_ACCESS_VIOLATION, 1, CHOSEN + 65536 + 1};
    sample->steps[7].state = TRACE_ANNOUNCED;
    sample->steps[8].state = TRACE_NOT_REACHED;
}

Test(print, a_whole_trace)
{
    char printed[2048];
    struct sample sample;
    fill_whole(&sample);
    size_t at = print_header(sample.scenario, printed, sizeof printed);
    size_t length =
        print_trace(sample.scenario, &sample.trace, &info, 100, printed + at, sizeof printed - at);
    cr_expect_str_eq(printed, whole_printed);
    cr_expect_eq(at + length, strlen(whole_printed));
    check_round_trip(&sample);
    scenario_free(sample.scenario);
}

Test(print, the_first_steps_alone)
{
    char printed[256];
    struct sample sample;
    fill_whole(&sample);
    print_trace(sample.scenario, &sample.trace, &info, 2, printed, sizeof printed);
    cr_expect_str_eq(printed, "h = hole(4 * GRANULE)\n"
                              "p = VirtualAlloc(h, PAGE, MEM_RESERVE, 4)  => h\n");
    cr_expect_eq(print_trace(sample.scenario, &sample.trace, &info, 0, printed, 1), 0);
    scenario_free(sample.scenario);
}

/* Whatever room there is, no byte is written past it, and the length says what is missing. */
Test(print, little_room)
{
    char printed[1024], whole[1024];
    struct sample sample;
    fill_whole(&sample);
    size_t length = print_trace(sample.scenario, &sample.trace, &info, 9, whole, sizeof whole);
    cr_expect_eq(print_trace(sample.scenario, &sample.trace, &info, 9, NULL, 0), length);
    for (size_t room = 1; room <= length + 1; room++) {
        memset(printed, '!', sizeof printed);
        cr_assert_eq(print_trace(sample.scenario, &sample.trace, &info, 9, printed, room), length);
        cr_assert_eq(strlen(printed), room - 1);
        cr_assert_eq(memcmp(printed, whole, room - 1), 0);
        cr_assert_eq(printed[room], '!');
    }
    scenario_free(sample.scenario);
}

Test(print, header)
{
    static const char text[] = "scenario \"A \\\"T\\\" \\\\\"\nrules    R S\nsource   \"one\"\n"
                               "source   \"two\"\nprofiles windows-10-*, b\nread(0) => RETURNED\n";
    char printed[256], whole[300];
    struct scenario *scenario = parse_text(text);
    size_t length = print_header(scenario, printed, sizeof printed);
    snprintf(whole, sizeof whole, "%sread(0) => RETURNED\n", printed);
    cr_expect_eq(length, strlen(printed));
    cr_expect_str_eq(whole, text);
    scenario_free(scenario);
}

/* ---- Calls with numbers ---- */

Test(print, calls_with_numbers)
{
    static const struct {
        const char *line, *call;
    } cases[] = {
        {"VirtualAlloc(h + 8192, 62K, MEM_RESERVE, PAGE_READWRITE)",
         "VirtualAlloc(0x7f2a40002000, 0xf800, MEM_RESERVE, PAGE_READWRITE)"},
        {"VirtualAlloc(NULL, 1, 0x3000, 0x104)",
         "VirtualAlloc(NULL, 1, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE | PAGE_GUARD)"},
        {"VirtualProtect(p, 0, 0, NULL)", "VirtualProtect(0x7f2a40000000, 0, 0, NULL)"},
        {"NtAllocateVirtualMemory(-1, 21, 1, 0, 0)",
         "NtAllocateVirtualMemory(0xffffffffffffffff, 0x15, 1, 0, 0)"},
        {"VirtualFree(p, SIZE_MAX, MEM_DECOMMIT | MEM_RELEASE)",
         "VirtualFree(0x7f2a40000000, 0xffffffffffffffff, MEM_DECOMMIT | MEM_RELEASE)"},
        {"SetLastError(487)", "SetLastError(ERROR_INVALID_ADDRESS)"},
        {"GetSystemInfo()", "GetSystemInfo()"},
        {"write(p, 0x61, PAGE)", "write(0x7f2a40000000, 0x61, 0x1000)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char call[256];
        struct sample sample;
        struct environment environment;
        sample_begin(&sample, cases[i].line);
        trace_environment(sample.scenario, &sample.trace, &info, BEFORE_STEPS, &environment);
        print_call_with_numbers(&sample.scenario->steps[BEFORE_STEPS], &environment, call,
                                sizeof call);
        cr_expect_str_eq(call, cases[i].call);
        scenario_free(sample.scenario);
    }
}
