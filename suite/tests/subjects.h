/* Agents for the tests of the runner: the test program itself, started with other arguments. */
#ifndef TEST_SUBJECTS_H
#define TEST_SUBJECTS_H

/* Greets and answers as an agent of the model does, but misbehaves as `how` says: at its start, or
 * when it gets a scenario whose title is "bad". `state` is a file's path, for those that behave
 * differently the second time. */
int fake_agent(const char *how, const char *state);

/* A real agent of the model, whose VirtualAlloc does what `how` says when it is asked for
 * BAD_SIZE bytes. */
#define BAD_SIZE 0xbad000
int bad_backend_agent(const char *how);

#endif
