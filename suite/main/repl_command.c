/* `pagelaw repl`. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "repl_line.h"
#include "repl_show.h"
#include "suite/terminal.h"

#define TIMEOUT_MS 10000u

static const char help[] =
    "usage: pagelaw repl [OPTION...]\n"
    "\n"
    "Takes calls in the scenario language, line by line, makes them on a subject, and tells what\n"
    "came back, the rule that decides with its source, which other rules also applied, and how\n"
    "the address space looks then.\n"
    "\n"
    "  --subject NAME  model (default), or what `pagelaw check --subject` takes\n"
    "  --profile NAME  which Windows the model plays\n"
    "\n"
    "Exit status: 0; and if the lines do not come from a terminal, 1 if something differed and 2\n"
    "if a line was refused.\n";

static const char commands_help[] =
    "  h = hole(4 * GRANULE)      a free address range to work in; then any call of the language:\n"
    "  p = VirtualAlloc(h, 62K, MEM_RESERVE, PAGE_READWRITE)\n"
    "  undo             takes the last statement back\n"
    "  map              draws the address ranges as they are now\n"
    "  rule ID          prints a rule with its source\n"
    "  list             prints the statements so far\n"
    "  save FILE TITLE  writes the session as a scenario, what came back as its pins\n"
    "  clear            begins anew\n"
    "  quit             ends, as the end of the input does\n";

static const struct option long_options[] = {
    {"subject", required_argument, NULL, 's'},
    {"profile", required_argument, NULL, 'p'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct repl {
    struct started_subject subject;
    struct session session;
    struct repl_style style;
    struct line_editor *editor;
    char *pending; /* a statement that goes on in the next line; NULL: there is none */
    bool refused, ended;
};

/* ---- Statements ---- */

static void say_refused(struct repl *repl, const struct session_error *error)
{
    repl->refused = true;
    if (error->column != 0 && error->line > 1)
        printf("  line %d, column %d: %s\n", error->line, error->column, error->message);
    else if (error->column != 0)
        printf("  column %d: %s\n", error->column, error->message);
    else
        printf("  %s\n", error->message);
}

/* Puts a line behind what is pending. NULL if memory is short; the pending text is used up. */
static char *join(char *pending, const char *line)
{
    size_t before = pending == NULL ? 0 : strlen(pending) + 1, length = strlen(line);
    char *joined = realloc(pending, before + length + 1);
    if (joined == NULL) {
        free(pending);
        return NULL;
    }
    if (before != 0)
        joined[before - 1] = '\n';
    memcpy(joined + before, line, length + 1);
    return joined;
}

static void drop_pending(struct repl *repl)
{
    free(repl->pending);
    repl->pending = NULL;
}

static void take_statement(struct repl *repl, const char *line)
{
    struct session_error error;
    bool gives_up = repl->pending != NULL && *line == '\0';
    repl->pending = join(repl->pending, line);
    if (repl->pending == NULL) {
        complain("out of memory");
        return;
    }
    enum session_answer answer =
        session_add(&repl->session, repl->pending, strlen(repl->pending), &error);
    if (answer == SESSION_INCOMPLETE && !gives_up)
        return;
    drop_pending(repl);
    if (answer != SESSION_DONE) {
        say_refused(repl, &error);
        return;
    }
    show_newest(&repl->session, &repl->style);
    show_changes(&repl->session, &repl->style);
}

/* ---- Words ---- */

static void do_help(struct repl *repl, const char *argument)
{
    (void)repl, (void)argument;
    fputs(commands_help, stdout);
}

static void do_undo(struct repl *repl, const char *argument)
{
    struct session_error error;
    (void)argument;
    if (!session_undo(&repl->session, &error))
        say_refused(repl, &error);
    else
        show_map(&repl->session, &repl->style);
}

static void do_map(struct repl *repl, const char *argument)
{
    (void)argument;
    show_map(&repl->session, &repl->style);
}

static void do_rule(struct repl *repl, const char *argument)
{
    enum pagelaw_rule rule = pagelaw_rule_find(argument);
    if (rule != PAGELAW_NO_RULE) {
        show_rule(rule, &repl->style);
        return;
    }
    printf("  there is no rule \"%s\"; %s\n", argument, rule_advice(argument));
    repl->refused = true;
}

static void do_list(struct repl *repl, const char *argument)
{
    (void)argument;
    for (size_t i = 0; i < session_count(&repl->session); i++) {
        size_t length;
        const char *statement = session_statement(&repl->session, i, &length);
        printf("%.*s\n", (int)length, statement);
    }
}

static void do_save(struct repl *repl, const char *argument)
{
    struct session_error error;
    char path[OWN_PATH_MAX];
    size_t length = strcspn(argument, " ");
    const char *title = argument + length + strspn(argument + length, " ");
    snprintf(path, sizeof path, "%.*s", (int)length, argument);
    if (*path == '\0' || *title == '\0') {
        puts("  save takes a file and a title: save reserve.va A reserve is rounded down");
        repl->refused = true;
    } else if (!session_save(&repl->session, path, title, &error)) {
        printf("  %s was not written: %s\n", path, error.message);
        repl->refused = true;
    } else {
        printf("  saved; pagelaw check %s runs it\n", path);
    }
}

