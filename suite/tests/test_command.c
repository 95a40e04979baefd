/* The command line: exit status, what is on standard output, and what on standard error. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "started.h"

#define WORDS 4
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

#define HEAD(title) "scenario \"" title "\"\nrules VA-ALIGN-BASE\nsource \"none\"\n"
#define RESERVE(size) "p = VirtualAlloc(NULL, " size ", MEM_RESERVE, PAGE_READWRITE) => ?\n"
#define RELEASE(pin) "VirtualFree(p, 0, MEM_RELEASE) => " pin "\n"

static const char good[] = HEAD("good") RESERVE("64K") RELEASE("TRUE");
static const char bad[] = HEAD("bad") RESERVE("0xbad000") RELEASE("TRUE");
static const char differs[] = HEAD("differs") RESERVE("64K") RELEASE("FALSE");
static const char syntax[] = HEAD("syntax") "p = VirtualAlloc(NULL 64K)\n";
static const char constant[] = HEAD("constant") RESERVE("PAGE_READONYL");
static const char rule[] = "scenario \"rule\"\nrules VA-ALIGN-BAS\nsource \"none\"\n" RESERVE("4K");

static void open_folder(void)
{
    folder_make();
    folder_write("good/one.va", good);
    folder_write("good/two.va", good);
    folder_write("trio/1.va", good);
    folder_write("trio/2.va", bad);
    folder_write("trio/3.va", good);
    folder_write("a differing one/it's $0.va", differs);
    folder_write("mixed/constant.va", constant);
    folder_write("mixed/good.va", good);
    folder_write("mixed/rule.va", rule);
    folder_write("mixed/syntax.va", syntax);
    folder_write("empty/readme", "");
}

TestSuite(command, .init = open_folder, .fini = folder_remove);

/* What is typed after the program's name, and what must come of it. Without words, an output must
 * be empty. */
struct row {
    const char *typed;
    int status;
    const char *out[WORDS], *err[WORDS];
};

static struct started type(const char *typed)
{
    char command[1024];
    snprintf(command, sizeof command, "exec \"$PAGELAW\" %s", typed);
    struct start start = {.command = command, .folder = folder_path()};
    return start_and_wait(&start);
}

static void check_words(const char *typed, const char *output, const char *const *words)
{
    cr_assert(words[0] != NULL || *output == '\0', "%s: there was to be no: %s", typed, output);
    for (int i = 0; i < WORDS && words[i] != NULL; i++)
        cr_assert_not_null(strstr(output, words[i]), "%s: \"%s\" is not in: %s", typed, words[i],
                           output);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct started started = type(rows[i].typed);
        cr_assert_not(started.late, "%s: it did not end", rows[i].typed);
        cr_assert_eq(started.status, rows[i].status, "%s: status %d: %s", rows[i].typed,
                     started.status, started.err);
        check_words(rows[i].typed, started.out, rows[i].out);
        check_words(rows[i].typed, started.err, rows[i].err);
        started_free(&started);
    }
}

Test(command, help_is_printed_where_it_is_asked_for)
{
    static const struct row rows[] = {
        {"", 2, {NULL}, {"usage: pagelaw COMMAND", "check", "rules", "agent"}},
        {"--help", 0, {"usage: pagelaw COMMAND"}, {NULL}},
        {"check --help", 0, {"usage: pagelaw check", "--subject", "Exit status"}, {NULL}},
        {"check -h", 0, {"usage: pagelaw check"}, {NULL}},
        {"rules --help", 0, {"usage: pagelaw rules"}, {NULL}},
        {"rules VF-TYPE VA-ALIGN-BASE", 0, {"VA-ALIGN-BASE (documented)", "2 rules"}, {NULL}},
        {"rules --uncovered", 0, {"Needs a second process", "no part of this book"}, {NULL}},
        {"rules --contradictions --format json", 0, {"\"contradiction\": \""}, {NULL}},
        {"rules --grade inferred --format markdown", 0, {"- inferred: "}, {NULL}},
        {"rules --profile windows-98 9X-TOPDOWN VF-TYPE",
         0,
         {"windows98/top-down-is-ignored"},
         {NULL}},
        {"rules --profile windows-11-x64 9X-TOPDOWN VF-TYPE", 0, {"1 rule:"}, {NULL}},
        {"report --help", 0, {"usage: pagelaw report", "--output FOLDER"}, {NULL}},
        {"agent --help", 0, {"usage: pagelaw agent"}, {NULL}},
        {"--version", 0, {"pagelaw "}, {NULL}},
        {"--version > /dev/full", 2, {NULL}, {"standard output could not be written"}},
    };
    check_rows(rows, COUNT(rows));
}

