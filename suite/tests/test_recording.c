/* Judging what was recorded elsewhere: logs of Wine, and traces in the scenario language. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/profile.h"
#include "recording/ranges.h"
#include "started.h"
#include "suite/recording.h"
#include "suite/scenario.h"

#define T "0028:002c:trace:virtual:"
#define OWN "0xffffffffffffffff "
#define ALLOCATE(rest) T "NtAllocateVirtualMemory " OWN rest "\n"
#define FREE(rest) T "NtFreeVirtualMemory " OWN rest "\n"
#define PROTECT(rest) T "NtProtectVirtualMemory " OWN rest "\n"
#define VIEW(rest) T "dump_view View: " rest "\n"
#define ROW(rest) T "dump_view       " rest "\n"
#define CALL(rest) "0028:002c:Call ntdll." rest " ret=7b03ff20\n"
#define RET(rest) "0028:002c:Ret  ntdll." rest " ret=7b03ff20\n"

/* Two pages reserved at 0x10000, and the first of them committed. */
#define RESERVED                                                                                   \
    ALLOCATE("(nil) 00002000 2000 00000004")                                                       \
    T "map_view got mem in reserved area 0x10000-0x12000\n" VIEW("0x10000 - 0x11fff (valloc)")     \
        ROW("0x10000 - 0x11fff --rw-")
#define COMMITTED                                                                                  \
    RESERVED ALLOCATE("0x10000 00001000 1000 00000004") VIEW("0x10000 - 0x11fff (valloc)")         \
        ROW("0x10000 - 0x10fff c-rw-") ROW("0x11000 - 0x11fff --rw-")

struct row {
    const char *log;
    unsigned agree, differ, unseen;
    const char *word; /* the rule of the first difference, or the first reason; NULL: none */
};

static const struct pagelaw_profile *profile(void)
{
    return pagelaw_profile_find("windows-11-x64");
}

static void read_wine(struct recording *recording, const char *log,
                      struct recording_skipped *skipped)
{
    struct wine_reader *reader = wine_reader_begin(recording);
    while (*log != '\0') {
        size_t length = strcspn(log, "\n");
        cr_assert(wine_reader_line(reader, log, length));
        log += length + (log[length] == '\n');
    }
    cr_assert(wine_reader_end(reader, skipped));
}

static void check_counts(const struct row *row, struct recording *recording)
{
    struct recording_counts counts;
    size_t count;
    struct result_scenario *results = recording_results(recording, &count);
    recording_count(recording, &counts);
    const char *word = counts.reason_count != 0 ? counts.reasons[0].reason : "";
    for (size_t i = 0; i < count; i++) {
        if (results[i].difference_count != 0)
            word = results[i].differences[0].findings[0].rule.id;
    }
    cr_assert(counts.agree == row->agree && counts.differ == row->differ &&
                  counts.unseen == row->unseen && (row->word == NULL || strstr(word, row->word)),
              "%s%d agree, %d differ, %d unseen: %s", row->log, (int)counts.agree,
              (int)counts.differ, (int)counts.unseen, word);
    free(results);
}

static void check_wine(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct recording *recording = recording_begin("log", profile(), false);
        struct recording_skipped skipped;
        read_wine(recording, rows[i].log, &skipped);
        check_counts(&rows[i], recording);
        recording_free(recording);
    }
}

#define CHECK_WINE(...)                                                                            \
    do {                                                                                           \
        static const struct row rows[] = {__VA_ARGS__};                                            \
        check_wine(rows, sizeof rows / sizeof *rows);                                              \
    } while (0)

Test(recording, what_wine_did_right_agrees)
{
    CHECK_WINE(
        {RESERVED, 1, 0, 0, NULL}, {COMMITTED, 2, 0, 0, NULL},
        {COMMITTED PROTECT("0x10fff 00000001 00000002") VIEW("0x10000 - 0x11fff (valloc)")
             ROW("0x10000 - 0x10fff c-r--") ROW("0x11000 - 0x11fff --rw-"),
         3, 0, 0, NULL},
        {CALL("NtAllocateVirtualMemory(ffffffffffffffff,0021f5e8,00000000,0021f5e0,1000,00000099)")
             ALLOCATE("(nil) 00001000 1000 00000099")
                 RET("NtAllocateVirtualMemory() retval=c0000045"),
         1, 0, 0, NULL},
        {COMMITTED CALL("NtFreeVirtualMemory(ffffffffffffffff,0021f5e8,0021f5e0,00008000)")
             FREE("0x10000 00000000 8000") RET("NtFreeVirtualMemory() retval=00000000") RESERVED,
         4, 0, 0, NULL});
}

