/* `pagelaw explore`: on what is right it finds nothing, on what is wrong the rule, in a few calls.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "screen.h"
#include "started.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

TestSuite(explore, .init = folder_make, .fini = folder_remove, .timeout = 200);

#define COMMAND_MAX 1024

static struct start exploration(const char *options, char command[COMMAND_MAX])
{
    snprintf(command, COMMAND_MAX, "exec \"$PAGELAW\" explore %s", options);
    return (struct start){.command = command, .folder = folder_path(), .limit_s = 150};
}

static struct started explore(const char *options)
{
    char command[COMMAND_MAX];
    struct start start = exploration(options, command);
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late, "it did not end: %s", options);
    return started;
}

static void expect(const char *options, int status, const char *out, const char *err)
{
    char command[COMMAND_MAX];
    struct start start = exploration(options, command);
    start_and_expect(&start, status, out, err);
}

Test(explore, every_transition_of_one_page_is_crossed)
{
    expect("--exhaustive --subject model", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject native", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject model --profile windows-98", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject model --protections all", 0, "3777 states, all there are", "");
    expect("--exhaustive --subject native --pages 2 --scope within", 0,
           "\n1693 states, all that lie within the pages\n763442 transitions, 763442 crossed", "");
    expect("--exhaustive --subject model --granules 2 --depth 4", 0,
           " calls; 0 sequences not as the model itself answers", "");
    expect("--exhaustive --subject model --pages 2 --depth 2", 0, "as far as the bounds allow", "");
}

Test(explore, at_random_nothing_is_found_in_what_is_right)
{
    expect("--random --sequences 3000 --seed 1 --subject native", 0, "No differences.", "seed 1\n");
    expect("--random --sequences 3000 --seed 2 --subject model --profile windows-10-x86", 0,
           "No differences.", "seed 2\n");
}

/* What is found of a port that has a mistake, by which way, in how many calls. */
static const struct row {
    const char *port, *options, *found;
} rows[] = {
    {"guard-is-silent", "--exhaustive", "found: GUARD-ONE-SHOT, exception, in 2 calls"},
    {"recommit-empties", "--exhaustive", "found: ST-CONTENTS, byte, in "},
    {"size-zero-takes-a-page", "--exhaustive", "found: VA-SIZE-ZERO, return value, in 1 calls"},
    {"decommit-keeps-its-charge", "--random --sequences 6000 --seed 1", "found: SYS-COMMIT-LIMIT"},
    {"decommit-keeps-the-contents", "--random --sequences 20000 --seed 1", "found: ST-ZERO, byte"},
};

Test(explore, mistakes_are_found_by_their_rule)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        char options[512];
        snprintf(options, sizeof options, "%s --subject \"port:$PAGELAW_PORTS/%s.so\"",
                 rows[i].options, rows[i].port);
        expect(options, 1, " broken in ", rows[i].found);
    }
}

static void run_same(const char *options, int runs)
{
    struct started first = explore(options);
    json_drop_hosts(first.out);
    for (int i = 1; i < runs; i++) {
        struct started next = explore(options);
        json_drop_hosts(next.out);
        cr_assert_str_eq(first.out, next.out, "run %d", i);
        cr_assert_str_eq(first.err, next.err, "run %d", i);
        started_free(&next);
    }
    started_free(&first);
}

Test(explore, one_seed_gives_one_result)
{
    run_same("--random --sequences 4000 --seed 11 --format json --subject "
             "\"port:$PAGELAW_PORTS/decommit-past-the-end.so\"",
             2);
}

Test(explore, a_hundred_runs_with_one_seed_give_one_result)
{
    run_same("--random --sequences 40 --seed 5 --format json --subject "
             "\"port:$PAGELAW_PORTS/query-of-free-memory-fails.so\"",
             100);
}

/* Shards of one exploration are told apart, and are of one; other explorations are not. */
Test(explore, results_say_what_was_explored)
{
    char hash[3][32];
    static const char *const options[] = {"--shard 1/2", "--shard 2/2", "--depth 1"};
    for (size_t i = 0; i < COUNT(options); i++) {
        char all[256], shard[32] = "\"shard\": 0";
        snprintf(all, sizeof all, "--exhaustive --format json --subject model %s", options[i]);
        struct started started = explore(all);
        const char *at = strstr(started.out, "\"hash\": \"");
        cr_assert_not_null(at, "%s", started.out);
        snprintf(hash[i], sizeof hash[i], "%.16s", at + strlen("\"hash\": \""));
        if (i < 2)
            snprintf(shard, sizeof shard, "\"shard\": %zu", i + 1);
        cr_assert_not_null(strstr(started.out, shard), "%s", started.out);
        started_free(&started);
    }
    cr_assert_str_eq(hash[0], hash[1]);
    cr_assert_str_neq(hash[0], hash[2]);
}