/* The documents know two sizes of an address space: a Windows is held to its own. */
Test(command, the_documents_are_of_the_subjects_time)
{
    static const struct row rows[] = {
        {"check --subject model:windows-7-x64 --profile documented query/highest-address",
         0,
         {"documented-8tb: asked for", "No differences"},
         {NULL}},
        {"check --subject model:windows-11-x64 --profile documented query/highest-address",
         0,
         {"documented: asked for", "No differences"},
         {NULL}},
    };
    check_rows(rows, COUNT(rows));
}

Test(command, what_was_mistyped_is_named)
{
    static const struct row rows[] = {
        {"chekc", 2, {NULL}, {"no command \"chekc\"", "`pagelaw --help`"}},
        {"check --nope", 2, {NULL}, {"no option --nope", "`pagelaw check --help`"}},
        {"check -x", 2, {NULL}, {"no option -x"}},
        {"check --full=2", 2, {NULL}, {"--full=2 takes no value"}},
        {"check --jobs", 2, {NULL}, {"--jobs needs a value"}},
        {"check --jobs 0", 2, {NULL}, {"--jobs: found \"0\"", "from 1 to"}},
        {"check --jobs 2x", 2, {NULL}, {"--jobs: found \"2x\""}},
        {"check --jobs ''", 2, {NULL}, {"--jobs: found \"\""}},
        {"check --timeout 0", 2, {NULL}, {"--timeout: found \"0\"", "seconds"}},
        {"check --timeout nan", 2, {NULL}, {"--timeout: found \"nan\""}},
        {"check --seed -1", 2, {NULL}, {"--seed: found \"-1\"", "wanted a number"}},
        {"check --seed 18446744073709551616", 2, {NULL}, {"--seed: found"}},
        {"check --format xml", 2, {NULL}, {"--format: found \"xml\"", "wanted text, json, junit"}},
        {"check --profile nt", 2, {NULL}, {"no \"nt\"", "windows-11-x64", "windows-10-x86"}},
        {"check --profile windows-10-x86", 2, {NULL}, {"cannot judge", "a pointer", "are 4"}},
        {"check --rule VA-ALIGN-BAS", 2, {NULL}, {"no rule VA-ALIGN-BAS;", "mean VA-ALIGN-BASE?"}},
        {"check --rule xyzzy", 2, {NULL}, {"no rule xyzzy", "`pagelaw rules`"}},
        {"check --subject foo",
         2,
         {NULL},
         {"found \"foo\"", "native, model, port:FILE or exec:COMMAND"}},
        {"check --subject exec:", 2, {NULL}, {"exec: is without a command"}},
        {"agent --backend foo", 2, {NULL}, {"found \"foo\"", "native, model or port:FILE"}},
        {"agent more", 2, {NULL}, {"found \"more\""}},
        {"report --output x", 2, {NULL}, {"found no result file", "`pagelaw report --help`"}},
        {"report x.json", 2, {NULL}, {"--output: wanted the folder"}},
        {"check good --output .", 2, {NULL}, {"found \".\", a folder; wanted the name"}},
        {"check good --output x/", 2, {NULL}, {"found \"x/\", a folder; wanted the name"}},
        {"merge x.json --output x/..", 2, {NULL}, {"found \"x/..\", a folder"}},
        {"report x.json --output x --format pdf", 2, {NULL}, {"\"pdf\"", "html or markdown"}},
        {"report nope.json --output x", 2, {NULL}, {"nope.json", "No such file"}},
        {"report good/one.va --output x", 2, {NULL}, {"good/one.va:1:1: found"}},
        {"rules NOPE", 2, {NULL}, {"no rule NOPE"}},
        {"rules --grade sure", 2, {NULL}, {"--grade: found \"sure\"", "documented, observed or"}},
        {"rules --format xml", 2, {NULL}, {"--format: found \"xml\"", "markdown or json"}},
        {"rules --uncovered --contradictions", 2, {NULL}, {"do not go together"}},
        {"rules --profile nt", 2, {NULL}, {"no \"nt\"", "windows-98"}},
        {"rules --uncovered --profile windows-98", 2, {NULL}, {"do not go together"}},
        {"rules --full", 2, {NULL}, {"no option --full", "`pagelaw rules --help`"}},
    };
    check_rows(rows, COUNT(rows));
}

