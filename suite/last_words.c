/* The newest of a process's standard error. */
#include "last_words.h"

#include <stdio.h>
#include <string.h>

#include "wire.h"

/* When there is no more room the older half is forgotten. */
void last_words_add(struct last_words *words, const char *bytes, size_t length)
{
    size_t half = LAST_WORDS_MAX / 2;
    if (length > half) {
        bytes += length - half;
        length = half;
    }
    if (words->length + length > LAST_WORDS_MAX) {
        memmove(words->bytes, words->bytes + words->length - half, half);
        words->length = half;
    }
    memcpy(words->bytes + words->length, bytes, length);
    words->length += length;
}

static int is_break(char character)
{
    return character == '\n' || character == '\r';
}

void last_words_append(const struct last_words *words, char *text, size_t capacity)
{
    char quoted[128];
    size_t end = words->length, used = strlen(text);
    while (end > 0 && is_break(words->bytes[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && !is_break(words->bytes[start - 1]))
        start--;
    if (start == end)
        return;
    wire_quote(words->bytes + start, end - start, quoted, sizeof quoted);
    snprintf(text + used, capacity - used, "; its last words: %s", quoted);
}
