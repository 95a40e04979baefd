/* What the emulation layer records, and how it is judged. (POSIX.) */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "native.h"
#include "pagelaw/constants.h"
#include "pagelaw/profile.h"
#include "started.h"
#include "suite/recording.h"

#define PAGE 0x1000u
#define BASIC_SIZE 48u
#define THREADS 4
#define ROUNDS 50

static const struct backend *const native = &backend_native;

TestSuite(layer_trace, .init = folder_make, .fini = folder_remove, .timeout = 60);

/* ---- Reading ---- */

struct row {
    const char *text;
    unsigned agree, differ, unseen, damaged;
    const char *word; /* the rule of the first difference, or the first reason; NULL: none */
};

static struct recording *read_trace(const char *text, struct recording_skipped *skipped)
{
    struct recording *recording =
        recording_begin("trace", pagelaw_profile_find("windows-11-x64"), false);
    struct layer_reader *reader = layer_reader_begin(recording);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        cr_assert(layer_reader_line(reader, text, length));
        text += length + (text[length] == '\n');
    }
    cr_assert(layer_reader_end(reader, skipped));
    return recording;
}

static void check_trace(const struct row *row)
{
    struct recording_skipped skipped;
    struct recording_counts counts;
    struct recording *recording = read_trace(row->text, &skipped);
    size_t count;
    struct result_scenario *results = recording_results(recording, &count);
    recording_count(recording, &counts);
    const char *word = counts.reason_count != 0 ? counts.reasons[0].reason : "";
    for (size_t i = 0; i < count; i++) {
        if (results[i].difference_count != 0)
            word = results[i].differences[0].findings[0].rule.id;
    }
    cr_assert(counts.agree == row->agree && counts.differ == row->differ &&
                  counts.unseen == row->unseen && skipped.damaged == row->damaged &&
                  (row->word == NULL || strstr(word, row->word) != NULL),
              "%s%d agree, %d differ, %d unseen, %d damaged: %s", row->text, (int)counts.agree,
              (int)counts.differ, (int)counts.unseen, (int)skipped.damaged, word);
    free(results);
    recording_free(recording);
}

#define BEGINS(number)                                                                             \
    "# p" number " begins as windows-11-x64, arena 0x100000000000 to 0x500000000000\n"
#define FORKED(number)                                                                             \
    "# p" number " is forked as windows-11-x64, arena 0x100000000000 to 0x500000000000\n"
#define T1 " # p1 t1\n"
#define T2 " # p2 t2\n"
#define ALLOCATED BEGINS("1") "VirtualAlloc(0x0, 0x2000, 0x3000, 0x4) => 0x100000000000" T1
#define FIELDS(base, size, state, protect)                                                         \
    " => 0x30, BaseAddress: " base ", AllocationBase: 0x100000000000, AllocationProtect: 0x4, "    \
    "RegionSize: " size ", State: " state ", Protect: " protect ", Type: 0x20000"
#define INHERITED                                                                                  \
    FORKED("2")                                                                                    \
    "VirtualQuery(0x100000000000, 0x30)" FIELDS(                                                   \
        "0x100000000000", "0x1000", "0x1000",                                                      \
        "0x104") " # p2 inherited\n"                                                               \
                 "VirtualQuery(0x100000001000, 0x30)" FIELDS("0x100000001000", "0x1000", "0x2000", \
                                                             "0x0") " # p2 inherited\n"

