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
int command_explore(int argc, char **argv);
int command_report(int argc, char **argv);
int command_repro(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_judge(int argc, char **argv);
int command_record(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_repl(int argc, char **argv);

/* Says what is wrong with the command line and where help is. Returns STATUS_CANNOT_RUN. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says which option getopt_long has just refused, and where help is. Returns STATUS_CANNOT_RUN. */
int option_error(const char *command, char **argv);

/* What to do about a rule that is not in the book: "did you mean VA-ALIGN-BASE?". Valid until the
 * next call. */
const char *rule_advice(const char *id);

/* The name by which this program was started. */
const char *program_name(void);

/* Says on standard error, with the program's name before it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
