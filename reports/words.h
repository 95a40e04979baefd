/* Numbers in words. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include <stdint.h>

#include "result.h"

struct words {
    char text[64];
};

struct words words_number(uint64_t number);

/* "1 scenario", "2 scenarios". */
struct words words_count(uint64_t count, const char *noun);

/* "240 ms", "1.2 s", "2 min 5 s". */
struct words words_time(uint64_t microseconds);

/* What an interrupted result has: "only the scenarios that had ended are here". */
const char *words_of_interruption(const struct result *result);

#endif
