/* The person's side of the operating system: the terminal and the shell. One file a platform. */
#ifndef SUITE_TERMINAL_H
#define SUITE_TERMINAL_H

#include <stdbool.h>

/* How many columns standard output has; 80 if it is no terminal. */
unsigned terminal_width(void);

/* Whether standard output is a terminal that shows colours, and nobody asked for none (NO_COLOR).
 */
bool terminal_colour(void);

/* Whether standard error is a terminal on which a line may be written over. */
bool terminal_shows_progress(void);

/* How the system's shell is started for one command: put the command behind these two words. */
extern const char *const terminal_shell[2];

#endif
