/* `pagelaw repro`: its programs are compiled and run, over the emulation layer and under Wine. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pagelaw/profile.h"
#include "parsing.h"
#include "started.h"
#include "suite/repro.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define SKIPPED 77

TestSuite(repro, .init = folder_make, .fini = folder_remove, .timeout = 200);

/* Each kind of call and of touch is in one of them. */
static const char *const shown[] = {
    "reserve/base-rounds-down.va",          "guard/fires-once.va",
    "native/allocate-writes-back.va",       "native/protect-writes-back-pages.va",
    "native/decommit-writes-back-pages.va", "native/query-is-the-same.va",
    "access/write-then-execute.va",
};

/* PAGELAW may be relative to the root, in which the tests run. */
static struct started shell(const char *command)
{
    char root[1024], line[4096];
    cr_assert_not_null(getcwd(root, sizeof root));
    snprintf(line, sizeof line, "root='%s'; %s", root, command);
    struct start start = {.command = line, .folder = folder_path(), .limit_s = 180};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late, "it did not end: %s", command);
    return started;
}

#define OVER_THE_LAYER                                                                             \
    "tree=\"$PAGELAW_PREFIX\"; cc -std=c11 -Wall -Wextra -Werror "                                 \
    "-I \"$tree/include/pagelaw/win32\" -o case case.c -L \"$tree/lib\" "                          \
    "-lpagelaw -lpthread || exit 99; exec ./case"

static void check_passes(const char *scenario)
{
    char command[2048];
    snprintf(command, sizeof command, "\"$PAGELAW\" repro %s > case.c || exit 98; " OVER_THE_LAYER,
             scenario);
    struct started started = shell(command);
    cr_assert_eq(started.status, 0, "%s: status %d: %s%s", scenario, started.status, started.out,
                 started.err);
    cr_assert_str_eq(started.out, "PASS\n", "%s", scenario);
    started_free(&started);
}

Test(repro, programs_pass_over_the_layer)
{
    for (size_t i = 0; i < COUNT(shown); i++)
        check_passes(shown[i]);
}

Test(repro, a_program_says_what_it_saw)
{
    struct started started =
        shell("\"$PAGELAW\" repro reserve/base-rounds-down.va | sed 's/got == h/got != h/' "
              "> case.c; " OVER_THE_LAYER);
    cr_assert_eq(started.status, 1, "%d: %s%s", started.status, started.out, started.err);
    cr_assert_not_null(strstr(started.out, "wanted: "), "%s", started.out);
    cr_assert_not_null(strstr(started.out, "   saw: 0x"), "%s", started.out);
    cr_assert_null(strstr(started.out, "PASS"), "%s", started.out);
    started_free(&started);
}

/* All in one shell: Wine starts slowly. */
Test(repro, programs_pass_under_wine)
{
    char command[4096] = "[ -n \"${PAGELAW_NO_WINE-}\" ] && exit 77; "
                         "sh \"$root/suite/wine.sh\" || exit $?; for scenario in";
    for (size_t i = 0; i < COUNT(shown); i++) {
        strcat(command, " ");
        strcat(command, shown[i]);
    }
    strcat(command,
           "; do \"$PAGELAW\" repro $scenario > case.c && "
           "\"$root/zigw\" cc -target x86_64-windows-gnu -std=c11 -Wall -Wextra -Werror "
           "-o case.exe case.c -lntdll || exit 99; "
           "sh \"$root/suite/wine.sh\" ./case.exe || { echo \"$scenario\"; exit 1; }; done");
    struct started started = shell(command);
    if (started.status == SKIPPED || started.status == 127) {
        fputs("there is no Wine here: no program was run on it\n", stderr);
        started_free(&started);
        return;
    }
    cr_assert_eq(started.status, 0, "status %d: %s%s", started.status, started.out, started.err);
    started_free(&started);
}

static void check_refused(const char *text, const char *profile, const char *why)
{
    char error[512] = "";
    struct scenario *scenario = parse_text(text);
    char *program = repro_print(scenario, pagelaw_profile_find(profile), error, sizeof error);
    cr_assert_null(program, "%s", text);
    cr_assert_not_null(strstr(error, why), "%s", error);
    scenario_free(scenario);
}

/* The lowest address is in the case as a place of its own. */
Test(repro, where_the_model_lays_what_it_may_is_not_said)
{
    check_passes("users/a-walk-goes-up-to-the-limit.va");
    check_passes("story/aligned-allocation.va");
}

/* What is allowed and ends alike is no reason to leave the rest out. */
Test(repro, a_failure_that_stands_for_another_does_not_end_the_case)
{
    struct started started = shell("\"$PAGELAW\" repro order/three-at-once.va > case.c && "
                                   "! grep 'the other answer' case.c");
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
}

/* Wine takes a limit and does not keep to it: the program says so, and not that all is well. */
Test(repro, a_commit_limit_is_shown_where_there_is_one)
{
    check_passes("limits/a-guard-page-is-charged.va");
    check_passes("limits/failed-free-gives-nothing-back.va");
    struct started started =
        shell("[ -n \"${PAGELAW_NO_WINE-}\" ] && exit 77; sh \"$root/suite/wine.sh\" || exit $?; "
              "\"$PAGELAW\" repro limits/a-guard-page-is-charged.va > case.c && "
              "\"$root/zigw\" cc -target x86_64-windows-gnu -std=c11 -Wall -Wextra -Werror "
              "-o case.exe case.c || exit 99; sh \"$root/suite/wine.sh\" ./case.exe");
    if (started.status != SKIPPED && started.status != 127) {
        cr_assert_eq(started.status, 2, "%d: %s%s", started.status, started.out, started.err);
        cr_assert_not_null(strstr(started.out, "not shown"), "%s", started.out);
    }
    started_free(&started);
}

#define HEAD "scenario \"x\"\nrules VA-RESERVE\nsource \"none\"\n"

Test(repro, what_no_program_can_show_is_refused)
{
    check_refused(HEAD "profiles windows-98\np = VirtualAlloc(NULL, 4K, MEM_RESERVE, 4) => ?\n",
                  "windows-11-x64", "not for windows-11-x64");
}

/* Names that C has, a comment's end in a title, flags in another order of binding. */
Test(repro, nothing_in_a_scenario_spoils_the_program)
{
    folder_write("evil.va", "scenario \"An end */ of \\\"comments\\\" %s\"\nrules VA-RESERVE\n"
                            "source \"*/ int x; /*\"\n"
                            "int = hole(2 * GRANULE)\nerror = hole(GRANULE)\n"
                            "byte = VirtualAlloc(int + GRANULE / 2, SIZE_MAX - SIZE_MAX + 4K, "
                            "MEM_RESERVE | MEM_COMMIT & 0x3000, PAGE_READWRITE) => int\n"
                            "write(byte + -(-1), 0x61, 3)\n"
                            "read(byte, 5) => bytes 0*1, 0x61*3, 0\n"
                            "VirtualQuery(byte, MBI_SIZE) => RegionSize: 36K\n");
    check_passes("evil.va");
}
