/* The handbook as `pagelaw report` writes it, in a real browser: suite/tests/browser/handbook.py.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "started.h"

/* Subjects that every machine has: the model as two Windows, this machine's layer, a port with a
 * mistake; and results made by hand, an older and a newer one, and one that is made to harm. */
static const char make_results[] =
    "set -e; here=$PWD\n"
    "\"$PAGELAW\" check --subject model --profile documented --format json > \"$F/1.json\"\n"
    "\"$PAGELAW\" check --subject model --profile windows-98 --format json > \"$F/2.json\"\n"
    "port=$(ls \"$PAGELAW_PORTS\"/decommit*.so \"$PAGELAW_PORTS\"/[a-q]*.so | head -n 1)\n"
    "\"$PAGELAW\" check --subject \"port:$port\" --format json > \"$F/3.json\" || [ $? = 1 ]\n"
    "cp suite/tests/golden/result-bad.json \"$F/4.json\"\n"
    "sed 's/Wine 8.0/Wine 9.0/; s/\"observed\": \"64K\"/\"observed\": \"8K\"/'"
    "    suite/tests/golden/result-bad.json > \"$F/5.json\"\n"
    "cp suite/tests/golden/result-hostile.json \"$F/6.json\"\n"
    "\"$PAGELAW\" report \"$F\"/[1-6].json --output \"$F/site\" > /dev/null\n";

static void make_site(void)
{
    folder_make();
    setenv("F", folder_path(), 1);
    const struct start start = {.command = make_results, .limit_s = 120};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 0, "%s", started.err);
    started_free(&started);
}

TestSuite(browser, .init = make_site, .fini = folder_remove, .timeout = 400);

static void check(const char *name)
{
    char command[256];
    snprintf(command, sizeof command,
             "PYTHONDONTWRITEBYTECODE=1 exec python3 suite/tests/browser/handbook.py %s "
             "\"$F/site\" .zigw/axe.min.js",
             name);
    const struct start start = {.command = command, .limit_s = 300};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
}

Test(browser, every_link_leads_somewhere)
{
    check("files");
}

Test(browser, the_filter_lives_in_the_address)
{
    check("filter");
}

Test(browser, one_click_leads_to_the_difference)
{
    check("links");
}

Test(browser, keys_reach_everything)
{
    check("keys");
}

Test(browser, reads_without_a_script)
{
    check("plain");
}

Test(browser, axe_finds_nothing)
{
    check("axe");
}