Test(recording, what_wine_did_wrong_is_named_by_its_rule)
{
    CHECK_WINE(
        {ALLOCATE("(nil) 00001001 2000 00000004") VIEW("0x10000 - 0x10fff (valloc)")
             ROW("0x10000 - 0x10fff --rw-"),
         0, 1, 0, "VA-ROUND-SIZE-NULL"},
        {ALLOCATE("(nil) 00001000 2000 00000004") VIEW("0x11000 - 0x11fff (valloc)")
             ROW("0x11000 - 0x11fff --rw-"),
         0, 1, 0, "SYS-GRAN"},
        {RESERVED ALLOCATE("0x10000 00001000 1000 00000004") VIEW("0x10000 - 0x11fff (valloc)")
             ROW("0x10000 - 0x11fff c-rw-"),
         1, 1, 0, "VA-"},
        {COMMITTED PROTECT("0x10000 00001000 00000002") VIEW("0x10000 - 0x11fff (valloc)")
             ROW("0x10000 - 0x10fff c-rw-") ROW("0x11000 - 0x11fff --rw-"),
         2, 1, 0, "VP-"},
        {CALL("NtAllocateVirtualMemory(ffffffffffffffff,0021f5e8,00000000,0021f5e0,1000,00000099)")
             ALLOCATE("(nil) 00001000 1000 00000099")
                 RET("NtAllocateVirtualMemory() retval=00000000"),
         0, 1, 0, "PR-ONE-BASE"},
        {COMMITTED CALL("NtFreeVirtualMemory(ffffffffffffffff,0021f5e8,0021f5e0,00008000)")
             FREE("0x11000 00000000 8000") RET("NtFreeVirtualMemory() retval=00000000"),
         2, 1, 0, "VF-RELEASE-BASE"});
}

Test(recording, what_a_log_does_not_tell_is_counted_with_its_reason)
{
    CHECK_WINE({RESERVED FREE("0x10000 00000000 8000"), 1, 0, 1, "how the call ended"},
               {PROTECT("0x70000 00001000 00000002") VIEW("0x70000 - 0x70fff (valloc)")
                    ROW("0x70000 - 0x70fff c-r--"),
                0, 0, 1, "not allocated within"},
               {T "NtFreeVirtualMemory 0x44 0x10000 00000000 8000\n", 0, 0, 1, "another process's"},
               {T "NtQueryVirtualMemory (" OWN ", 0x170000000, info_class=1000, 0x17, 8, (nil))\n",
                0, 0, 1, "another class"},
               {COMMITTED ALLOCATE(
                    "0x10000 00001000 1000 00000004") "0028:0030:"
                                                      "trace:virtual:NtAllocateVirtualMemory " OWN
                                                      "0x20000 1000 3000 04\n"
                                                      "0028:0030:"
                                                      "trace:virtual:dump_view View: 0x20000 - "
                                                      "0x20fff (valloc)\n"
                                                      "0028:0030:"
                                                      "trace:virtual:dump_view       0x20000 - "
                                                      "0x20fff c-rw-\n"
                                                      "0028:0030:"
                                                      "Call ntdll.X() ret=1\n",
                3, 0, 1, "another thread's call came between"});
}

Test(recording, a_shown_allocation_is_known_from_then_on)
{
    CHECK_WINE({VIEW("0x70000 - 0x71fff (valloc)") ROW("0x70000 - 0x71fff c-rw-")
                    PROTECT("0x70000 00001000 00000002") VIEW("0x70000 - 0x71fff (valloc)")
                        ROW("0x70000 - 0x71fff c-r--"),
                0, 1, 0, "VP-"});
}