/* What two shards found is put together: what both found is there once. */
Test(explore, results_of_shards_are_merged)
{
    struct start start = {
        .command =
            "for i in 1 2; do \"$PAGELAW\" explore --exhaustive --shard $i/2 --format json "
            "--subject \"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\" > $i.json || :; done; "
            "exec \"$PAGELAW\" merge 1.json 2.json",
        .folder = folder_path(),
        .limit_s = 100};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 1, "%s%s", started.out, started.err);
    cr_assert_not_null(strstr(started.out, "VA-SIZE-ZERO-a5d481-1of2.va"), "%s", started.out);
    cr_assert_null(strstr(started.out, "VA-SIZE-ZERO-a5d481-2of2.va"), "%s", started.out);
    cr_assert_not_null(strstr(started.out, "\"differ\": 1,"), "%s", started.out);
    started_free(&started);
}

/* Together they have crossed what the whole does. */
Test(explore, shards_tell_together_how_far_they_came)
{
    struct start start = {
        .command =
            "for i in 1 2 3; do \"$PAGELAW\" explore --exhaustive --random --seed 4 "
            "--sequences 20000 --subject model --shard $i/3 --output $i.json > /dev/null "
            "2>&1 || exit 9; done; exec \"$PAGELAW\" merge 1.json 2.json 3.json --format text",
        .folder = folder_path(),
        .limit_s = 100};
    start_and_expect(
        &start, 0,
        "571 states, all there are\n"
        "137092 transitions, 137092 crossed (100.00 %); 6229 are settled by no source\n"
        "at random: 3 pages, 2 granules, seed 4; ",
        "");
    start_and_expect(&start, 0, "\n60000 sequences, ", "");
}

/* To ask about a look is not to judge it: however many there were, another is not left out. */
Test(explore, looks_that_were_not_judged_take_no_room)
{
    static struct alphabet alphabet;
    struct explored explored = {.hash = 0};
    const struct explore_options options = {.profile = pagelaw_profile_find("windows-11-x64")};
    struct finder *finder = finder_create(&options, &explored, &alphabet);
    cr_assert_not_null(finder);
    for (uint32_t i = 0; i < 10000; i++)
        cr_assert_not(finder_is_tired_of(finder, screen_look(i % 32, i % 20, i % 200, i)), "%u", i);
    finder_free(finder);
}

/* The scenario that is kept shows the same in `check`. */
Test(explore, a_finding_is_a_scenario_to_keep)
{
    expect("--exhaustive --keep kept --subject \"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\"",
           1, "VA-SIZE-ZERO", "found:");
    struct start start = {.command = "exec \"$PAGELAW\" check kept/VA-SIZE-ZERO-*.va --subject "
                                     "\"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\"",
                          .folder = folder_path()};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 1, "%s%s", started.out, started.err);
    started_free(&started);
    start.command = "exec \"$PAGELAW\" check kept/VA-SIZE-ZERO-*.va --subject model";
    started = start_and_wait(&start);
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
}

/* Before the time is spent. */
Test(explore, where_nothing_can_be_kept_nothing_is_made)
{
    folder_write("file", "");
    expect("--subject model --keep \"\"", 2, "", "--keep: found \"\", wanted a folder");
    expect("--subject model --output \"\"", 2, "", "--output: found \"\", wanted a path");
    expect("--subject model --keep file/in", 2, "", "file/in: Not a directory");
    expect("--subject model --exhaustive --pages 1 --resume none/marks", 2, "\n0 sequences",
           "none/marks: No such file");
    expect("--subject model --random --sequences 500 --corpus none/corpus", 2, "\n0 sequences",
           "none/corpus: No such file");
}