static void do_clear(struct repl *repl, const char *argument)
{
    (void)argument;
    session_clear(&repl->session);
}

static void do_quit(struct repl *repl, const char *argument)
{
    (void)argument;
    repl->ended = true;
}

static const struct word {
    const char *name;
    void (*run)(struct repl *repl, const char *argument);
} words[] = {{"help", do_help},   {"undo", do_undo}, {"map", do_map},
             {"rule", do_rule},   {"list", do_list}, {"save", do_save},
             {"clear", do_clear}, {"quit", do_quit}, {"exit", do_quit}};

#define WORD_COUNT (sizeof words / sizeof *words)

/* A word of the prompt's own: alone, or with an argument that makes it no assignment. */
static const struct word *find_word(const char *line, const char **argument)
{
    size_t length = strcspn(line, " \t(=");
    *argument = line + length + strspn(line + length, " \t");
    if (**argument == '=' || **argument == '(')
        return NULL;
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (strlen(words[i].name) == length && strncmp(line, words[i].name, length) == 0)
            return &words[i];
    }
    return NULL;
}

static void take_line(struct repl *repl, char *line)
{
    const char *argument;
    for (size_t end = strlen(line); end != 0 && (line[end - 1] == ' ' || line[end - 1] == '\t');)
        line[--end] = '\0';
    const char *begin = line + strspn(line, " \t");
    const struct word *word = repl->pending == NULL ? find_word(begin, &argument) : NULL;
    if (word != NULL)
        word->run(repl, argument);
    else if (repl->pending != NULL || (*begin != '\0' && *begin != '#'))
        take_statement(repl, line);
}

/* ---- Completion ---- */

/* Counted once: how many names the language has. */
static size_t language_count(void)
{
    static size_t count;
    while (language_name(count) != NULL)
        count++;
    return count;
}

static const char *word_at(size_t index)
{
    if (index < WORD_COUNT)
        return words[index].name;
    index -= WORD_COUNT;
    if (index < language_count())
        return language_name(index);
    index -= language_count();
    return index + 1 < PAGELAW_RULE_END ? pagelaw_rule_info((enum pagelaw_rule)(index + 1))->id
                                        : NULL;
}

/* ---- The loop ---- */

static void greet(const struct repl *repl)
{
    if (repl->editor == NULL)
        return;
    printf("%s, judged as %s. help tells what can be typed, Ctrl-D ends.\n",
           repl->subject.info.system, repl->subject.profile->name);
}

static void loop(struct repl *repl)
{
    char *line;
    while (!repl->ended) {
        enum line_answer answer =
            line_next(repl->editor, repl->pending == NULL ? "> " : "... ", &line);
        if (answer == LINE_END)
            break;
        if (answer == LINE_CANCELLED) {
            drop_pending(repl);
            continue;
        }
        take_line(repl, line);
        fflush(stdout);
        free(line);
    }
    if (repl->pending != NULL)
        take_statement(repl, "");
}

static int status_of(const struct repl *repl)
{
    const struct judgement *judgement = repl->session.outcome.judgement;
    if (repl->editor != NULL)
        return STATUS_NO_DIFFERENCE;
    if (repl->refused)
        return STATUS_CANNOT_RUN;
    return judgement != NULL && judgement->result.verdict >= VERDICT_DIFFER ? STATUS_DIFFERENCES
                                                                            : STATUS_NO_DIFFERENCE;
}

static int run(struct repl *repl)
{
    unsigned width = terminal_width();
    repl->style = (struct repl_style){.colour = terminal_colour(),
                                      .width = width < 40    ? 40
                                               : width > 100 ? 100
                                                             : width};
    if (!session_begin(&repl->session, &repl->subject, TIMEOUT_MS)) {
        complain("out of memory");
        return STATUS_CANNOT_RUN;
    }
    repl->editor = line_editor_open(word_at);
    greet(repl);
    loop(repl);
    int status = status_of(repl);
    if (ferror(stdin)) {
        complain("standard input: %s", strerror(errno));
        status = STATUS_CANNOT_RUN;
    }
    session_end(&repl->session);
    line_editor_close(repl->editor);
    return status;
}

int command_repl(int argc, char **argv)
{
    static struct repl repl;
    const char *subject = "model", *profile = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == 's') {
            subject = optarg;
        } else if (option == 'p') {
            profile = optarg;
        } else if (option == 'h') {
            fputs(help, stdout);
            fputs("\nWhat can be typed:\n", stdout);
            fputs(commands_help, stdout);
            return 0;
        } else {
            return option_error("repl", argv);
        }
    }
    if (optind < argc)
        return usage_error("repl", "found \"%s\", wanted nothing more", argv[optind]);
    int status = subject_start(&repl.subject, "repl", subject, profile);
    return status != 0 ? status : run(&repl);
}