Test(recording, a_view_may_be_copied_at_a_write)
{
    CHECK_WINE({VIEW("0x70000 - 0x71fff (image)") ROW("0x70000 - 0x71fff c-r--")
                    PROTECT("0x70000 00001000 00000004") VIEW("0x70000 - 0x71fff (image)")
                        ROW("0x70000 - 0x70fff c-rW-") ROW("0x71000 - 0x71fff c-r--"),
                1, 0, 0, NULL},
               {VIEW("0x70000 - 0x71fff (image)") ROW("0x70000 - 0x71fff c-r--")
                    PROTECT("0x70000 00001000 00000004") VIEW("0x70000 - 0x71fff (image)")
                        ROW("0x70000 - 0x71fff c-rW-"),
                0, 1, 0, "VP-"});
}

Test(recording, a_guard_may_have_been_hit_unseen)
{
    CHECK_WINE({ALLOCATE("(nil) 00002000 3000 00000104") VIEW("0x10000 - 0x11fff (valloc)")
                    ROW("0x10000 - 0x11fff cgrw-") PROTECT("0x11000 00001000 00000002")
                        VIEW("0x10000 - 0x11fff (valloc)") ROW("0x10000 - 0x10fff c-rw-")
                            ROW("0x11000 - 0x11fff c-r--"),
                2, 0, 0, NULL});
}

Test(recording, processes_are_apart_and_numbers_are_given_again)
{
    CHECK_WINE(
        {RESERVED "0030:0034:trace:virtual:NtProtectVirtualMemory " OWN "0x10000 1000 00000002\n",
         1, 0, 1, "not allocated within"},
        {COMMITTED
         "0028:002c:Starting process L\"x\" (entryproc=0x1)\n" PROTECT("0x10000 00001000 00000002")
             VIEW("0x10000 - 0x10fff (valloc)") ROW("0x10000 - 0x10fff c-r--"),
         2, 0, 1, "not allocated within"});
}

Test(recording, win32_calls_are_judged_where_no_native_call_follows)
{
    CHECK_WINE({"0028:002c:Call KERNEL32.VirtualFree(00010000,00001000,00008000) ret=1\n"
                "0028:002c:Ret  KERNEL32.VirtualFree() retval=00000000 ret=1\n",
                1, 0, 0, NULL},
               {"0028:002c:Call KERNEL32.VirtualFree(00010000,00001000,00008000) ret=1\n"
                "0028:002c:Ret  KERNEL32.VirtualFree() retval=00000001 ret=1\n",
                0, 1, 0, "VF-RELEASE-SIZE-ZERO"});
}

/* The rows of a dump whose first line is lost may be of a view as well as of an allocation. */
Test(recording, rows_without_the_line_before_them_are_not_judged)
{
    CHECK_WINE({VIEW("0x70000 - 0x70fff (image)") ROW("0x70000 - 0x70fff c-rW-")
                    PROTECT("0x70000 00001000 00000002") VIEW("0x70000 - 0x70fff (image)")
                        ROW("0x70000 - 0x70fff c-r--") PROTECT("0x70000 00001000 00000004")
                            ROW("0x70000 - 0x70fff c-rW-"),
                1, 0, 1, "not whole"},
               {ALLOCATE("(nil) 00001000 1000 00000004") VIEW("0x10000 - 0x10fff (valloc)")
                    VIEW("0x20000 - 0x31fff (valloc)") ROW("0x20000 - 0x31fff c-rw-"),
                0, 0, 1, "not whole"},
               {ALLOCATE("(nil) 00002000 1000 00000004") VIEW("0x10000 - 0x11fff (valloc)")
                    ROW("0x10000 - 0x10fff c-rw-"),
                0, 0, 1, "not whole"});
}

/* Several processes, or none that is known: what one does is nothing to the other. */
Test(recording, a_log_that_names_no_process_is_judged_while_there_is_one_thread)
{
#define N "002c:trace:virtual:"
#define ONE                                                                                        \
    N "NtAllocateVirtualMemory " OWN "(nil) 1000 3000 4\n" N                                       \
      "dump_view View: 0x10000 - 0x10fff (valloc)\n" N "dump_view       0x10000 - 0x10fff c-rw-\n"
    CHECK_WINE(
        {ONE, 1, 0, 0, NULL},
        {ONE "0034:trace:virtual:NtProtectVirtualMemory " OWN "0x10000 1000 00000002\n"
             "0034:trace:virtual:dump_view View: 0x10000 - 0x10fff (valloc)\n"
             "0034:trace:virtual:dump_view       0x10000 - 0x10fff c-rw-\n" ONE,
         1, 0, 2, "+pid"},
        {"trace:virtual:NtAllocateVirtualMemory " OWN "(nil) 1000 3000 4\n", 0, 0, 1, "no number"});
}