/* Each of the trio is in one shard and in no other. */
Test(command, shards_are_apart_and_make_up_the_whole)
{
    static const struct row rows[] = {
        {"check trio --shard 0/2", 2, {NULL}, {"--shard: found \"0/2\""}},
        {"check trio --shard 3/2", 2, {NULL}, {"--shard: found \"3/2\""}},
        {"check trio --shard 2", 2, {NULL}, {"--shard: found \"2\""}},
        {"check trio --shard 4/4", 2, {NULL}, {"no scenario is left to run"}},
    };
    size_t seen[3] = {0};
    for (int shard = 1; shard <= 2; shard++) {
        char typed[64];
        snprintf(typed, sizeof typed, "check trio --format json --shard %d/2", shard);
        struct started started = type(typed);
        for (int i = 0; i < 3; i++) {
            char path[32];
            snprintf(path, sizeof path, "\"path\": \"trio/%d.va\"", i + 1);
            seen[i] += strstr(started.out, path) != NULL;
        }
        started_free(&started);
    }
    for (int i = 0; i < 3; i++)
        cr_expect_eq(seen[i], 1, "trio/%d.va is in %zu shards", i + 1, seen[i]);
    check_rows(rows, COUNT(rows));
}

Test(command, a_scenario_that_cannot_be_read_is_named_and_the_others_run)
{
    static const struct row rows[] = {
        {"check nofile", 2, {NULL}, {"nofile: no such file"}},
        {"check empty", 2, {NULL}, {"empty: there is no .va file in it"}},
        {"check mixed/rule.va",
         2,
         {NULL},
         {"mixed/rule.va:2: unknown rule VA-ALIGN-BAS; did you mean VA-ALIGN-BASE?"}},
        {"check mixed",
         2,
         {"1 scenario, 2 steps"},
         {"mixed/syntax.va:4:23: found '64K', wanted ','",
          "mixed/constant.va:4:24: unknown constant PAGE_READONYL; did you mean PAGE_READONLY?",
          "mixed/rule.va:2:", "3 of what was to run could not be read"}},
        {"check good nofile", 2, {"2 scenarios"}, {"nofile", "1 of what was to run"}},
        {"check good empty", 2, {"2 scenarios"}, {"empty: there is no"}},
        {"check good --rule VP-PAGES", 2, {NULL}, {"none names the rule"}},
        {"check native --subject model --profile windows-98",
         2,
         {"Nothing was checked."},
         {"nothing was checked: the subject"}},
    };
    check_rows(rows, COUNT(rows));
}

Test(command, few_files_may_be_open)
{
    static const char *const lines[] = {
        "ulimit -n 24; exec \"$PAGELAW\" check good --subject model",
        "ulimit -n 24; exec \"$PAGELAW\" check good",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct start start = {.command = lines[i], .folder = folder_path()};
        start_and_expect(&start, 0, "2 scenarios", "");
    }
    struct start start = {.command = "ulimit -n 10; exec \"$PAGELAW\" check good --subject model",
                          .folder = folder_path()};
    start_and_expect(&start, 2, "", "Too many open files");
}

Test(command, a_path_and_a_rule_choose_scenarios)
{
    static const struct row rows[] = {
        {"check good", 0, {"2 scenarios, 4 steps", "No differences."}, {NULL}},
        {"check good good/one.va", 0, {"2 scenarios"}, {NULL}},
        {"check good/one.va reserve/base-rounds-down", 0, {"2 scenarios"}, {NULL}},
        {"check reserve/base-rounds-down.va", 0, {"1 scenario,"}, {NULL}},
        {"check good 'a differing one' --rule VA-ALIGN-BASE",
         1,
         {"3 scenarios", "1 differ"},
         {NULL}},
        {"check reserve good --subject model --rule VA-ALIGN-BASE", 0, {"No differences."}, {NULL}},
        {"check decommit --subject model:documented --profile windows-11-x64",
         1,
         {"what the documents state", "windows-11-x64: asked for"},
         {NULL}},
    };
    check_rows(rows, COUNT(rows));
}

Test(command, a_subject_that_does_not_start_is_named_with_the_reason)
{
    static const struct row rows[] = {
        {"check good --subject exec:/nowhere/agent",
         2,
         {NULL},
         {"exec:/nowhere/agent: ", "exit status 127", "not found"}},
        {"check good --subject model:foo",
         2,
         {NULL},
         {"no \"foo\"; the profiles", "windows-11-x64"}},
        {"check good --subject 'exec:exit 3'", 2, {NULL}, {"exec:exit 3: ", "exit status 3"}},
        {"check good --subject 'exec:echo the reason >&2'",
         2,
         {NULL},
         {"last words: \"the reason\""}},
        {"check good --subject 'exec:echo hello'",
         2,
         {NULL},
         {"it said \"hello\"", "pagelaw-agent"}},
        {"check good --subject \"exec:'$AGENT' bad-backend refuse\"", 2, {NULL}, {"no?memory"}},
        {"check good --subject \"exec:'$AGENT' fake-agent other-version state\"",
         2,
         {NULL},
         {"version 2 of the wire"}},
    };
    check_rows(rows, COUNT(rows));
}

