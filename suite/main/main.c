/* The command line: which command, and the help. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "version.h"

static const struct command {
    const char *name, *what;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "check", "run scenarios on a subject, judge what came back, report", command_check },
    { "rules", "print the rule book", command_rules },
    { "agent", "serve this machine's backend on standard input and output", command_agent },
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void print_help(FILE *out)
{
    fputs("Pagelaw, the law book of Windows virtual memory, written so that a machine can try it.\n"
          "\nusage: pagelaw COMMAND [OPTION...]\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
    fputs("\n`pagelaw COMMAND --help` tells more. Exit status: 0 no difference, 1 differences, 2 it\n"
          "could not be run.\n",
          out);
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("pagelaw: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
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

int main(int argc, char **argv)
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
