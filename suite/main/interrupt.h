/* A wish that a run end early, with what is done reported: Ctrl-C, a request to terminate, a
 * terminal that is closed. */
#ifndef MAIN_INTERRUPT_H
#define MAIN_INTERRUPT_H

#include <stddef.h>

/* 1 once it was wished. */
extern volatile int interrupt_asked;

/* From now on a wish is noted; a second one ends the program. What was ignored stays so. */
void interrupt_catch(void);

/* From now on it ends the program at once. */
void interrupt_release(void);

/* The signals by which this system tells a program to end. */
extern const int interrupt_signals[];
extern const size_t interrupt_signal_count;

#endif
