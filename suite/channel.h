/* An agent's side of the operating system: the wire's two ends in this process, and a process of
 * its own for each program. One file a platform. */
#ifndef SUITE_CHANNEL_H
#define SUITE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

/* Takes standard input and output for the wire. From then on standard input is empty and standard
 * output goes to standard error, so that what a subject prints cannot disturb. */
bool channel_open(void);

/* Reads what is there, at most `capacity` bytes; waits for the first. 0 at the end. */
size_t channel_read(char *bytes, size_t capacity);

/* Writes all of it. False if nobody reads any more. */
bool channel_write(const char *bytes, size_t length);

/* What is to be done in a process of its own. Where a process can be forked the child calls `work`
 * and ends with status 0; where not, this program is started anew with its own arguments and
 * "--once", and `input` on its standard input. Both write to the same wire. */
struct isolated {
    void (*work)(void *user);
    void *user;
    const char *input;
    size_t input_length;
    unsigned timeout_ms;
};

enum isolated_end {
    ISOLATED_OK, /* ended with status 0 */
    ISOLATED_CRASHED,
    ISOLATED_TIMED_OUT, /* and ended, with all that it started */
    ISOLATED_FAILED     /* could not be started */
};

/* Does it, and waits for it. `why` gets words for a crash and a failure. If nobody reads the wire
 * any more, this process ends here. */
enum isolated_end isolated_run(const struct isolated *isolated, char *why, size_t capacity);

#endif
