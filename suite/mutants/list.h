/* Which mutants there are. */
#ifndef MUTANTS_LIST_H
#define MUTANTS_LIST_H

#include "subject.h"

struct mutant_list {
    struct mutant *all; /* in the order of the rules */
    size_t count, capacity;
    bool out_of_memory;
};

/* Every kind of mutant of every rule that `reach` has named where the kind strikes, and of every
 * rule that has kinds of its own. False if memory is short. */
bool mutants_list(struct mutant_list *list, const struct reach *reach);
void mutants_free(struct mutant_list *list);

#endif