Test(layer_trace, what_the_layer_did_is_held_against_the_model)
{
    static const struct row rows[] = {
        {ALLOCATED "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T1, 2, 0, 0, 0, NULL},
        {ALLOCATED "VirtualFree(0x100000000000, 0x1000, 0x8000) => FALSE 87" T1, 2, 0, 0, 0, NULL},
        {ALLOCATED "VirtualFree(0x100000000000, 0x1000, 0x8000) => FALSE 5" T1, 1, 1, 0, 0,
         "VF-RELEASE-SIZE-ZERO"},
        {BEGINS("1") "VirtualAlloc(0x0, 0x2000, 0x3000, 0x4) => 0x100000001000" T1, 0, 1, 0, 0,
         "SYS-GRAN"},
        {ALLOCATED "VirtualProtect(0x100000000000, 0x1, 0x2) => TRUE, OldProtect: 0x1" T1, 1, 1, 0,
         0, "VP-"},
        {ALLOCATED "VirtualProtect(0x100000000000, 0x1, 0x2, NULL) => FALSE 998" T1, 2, 0, 0, 0,
         NULL},
        {ALLOCATED "VirtualQuery(0x100000000000, 0x30)" FIELDS("0x100000000000", "0x2000", "0x1000",
                                                               "0x4") T1,
         2, 0, 0, 0, NULL},
        {ALLOCATED "VirtualQuery(0x100000000000, 0x30)" FIELDS("0x100000000000", "0x1000", "0x1000",
                                                               "0x4") T1,
         1, 1, 0, 0, "VQ-SAME-ALLOC"},
        {ALLOCATED "VirtualQuery(0x100000000000, 0x30, NULL) => 0 998" T1, 1, 0, 1, 0,
         "its output could not be written"},
        {ALLOCATED "write(0x100000000008, 0x0) => ACCESS_VIOLATION write 0x100000000008" T1, 1, 1,
         0, 0, "PR-READWRITE"},
        {ALLOCATED "read(0x100000010000) => ACCESS_VIOLATION read 0x100000010000" T1, 2, 0, 0, 0,
         NULL},
        {ALLOCATED "read(0x7fff0000) => ACCESS_VIOLATION read 0x7fff0000" T1, 1, 0, 1, 0,
         "not allocated within"},
        {ALLOCATED
         "NtFreeVirtualMemory(0x100000000000, 0x0, 0x8000) => 0x0, BaseAddress: 0x100000000000, "
         "RegionSize: 0x2000" T1,
         2, 0, 0, 0, NULL},
        {ALLOCATED "NtFreeVirtualMemory(0x100000000001, 0x0, 0x8000) => 0xc000009f" T1, 1, 1, 0, 0,
         "VF-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_trace(&rows[i]);
}

Test(layer_trace, processes_are_apart)
{
    static const struct row rows[] = {
        /* another program under the same number knows nothing of the first */
        {ALLOCATED BEGINS("1") "VirtualFree(0x100000000000, 0x0, 0x8000) => FALSE 487" T1, 2, 0, 0,
         0, NULL},
        {ALLOCATED BEGINS("2") "VirtualFree(0x100000000000, 0x0, 0x8000) => FALSE 487" T2, 2, 0, 0,
         0, NULL},
        /* a child has its parent's pages, whatever the parent has done with them since */
        {ALLOCATED INHERITED "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T1
                             "read(0x100000000004) => GUARD_PAGE_VIOLATION read 0x100000000004" T2
                             "read(0x100000001000) => ACCESS_VIOLATION read 0x100000001000" T2
                             "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T2,
         5, 0, 0, 0, NULL},
        /* without the beginning, what was before is not known */
        {"VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T1, 0, 0, 1, 0, "not allocated within"},
        /* a call that no source settles takes its pages out of what is known */
        {BEGINS("1") "VirtualAlloc(0x0, 0x1000, 0x3000, 0x404) => 0x100000000000" T1
                     "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T1,
         0, 0, 2, 0, "no source settles"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_trace(&rows[i]);
}

Test(layer_trace, bad_lines_are_counted_and_nothing_is_made_of_them)
{
    static const struct row rows[] = {
        {ALLOCATED "VirtualFree(0x100000000000, 0x0" T1, 1, 0, 0, 1, NULL},
        {ALLOCATED "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE", 1, 0, 0, 1, NULL},
        {ALLOCATED "VirtualTree(0x100000000000, 0x0, 0x8000) => TRUE" T1, 1, 0, 0, 1, NULL},
        {ALLOCATED "VirtualFree(0x100000000000, 0x0, 0x8000) => FALSE" T1, 1, 0, 0, 1, NULL},
        {ALLOCATED "read(0x100000000000) => 0x1000000000 read 0x0" T1, 1, 0, 0, 1, NULL},
        {ALLOCATED "\n# a word\n", 1, 0, 0, 0, NULL},
        {FORKED("2") "VirtualQuery(0x1001, 0x30)" FIELDS("0x1001", "0x1", "0x1000",
                                                         "0x4") " # p2 inherited\n",
         0, 0, 0, 1, NULL},
        {FORKED("2") "VirtualQuery(0x0, 0x30)" FIELDS("0x100000000000", "0xffffffffffffe000",
                                                      "0x1000", "0x4") " # p2 inherited\n",
         0, 0, 0, 1, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_trace(&rows[i]);
}

Test(layer_trace, whatever_a_trace_is_cut_to_is_survived)
{
    static const char trace[] =
        ALLOCATED INHERITED "write(0x100000000000, 0x0) => GUARD_PAGE_VIOLATION write 0x1000" T2
                            "VirtualProtect(0x100000000000, 0x1, 0x2) => TRUE, OldProtect: 0x4" T2;
    char copy[sizeof trace];
    static const char put[] = {'\0', '\xff', '0', 'f', '\n'};
    for (size_t i = 0; i < sizeof trace - 1; i++) {
        for (size_t how = 0; how < sizeof put; how++) {
            struct recording_skipped skipped;
            memcpy(copy, trace, sizeof trace);
            copy[i] = put[how];
            recording_free(read_trace(copy, &skipped));
        }
    }
}

/* ---- Writing ---- */

static void start(void)
{
    char path[4096], error[200] = "";
    struct subject_info info;
    snprintf(path, sizeof path, "%s/trace", folder_path());
    setenv("PAGELAW_TRACE", path, 1);
    cr_assert(native->start(&info, error, sizeof error), "%s", error);
}

static uint64_t commit(void)
{
    return native->virtual_alloc(0, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static uint32_t read_code(uint64_t address)
{
    struct subject_exception exception;
    native->read(address, &exception);
    return exception.code;
}

/* Six calls and touches that are recorded. */
static void use_a_page(void)
{
    uint32_t old;
    struct subject_region region;
    uint64_t page = commit();
    native->virtual_protect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &old);
    cr_assert_eq(read_code(page + 7), STATUS_GUARD_PAGE_VIOLATION);
    cr_assert_eq(read_code(page + 7), 0);
    native->virtual_query(page, &region, BASIC_SIZE);
    native->virtual_free(page, PAGE, MEM_RELEASE);
    native->virtual_free(page, 0, MEM_RELEASE);
}

static struct recording_counts judge(void)
{
    struct recording_skipped skipped;
    struct recording_counts counts;
    char *text = folder_read("trace");
    cr_assert_not_null(text);
    struct recording *recording = read_trace(text, &skipped);
    recording_count(recording, &counts);
    cr_assert_eq(skipped.damaged, 0, "%s", text);
    cr_assert_eq(counts.differ, 0, "%s", text);
    recording_free(recording);
    free(text);
    return counts;
}

static void *work(void *user)
{
    for (int round = 0; round < ROUNDS; round++)
        use_a_page();
    return user;
}

Test(layer_trace, threads_record_in_the_order_of_their_calls)
{
    pthread_t threads[THREADS];
    start();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct recording_counts counts = judge();
    cr_assert_eq(counts.agree, THREADS * ROUNDS * 6);
    cr_assert_eq(counts.unseen, 0);
}

static void await(pid_t child)
{
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The parent changes its pages before the child tells what it inherited. */
Test(layer_trace, a_child_tells_what_it_inherited)
{
    int pipes[2];
    char byte = 0;
    start();
    uint64_t page = commit();
    cr_assert_eq(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        bool told = read(pipes[0], &byte, 1) == 1;
        use_a_page();
        _exit(told && native->virtual_free(page, 0, MEM_RELEASE) != 0 ? 0 : 1);
    }
    cr_assert(native->virtual_free(page, 0, MEM_RELEASE));
    cr_assert_eq(write(pipes[1], &byte, 1), 1);
    await(child);
    struct recording_counts counts = judge();
    cr_assert_eq(counts.agree, 2 + 6 + 1);
    cr_assert_eq(counts.unseen, 0);
}

/* A program that closes every descriptor, and opens a file of its own under the same number. */
static void use_descriptors_otherwise(void)
{
    char path[4096];
    for (int descriptor = 3; descriptor < 1024; descriptor++)
        close(descriptor);
    snprintf(path, sizeof path, "%s/other", folder_path());
    int other = open(path, O_RDWR | O_CREAT, 0600);
    for (int descriptor = 4; descriptor < 1024; descriptor++)
        dup2(other, descriptor);
    use_a_page();
    _exit(other >= 0 && lseek(other, 0, SEEK_END) == 0 ? 0 : 1);
}

Test(layer_trace, nobody_elses_file_is_written_to)
{
    start();
    pid_t child = fork();
    if (child == 0)
        use_descriptors_otherwise();
    await(child);
    cr_assert_eq(judge().agree, 6);
}

Test(layer_trace, a_relative_path_stays_where_it_was)
{
    char error[200], before[4096];
    struct subject_info info;
    cr_assert_not_null(getcwd(before, sizeof before));
    cr_assert_eq(chdir(folder_path()), 0);
    setenv("PAGELAW_TRACE", "trace", 1);
    cr_assert(native->start(&info, error, sizeof error));
    cr_assert_eq(chdir("/"), 0);
    close(200); /* as the layer has it, unless somebody else had */
    use_a_page();
    cr_assert_eq(chdir(before), 0);
    cr_assert_eq(judge().agree, 6);
}

/* ---- The commands ---- */

static void check_command(const char *command, int status, const char *out, const char *err)
{
    struct start start = {.command = command, .folder = folder_path()};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, status, "%s: %d: %s%s", command, started.status, started.out,
                 started.err);
    cr_assert_not_null(strstr(started.out, out), "%s: %s", command, started.out);
    cr_assert_not_null(strstr(started.err, err), "%s: %s", command, started.err);
    started_free(&started);
}

Test(layer_trace, the_whole_suite_is_recorded_and_judged)
{
    check_command("PAGELAW_TRACE=trace \"$PAGELAW\" check --jobs 2", 0, "No differences", "");
    check_command("\"$PAGELAW\" judge trace", 0, " calls: 0 differ, ", "");
    check_command("test $(grep -c '=>.* # p[0-9]* t[0-9]*$' trace) -gt 10000", 0, "", "");
}

/* Eight threads, twenty children and thousands of faults, under the thread sanitizer. */
Test(layer_trace, the_stress_is_recorded_and_judged)
{
    check_command("TSAN_OPTIONS=report_thread_leaks=0 PAGELAW_TRACE=trace \"$PAGELAW_STRESS\"", 0,
                  "no thread disturbed another", "");
    check_command("\"$PAGELAW\" judge trace", 0, ", 0 could not be judged", "");
}

Test(layer_trace, record_and_judge_work_together)
{
    check_command("\"$PAGELAW\" record --output trace -- \"$PAGELAW\" check", 0, "No differences",
                  "ended with status 0; pagelaw judge trace judges");
    check_command("\"$PAGELAW\" judge --format json trace", 0, "\"backend\": \"recording\"", "");
    check_command("\"$PAGELAW\" judge --from story trace", 2, "", "trace:");
    folder_write("one", ALLOCATED "VirtualFree(0x100000000000, 0x0, 0x8000) => TRUE" T1);
    check_command("\"$PAGELAW\" judge one", 0, "2 calls: 0 differ, 2 agree", "");
    check_command("\"$PAGELAW\" judge --from story one", 0, "2 calls: 0 differ, 2 agree", "");
}

/* What a program says on standard error that records to `path`. */
static char *hear(const char *path)
{
    char heard[4096], error[200];
    struct subject_info info;
    snprintf(heard, sizeof heard, "%s/heard", folder_path());
    pid_t child = fork();
    if (child == 0) {
        dup2(open(heard, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
        setenv("PAGELAW_TRACE", path, 1);
        bool started = native->start(&info, error, sizeof error);
        use_a_page();
        _exit(started ? 0 : 1);
    }
    await(child);
    return folder_read("heard");
}

Test(layer_trace, what_cannot_be_written_is_said_once)
{
    static const char *const rows[][2] = {
        {"/nowhere/trace",
         "pagelaw: PAGELAW_TRACE: nothing is recorded, \"/nowhere/trace\" cannot be opened for "
         "writing\n"},
        {"/dev/full",
         "pagelaw: PAGELAW_TRACE: cannot write to \"/dev/full\": the recording ends here\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *heard = hear(rows[i][0]);
        cr_assert_str_eq(heard, rows[i][1]);
        free(heard);
    }
}
