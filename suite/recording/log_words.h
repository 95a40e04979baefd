/* The words of a line of a log. */
#ifndef RECORDING_LOG_WORDS_H
#define RECORDING_LOG_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of a line. Blanks, commas and parentheses stand between words. */
struct log_line {
    const char *at, *end;
};

struct log_line log_begin(const char *at, const char *end);

/* The next word; its length is 0 at the end of the line. */
const char *log_next(struct log_line *words, size_t *length);

/* The next word as a hexadecimal number, with or without 0x; "(nil)" is 0. False if it is none:
 * then it is still the next. */
bool log_number(struct log_line *words, uint64_t *number);

/* The same for a decimal number. */
bool log_decimal(struct log_line *words, uint64_t *number);

/* Goes on past these characters if they come next. */
bool log_skip(struct log_line *words, const char *characters);

bool log_is(const char *word, size_t length, const char *other);

#endif
