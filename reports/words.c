/* Numbers in words. */
#include "words.h"

#include <inttypes.h>
#include <stdio.h>

#include "tally.h"

struct words words_number(uint64_t number)
{
    struct words words;
    snprintf(words.text, sizeof words.text, "%" PRIu64, number);
    return words;
}

struct words words_count(uint64_t count, const char *noun)
{
    struct words words;
    snprintf(words.text, sizeof words.text, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
    return words;
}

struct words words_time(uint64_t microseconds)
{
    struct words words;
    uint64_t tenths = microseconds / 100000, seconds = tenths / 10;
    if (seconds >= 60)
        snprintf(words.text, sizeof words.text, "%" PRIu64 " min %" PRIu64 " s", seconds / 60,
                 seconds % 60);
    else if (seconds >= 1)
        snprintf(words.text, sizeof words.text, "%" PRIu64 ".%" PRIu64 " s", seconds, tenths % 10);
    else
        snprintf(words.text, sizeof words.text, "%" PRIu64 " ms", microseconds / 1000);
    return words;
}

const char *words_of_interruption(const struct result *result)
{
    return tally_is_of_exploration(result) ? "only what was found by then is here"
                                           : "only the scenarios that had ended are here";
}
