/* The executor, on the model and on backends that lack or distort something. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "pagelaw/profile.h"
#include "suite/model_backend.h"
#include "suite/run.h"

#define HEAD "scenario \"t\"\nrules VA-ALIGN-BASE\nsource \"none\"\n"

/* What an execution said, and the trace that the reader makes of it. */
struct result {
    struct scenario *scenario;
    char said[1 << 16];
    size_t length;
    struct trace_reader *reader;
    struct trace *trace;
};

static struct result *running; /* for the backends that look at what was said so far */

static void hear(void *user, const char *line, size_t length)
{
    struct result *result = user;
    cr_assert_eq(line[length - 1], '\n');
    if (result->length + length < sizeof result->said) {
        memcpy(result->said + result->length, line, length);
        result->length += length;
    }
    trace_reader_line(result->reader, line, length - 1);
}

/* On the backend, or on the model if it is NULL. */
static struct result *execute(const char *profile, const struct backend *backend, const char *text)
{
    struct result *result = calloc(1, sizeof *result);
    struct line_sink sink = {hear, result};
    struct scenario_error error = {0};
    struct subject_info info = {0};
    char words[128];
    running = result;
    result->scenario = scenario_parse("test", text, strlen(text), &error);
    cr_assert_not_null(result->scenario, "%d:%d: %s", error.line, error.column, error.message);
    result->reader = trace_reader_create(result->scenario);
    model_backend_set_profile(pagelaw_profile_find(profile));
    cr_assert(model_backend.start(&info, words, sizeof words));
    execute_scenario(result->scenario, backend ? backend : &model_backend, &info, &sink);
    result->trace = trace_reader_finish(result->reader);
    cr_assert_eq(result->trace->end, TRACE_COMPLETE, "%s", result->trace->why);
    return result;
}

static void discard(struct result *result)
{
    trace_free(result->trace);
    scenario_free(result->scenario);
    free(result);
}

static struct result *execute_x64(const struct backend *backend, const char *text)
{
    return execute("windows-11-x64", backend, text);
}

Test(execute, a_story_is_told_line_by_line)
{
    static const char told[] = "begin 0\n"
                               "done 0 value 10000\n"
                               "watch 10000 20000\n"
                               "map 1\n"
                               "region 20000 0 0 10000 1 0\n"
                               "begin 1\n"
                               "done 1 value 10000 error 0\n"
                               "map 2\n"
                               "region 1000 10000 4 1000 4 20000\n"
                               "region 1f000 0 0 10000 1 0\n"
                               "begin 2\n"
                               "done 2 exception 0 0 0 touched 2\n"
                               "map same\n"
                               "begin 3\n"
                               "done 3 exception c0000005 0 11000 touched 1000 run 61 2 run 0 ffe\n"
                               "map same\n"
                               "begin 4\n"
                               "done 4 value 1 error 0 old_protect 4\n"
                               "map 2\n"
                               "region 1000 10000 4 1000 2 20000\n"
                               "region 1f000 0 0 10000 1 0\n"
                               "begin 5\n"
                               "done 5 value 0 error 57 old_protect deadbeef\n";
    struct result *result = execute_x64(
        NULL, HEAD "h = hole(PAGE + GRANULE)\n"
                   "VirtualAlloc(h, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"
                   "write(h, 0x61, 2)\n"
                   "read(h, 5000)\n"
                   "VirtualProtect(h, PAGE, PAGE_READONLY)\n"
                   "VirtualProtect(h, PAGE, 0)\n");
    cr_assert_eq(strncmp(result->said, told, strlen(told) - strlen("deadbeef\n")), 0, "%s",
                 result->said);
    discard(result);
}