#define SHOWN(view, row)                                                                           \
    VIEW(view " (valloc)") ROW(row " c-rw-") VIEW(view " (valloc)") ROW(row " c-rw-")

/* Of which Windows's address space a log tells nobody knows; nor who wrote it. */
Test(recording, pages_that_the_profile_has_no_place_for_are_not_judged, .timeout = 20)
{
    CHECK_WINE({SHOWN("0xffff800000000000 - 0xffff800000001fff",
                      "0xffff800000000000 - 0xffff800000001fff"),
                0, 0, 0, NULL},
               {SHOWN("0x7fffffff0000 - 0x80000000ffff", "0x7fffffff0000 - 0x80000000ffff"), 0, 0,
                0, NULL},
               {SHOWN("0x0 - 0xffffffffffffffff", "0x0 - 0xffffffffffffffff"), 0, 0, 0, NULL},
               {SHOWN("0x70000 - 0x70ffa", "0x70000 - 0x70ffa"), 0, 0, 0, NULL},
               {ALLOCATE("(nil) 1000 3000 4") SHOWN("0xffff800000000000 - 0xffff800000000fff",
                                                    "0xffff800000000000 - 0xffff800000000fff"),
                0, 0, 1, "address space"});
}

/* In the time that each of them needs, not in that of all beside each. */
Test(recording, many_processes_and_threads_are_kept_apart, .timeout = 20)
{
    enum { COUNT = 60000 };
    for (int how = 0; how < 2; how++) {
        struct recording *recording = recording_begin("log", profile(), false);
        struct wine_reader *reader = wine_reader_begin(recording);
        struct recording_skipped skipped;
        for (int i = 1; i <= COUNT; i++) {
            char line[128];
            snprintf(line, sizeof line,
                     "%04x:%04x:trace:virtual:NtFreeVirtualMemory " OWN "0 0 8000",
                     how == 0 ? i % 5000 + 1 : 1, i);
            cr_assert(wine_reader_line(reader, line, strlen(line)));
        }
        cr_assert(wine_reader_end(reader, &skipped));
        recording_free(recording);
    }
}

/* Whatever the order in which a hostile log adds them: nobody looks at more than a tree is deep. */
static uint64_t base_of(unsigned order, uint64_t i, uint64_t count)
{
    static const uint64_t odd = 0x9E3779B97F4A7C15u;
    uint64_t at = order == 0   ? i
                  : order == 1 ? count - i
                  : order == 2 ? (i % 2 == 0 ? i : 2 * count - i)
                               : i * odd % ((uint64_t)1 << 31);
    return 0x10000 + at * 0x20000;
}

Test(recording, ranges_cost_no_more_than_their_depth, .timeout = 60)
{
    enum { COUNT = 50000, LOOKS = 10 * 64 }; /* of each, at each order */
    for (unsigned order = 0; order < 4; order++) {
        struct ranges ranges = {.root = NULL};
        for (uint64_t i = 0; i < COUNT; i++)
            cr_assert(ranges_add(&ranges, base_of(order, i, COUNT), 0x10000));
        for (uint64_t i = 0; i < COUNT; i++) {
            uint64_t base = base_of(order, i, COUNT);
            cr_assert(ranges_hold(&ranges, base, 0x10000) && !ranges_hold(&ranges, base, 0x10001));
            cr_assert(ranges_cut(&ranges, base + 0x1000, base + 0x2000));
            cr_assert(ranges_hold(&ranges, base, 0x1000) &&
                      !ranges_hold(&ranges, base + 0x1000, 1) &&
                      ranges_hold(&ranges, base + 0x2000, 0xe000));
            if (i % 2 == 0)
                ranges_drop(&ranges, base + 0xffff, base + 0x10000);
            cr_assert_eq(ranges_hold(&ranges, base + 0x2000, 1), i % 2 != 0);
        }
        cr_assert_lt(ranges.looks, (uint64_t)COUNT * LOOKS, "%u: %llu", order,
                     (unsigned long long)ranges.looks);
        ranges_free(&ranges);
    }
}

