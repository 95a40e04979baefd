/* The words and signs of a scenario's text. */
#ifndef SUITE_LEXER_H
#define SUITE_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEXER_NAME_MAX 64 /* bytes of a name, rule id or pattern */

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE, /* the end of a statement; never first */
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_STRING, /* with its quotes and escapes */
    TOKEN_WORD,   /* a rule id or pattern */
    TOKEN_ARROW,  /* => */
    TOKEN_SIGN,   /* one character */
    TOKEN_BAD     /* `wanted` says what should be there */
};

struct token {
    enum token_kind kind;
    const char *start; /* in the text */
    size_t length;     /* bytes */
    uint64_t number;
    const char *wanted;
    int line, column; /* from 1 */
};

/* A place in the text. Copying it marks the place; assigning it back returns there. */
struct lexer {
    const char *at, *end, *line_start;
    int line;
    unsigned open;  /* parentheses */
    bool continues; /* the last token says that its statement goes on in the next line */
};

struct lexer lexer_begin(const char *text, size_t length);

/* The next token. With `words` a rule id or pattern is wanted, in which - . * and ! are letters. */
struct token lexer_next(struct lexer *lexer, bool words);

#endif
