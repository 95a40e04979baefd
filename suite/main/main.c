/* The command line: which command, and the help. */
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "version.h"

static const struct command {
    const char *name, *what;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"check", "run scenarios on a subject, judge what came back, report", command_check},
    {"diff", "what changed between two result files", command_diff},
    {"merge", "put the result files of a run's shards together", command_merge},
    {"report", "make the handbook of result files: the matrix, a page for each rule",
     command_report},
    {"repro", "print a C program for windows.h that shows a scenario's case", command_repro},
    {"rules", "print the rule book", command_rules},
    {"explore", "find differences that nobody wrote down", command_explore},
    {"judge", "judge calls that were recorded elsewhere", command_judge},
    {"record", "run a program and record its calls, for judge", command_record},
    {"repl", "the model by hand: type calls, see outcomes, rules and address space", command_repl},
    {"agent", "serve this machine's backend on standard input and output", command_agent},
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

#define COMPLAINT_MAX 8192 /* bytes */

static const char *own_name = "pagelaw";

static void print_help(FILE *out)
{
    fputs("Pagelaw, the law book of Windows virtual memory, written so that a machine can try it.\n"
          "\nusage: pagelaw COMMAND [OPTION...]\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
    fputs(
        "\n`pagelaw COMMAND --help` tells more. Exit status: 0 no difference, 1 differences, 2 it\n"
        "could not be run.\n",
        out);
}

/* What a file says goes to a terminal: nothing in it is a command to one. The controls that
 * Unicode has beyond ASCII are two bytes of UTF-8. */
static void make_plain(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        if (*at == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
            at[0] = at[1] = '?';
        else if ((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7F)
            *at = '?';
    }
}

void complain(const char *format, ...)
{
    va_list arguments;
    char text[COMPLAINT_MAX];
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    make_plain(text);
    fprintf(stderr, "pagelaw: %s\n", text);
}

int usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("pagelaw: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n`pagelaw %s%s--help` shows how it is used.\n", command,
            *command == '\0' ? "" : " ");
    va_end(arguments);
    return STATUS_CANNOT_RUN;
}

int option_error(const char *command, char **argv)
{
    const char *word = argv[optind - 1];
    bool is_long = strncmp(word, "--", 2) == 0;
    if (is_long && optopt != 0)
        return usage_error(command, "%s %s", word,
                           strchr(word, '=') != NULL ? "takes no value" : "needs a value");
    if (is_long)
        return usage_error(command, "there is no option %s", word);
    return usage_error(command, "there is no option -%c", optopt);
}

const char *program_name(void)
{
    return own_name;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return STATUS_CANNOT_RUN;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("pagelaw " PAGELAW_VERSION);
        return 0;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return usage_error("", "there is no command \"%s\"", argv[1]);
}

/* What was printed must have arrived. */
int main(int argc, char **argv)
{
    if (argc > 0)
        own_name = argv[0];
    opterr = 0;
    int status = run_command(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    complain("standard output could not be written");
    return STATUS_CANNOT_RUN;
}
