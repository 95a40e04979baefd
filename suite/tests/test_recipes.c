/* The recipes for many machines: GNU parallel, here with machines that are folders, and GitHub's
 * workflow, played by suite/tests/recipes/workflow.py. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "started.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define BUILD_S 900 /* where the program for Windows is not built yet */

TestSuite(recipes, .init = folder_make, .fini = folder_remove, .timeout = 1000);

static void expect(const char *command, int status, const char *out, const char *err)
{
    setenv("F", folder_path(), 1);
    start_and_expect(&(struct start){.command = command, .limit_s = BUILD_S}, status, out, err);
}

/* Whether the command says that it is there. ./zigw installs for the tests what Debian has; where
 * it is not, nothing is tested, and that is said. */
static bool has(const char *command, const char *name)
{
    struct started started =
        start_and_wait(&(struct start){.command = command, .limit_s = BUILD_S});
    cr_assert_not(started.late, "it did not end: %s", command);
    bool there = started.status == 0;
    started_free(&started);
    if (!there)
        fprintf(stderr, "%s is not installed: nothing was tested with it\n", name);
    return there;
}

/* ---- GNU parallel ---------------------------------------------------------------------------- */

/* In a folder of its own, which has two machines. */
#define PARALLEL                                                                                   \
    "here=$PWD; mkdir \"$F/box1\" \"$F/box2\"; cd \"$F\" || exit 9\n"                              \
    "export HOME=\"$F\" BOXES=\"$F\" PATH=\"$here/suite/tests/recipes:$PATH\"\n"                   \
    "share() { sh \"$here/suite/explore_parallel.sh\" \"$@\"; }\n"

static const struct row {
    const char *command;
    int status;
    const char *out, *err;
} rows[] = {
    /* What the machines found comes back, and is in the result once; it is the same in check. */
    {"port=\"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\"\n"
     "share 5 :,box1,1/box2 found --exhaustive --subject \"$port\" || status=$?\n"
     "[ \"$(ls found/shard-[1-5]/VA-SIZE-ZERO-*of5.va found/shard-[1-5]/log | wc -l)\" = 10 ] &&\n"
     "[ -z \"$(ls box1/found box2/found | grep shard)\" ] && [ -d box1/found ] &&\n"
     "\"$PAGELAW\" check --subject \"$port\" found/shard-3/*.va > check.txt || [ $? = 1 ] &&\n"
     "grep -c '\"differ\": 1,' found/result.json && exit $status",
     1, "1 rule broken in 1 scenario", "shard 4/5: found: VA-SIZE-ZERO, return value, in 1 calls"},
    /* As suite/EXPLORE.md has it. */
    {"eval \"$(sed -n 's/^sh suite.explore_parallel.sh 8 /share 8 /p' "
     "\"$here/suite/EXPLORE.md\")\"\n"
     "status=$?; ls found/shard-[1-8]/result.json | wc -l; exit $status",
     0, "No differences.\n8\n", "shard 8/8: 1693 states, all that lie within the pages"},
    /* One seed for all, though none was given. */
    {"share 3 :,box1 found --random --sequences 100 && cat found/result.json", 0, "No differences.",
     "shard 3/3: 100 sequences, "},
    {"share 2 :,box1 found --random --seed 7 --sequences 50 --subject \"exec:'$PAGELAW'  agent\" &&"
     "grep interrupted found/result.json",
     0, "false", "shard 1/2: seed 7\n"},
    /* A machine is lost. */
    {"share 2 1/box1,1/lost found --exhaustive --depth 2 || status=$?\n"
     "grep interrupted found/result.json; exit $status",
     2, "\"interrupted\": true", "could not be run to its end"},
    /* A machine that takes each command, and runs none. */
    {"export BOX_SHELL=; share 2 1/:,1/box1 found --exhaustive --depth 2 || status=$?\n"
     "grep interrupted found/result.json; exit $status",
     2, "\"interrupted\": true", "could not be run to its end"},
    {"export PARALLEL='--retries 3'; share 3 1/box1,1/lost found --exhaustive --depth 2", 0,
     "No differences.", "shard 3/3: "},
    {"share 2 lost found", 2, "", "no shard has a result"},
    {"share 2 : found --depht 2", 2, "", "shard 2/2: pagelaw: there is no option --depht"},
    {"mkdir found; share 2 : found", 2, "", "found"},
    {"share --help", 0, "SHARDS MACHINES FOLDER [OPTION...]\n", ""},
    {"share 2 :", 2, "", "found 2 arguments, wanted SHARDS MACHINES FOLDER [OPTION...]"},
    {"share 0 : found", 2, "", "found \"0\" shards, wanted a number from 1 to 10000"},
    {"share 10001 : found", 2, "", "found \"10001\" shards"},
    {"share 2 : /found", 2, "", "wanted a folder that is made below this one"},
};

Test(recipes, parallel_shares_the_shards_among_machines)
{
    if (!has("parallel --version 2> /dev/null | grep -q '^GNU parallel'", "GNU parallel"))
        return;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char command[2048];
        snprintf(command, sizeof command, PARALLEL "%s", rows[i].command);
        expect(command, rows[i].status, rows[i].out, rows[i].err);
        folder_remove();
        folder_make();
    }
}

/* ---- GitHub's workflow ----------------------------------------------------------------------- */

static bool has_yaml(void)
{
    return has("/usr/bin/python3 -c 'import jsonschema, yaml'", "python3-yaml");
}

static void play(const char *what)
{
    char command[256];
    snprintf(command, sizeof command,
             "PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 suite/tests/recipes/workflow.py %s",
             what);
    expect(command, 0, "", "");
}

Test(recipes, the_workflow_is_in_itself_right)
{
    if (has_yaml())
        play("look");
}

Test(recipes, the_workflow_outlives_a_shard)
{
    if (has_yaml())
        play("native \"$F\"");
}

Test(recipes, the_workflow_finds_where_wine_differs)
{
    if (has_yaml() && has("[ -z \"${PAGELAW_NO_WINE+set}\" ] && exec sh suite/wine.sh", "Wine"))
        play("wine \"$F\"");
}