#define BAD_BACKEND(how) "check trio --subject \"exec:exec '$AGENT' bad-backend " how "\" "
#define FAKE_AGENT(how) "check trio --subject \"exec:exec '$AGENT' fake-agent " how " state\" "

#define CRASHED "3 scenarios, 6 steps", "1 crashed, 2 unspecified."
#define TIMED_OUT "3 scenarios, 6 steps", "1 timed out, 2 unspecified."

Test(command, a_subject_that_crashes_or_hangs_costs_one_scenario)
{
    static const struct row rows[] = {
        {BAD_BACKEND("crash"), 1, {"trio/2.va:4", "signal 11 (SIGSEGV)", CRASHED}, {NULL}},
        {BAD_BACKEND("exit-3"), 1, {"trio/2.va:4", "exit status 3", CRASHED}, {NULL}},
        {BAD_BACKEND("hang") "--timeout 0.3",
         1,
         {"trio/2.va:4", "the time limit was over", TIMED_OUT},
         {NULL}},
        {BAD_BACKEND("fork"), 0, {"3 unspecified. No differences."}, {NULL}},
        {FAKE_AGENT("hangs") "--timeout 0.3", 1, {"trio/2.va:4", TIMED_OUT}, {NULL}},
        {FAKE_AGENT("falls"), 1, {"trio/2.va:5", "signal 9", CRASHED}, {NULL}},
        {FAKE_AGENT("huge-map"), 1, {"trio/2.va\n", "too many regions", CRASHED}, {NULL}},
        {FAKE_AGENT("allocates-beyond-the-limit"),
         1,
         {"trio/2.va:5", "1 differ, 2 unspecified."},
         {NULL}},
        {FAKE_AGENT("leaves-for-good") "--jobs 1",
         2,
         {"trio/2.va:4", "exit status 4", "1 crashed"},
         {"no longer starts"}},
    };
    check_rows(rows, COUNT(rows));
}

/* ---- What is written where ------------------------------------------------------------------- */

static void check_file(const char *name, const char *words)
{
    char *text = folder_read(name);
    cr_assert_eq(text != NULL, words != NULL, "%s", name);
    cr_assert(text == NULL || strstr(text, words) != NULL, "%s: %s", name, text);
    free(text);
}

Test(command, output_writes_both_files_or_the_one_that_is_named)
{
    static const struct row both[] = {{"check good --output both", 0, {"No diff"}, {NULL}}};
    static const struct row text[] = {{"check good --output text.txt", 0, {"No diff"}, {NULL}}};
    static const struct row json[] = {{"check good --output json.json", 0, {"No diff"}, {NULL}}};
    check_rows(both, 1);
    check_file("both.txt", "No differences.");
    check_file("both.json", "\"pagelaw-result\"");
    check_rows(text, 1);
    check_file("text.txt", "No differences.");
    check_file("text.txt.json", NULL);
    check_file("text.json", NULL);
    check_rows(json, 1);
    check_file("json.json", "\"pagelaw-result\"");
    check_file("json.txt", NULL);
}

Test(command, a_report_that_cannot_be_written_is_no_success)
{
    static const struct row rows[] = {
        {"check good --output nowhere/x",
         2,
         {"No differences."},
         {"nowhere/x.txt: the report could not be written: No such file", "nowhere/x.json"}},
        {"check good --output /dev/full/x.json", 2, {"No differences."}, {"Not a directory"}},
        {"check good > /dev/full", 2, {NULL}, {"standard output could not be written"}},
        {"rules > /dev/full", 2, {NULL}, {"standard output could not be written"}},
    };
    check_rows(rows, COUNT(rows));
    struct started started = type("check 'a differing one' --output nowhere/x");
    cr_assert_null(strstr(started.out, "nowhere/x"), "%s", started.out);
    started_free(&started);
}

