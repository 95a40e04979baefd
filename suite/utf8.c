/* Whether bytes are text: UTF-8 without control characters. Source: RFC 3629, section 4. */
#include "utf8.h"

#include <stdbool.h>

static bool is_text_control(const unsigned char *byte, size_t left)
{
    if (*byte == '\r')
        return left > 1 && byte[1] == '\n';
    return *byte == '\t' || *byte == '\n';
}

/* How many bytes follow a first byte, and what the first of them may be: the rest of RFC 3629's
 * table is that overlong forms, surrogates and numbers past U+10FFFF are not there. */
static size_t tail_length(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF)
        return 1;
    if (first == 0xE0)
        *low = 0xA0;
    if (first == 0xED)
        *high = 0x9F;
    if (first >= 0xE0 && first <= 0xEF)
        return 2;
    if (first == 0xF0)
        *low = 0x90;
    if (first == 0xF4)
        *high = 0x8F;
    if (first >= 0xF0 && first <= 0xF4)
        return 3;
    return 0;
}

/* The length of the character at `at`, or 0 if it is not text. */
static size_t character_length(const unsigned char *at, size_t left)
{
    if (*at < 0x20 || *at == 0x7F)
        return is_text_control(at, left);
    if (*at < 0x80)
        return 1;
    unsigned char low, high;
    size_t tail = tail_length(*at, &low, &high);
    if (tail == 0 || left <= tail || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i <= tail; i++)
        if (at[i] < 0x80 || at[i] > 0xBF)
            return 0;
    return tail + 1;
}

size_t utf8_check(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t step = character_length((const unsigned char *)text + at, length - at);
        if (step == 0)
            break;
        at += step;
    }
    return at;
}

size_t utf8_cut(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}
