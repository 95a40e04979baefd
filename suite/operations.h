/* What the operations are called and what they give, for the parser and the printer. */
#ifndef SUITE_OPERATIONS_H
#define SUITE_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "pagelaw/model.h"
#include "suite/scenario.h"

/* What may be pinned of an operation. */
struct operation_outcome {
    unsigned kinds;     /* bits 1 << enum pin_kind, besides "?"; none: it gives nothing */
    unsigned fields;    /* bits 1 << enum field */
    bool has_target;    /* a variable may take what it gives */
    const char *wanted; /* the outcomes in words */
};

const struct operation_outcome *operation_outcome(enum operation operation);

bool operation_find(const char *name, size_t length, enum operation *operation);
bool field_find(const char *name, size_t length, enum field *field);

/* The function of the API that an operation calls, PAGELAW_FUNCTION_END if it calls none of the
 * model's; and the operation that calls a function. */
enum pagelaw_function operation_function(enum operation operation);
enum operation function_operation(enum pagelaw_function function);

/* What a touch does to a byte: OP_CODE writes. */
enum pagelaw_access operation_access(enum operation operation);

/* Whether a target of this operation takes *BaseAddress instead of the return value. */
bool operation_gives_base(enum operation operation);

#endif