/* Beside an array of bytes. */
Test(recording, ranges_are_as_bytes_that_are_marked)
{
    enum { BYTES = 64, STEPS = 20000 };
    bool marked[BYTES] = {false};
    struct ranges ranges = {.root = NULL};
    uint32_t dice = 1;
    for (int step = 0; step < STEPS; step++) {
        dice = dice * 1664525u + 1013904223u;
        unsigned begin = (dice >> 8) % BYTES, end = begin + 1 + (dice >> 16) % 8, all = 0;
        end = end > BYTES ? BYTES : end;
        bool adds = (dice >> 30) != 0 && step % 3 == 0;
        if (adds)
            cr_assert(ranges_add(&ranges, begin, end - begin));
        else
            cr_assert(ranges_cut(&ranges, begin, end));
        for (unsigned i = begin; i < end; i++)
            marked[i] = adds;
        for (unsigned i = 0; i < BYTES; i++)
            all += ranges_hold(&ranges, i, 1) != marked[i];
        cr_assert_eq(all, 0, "step %d", step);
    }
    ranges_free(&ranges);
}

/* More differences than anybody reads are counted. */
Test(recording, the_first_differences_are_told_and_all_are_counted, .timeout = 60)
{
    enum { COUNT = 30000 };
    struct recording *recording = recording_begin("log", profile(), false);
    struct layer_reader *reader = layer_reader_begin(recording);
    struct recording_skipped skipped;
    struct recording_counts counts;
    size_t count;
    static const char begin[] =
        "# p1 begins as windows-11-x64, arena 0x100000000000 to 0x500000000000";
    static const char wrong[] =
        "VirtualAlloc(0x100000000000, 0x0, 0x3000, 0x4) => 0x100000000000 # p1 t1";
    cr_assert(layer_reader_line(reader, begin, strlen(begin)));
    for (int i = 0; i < COUNT; i++)
        cr_assert(layer_reader_line(reader, wrong, strlen(wrong)), "line %d", i);
    cr_assert(layer_reader_end(reader, &skipped));
    struct result_scenario *results = recording_results(recording, &count);
    recording_count(recording, &counts);
    cr_assert_eq(counts.differ, COUNT);
    cr_assert_eq(counts.untold, COUNT - RECORDING_TOLD_MAX);
    cr_assert(results != NULL && results[0].difference_count == RECORDING_TOLD_MAX);
    free(results);
    recording_free(recording);
}

/* Whatever a line is cut to, or has in it, is taken or left, and nothing is invented. */
Test(recording, damaged_logs_are_survived)
{
    static const char log[] = COMMITTED CALL("NtFreeVirtualMemory(f,1,2,8000)")
        FREE("0x10000 00000000 8000") RET("NtFreeVirtualMemory() retval=00000000");
    char copy[sizeof log];
    for (size_t i = 0; i < sizeof log - 1; i++) {
        for (int how = 0; how < 3; how++) {
            struct recording *recording = recording_begin("log", profile(), false);
            struct recording_skipped skipped;
            memcpy(copy, log, sizeof log);
            if (how == 0)
                copy[i] = '\0';
            else
                copy[i] = how == 1 ? '\xff' : '(';
            read_wine(recording, copy, &skipped);
            recording_free(recording);
        }
    }
}

/* ---- Traces in the scenario language ---- */

static void check_story(const struct row *row)
{
    struct recording *recording = recording_begin("trace", profile(), false);
    struct scenario_error error;
    cr_assert(recording_read_story(recording, row->log, strlen(row->log), &error), "%s%d:%d: %s",
              row->log, error.line, error.column, error.message);
    check_counts(row, recording);
    recording_free(recording);
}

#define HOLE "h = hole(64K)\n"
#define RESERVE HOLE "p = VirtualAlloc(h, 8K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"

