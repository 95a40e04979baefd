/* Wine's API: through the wire from here, and by the program that runs in Wine itself. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "started.h"

#define LIMIT_S 240
#define NOT_INSTALLED 127 /* as suite/wine.sh says it */

#define THROUGH_THE_WIRE                                                                           \
    "exec \"$PAGELAW\" check --format json --subject \"exec:sh suite/wine.sh '$PAGELAW_EXE' "      \
    "agent\""
#define INSIDE "exec sh suite/wine.sh \"$PAGELAW_EXE\" check --format json"

/* Where every Wine known differs. */
static const struct difference {
    const char *scenario, *rule, *observed;
} known[] = {
    {"native/protect-of-free-pages.va", "VP-NOT-ALLOCATED", "STATUS_INVALID_PARAMETER"},
    {"native/protect-of-reserved-pages.va", "VP-OLD-ON-FAILURE", "untouched"},
    {"commit/guard-does-not-go-with-no-access.va", "PR-GUARD-NOACCESS", "p"},
};

/* ./zigw installs Wine where it serves for tests. Elsewhere, or if it is not wanted, there is no
 * test, and that is said. */
static bool prepare_wine(void)
{
    if (getenv("PAGELAW_NO_WINE") != NULL) {
        fputs("PAGELAW_NO_WINE is set: nothing was tested on Wine\n", stderr);
        return false;
    }
    struct start start = {.command = "exec sh suite/wine.sh", .limit_s = LIMIT_S};
    struct started started = start_and_wait(&start);
    struct utsname here;
    cr_assert_geq(uname(&here), 0);
    bool wanted = strcmp(here.sysname, "Linux") == 0 && strcmp(here.machine, "x86_64") == 0;
    bool there = started.status == 0;
    cr_assert(there || !wanted || started.status != NOT_INSTALLED,
              "Wine is not installed: apt-get install wine64, or set PAGELAW_NO_WINE=1");
    cr_assert(there || started.status == NOT_INSTALLED, "suite/wine.sh: %s", started.err);
    started_free(&started);
    if (!there)
        fputs("Wine is not installed: nothing was tested on it\n", stderr);
    return there;
}

static void drop_line(char *text, const char *beginning)
{
    char *from = strstr(text, beginning);
    cr_assert_not_null(from, "there is no %s", beginning);
    char *to = strchr(from, '\n') + 1;
    memmove(from, to, strlen(to) + 1);
}

/* Windows ends its lines in two characters. */
static void drop_returns(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
}

/* The result file, without what depends on the road. */
static char *result_by(const char *command)
{
    struct start start = {.command = command, .limit_s = LIMIT_S};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late, "%s: not done in %d s: %s", command, LIMIT_S, started.err);
    cr_assert_eq(started.status, 1, "%s: status %d: %s", command, started.status, started.err);
    drop_returns(started.out);
    json_drop_hosts(started.out);
    drop_line(started.out, "  \"subject\": ");
    drop_line(started.out, "  \"command\": ");
    free(started.err);
    return started.out;
}

/* Shows the lines at which two texts part, and the scenario that they belong to. */
static void check_same(const char *one, const char *other)
{
    static const char path[] = "      \"path\": ";
    size_t at = 0, line = 0, scenario = 0;
    while (one[at] != '\0' && one[at] == other[at]) {
        if (one[at++] != '\n')
            continue;
        line = at;
        if (strncmp(one + line, path, strlen(path)) == 0)
            scenario = line;
    }
    cr_assert(one[at] == other[at], "%.100s\nthrough the wire: %.200s\ninside: %.200s",
              one + scenario, one + line, other + line);
}

/* The scenarios first, which say more than their sums. */
static void check_results(const char *one, const char *other)
{
    static const char scenarios[] = "  \"scenarios\": [";
    check_same(strstr(one, scenarios), strstr(other, scenarios));
    check_same(one, other);
}

static void check_known(const char *json, const struct difference *difference)
{
    char words[128];
    snprintf(words, sizeof words, "\"path\": \"%s\"", difference->scenario);
    const char *from = strstr(json, words);
    cr_assert_not_null(from, "%s was not run", difference->scenario);
    const char *to = strstr(from + 1, "\"path\": ");
    snprintf(words, sizeof words, "\"observed\": \"%s\",\n              \"rule\": \"%s\"",
             difference->observed, difference->rule);
    const char *found = strstr(from, words);
    cr_assert(found != NULL && (to == NULL || found < to), "%s: %s came back otherwise: %.1500s",
              difference->scenario, difference->rule, from);
}

Test(wine, both_roads_to_it_give_the_same_verdicts)
{
    cr_assert_not_null(getenv("PAGELAW_EXE"), "PAGELAW_EXE must name the program for Windows");
    if (!prepare_wine())
        return;
    char *wire = result_by(THROUGH_THE_WIRE), *inside = result_by(INSIDE);
    check_results(wire, inside);
    cr_assert_not_null(strstr(wire, "\"crashed\": 0,"), "%.800s", wire);
    cr_assert_not_null(strstr(wire, "\"timed out\": 0\n"), "%.800s", wire);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        check_known(wire, &known[i]);
    free(wire);
    free(inside);
}

/* Of a real program's calls nearly all can be judged, and what Wine did was right. */
Test(wine, a_recorded_program_is_judged, .init = folder_make, .fini = folder_remove)
{
    char command[2048];
    if (!prepare_wine())
        return;
    snprintf(
        command, sizeof command,
        "\"$PAGELAW\" record --relay --output '%s/cmd.trace' -- sh suite/wine.sh cmd /c ver && "
        "exec \"$PAGELAW\" judge '%s/cmd.trace'",
        folder_path(), folder_path());
    struct start start = {.command = command, .limit_s = LIMIT_S};
    struct started started = start_and_wait(&start);
    const char *counts = strstr(started.out, " calls: 0 differ, ");
    cr_assert(started.status == 0 && counts != NULL, "%s%s", started.out, started.err);
    cr_assert_gt(atoi(counts + strlen(" calls: 0 differ, ")), 200, "%s", started.out);
    started_free(&started);
}

/* kernel32.dll exports what a port does: there the port is Windows itself, or Wine. */
Test(wine, ports_are_libraries_there)
{
    static const struct {
        const char *arguments;
        int status;
        const char *words;
    } rows[] = {
        {"'port:C:\\windows\\system32\\kernel32.dll' access", 0, "without PortFault"},
        {"port:nothing.dll access", 2, "there is no such file"},
        {"port:README.md access", 2, "it is no library for this processor"},
        {"'port:C:\\windows\\system32\\ntdll.dll' access", 2, "does not export VirtualAlloc"},
    };
    if (!prepare_wine())
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char command[512];
        snprintf(command, sizeof command,
                 "exec sh suite/wine.sh \"$PAGELAW_EXE\" check --subject %s", rows[i].arguments);
        struct started started =
            start_and_wait(&(struct start){.command = command, .limit_s = LIMIT_S});
        cr_assert_eq(started.status, rows[i].status, "%s: %s", rows[i].arguments, started.err);
        cr_assert_not_null(strstr(rows[i].status == 0 ? started.out : started.err, rows[i].words),
                           "%s: %s%s", rows[i].arguments, started.out, started.err);
        started_free(&started);
    }
}
