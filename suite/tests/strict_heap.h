/* A heap for the model that forgives nothing: it checks the sizes it is told, fills fresh and freed
 * blocks with junk, moves every block that is resized, counts, and fails when it is told to. */
#ifndef TESTS_STRICT_HEAP_H
#define TESTS_STRICT_HEAP_H

#include <stddef.h>

#include "pagelaw/model.h"

struct strict_heap {
    size_t blocks, bytes; /* held now */
    size_t requests;      /* that could have failed, so far */
    size_t failures;      /* that did */
    size_t fail_at;       /* the request that fails, counted from 0; SIZE_MAX for none */
    size_t fail_from;     /* likewise, with all that follow */
    const char *fault;    /* what was done wrong, or NULL */
};

struct pagelaw_heap strict_heap_open(struct strict_heap *strict);

#endif
