/* The names that every scenario knows, for the parser. */
#ifndef SUITE_CONSTANTS_H
#define SUITE_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/scenario.h"

/* The name of the constant at `index`, or NULL past the last. */
const char *constant_at(size_t index);

/* PAGE, MAX_ADDRESS and the like. */
bool symbol_find(const char *name, size_t length, enum symbol *symbol);
const char *symbol_name(enum symbol symbol); /* NULL past the last */

#endif