Test(explore, an_interruption_loses_nothing)
{
    char awaited[1024];
    folder_write("kept/readme", "");
    snprintf(awaited, sizeof awaited, "%s/kept/VA-SIZE-ZERO-a5d481.va", folder_path());
    struct start start = {.command = "exec \"$PAGELAW\" explore --seconds 100 --seed 1 "
                                     "--keep kept --subject "
                                     "\"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\"",
                          .folder = folder_path(),
                          .awaited = awaited};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late);
    cr_assert_eq(started.status, 2, "%d %s%s", started.status, started.out, started.err);
    cr_assert_not_null(strstr(started.out, "VA-SIZE-ZERO"), "%s", started.out);
    cr_assert_not_null(strstr(started.err, "interrupted"), "%s", started.err);
    started_free(&started);
}

/* Two halves cross what one whole does; a second run of one has nothing left. */
Test(explore, shards_and_resuming_share_the_work)
{
    expect("--exhaustive --subject model --shard 1/2", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject model --shard 2/2", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject model --resume half --sequences 2000", 0, " crossed (", "");
    expect("--exhaustive --subject model --resume half", 0, "crossed (100.00 %)", "");
    expect("--exhaustive --subject model --pages 2 --depth 1 --resume half", 2, "",
           "wanted one that --resume made");
}

/* Starts a run, kills it when a condition of the shell holds, and goes on where it was. */
static struct started kill_and_resume(const char *options, const char *until, const char *then)
{
    char command[2 * COMMAND_MAX];
    snprintf(command, sizeof command,
             "\"$PAGELAW\" explore %s & until %s; do sleep 0.05; kill -0 $! || exit 9; done; "
             "kill -9 $!; wait $!; exec \"$PAGELAW\" explore %s %s",
             options, until, options, then);
    struct start start = {.command = command, .folder = folder_path(), .limit_s = 150};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late, "%s", command);
    return started;
}

#define TWO_PAGES "--exhaustive --pages 2 --states 8000 --resume marks "
#define PORT "--subject \"port:$PAGELAW_PORTS/size-zero-takes-a-page.so\""

/* That the file is there says nothing yet: at first nothing is crossed. */
Test(explore, a_kill_loses_little_of_what_was_crossed)
{
    unsigned long long crossed = 0;
    struct started started =
        kill_and_resume(TWO_PAGES "--subject model",
                        "[ $(cat marks 2>&- | tr -d '\\000' | wc -c) -gt 10000 ]", "--sequences 1");
    const char *line = strstr(started.out, " transitions, ");
    cr_assert(line != NULL && sscanf(line, " transitions, %llu", &crossed) == 1, "%d %s%s",
              started.status, started.out, started.err);
    cr_assert_gt(crossed, 9000, "%s", started.out);
    started_free(&started);
}

/* What was found and is in no file dies with the run, so the next one finds it again. */
Test(explore, a_kill_loses_nothing_that_was_found)
{
    struct started started = kill_and_resume(TWO_PAGES PORT " 2>>err",
                                             "grep -q found: err && sleep 3", "--sequences 4000");
    started_free(&started);
    char *err = folder_read("err");
    const char *first = strstr(err, "found: VA-SIZE-ZERO");
    cr_assert(first != NULL && strstr(first + 1, "found: VA-SIZE-ZERO") != NULL, "%s", err);
    free(err);
}

Test(explore, a_kill_loses_little_of_the_corpus)
{
    struct started started =
        kill_and_resume("--random --seed 1 --seconds 100 --corpus corpus --subject model",
                        "[ $(cat corpus 2>&- | wc -c) -gt 1000 ]", "--sequences 100");
    cr_assert_eq(started.status, 0, "%d %s%s", started.status, started.out, started.err);
    started_free(&started);
    char *corpus = folder_read("corpus");
    cr_assert_gt(strlen(corpus), 1000);
    free(corpus);
}

/* What another run kept is gone on from; a file that is no corpus stays as it is. */
Test(explore, the_corpus_is_kept)
{
    static const char line[] = "this is no act\n";
    expect("--random --sequences 500 --seed 1 --subject model --corpus corpus", 0, "", "");
    char *first = folder_read("corpus");
    cr_assert_not_null(strstr(first, "\n\n"));
    expect("--random --sequences 2000 --seed 2 --subject model --corpus corpus", 0, "", "");
    char *second = folder_read("corpus");
    cr_assert_eq(strncmp(first, second, strlen(first)), 0);
    cr_assert_gt(strlen(second), strlen(first));
    expect("--random --sequences 500 --pages 1 --subject model --corpus corpus", 2, "",
           "wanted an act of this run");
    folder_write("other", line);
    expect("--random --sequences 500 --subject model --corpus other", 2, "",
           "other:1:1: found \"this is no act\", wanted eight hexadecimal numbers");
    char *other = folder_read("other");
    cr_assert_str_eq(other, line);
    free(first);
    free(second);
    free(other);
}

