/* What pages held when they were taken away, for the mutants that give it back. */
#ifndef MUTANTS_KEPT_H
#define MUTANTS_KEPT_H

#include "mutant.h"

#define KEPT_PAGE_MAX 16384u /* bytes: the largest page of any profile */

void kept_forget(void);

/* Keeps what a committed page holds. False if there is nothing in it but zeros, or no room. */
bool kept_add(struct pagelaw_model *model, uint64_t page);

/* Gives back what is kept of the pages that are committed. True if there was one. */
bool kept_give_back(struct pagelaw_model *model);

#endif
