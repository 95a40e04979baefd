/* Started processes, and what else the runner needs of the operating system. One file a platform.
 *
 * All from one thread. A broken pipe is an error that is returned, never a signal: starting a
 * process makes this one ignore SIGPIPE. */
#ifndef SUITE_PROCESS_H
#define SUITE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_MAX 64 /* that process_wait waits for */

struct process;

/* Starts a program with pipes on its standard input, output and error, in a group of its own that
 * can be ended as a whole. NULL with words in `error` if it cannot be started. */
struct process *process_start(char *const *argv, char *error, size_t capacity);

/* Puts bytes on their way to the standard input. They are copied and sent while process_wait
 * waits. What was queued before must have been sent or is forgotten. False if memory is short. */
bool process_send(struct process *process, const char *bytes, size_t length);

/* Waits until one of them has something to take, or `timeout_ms` is over, or a signal came. NULL
 * entries are skipped. */
void process_wait(struct process *const *processes, size_t count, unsigned timeout_ms);

/* Takes what the standard output has, without waiting: at most `capacity` bytes. *closed becomes
 * true at its end. */
size_t process_take(struct process *process, char *bytes, size_t capacity, bool *closed);

/* Forgets what the process has written to its standard error; appends the last line of what it has
 * written since, if there is any, to a text: "; its last words: ...". */
void process_forget_words(struct process *process);
void process_append_words(struct process *process, char *text, size_t capacity);

/* Ends the standard input. */
void process_hang_up(struct process *process);

/* Waits up to `patience_ms` for the process to end by itself, ends what is left of its group, and
 * frees it. `how` gets words on how it ended by itself ("exit status 3; its last words: ..."), or
 * that it was still running. */
void process_end(struct process *process, unsigned patience_ms, char *how, size_t capacity);

/* A clock that only goes forward. */
uint64_t process_clock_us(void);

#endif
