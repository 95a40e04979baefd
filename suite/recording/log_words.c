/* The words of a line of a log. */
#include "log_words.h"

#include <string.h>

struct log_line log_begin(const char *at, const char *end)
{
    return (struct log_line){at, end};
}

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == '(' || c == ')' || c == '\r';
}

const char *log_next(struct log_line *words, size_t *length)
{
    while (words->at < words->end && is_between(*words->at))
        words->at++;
    const char *word = words->at;
    while (words->at < words->end && !is_between(*words->at))
        words->at++;
    *length = (size_t)(words->at - word);
    return word;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool log_number(struct log_line *words, uint64_t *number)
{
    struct log_line before = *words;
    size_t length;
    const char *word = log_next(words, &length);
    *number = 0;
    if (log_is(word, length, "nil"))
        return true;
    if (length > 2 && word[0] == '0' && word[1] == 'x') {
        word += 2;
        length -= 2;
    }
    bool good = length > 0 && length <= 16;
    for (size_t i = 0; i < length && good; i++) {
        int digit = digit_of(word[i]);
        good = digit >= 0;
        *number = *number << 4 | (uint64_t)(digit & 15);
    }
    if (!good)
        *words = before;
    return good;
}

bool log_decimal(struct log_line *words, uint64_t *number)
{
    struct log_line before = *words;
    size_t length;
    const char *word = log_next(words, &length);
    bool good = length > 0 && length <= 19;
    *number = 0;
    for (size_t i = 0; i < length && good; i++) {
        good = word[i] >= '0' && word[i] <= '9';
        *number = *number * 10 + (uint64_t)(word[i] - '0');
    }
    if (!good)
        *words = before;
    return good;
}

bool log_skip(struct log_line *words, const char *characters)
{
    size_t length = strlen(characters);
    const char *at = words->at;
    while (at < words->end && is_between(*at) && *at != *characters)
        at++;
    if ((size_t)(words->end - at) < length || memcmp(at, characters, length) != 0)
        return false;
    words->at = at + length;
    return true;
}

bool log_is(const char *word, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(word, other, length) == 0;
}