/* A port whose allocations never come back, and leave a file when they begin. */
#define HANGING_PORT                                                                               \
    "cat > hang.c <<'END'\n"                                                                       \
    "#include <fcntl.h>\n#include <stdint.h>\n#include <unistd.h>\n"                               \
    "void *VirtualAlloc(void *address, uintptr_t size, uint32_t type, uint32_t protect)\n"         \
    "{ creat(\"hangs\", 0600); for (;;) pause(); }\n"                                              \
    "int VirtualFree(void *address, uintptr_t size, uint32_t type) { return 0; }\n"                \
    "END\n"                                                                                        \
    "cc -w -shared -fPIC -o hang.so hang.c || exit 9\n"

Test(explore, a_subject_that_hangs_again_and_again_is_given_up)
{
    struct start start = {.command =
                              HANGING_PORT "exec \"$PAGELAW\" explore --exhaustive --timeout 0.1 "
                                           "--subject port:./hang.so",
                          .folder = folder_path(),
                          .limit_s = 100};
    start_and_expect(&start, 1, "10 sequences, ", "the subject hangs again and again");
}

/* Long before the agent's time is over. */
Test(explore, what_hangs_can_be_interrupted)
{
    char awaited[1024];
    snprintf(awaited, sizeof awaited, "%s/hangs", folder_path());
    struct start start = {.command = HANGING_PORT "exec \"$PAGELAW\" explore --exhaustive "
                                                  "--timeout 1000 --subject port:./hang.so",
                          .folder = folder_path(),
                          .awaited = awaited,
                          .limit_s = 60};
    start_and_expect(&start, 2, "0 sequences, ", "interrupted");
}

/* Wherever memory ends, the words end in a reason. */
Test(explore, short_memory_is_named)
{
    struct start start = {.command = "for kb in $(seq 4000 300 24000); do "
                                     "(ulimit -v $kb; \"$PAGELAW\" explore --exhaustive --depth 1 "
                                     "--subject model 2>&1 >&-); done | grep -c ': *$'",
                          .folder = folder_path()};
    start_and_expect(&start, 1, "0\n", "");
}

/* Of a request that cannot be read the agent says why, and takes the next. */
Test(explore, what_cannot_be_screened_is_refused)
{
    static const struct {
        const char *text, *answer;
    } requests[] = {
        {"zzz\n", "end 1 refused line 2 of what is to be screened: wanted a profile's name"},
        {"windows-11-x64\n", "wanted a number of bytes"},
        {"windows-11-x64\n10000\n1000\n1 2 3\ngo\n0\n", "line 5 of what is to be screened"},
        {"windows-11-x64\n10000\n1000\n", "wanted an act, or go"},
        {"windows-11-x64\n0\n0\ngo\n", "wanted an act, or go"},
        {"windows-11-x64\n10000\n1000\ngo\nffff 7\n", "screened 1 0\nend 1 ok"},
    };
    for (size_t i = 0; i < COUNT(requests); i++) {
        char command[512];
        snprintf(command, sizeof command,
                 "printf 'run 1 %zx 5000\nscreen\n%srun 2 1 5000\nx' | \"$PAGELAW\" agent",
                 strlen("screen\n") + strlen(requests[i].text), requests[i].text);
        struct start start = {.command = command, .folder = folder_path()};
        start_and_expect(&start, 0, requests[i].answer, "");
        start_and_expect(&start, 0, "end 2 refused line 1, column 1", "");
    }
}

