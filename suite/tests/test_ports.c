/* The ports of native/ports: the suite finds nothing in the reference, and each mistake in the port
 * that is the reference with it, by its rule. PAGELAW_PORTS is the folder that has them built. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "started.h"

TestSuite(ports, .timeout = 120);
TestSuite(mistakes, .timeout = 120);

static struct started check(const char *port, const char *what)
{
    char command[1024];
    cr_assert_not_null(getenv("PAGELAW_PORTS"), "PAGELAW_PORTS must name the folder of ports");
    snprintf(command, sizeof command,
             "exec \"$PAGELAW\" check --jobs 1 --subject \"port:$PAGELAW_PORTS/%s.so\" %s", port,
             what);
    struct started started = start_and_wait(&(struct start){.command = command, .limit_s = 100});
    cr_assert_not(started.late, "%s: it did not end", port);
    return started;
}

Test(ports, nothing_is_found_in_the_reference)
{
    struct started started = check("reference", "");
    cr_assert_eq(started.status, 0, "status %d: %s%s", started.status, started.out, started.err);
    cr_assert_not_null(strstr(started.out, "No differences."));
    cr_assert_not_null(strstr(started.out, "the subject has no NtAllocateVirtualMemory"));
    cr_assert_null(strstr(started.out, "the subject has no Virtual"), "%s", started.out);
    cr_assert_null(strstr(started.out, "the subject has no commit_limit"), "%s", started.out);
    started_free(&started);
}

/* Whatever came before in the same agent. */
Test(ports, the_order_of_the_scenarios_does_not_matter)
{
    struct started started = check("reference", "--seed 7");
    cr_assert_eq(started.status, 0, "status %d: %s%s", started.status, started.out, started.err);
    started_free(&started);
}

/* ---- The page for whoever writes one --------------------------------------------------------- */

/* Builds the page's n-th piece of C as it stands there, and runs what the page runs. */
static struct started follow_page(int n, const char *file)
{
    char command[1024];
    snprintf(command, sizeof command,
             "set -e; cp native/ports/*.[ch] '%s'; page=$PWD/native/ports/README.md; cd '%s'\n"
             "awk '/^```/ { if (!in_c && /^```c$/) { in_c = 1; n++; next } in_c = 0 }\n"
             "     in_c && n == %d' \"$page\" > mine.c\n"
             "cc -O2 -shared -fPIC %s.c -o %s.so -lpthread\n"
             "exec \"$PAGELAW\" check --subject port:%s.so release",
             folder_path(), folder_path(), n, file, file, file);
    struct started started = start_and_wait(&(struct start){.command = command, .limit_s = 100});
    cr_assert_str_empty(started.err);
    return started;
}

Test(page, each_step_does_what_it_says, .init = folder_make, .fini = folder_remove)
{
    struct started first = follow_page(1, "mine"), second = follow_page(2, "mine"),
                   reference = follow_page(0, "reference");
    cr_assert_eq(first.status, 1);
    cr_assert_not_null(strstr(first.out, "VF-RELEASE-STATE"), "%s", first.out);
    cr_assert_not_null(strstr(first.out, "SYS-GRAN"), "%s", first.out);
    cr_assert_not_null(strstr(first.out, "crashed: 1 scenario"), "%s", first.out);
    cr_assert_eq(second.status, 1);
    cr_assert_null(strstr(second.out, "VF-RELEASE-STATE"), "%s", second.out);
    cr_assert_null(strstr(second.out, "SYS-GRAN"), "%s", second.out);
    cr_assert_not_null(strstr(second.out, "VA-COMMIT-INDIVIDUAL"), "%s", second.out);
    cr_assert_eq(reference.status, 0, "%s", reference.out);
    started_free(&first);
    started_free(&second);
    started_free(&reference);
}

/* ---- The mistakes ---------------------------------------------------------------------------- */

/* Each of the rules must be named in the result file as that of a difference. */
static void expect_rules(const char *port, const char *json, const char *rules)
{
    char list[256], id[80];
    snprintf(list, sizeof list, "%s", rules);
    for (char *rule = strtok(list, " "); rule != NULL; rule = strtok(NULL, " ")) {
        snprintf(id, sizeof id, "\"%s\"", rule);
        cr_expect_not_null(strstr(json, id), "%s: %s is blamed for nothing", port, rule);
    }
}

static void find(const char *port, const char *rules, const char *areas)
{
    char what[256];
    snprintf(what, sizeof what, "--format json %s", areas);
    struct started started = check(port, what);
    cr_assert_eq(started.status, 1, "%s: status %d: %s", port, started.status, started.err);
    expect_rules(port, started.out, rules);
    started_free(&started);
}

#define MISTAKE(name, file, rules, areas)                                                          \
    Test(mistakes, name)                                                                           \
    {                                                                                              \
        find(file, rules, areas);                                                                  \
    }
#include "mistake_list.h"
