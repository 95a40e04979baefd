/* Starting the program under test, as a person at a shell does. */
#ifndef TEST_STARTED_H
#define TEST_STARTED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A shell command, and what it is given. */
struct start {
    const char *command; /* "$PAGELAW" is the program under test, "$AGENT" this test program */
    const char *folder;  /* where it runs, NULL: here */
    bool closed_output;  /* nobody reads what it writes to standard output */
    const char *awaited; /* NULL, or a file: when it is there, a signal is sent, */
    int sent;            /* which one; 0: SIGINT */
    unsigned limit_s;    /* how long it may take; 0: 30 */
};

/* What came of it. */
struct started {
    int status; /* the exit status, or -1: ended by a signal, or too late */
    bool late;  /* it was ended after its time limit */
    char *out, *err;
};

/* Runs the command to its end. Free the result with started_free. */
struct started start_and_wait(const struct start *start);
void started_free(struct started *started);

/* Runs the command to its end, in time, with that status and those words among what it says. */
void start_and_expect(const struct start *start, int status, const char *out, const char *err);

/* A folder of this test's own, and its end. A path in it stays valid until the next call. */
void folder_make(void);
void folder_remove(void);
const char *folder_path(void);
void folder_write(const char *name, const char *text);
char *folder_read(const char *name); /* NULL if it is not there; the caller frees it */

/* Cuts the members named "host" out of a result file, in place. */
void json_drop_hosts(char *json);

#endif
