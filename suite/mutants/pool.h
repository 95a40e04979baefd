/* All trials, each in a process of its own, as many at once as there are processors. */
#ifndef MUTANTS_POOL_H
#define MUTANTS_POOL_H

#include "list.h"
#include "trial.h"

/* Tries every mutant; trials[i] is what came of mutants[i]. A trial that takes more than
 * `seconds` of a processor is ended. With `progress`, says on standard error how far it is. The
 * array is the caller's, to be given back with trials_free. NULL if processes or memory cannot be
 * had. */
struct trial *pool_run(const struct suite *suite, const struct mutant_list *mutants,
                       unsigned seconds, bool progress);
void trials_free(struct trial *trials, size_t count);

#endif
