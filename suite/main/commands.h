/* The commands of the program `pagelaw`. */
#ifndef MAIN_COMMANDS_H
#define MAIN_COMMANDS_H

/* What a command's exit status means. */
enum {
    STATUS_NO_DIFFERENCE = 0,
    STATUS_DIFFERENCES = 1,
    STATUS_CANNOT_RUN = 2 /* usage, a bad scenario, a subject that does not start */
};

/* Each takes the arguments after the program's name, its own first, and returns the exit status. */
int command_check(int argc, char **argv);
int command_agent(int argc, char **argv);
int command_rules(int argc, char **argv);

/* Says what is wrong with the command line and where help is. Returns STATUS_CANNOT_RUN. */
int usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says on standard error, with the program's name before it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