Test(command, report_makes_its_folder_and_replaces_what_is_there)
{
    static const struct row rows[] = {
        {"check good --subject model --output x.json", 0, {"2 scenarios"}, {NULL}},
        {"report x.json --output new/deep/site", 0, {"new/deep/site/index.html"}, {NULL}},
        {"report x.json x.json --output new/deep/site", 0, {"new/deep/site/index.html"}, {NULL}},
        {"report x.json --output md --format markdown", 0, {"md/README.md"}, {NULL}},
        {"report x.json --output good/one.va", 2, {NULL}, {"cannot be made: Not a directory"}},
        {"report x.json --output taken", 2, {NULL}, {"taken/index.html: cannot be written"}},
    };
    folder_write("taken/index.html/in-the-way", "");
    check_rows(rows, COUNT(rows));
    char *index = folder_read("new/deep/site/index.html");
    cr_assert_not_null(index);
    cr_expect_not_null(strstr(index, " rules, 2 subjects"));
    free(index);
    cr_expect_null(folder_read("new/deep/site/index.html.tmp"));
    cr_expect_null(folder_read("taken/index.html.tmp"));
}

Test(command, a_pipe_that_nobody_reads_does_not_hang)
{
    struct start start = {.command = "exec \"$PAGELAW\" check --full",
                          .folder = folder_path(),
                          .closed_output = true};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late);
    cr_assert_eq(started.status, 2, "%d: %s", started.status, started.err);
    cr_assert_not_null(strstr(started.err, "standard output could not be written"));
    started_free(&started);
}

/* The command that the report gives, typed as it stands, runs that scenario alone. */
Test(command, the_command_to_run_it_again_works_as_printed)
{
    struct started first = type("check good 'a differing one' "
                                "--subject \"exec:'$PAGELAW' agent --backend model # \\$\"");
    cr_assert_eq(first.status, 1, "%s", first.err);
    char *again = strstr(first.out, "again: ");
    cr_assert_not_null(again, "%s", first.out);
    again += strlen("again: ");
    again[strcspn(again, "\n")] = '\0';
    struct start start = {.command = again, .folder = folder_path()};
    struct started second = start_and_wait(&start);
    cr_assert_eq(second.status, 1, "%s: %s", again, second.err);
    cr_assert_not_null(strstr(second.out, "1 scenario, 2 steps"), "%s", second.out);
    cr_assert_not_null(strstr(second.out, again), "%s: %s", again, second.out);
    started_free(&first);
    started_free(&second);
}

/* ---- The result file ------------------------------------------------------------------------- */

static char *json_of(const char *typed, int status)
{
    struct started started = type(typed);
    cr_assert_eq(started.status, status, "%s: %d: %s", typed, started.status, started.err);
    cr_assert_str_empty(started.err);
    free(started.err);
    return started.out;
}

Test(command, the_json_on_standard_output_is_json)
{
    char *json = json_of(BAD_BACKEND("crash") "--format json", 1);
    folder_write("result.json", json);
    struct start start = {.command = "command -v python3 > /dev/null || exit 0\n"
                                     "exec python3 -m json.tool result.json result.again",
                          .folder = folder_path()};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 0, "%s: %s", started.err, json);
    started_free(&started);
    free(json);
}

Test(command, the_same_run_gives_the_same_result)
{
    static const char *const runs[] = {
        "check reserve guard 'a differing one' --format json --jobs 1",
        "check reserve guard 'a differing one' --format json --jobs 1",
        "check reserve guard 'a differing one' --format json --jobs 4",
        "check reserve guard 'a differing one' --format json --jobs 4 --seed 77",
        "check guard 'a differing one' reserve --format json --seed 0x4D",
    };
    char *first = json_of(runs[0], 1);
    json_drop_hosts(first);
    cr_assert_gt(strlen(first), 10000);
    for (size_t i = 1; i < COUNT(runs); i++) {
        char *next = json_of(runs[i], 1);
        json_drop_hosts(next);
        cr_assert_str_eq(next, first, "%s", runs[i]);
        free(next);
    }
    free(first);
}

/* ---- Ctrl-C, and what else wishes it to end ----------------------------------------------------
 */

static void interrupt_by(int signal_number)
{
    char state[128];
    snprintf(state, sizeof state, "%s/state", folder_path());
    struct start start = {
        .command = "exec \"$PAGELAW\" " FAKE_AGENT("tells-and-hangs") "--jobs 1 --timeout 600",
        .folder = folder_path(),
        .awaited = state,
        .sent = signal_number};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late);
    cr_assert_eq(started.status, 2, "%d: %s", started.status, started.err);
    cr_assert_not_null(strstr(started.err, "interrupted: 1 of 3 scenarios"), "%s", started.err);
    cr_assert_not_null(strstr(started.out, "1 scenario, 2 steps"), "%s", started.out);
    started_free(&started);
}

Test(command, an_interrupt_ends_the_run_with_what_is_done)
{
    interrupt_by(SIGINT);
}

Test(command, a_request_to_terminate_does_as_well)
{
    interrupt_by(SIGTERM);
}

Test(command, a_terminal_that_is_closed_does_as_well)
{
    interrupt_by(SIGHUP);
}