Test(execute, the_nt_floor_gives_the_base_to_its_target)
{
    struct result *result = execute_x64(
        NULL, HEAD "p = NtAllocateVirtualMemory(NULL, 0, 5000, MEM_RESERVE, PAGE_READWRITE) => ?\n"
                   "NtQueryVirtualMemory(p)\n"
                   "NtFreeVirtualMemory(p, 0, MEM_RELEASE)\n");
    const struct trace_step *steps = result->trace->steps;
    cr_assert_eq(steps[0].value, STATUS_SUCCESS);
    cr_assert_eq(steps[0].size, 8192);
    cr_assert_eq(result->trace->watches[0].base, steps[0].base);
    cr_assert_eq(result->trace->watches[0].size, 65536);
    cr_assert_eq(steps[1].region.allocation_base, steps[0].base);
    cr_assert_eq(steps[2].value, STATUS_SUCCESS);
    discard(result);
}

/* ---- What a backend lacks -------------------------------------------------------------------- */

Test(execute, a_missing_function_and_what_hangs_on_it_are_unsupported)
{
    struct backend backend = model_backend;
    backend.nt_allocate = NULL;
    backend.set_commit_limit = NULL;
    struct result *result =
        execute_x64(&backend, HEAD
                    "p = NtAllocateVirtualMemory(NULL, 0, 4096, MEM_RESERVE, PAGE_READWRITE) => ?\n"
                    "read(1 + p * 2)\n"
                    "q = VirtualAlloc(p, 4096, MEM_RESERVE, PAGE_READWRITE)\n"
                    "VirtualFree(-q, 0, MEM_RELEASE)\n"
                    "commit_limit(1M)\n"
                    "GetLastError()\n");
    for (int i = 0; i < 5; i++)
        cr_assert_eq(result->trace->steps[i].state, TRACE_UNSUPPORTED, "step %d", i);
    cr_assert_eq(result->trace->steps[5].state, TRACE_DONE);
    discard(result);
}

Test(execute, a_backend_with_nothing_is_unsupported_at_every_step)
{
    static const struct backend nothing = {.name = "nothing"};
    struct result *result = execute_x64(
        &nothing, HEAD "hole(1)\ncommit_limit(1)\nVirtualAlloc(NULL, 1, 0x2000, 4) => ?\n"
                       "VirtualFree(NULL, 0, 0x8000)\nVirtualProtect(NULL, 1, 4)\n"
                       "VirtualQuery(NULL)\nGetSystemInfo()\nGetLastError()\nSetLastError(1)\n"
                       "NtAllocateVirtualMemory(NULL, 0, 1, 0x2000, 4)\n"
                       "NtFreeVirtualMemory(NULL, 0, 0x8000)\nNtProtectVirtualMemory(NULL, 1, 4)\n"
                       "NtQueryVirtualMemory(NULL)\nread(NULL)\nwrite(NULL, 1)\ncode(NULL)\n"
                       "execute(NULL)\n");
    for (unsigned i = 0; i < result->trace->step_count; i++)
        cr_assert_eq(result->trace->steps[i].state, TRACE_UNSUPPORTED, "step %u", i);
    discard(result);
}

static uint64_t query_of_no_size(uint64_t address, struct subject_region *region, uint64_t length)
{
    *region = (struct subject_region){.base = address, .state = MEM_FREE};
    return length;
}

Test(execute, a_query_that_lies_gives_no_map)
{
    struct backend backend = model_backend;
    backend.virtual_query = query_of_no_size;
    struct result *result = execute_x64(
        &backend, HEAD "p = VirtualAlloc(NULL, 4096, MEM_RESERVE, PAGE_READWRITE) => ?\n"
                       "h = hole(GRANULE)\n");
    cr_assert_not(result->trace->steps[0].has_map);
    cr_assert_eq(result->trace->steps[1].state, TRACE_DONE);
    discard(result);
}

static uint64_t query_page_by_page(uint64_t address, struct subject_region *region, uint64_t length)
{
    *region = (struct subject_region){.base = address, .size = 4096, .state = MEM_FREE};
    return length;
}