Test(recording, a_trace_of_ours_is_held_against_the_model)
{
    static const struct row rows[] = {
        {RESERVE "write(p, 7, 2)\nread(p, 3) => bytes 7 * 2, 0\n", 3, 0, 0, NULL},
        {RESERVE "read(p) => bytes 1\n", 1, 1, 0, "ST-ZERO"},
        {RESERVE "write(p, 7, 8K)\nread(p, 8K) => bytes 7 * 8K\n", 3, 0, 0, NULL},
        {RESERVE "write(p, 7, 8K)\nread(p, 8K) => bytes 7 * 5000, 8 * 3192\n", 2, 1, 0,
         "ST-CONTENTS"},
        {"h = hole(1T)\np = VirtualAlloc(h, 1T, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"
         "write(p, 7, 1T)\nread(p, 1T) => bytes 7 * 1T\nread(p) => bytes 9\n",
         2, 0, 2, "more bytes than a harness makes"},
        {RESERVE "read(p) => ACCESS_VIOLATION read p\n", 1, 1, 0, "PR-READWRITE"},
        {RESERVE "VirtualFree(p, 4K, MEM_RELEASE) => FALSE ERROR_INVALID_PARAMETER\n", 2, 0, 0,
         NULL},
        {RESERVE "VirtualFree(p, 4K, MEM_RELEASE) => TRUE\n", 1, 1, 0, "VF-RELEASE-SIZE-ZERO"},
        {RESERVE "VirtualFree(p, 4K, MEM_RELEASE) => FALSE ERROR_INVALID_ADDRESS\n", 1, 1, 0,
         "VF-RELEASE-SIZE-ZERO"},
        {RESERVE "VirtualQuery(p + 5) => 48, BaseAddress: p, State: MEM_RESERVE\n", 1, 1, 0,
         "MBI-"},
        {RESERVE "VirtualProtect(p, 1, PAGE_READONLY) => TRUE, OldProtect: PAGE_NOACCESS\n", 1, 1,
         0, "VP-"},
        {HOLE "p = VirtualAlloc(NULL, 4K, MEM_COMMIT, PAGE_READWRITE) => above NULL\nwrite(p, 1)\n",
         2, 0, 0, NULL},
        {HOLE "p = NtAllocateVirtualMemory(h + 1, 0, 4K, MEM_RESERVE, PAGE_READWRITE) => "
              "STATUS_SUCCESS, BaseAddress: h, RegionSize: 4K\n",
         0, 1, 0, "VA-ROUND"},
        {HOLE "VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => ?\n", 0, 0, 1, "leaves it open"},
        {HOLE
         "p = VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE)\nVirtualFree(p, 0, MEM_RELEASE) "
         "=> TRUE\n",
         0, 0, 2, "how the call ended"},
        {HOLE
         "commit_limit(0)\nVirtualAlloc(h, 4K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n",
         0, 1, 0, "SYS-COMMIT-LIMIT"},
        {"scenario \"x\"\nrules SYS-PAGE\nsource \"x\"\nGetLastError() => 0\n", 0, 0, 1,
         "tell of no memory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_story(&rows[i]);
}

/* ---- The commands ---- */

static struct started type(const char *command)
{
    struct start start = {.command = command, .folder = folder_path()};
    return start_and_wait(&start);
}

static void check_command(const char *command, int status, const char *out, const char *err)
{
    struct started started = type(command);
    cr_assert_eq(started.status, status, "%s: %d: %s%s", command, started.status, started.out,
                 started.err);
    cr_assert_not_null(strstr(started.out, out), "%s: %s", command, started.out);
    cr_assert_not_null(strstr(started.err, err), "%s: %s", command, started.err);
    started_free(&started);
}

Test(recording, judge_reports, .init = folder_make, .fini = folder_remove)
{
    folder_write("good.log", COMMITTED);
    folder_write("bad.log", ALLOCATE("(nil) 00001001 2000 00000004")
                                VIEW("0x10000 - 0x10fff (valloc)") ROW("0x10000 - 0x10fff --rw-"));
    folder_write("story", RESERVE "read(p) => bytes 1\n");
    folder_write("cut.log", COMMITTED ALLOCATE("(nil) 0000"));
    folder_write("none.log", "0028:002c:fixme:ole:nothing\n");
    check_command("\"$PAGELAW\" judge good.log", 0, "2 calls: 0 differ, 2 agree", "");
    check_command("\"$PAGELAW\" judge bad.log", 1, "VA-ROUND-SIZE-NULL", "");
    check_command("\"$PAGELAW\" judge good.log bad.log", 1, "bad.log:1", "");
    check_command("\"$PAGELAW\" judge --format json story", 1, "\"rule\": \"ST-ZERO\"", "");
    check_command("\"$PAGELAW\" judge - < good.log", 0, "2 agree", "");
    check_command("\"$PAGELAW\" judge cut.log", 0, "2 agree", "cut.log:9: 1 lines of calls cannot");
    check_command("\"$PAGELAW\" judge none.log", 2, "", "none.log:1:1: found '0028'");
    check_command("\"$PAGELAW\" judge --from wine none.log", 2, "",
                  "nothing in it could be judged");
    check_command("\"$PAGELAW\" judge nowhere", 2, "", "nowhere: No such file");
    check_command("\"$PAGELAW\" judge --from wine /dev/null", 2, "0 calls: ", "nothing in it");
    check_command("test -z \"$(\"$PAGELAW\" judge --from wine none.log | grep differences)\"", 0,
                  "", "");
    check_command("\"$PAGELAW\" judge /dev/null", 2, "", "found the end of the text");
    check_command("\"$PAGELAW\" judge /dev/zero", 2, "", "a line of more than 1 MB");
    check_command("\"$PAGELAW\" judge --from layer /dev/zero", 2, "", "a line of more than 1 MB");
    check_command("\"$PAGELAW\" judge --from tea story", 2, "", "found \"tea\", wanted wine,");
    check_command("\"$PAGELAW\" judge", 2, "", "found no file");
}

Test(recording, record_keeps_what_the_program_tells, .init = folder_make, .fini = folder_remove)
{
    folder_write("log", COMMITTED "a word of its own\n");
    check_command("\"$PAGELAW\" record --output out -- sh -c 'cat log >&2; exit 3'", 0, "",
                  "a word of its own\nsh ended with status 3; pagelaw judge out judges");
    check_command("\"$PAGELAW\" judge out", 0, "2 agree", "");
    check_command("\"$PAGELAW\" record --output out -- sh -c :", 2, "", "out: File exists");
    check_command("\"$PAGELAW\" record --output new -- sh -c :", 2, "",
                  "told nothing of its calls");
    check_command("\"$PAGELAW\" record --output new -- ./none", 2, "",
                  "cannot start ./none: No such");
    check_command("test ! -e new", 0, "", "");
    check_command("\"$PAGELAW\" record -- sh", 2, "", "--output is missing");
    check_command("\"$PAGELAW\" record --output closed -- sh -c 'cat log >&2' 2>&-; "
                  "! grep own closed",
                  0, "", "");
    check_command("\"$PAGELAW\" record --output new", 2, "", "found no program");
}

/* Whoever ends it, and whoever is still there then. */
Test(recording, record_keeps_what_was_told_when_it_is_ended, .init = folder_make,
     .fini = folder_remove, .timeout = 60)
{
    folder_write("log", COMMITTED);
    check_command(
        "\"$PAGELAW\" record --output out -- sh -c 'cat log >&2; kill $PPID; sleep 9 > /dev/null'",
        0, "", "sh ended with status 143");
    check_command("\"$PAGELAW\" judge out", 0, "2 agree", "");
    check_command(
        "\"$PAGELAW\" record --output left -- "
        "sh -c 'cat log >&2; sleep 50 > /dev/null & kill $PPID; wait' && \"$PAGELAW\" judge left",
        0, "2 agree", "sh ended with status 143");
    check_command("\"$PAGELAW\" record --output killed -- "
                  "sh -c 'cat log >&2; sleep 1; kill -9 $PPID'; \"$PAGELAW\" judge killed",
                  0, "2 agree", "");
    check_command("{ \"$PAGELAW\" record --output pipe -- "
                  "sh -c 'sleep 1; echo a >&2; sleep 1; echo b >&2; cat log >&2'; } 2>&1 | true; "
                  "sleep 3; \"$PAGELAW\" judge pipe",
                  0, "2 agree", "");
}
