/* `pagelaw repl`: through a pipe, and at a terminal. */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "started.h"

#define RESERVE                                                                                    \
    "h = hole(4 * GRANULE)\np = VirtualAlloc(h + 8K, 62K, MEM_RESERVE, PAGE_READWRITE)\n"

static void open_folder(void)
{
    folder_make();
}

TestSuite(repl, .init = open_folder, .fini = folder_remove);

static struct started type(const char *lines, const char *options)
{
    char command[512];
    folder_write("lines", lines);
    snprintf(command, sizeof command, "exec \"$PAGELAW\" repl %s < lines", options);
    struct start start = {.command = command, .folder = folder_path()};
    return start_and_wait(&start);
}

/* Types the lines; the status and these words, in their order, must come of it. */
static void check(const char *lines, const char *options, int status, const char *const *words)
{
    struct started started = type(lines, options);
    const char *at = started.out;
    cr_assert_eq(started.status, status, "%s: status %d: %s%s", lines, started.status, started.out,
                 started.err);
    for (; *words != NULL; words++) {
        at = strstr(at, *words);
        cr_assert_not_null(at, "%s: \"%s\" is not there in: %s", lines, *words, started.out);
    }
    started_free(&started);
}

#define CHECK(lines, options, status, ...)                                                         \
    check(lines, options, status, (const char *const[]){__VA_ARGS__, NULL})

Test(repl, tells_outcome_rules_and_map)
{
    CHECK(RESERVE "VirtualFree(p, 4096, MEM_RELEASE)\n", "", 0, "=> h\n", "VA-RESERVE (documented)",
          "Source: ", "VA-ALIGN-BASE (base)", "[------------------....", "h + 72K",
          "=> FALSE ERROR_INVALID_PARAMETER", "VF-RELEASE-SIZE-ZERO");
    CHECK("NtProtectVirtualMemory(0, 0, 0x99)\n", "", 0, "STATUS_INVALID_PAGE_PROTECTION",
          "Also refused by VP-SIZE-ZERO with STATUS_INVALID_PARAMETER_3", "Of several mistakes");
    CHECK(RESERVE "write(p, 7)\n", "", 0, "ACCESS_VIOLATION write h", "ST-RESERVED");
    CHECK("VirtualQuery(MAX_ADDRESS + 1)\n", "--profile windows-7-x64", 0,
          "=> 0 ERROR_INVALID_PARAMETER");
}

Test(repl, a_real_subject_may_be_asked)
{
    CHECK(RESERVE "read(p)\n", "--subject native", 0, "ACCESS_VIOLATION read h");
}

Test(repl, a_difference_is_told_and_ends_with_1)
{
    CHECK(RESERVE "VirtualFree(p, 0, MEM_RELEASE) => FALSE\n", "", 1,
          "differs: ", "allowed    FALSE", "came back  TRUE");
}

Test(repl, what_cannot_be_read_is_refused_and_costs_nothing)
{
    CHECK("h = hole(64K)\nfoo(1)\nVirtualQuery(h,, 2)\nVirtualQuery(h)\n", "", 2,
          "column 1: unknown call foo", "column 16: found ','", "VirtualQuery(h)\n    => MBI_SIZE");
    CHECK("VirtualQuery(q)\n", "", 2, "column 14: no step before this one has given a value to q");
    CHECK("h = hole(64K) \001\nVirtualQuery(h)\nh = hole(4K)\n", "", 2, "found the byte 0x01",
          "given a value to h", "MEM_FREE");
    CHECK("rule VA-ALIGN-BAS\n", "", 2, "did you mean VA-ALIGN-BASE?");
    CHECK("save\nsave x.va title\nundo\n", "", 2, "takes a file and a title", "nothing to save",
          "nothing to undo");
}

Test(repl, a_statement_may_go_on_in_the_next_line)
{
    CHECK("h = hole(64K)\nVirtualAlloc(h,\n  64K,\n  MEM_RESERVE, PAGE_READONLY)\n", "", 0,
          "=> h\n", "allocated at h with PAGE_READONLY");
    CHECK("h = hole(64K)\neach x in 1, 2\nVirtualQuery(h + x)\nend\n", "", 0,
          "VirtualQuery(h + 1)\n", "VirtualQuery(h + 2)\n");
    CHECK("h = hole(64K)\nVirtualQuery(h\n\nVirtualQuery(h)\n", "", 2, "found the end of the text",
          "=> MBI_SIZE");
    CHECK("h = hole(64K)\nVirtualQuery(h", "", 2, "found the end of the text");
}

Test(repl, undo_and_clear_take_back)
{
    CHECK(RESERVE "undo\nlist\nundo\nundo\n", "", 2, "h + 72K", "MEM_FREE\nh = hole(4 * GRANULE)\n",
          "nothing to undo");
    CHECK(RESERVE "clear\nlist\nVirtualQuery(h)\n", "", 2, "no step before this one");
}