static uint64_t query_of_one_taken_page(uint64_t address, struct subject_region *region,
                                        uint64_t length)
{
    query_page_by_page(address, region, length);
    if (address % 0x10000 == 0x5000)
        region->state = MEM_RESERVE;
    return length;
}

Test(execute, a_hole_may_be_told_in_pieces_and_is_none_if_one_is_taken)
{
    struct backend backend = model_backend;
    backend.virtual_query = query_page_by_page;
    struct result *result = execute_x64(&backend, HEAD "h = hole(GRANULE)\nVirtualQuery(h) => ?\n");
    cr_assert_eq(result->trace->steps[0].state, TRACE_DONE);
    discard(result);
    backend.virtual_query = query_of_one_taken_page;
    result = execute_x64(&backend, HEAD "h = hole(GRANULE)\nVirtualQuery(h) => ?\n");
    cr_assert_eq(result->trace->steps[0].state, TRACE_IMPOSSIBLE);
    cr_assert_not_null(strstr(result->trace->steps[0].problem, "is not free after its release"));
    discard(result);
}

/* ---- The last error -------------------------------------------------------------------------- */

static uint64_t query_that_fails_inside(uint64_t address, struct subject_region *region,
                                        uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    model_backend.set_last_error(ERROR_NOACCESS);
    return written;
}

Test(execute, the_harness_does_not_show_in_the_last_error)
{
    struct backend backend = model_backend;
    backend.virtual_query = query_that_fails_inside;
    struct result *result = execute_x64(&backend, HEAD "GetLastError() => 0\n"
                                                       "h = hole(GRANULE)\n"
                                                       "GetLastError() => 0\n"
                                                       "VirtualAlloc(h, 4096, MEM_RESERVE, 0)\n"
                                                       "read(h)\n"
                                                       "GetLastError()\n"
                                                       "SetLastError(5)\n"
                                                       "VirtualFree(h, 4096, MEM_DECOMMIT)\n"
                                                       "GetLastError()\n"
                                                       "VirtualQuery(h)\n"
                                                       "GetLastError()\n");
    const struct trace_step *steps = result->trace->steps;
    cr_assert_eq(steps[0].value, 0);
    cr_assert_eq(steps[2].value, 0);
    cr_assert_eq(steps[3].error, ERROR_INVALID_PARAMETER);
    cr_assert_eq(steps[5].value, ERROR_INVALID_PARAMETER);
    cr_assert_eq(steps[6].error, 5);
    cr_assert_eq(steps[8].value, steps[7].error);
    cr_assert_eq(steps[10].value, ERROR_NOACCESS); /* the scenario's own query left it */
    discard(result);
}

/* ---- Announcements, holes, watches, touches -------------------------------------------------- */

static uint64_t alloc_that_listens(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    cr_assert_gt(running->length, 8);
    cr_assert_eq(strncmp(running->said + running->length - 8, "begin 1\n", 8), 0);
    return model_backend.virtual_alloc(address, size, type, protect);
}

Test(execute, a_step_is_announced_before_it_is_made)
{
    struct backend backend = model_backend;
    backend.virtual_alloc = alloc_that_listens;
    discard(execute_x64(&backend, HEAD "GetLastError() => ?\n"
                                       "VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_READWRITE)\n"));
}

Test(execute, holes_are_apart_and_free)
{
    struct result *result =
        execute_x64(NULL, HEAD "a = hole(1)\nb = hole(5 * GRANULE)\nc = hole(PAGE)\n"
                               "VirtualQuery(b) => ?\n"
                               "hole(0)\nhole(SIZE_MAX)\nhole(SIZE_MAX / 2)\n");
    const struct trace *trace = result->trace;
    cr_assert_eq(trace->watch_count, 3);
    cr_assert_eq(trace->watches[0].size, 65536);
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < i; k++)
            cr_assert(trace->watches[i].base >= trace->watches[k].base + trace->watches[k].size ||
                      trace->watches[k].base >= trace->watches[i].base + trace->watches[i].size);
    cr_assert_eq(trace->steps[3].region.state, MEM_FREE);
    for (unsigned i = 4; i < 7; i++)
        cr_assert_eq(trace->steps[i].state, TRACE_IMPOSSIBLE);
    discard(result);
}

