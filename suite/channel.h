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

/* How a process of its own ends when its work is done, when it has said on the wire why it is
 * refused, or when it could not say anything: statuses that nobody's `exit` has by chance. */
enum { CHANNEL_DONE = 0xD0, CHANNEL_REFUSED = 0xD1, CHANNEL_CUT = 0xD2 };

/* Ends this process at once: nothing that a subject left behind runs any more. */
_Noreturn void channel_leave(int status);

/* What is to be done in a process of its own. Where a process can be forked the child calls `work`
 * and ends with the status that it gives, one of those above; where not, this program is started
 * anew with its own arguments and "--once", and `input` on its standard input, to end so itself.
 * Both write to the same wire. */
struct isolated {
    int (*work)(void *user);
    void *user;
    const char *input;
    size_t input_length;
    unsigned timeout_ms;
};

enum isolated_end {
    ISOLATED_OK,
    ISOLATED_CRASHED,   /* or somebody called `exit`, or closed the wire */
    ISOLATED_TIMED_OUT, /* and ended, with all that it started */
    ISOLATED_FAILED,    /* could not be started */
    ISOLATED_REFUSED    /* has said why */
};

/* Does it, and waits for it. `why` gets words for a crash and a failure. If nobody reads the wire
 * any more, this process ends here. */
enum isolated_end isolated_run(const struct isolated *isolated, char *why, size_t capacity);

#endif
