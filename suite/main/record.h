/* Running a program while its calls are recorded. One file a system. */
#ifndef MAIN_RECORD_H
#define MAIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct record_counts {
    size_t lines; /* of Wine's log that were kept */
    int status;   /* the program's exit status, or 128 and the signal that ended it */
};

/* Before the file is opened: it must not take the place of a standard one that is closed, or what
 * is for people would go into it. */
void record_occupy_standard(void);

/* Runs argv[0] and writes what it and all that it starts tell of their calls to `file`, whose path
 * is `path`: the lines of Wine's log that name them, and what programs linked with Pagelaw's layer
 * append there themselves. What else the program writes to standard error goes where it would.
 * `with_relay` asks Wine for more. Each line is in the file at once, whatever ends this process. A
 * wish to end goes to the program, which may take its time; after it has ended, or at a second
 * wish, nobody else is waited for. False, with words in `error`, if it cannot be run. */
bool record_run(char *const *argv, FILE *file, const char *path, bool with_relay,
                struct record_counts *counts, char *error, size_t capacity);

#endif