/* An agent that tells of what it was not asked: steps that a sequence does not have, words. */
Test(explore, an_agent_that_lies_is_outlived)
{
    static const char *const lies[] = {"odd 0 fffffffe 5", "aside 0 fffffffe 5", "odd 0 ffffffff 5",
                                       "odd ffffffff 0 5", "odd 0 12d 5",        "odd",
                                       "screened 0 0"};
    for (size_t i = 0; i < COUNT(lies); i++) {
        char agent[512];
        snprintf(agent, sizeof agent,
                 "printf 'pagelaw-agent 1\\nbackend x\\nsystem x\\nprocessor x64\\n"
                 "version a 0 4a63\\nmemory 8 1000 10000 10000 7ffffffeffff\\nready\\n'\n"
                 "while read word id rest; do\n"
                 "test \"$word\" != run || printf '%s\\nend %%s ok\\n' \"$id\"\ndone\n",
                 lies[i]);
        folder_write("agent", agent);
        struct started started =
            explore("--exhaustive --sequences 100 --timeout 5 --subject 'exec:sh agent'");
        cr_assert(started.status >= 0 && started.status <= 2, "%s: %d: %s%s", lies[i],
                  started.status, started.out, started.err);
        started_free(&started);
    }
}

/* An agent that ends at each request is a finding, and memory is not short. */
Test(explore, an_agent_that_ends_at_once_is_found)
{
    folder_write("agent", "printf 'pagelaw-agent 1\\nbackend x\\nsystem x\\nprocessor x64\\n"
                          "version a 0 4a63\\nmemory 8 1000 10000 10000 7ffffffeffff\\nready\\n'\n"
                          "read word && exit 1\n");
    struct started started =
        explore("--exhaustive --depth 1 --sequences 1 --timeout 5 --subject 'exec:sh agent'");
    cr_assert_null(strstr(started.err, "memory"), "%s", started.err);
    cr_assert_not_null(strstr(started.err, "found: no rule, "), "%s", started.err);
    started_free(&started);
}

Test(explore, what_was_mistyped_is_named)
{
    expect("--pages 0", 2, "", "--pages: found \"0\"");
    expect("--shard 3/2", 2, "", "--shard: found \"3/2\"");
    expect("--seed -1 --random", 2, "", "--seed: found \"-1\"");
    expect("--exhaustive --seed 1", 2, "", "are for --random");
    expect("--exhaustive --scope plain", 2, "", "wanted within or full");
    expect("--exhaustive --protections 4", 2, "", "wanted all or few");
    expect("--random --resume x", 2, "", "is for --exhaustive");
    expect("more", 2, "", "found \"more\"");
    expect("--subject port:/nowhere.so", 2, "", "nowhere");
}

/* ---- The mistakes, without a scenario -------------------------------------------------------- */

TestSuite(unaided, .init = folder_make, .fini = folder_remove, .timeout = 200);

#define CALLS_MAX 6

/* In how many calls a rule's finding shows it; 0 if it was not found. */
static unsigned calls_of(const char *err, const char *rule)
{
    char wanted[96];
    unsigned least = 0, calls;
    snprintf(wanted, sizeof wanted, "found: %s, ", rule);
    for (const char *at = err; (at = strstr(at, wanted)) != NULL; at++) {
        const char *end = strstr(at, " calls\n"), *in = end;
        while (in != NULL && in > at && in[-1] != ' ')
            in--;
        if (in != NULL && sscanf(in, "%u", &calls) == 1 && (least == 0 || calls < least))
            least = calls;
    }
    return least;
}

/* Whether all of the rules were found; each of them in few calls. */
static bool are_found(const char *port, const char *rules, const char *options)
{
    char command[512], list[256];
    bool all = true;
    snprintf(command, sizeof command, "%s --subject \"port:$PAGELAW_PORTS/%s.so\"", options, port);
    snprintf(list, sizeof list, "%s", rules);
    struct started started = explore(command);
    cr_assert_lt(started.status, 2, "%s: %s%s", port, started.out, started.err);
    for (char *rule = strtok(list, " "); rule != NULL; rule = strtok(NULL, " ")) {
        unsigned calls = calls_of(started.err, rule);
        cr_assert_leq(calls, CALLS_MAX, "%s: %s", port, started.err);
        all = all && calls != 0;
    }
    started_free(&started);
    return all;
}

/* A page exhaustively, with few protections and with all; else, so many sequences at random. */
static void find_unaided(const char *port, const char *rules)
{
    cr_assert(are_found(port, rules, "--exhaustive") ||
                  are_found(port, rules, "--exhaustive --protections all") ||
                  are_found(port, rules, "--random --sequences 4000 --seed 1"),
              "%s: %s is not found", port, rules);
}

#define MISTAKE(name, file, rules, areas)                                                          \
    Test(unaided, name)                                                                            \
    {                                                                                              \
        find_unaided(file, rules);                                                                 \
    }
#include "mistake_list.h"
