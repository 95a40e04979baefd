/* The newest of what a process wrote to its standard error: its last line goes into messages. */
#ifndef SUITE_LAST_WORDS_H
#define SUITE_LAST_WORDS_H

#include <stddef.h>

#define LAST_WORDS_MAX 4096

struct last_words {
    char bytes[LAST_WORDS_MAX];
    size_t length;
};

void last_words_add(struct last_words *words, const char *bytes, size_t length);

/* Appends "; its last words: ..." to a text, if there were any. */
void last_words_append(const struct last_words *words, char *text, size_t capacity);

#endif