Test(repl, a_saved_session_is_a_scenario_that_passes)
{
    struct started started =
        type(RESERVE "read(p)\nsave kept.va A \"reserved\" page\n", "--profile windows-11-x64");
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
    char *saved = folder_read("kept.va");
    cr_assert_not_null(strstr(saved, "scenario \"A \\\"reserved\\\" page\"\n"));
    cr_assert_not_null(strstr(saved, "rules    ST-RESERVED VA-RESERVE\n"), "%s", saved);
    cr_assert_not_null(strstr(saved, "=> ACCESS_VIOLATION read h"));
    free(saved);
    struct start again = {.command = "exec \"$PAGELAW\" check --subject model kept.va",
                          .folder = folder_path()};
    started = start_and_wait(&again);
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
}

Test(repl, saving_writes_over_its_own_file_only)
{
    folder_write("other.va", "kept");
    CHECK(RESERVE "save other.va x\nsave mine.va x\nsave mine.va y\nsave no/where.va x\n", "", 2,
          "other.va was not written: File exists", "saved;", "saved;",
          "no/where.va was not written");
    char *other = folder_read("other.va");
    cr_assert_str_eq(other, "kept");
    free(other);
}

Test(repl, what_states_nothing_is_not_saved)
{
    CHECK("h = hole(64K)\nsave x.va x\n", "", 2, "was not written: the scenario states nothing");
    cr_assert_null(folder_read("x.va"));
}

Test(repl, a_subject_that_is_not_there_is_named)
{
    struct started started = type("", "--subject exec:./none");
    cr_assert_eq(started.status, 2);
    cr_assert_not_null(strstr(started.err, "./none"));
    started_free(&started);
}

/* ---- At a terminal ---- */

/* What the program has written until these words came; false if they do not come. */
static bool await(int terminal, char *buffer, size_t capacity, const char *words)
{
    size_t length = strlen(buffer);
    struct pollfd ready = {.fd = terminal, .events = POLLIN};
    while (strstr(buffer, words) == NULL) {
        if (poll(&ready, 1, 10000) != 1 || length + 1 >= capacity)
            return false;
        ssize_t count = read(terminal, buffer + length, capacity - length - 1);
        if (count <= 0)
            return false;
        length += (size_t)count;
        buffer[length] = '\0';
    }
    *buffer = '\0';
    return true;
}

static void press(int terminal, const char *keys)
{
    cr_assert_eq(write(terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* A terminal that is closed, a machine that goes down. */
Test(repl, a_signal_leaves_the_terminal_as_it_was)
{
    static const int numbers[] = {SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char buffer[65536] = "";
        int terminal, status;
        struct termios before, after;
        pid_t child = forkpty(&terminal, NULL, NULL, NULL);
        if (child == 0) {
            usleep(200000);
            setenv("HOME", folder_path(), 1);
            execl(getenv("PAGELAW"), "pagelaw", "repl", (char *)NULL);
            _exit(127);
        }
        cr_assert_eq(tcgetattr(terminal, &before), 0);
        press(terminal, "h = hole(64K)\r");
        cr_assert(await(terminal, buffer, sizeof buffer, "MEM_FREE"));
        kill(child, numbers[i]);
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == numbers[i]);
        cr_assert_eq(tcgetattr(terminal, &after), 0);
        cr_assert_eq(before.c_lflag, after.c_lflag);
        cr_assert_eq(before.c_iflag, after.c_iflag);
        char *history = folder_read(".pagelaw_history");
        cr_assert_not_null(history);
        free(history);
        close(terminal);
    }
}

Test(repl, a_terminal_has_completion_history_and_colour)
{
    static const struct {
        const char *keys, *awaited;
    } talk[] = {
        {"", "judged as windows-11-x64"},
        {"h = hol\t(64K)\r", "MEM_FREE"},
        {"VirtualQ\t(h)\r", "=> MBI_SIZE"},
        {"MEM_RESE\t", "MEM_RESERVE  "},
        {"\025p = VirtualAlloc(h,\r", "... "},
        {"\003", "> "},
        {"\033[A\033[A\r", "=> MBI_SIZE"},
        {"VirtualAlloc(h, 64K, MEM_RESERVE, PAGE_READONLY)\r", "\033[34m"},
        {"qui\t\r", "\n"},
    };
    char buffer[65536] = "";
    int terminal, status;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0) {
        setenv("HOME", folder_path(), 1);
        setenv("TERM", "xterm", 1);
        unsetenv("NO_COLOR");
        execl(getenv("PAGELAW"), "pagelaw", "repl", (char *)NULL);
        _exit(127);
    }
    for (size_t i = 0; i < sizeof talk / sizeof *talk; i++) {
        press(terminal, talk[i].keys);
        cr_assert(await(terminal, buffer, sizeof buffer, talk[i].awaited), "%s: no %s in: %s",
                  talk[i].keys, talk[i].awaited, buffer);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char *history = folder_read(".pagelaw_history");
    cr_assert_not_null(history);
    free(history);
    close(terminal);
}
