/* The words and signs of a scenario's text. */
#include "lexer.h"

#include <string.h>

struct lexer lexer_begin(const char *text, size_t length)
{
    const char *end = text + length;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    return (struct lexer){.at = text, .end = end, .line_start = text, .line = 1, .continues = true};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
    return is_name(c) || c == '-' || c == '.' || c == '*' || c == '!';
}

static bool starts_arrow(const struct lexer *lexer)
{
    return lexer->end - lexer->at >= 2 && memcmp(lexer->at, "=>", 2) == 0;
}

static void skip_blanks(struct lexer *lexer)
{
    while (lexer->at < lexer->end && strchr(" \t\r", *lexer->at))
        lexer->at++;
    if (lexer->at == lexer->end || *lexer->at != '#')
        return;
    const char *newline = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
    lexer->at = newline ? newline : lexer->end;
}

/* Skips to the next line that has something. */
static void skip_lines(struct lexer *lexer)
{
    while (lexer->at < lexer->end && *lexer->at == '\n') {
        lexer->line_start = ++lexer->at;
        lexer->line++;
        skip_blanks(lexer);
    }
}

static struct token token_here(const struct lexer *lexer, enum token_kind kind)
{
    return (struct token){.kind = kind,
                          .start = lexer->at,
                          .line = lexer->line,
                          .column = (int)(lexer->at - lexer->line_start) + 1};
}

static void take_run(struct lexer *lexer, struct token *token, bool (*belongs)(char))
{
    while (lexer->at < lexer->end && belongs(*lexer->at))
        lexer->at++;
    token->length = (size_t)(lexer->at - token->start);
}

static void take_name(struct lexer *lexer, struct token *token, bool (*belongs)(char))
{
    take_run(lexer, token, belongs);
    if (token->length <= LEXER_NAME_MAX)
        return;
    token->kind = TOKEN_BAD;
    token->wanted = "a name of at most 64 characters";
}

static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

/* The power of two that a letter after a number stands for; 0 for another letter. */
static unsigned suffix_shift(char c)
{
    const char *found = strchr("KMGT", c);
    return found && c ? (unsigned)(found - "KMGT" + 1) * 10 : 0;
}

/* Reads digits; stops before what is none, or when the number passes 64 bits. */
static const char *read_digits(const char *at, const char *end, unsigned radix, uint64_t *number,
                               bool *fits)
{
    while (*fits && at < end && digit_value(*at) < radix) {
        unsigned digit = digit_value(*at++);
        *fits = *number <= (UINT64_MAX - digit) / radix;
        *number = *number * radix + digit;
    }
    return at;
}

/* What should have been there, or NULL if the token is a number. */
static const char *read_number(struct token *token)
{
    const char *wanted = "a number such as 4096, 0x1000 or 64K";
    const char *at = token->start, *end = at + token->length;
    bool hexadecimal = token->length > 2 && at[0] == '0' && at[1] == 'x', fits = true;
    if (hexadecimal)
        at += 2;
    const char *digits = at;
    at = read_digits(at, end, hexadecimal ? 16 : 10, &token->number, &fits);
    if (!fits)
        return "a number below 2^64";
    if (at == digits || end - at > 1)
        return wanted;
    if (at == end)
        return NULL;
    unsigned shift = suffix_shift(*at);
    if (shift == 0)
        return wanted;
    if (token->number > UINT64_MAX >> shift)
        return "a number below 2^64";
    token->number <<= shift;
    return NULL;
}

static void take_number(struct lexer *lexer, struct token *token)
{
    take_run(lexer, token, is_name);
    token->wanted = read_number(token);
    token->kind = token->wanted ? TOKEN_BAD : TOKEN_NUMBER;
}

static void take_bad(struct lexer *lexer, struct token *token, const char *from, const char *wanted)
{
    token->kind = TOKEN_BAD;
    token->column += (int)(from - token->start);
    token->start = from;
    token->length = (size_t)(lexer->at - from);
    token->wanted = wanted;
}

static bool at_line_end(const struct lexer *lexer)
{
    return lexer->at == lexer->end || strchr("\r\n", *lexer->at);
}

static void take_string(struct lexer *lexer, struct token *token)
{
    lexer->at++;
    while (!at_line_end(lexer) && *lexer->at != '"') {
        const char *from = lexer->at++;
        if (*from != '\\')
            continue;
        bool known = !at_line_end(lexer) && strchr("\"\\", *lexer->at);
        if (!at_line_end(lexer))
            lexer->at++;
        if (!known) {
            take_bad(lexer, token, from, "\\\" or \\\\");
            return;
        }
    }
    if (at_line_end(lexer)) {
        take_bad(lexer, token, token->start, "a '\"' that closes the string in its line");
        return;
    }
    lexer->at++;
    token->length = (size_t)(lexer->at - token->start);
}

static void take_sign(struct lexer *lexer, struct token *token)
{
    char sign = *lexer->at++;
    token->length = 1;
    if (sign == '(')
        lexer->open++;
    if (sign == ')' && lexer->open)
        lexer->open--;
    lexer->continues = sign == ',' || sign == '|';
    if (sign && strchr("(),:=|&+-*/%?", sign))
        return;
    while (lexer->at < lexer->end && ((unsigned char)*lexer->at & 0xC0) == 0x80)
        lexer->at++;
    take_bad(lexer, token, token->start, "a name, a number or a sign of the language");
}

static struct token take(struct lexer *lexer, bool words)
{
    struct token token = token_here(lexer, TOKEN_SIGN);
    lexer->continues = false;
    if (words && is_word(*lexer->at)) {
        token.kind = TOKEN_WORD;
        take_name(lexer, &token, is_word);
    } else if (is_digit(*lexer->at)) {
        take_number(lexer, &token);
    } else if (is_name(*lexer->at)) {
        token.kind = TOKEN_NAME;
        take_name(lexer, &token, is_name);
    } else if (*lexer->at == '"') {
        token.kind = TOKEN_STRING;
        take_string(lexer, &token);
    } else if (starts_arrow(lexer)) {
        token.kind = TOKEN_ARROW;
        token.length = 2;
        lexer->at += 2;
    } else {
        take_sign(lexer, &token);
    }
    return token;
}

struct token lexer_next(struct lexer *lexer, bool words)
{
    struct token newline = token_here(lexer, TOKEN_NEWLINE);
    skip_blanks(lexer);
    skip_lines(lexer);
    bool ended = lexer->line != newline.line && !lexer->open && !lexer->continues;
    if (ended && !starts_arrow(lexer))
        return newline;
    return lexer->at == lexer->end ? token_here(lexer, TOKEN_END) : take(lexer, words);
}
