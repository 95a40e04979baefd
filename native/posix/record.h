/* What PAGELAW_TRACE asks for: every call and every exception, a line each, appended to a file.
 * native/TRACE.md has the format.
 *
 * All but record_open run under the layer's lock, so the lines of a process are in the order in
 * which its calls took effect. May run where a signal is handled. errno stays as it was. */
#ifndef NATIVE_POSIX_RECORD_H
#define NATIVE_POSIX_RECORD_H

#include <stdbool.h>

#include "arena.h"
#include "pagelaw/model.h"

/* Opens the file that the variable names; without one nothing is recorded. If it cannot be opened,
 * that is said on standard error. `arena` must live on. */
void record_open(const struct pagelaw_profile *profile, const struct arena *arena);

/* Whether anything is recorded. */
bool record_is_on(void);

/* Before the model is changed: a child that was forked tells first what it inherited. */
void record_prepare(struct pagelaw_model *model);

/* A call with what came of it. `lost_output`: a pointer for outputs could not be written to. */
void record_call(const struct pagelaw_call *call, const struct pagelaw_plan *plan,
                 bool lost_output);

/* A touch that raised an exception. */
void record_touch(enum pagelaw_access access, uint64_t address,
                  const struct pagelaw_exception *exception);

#endif