Test(execute, there_are_only_so_many_watches)
{
    char text[8192] = HEAD "GetLastError() => ?\n";
    for (unsigned i = 0; i < TRACE_WATCHES_MAX + 5; i++)
        strcat(text, "VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_READWRITE)\n");
    struct result *result = execute_x64(NULL, text);
    const struct trace *trace = result->trace;
    cr_assert_eq(trace->watch_count, TRACE_WATCHES_MAX);
    cr_assert_eq(trace->steps[trace->step_count - 1].state, TRACE_DONE);
    cr_assert_eq(trace->steps[trace->step_count - 1].watch_count, TRACE_WATCHES_MAX);
    discard(result);
}

Test(execute, only_what_reserves_outside_all_watches_is_watched)
{
    struct result *result = execute_x64(
        NULL, HEAD "h = hole(4 * GRANULE)\n"
                   "VirtualAlloc(h, 1, MEM_RESERVE, PAGE_READWRITE)\n"
                   "VirtualAlloc(h, 1, MEM_COMMIT, PAGE_READWRITE)\n"
                   "VirtualAlloc(h + 64 * GRANULE, 1, MEM_RESERVE, PAGE_READWRITE) => ?\n"
                   "VirtualAlloc(h, 1, MEM_RESERVE, PAGE_READWRITE)\n");
    cr_assert_eq(result->trace->watch_count, 2);
    cr_assert_eq(result->trace->watches[1].step, 3);
    discard(result);
}

Test(execute, long_and_motley_reads_are_bounded)
{
    char text[4096] =
        HEAD "p = VirtualAlloc(NULL, GRANULE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => ?\n"
             "each i in 1, 3, 5, 7, 9, 11, 13, 15, 17\nwrite(p + i, i)\nend\n"
             "read(p, 100)\nread(p, 17M)\nwrite(p, 0, 17M)\nread(p, 0)\n";
    struct result *result = execute_x64(NULL, text);
    const struct trace_step *read = &result->trace->steps[10];
    cr_assert_eq(read->touched, 100);
    cr_assert_eq(read->run_count, TRACE_RUNS_MAX);
    cr_assert(read->runs_cut);
    cr_assert_eq(read[1].state, TRACE_IMPOSSIBLE);
    cr_assert_eq(read[2].state, TRACE_IMPOSSIBLE);
    cr_assert_eq(read[3].state, TRACE_DONE);
    cr_assert_eq(read[3].touched, 0);
    discard(result);
}

Test(execute, code_is_written_and_executed)
{
    struct result *result = execute_x64(
        NULL, HEAD "p = VirtualAlloc(NULL, 1, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE)"
                   " => ?\ncode(p)\nexecute(p)\nread(p)\nexecute(p + GRANULE)\n");
    const struct trace_step *steps = result->trace->steps;
    cr_assert_eq(steps[1].touched, 1);
    cr_assert_eq(steps[2].exception.code, 0);
    cr_assert_eq(steps[3].runs[0].value, 0xc3);
    cr_assert_eq(steps[4].exception.access, 8);
    discard(result);
}

Test(execute, addresses_wrap_at_the_subjects_pointer_size)
{
    struct result *result =
        execute("windows-10-x86", NULL, HEAD "read(SIZE_MAX, 2) => ?\nread(0 - 1)\n");
    cr_assert_eq(result->trace->steps[0].exception.address, 0xffffffff);
    cr_assert_eq(result->trace->steps[1].exception.address, 0xffffffff);
    discard(result);
}
