/* Reading JSON from memory. */
#include "json_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "glyph.h"

#define DEPTH_MAX 64 /* brackets within brackets, of what is passed over */
#define SHOWN_MAX 24 /* bytes of a token in a message */

/* ---- Errors ---- */

static void set_place(struct json_reader *reader, const char *at)
{
    const char *line = reader->text;
    reader->error->line = 1;
    for (const char *c = reader->text; c < at; c++) {
        if (*c == '\n') {
            reader->error->line++;
            line = c + 1;
        }
    }
    reader->error->column = (int)(at - line) + 1;
}

/* What a file says may be shown on a terminal. */
static void make_plain(char *message)
{
    for (; *message != '\0'; message++) {
        if (*message < ' ' || *message > '~')
            *message = '?';
    }
}

_Noreturn void json_fail(struct json_reader *reader, const char *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->error->message, sizeof reader->error->message, format, arguments);
    va_end(arguments);
    make_plain(reader->error->message);
    set_place(reader, at);
    longjmp(reader->escape, 1);
}

/* How much of a token is shown: letters and digits of the language that JSON is in. */
static int shown_length(const struct json_reader *reader, const char *at)
{
    int length = 0;
    while (at + length < reader->end && length < SHOWN_MAX && at[length] > ' ' &&
           at[length] < 0x7F && strchr("{}[],:\"", at[length]) == NULL)
        length++;
    return length;
}

_Noreturn void json_wanted(struct json_reader *reader, const char *at, const char *wanted)
{
    int shown = at < reader->end ? shown_length(reader, at) : 0;
    if (at >= reader->end)
        json_fail(reader, at, "found the end of the file, wanted %s", wanted);
    if (shown > 0)
        json_fail(reader, at, "found '%.*s', wanted %s", shown, at, wanted);
    if (*at == '"')
        json_fail(reader, at, "found a string, wanted %s", wanted);
    if (strchr("{}[],:", *at) != NULL && *at != '\0')
        json_fail(reader, at, "found '%c', wanted %s", *at, wanted);
    json_fail(reader, at, "found the byte 0x%02X, wanted %s", (unsigned)(unsigned char)*at, wanted);
}

/* ---- Tokens ---- */

const char *json_here(struct json_reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\t' || *reader->at == '\r'))
        reader->at++;
    return reader->at;
}

static bool is_next(struct json_reader *reader, char sign)
{
    const char *at = json_here(reader);
    return at < reader->end && *at == sign;
}

static bool take_word(struct json_reader *reader, const char *word)
{
    const char *at = json_here(reader);
    size_t length = strlen(word);
    if ((size_t)(reader->end - at) < length || memcmp(at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

void json_open(struct json_reader *reader, char bracket, const char *wanted)
{
    if (!is_next(reader, bracket))
        json_wanted(reader, reader->at, wanted);
    reader->at++;
}

bool json_more(struct json_reader *reader, char closing, bool first)
{
    if (is_next(reader, closing)) {
        reader->at++;
        return false;
    }
    if (first)
        return true;
    if (!is_next(reader, ','))
        json_wanted(reader, reader->at, closing == '}' ? "',' or '}'" : "',' or ']'");
    reader->at++;
    return true;
}

bool json_null(struct json_reader *reader)
{
    return take_word(reader, "null");
}

bool json_truth(struct json_reader *reader)
{
    if (take_word(reader, "true"))
        return true;
    if (!take_word(reader, "false"))
        json_wanted(reader, reader->at, "true or false");
    return false;
}

/* ---- Strings ---- */

static unsigned hex_digit(struct json_reader *reader, const char *at)
{
    static const char digits[] = "0123456789abcdef";
    char lower = at < reader->end && *at >= 'A' && *at <= 'F' ? (char)(*at - 'A' + 'a') : '\0';
    if (at >= reader->end || *at == '\0')
        json_wanted(reader, at, "four hexadecimal digits");
    const char *found = strchr(digits, lower != '\0' ? lower : *at);
    if (found == NULL)
        json_wanted(reader, at, "four hexadecimal digits");
    return (unsigned)(found - digits);
}

static uint32_t hex_unit(struct json_reader *reader, const char *at)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | hex_digit(reader, at + i);
    return unit;
}

/* After "\u"; a pair of surrogates is one character. C strings can't hold U+0000. */
static uint32_t escaped_code(struct json_reader *reader)
{
    const char *begin = reader->at - 2;
    uint32_t code = hex_unit(reader, reader->at);
    reader->at += 4;
    if (code == 0)
        json_fail(reader, begin, "found the character U+0000, wanted another");
    if (code >= 0xD800 && code <= 0xDBFF && reader->end - reader->at >= 2 &&
        reader->at[0] == '\\' && reader->at[1] == 'u') {
        uint32_t low = hex_unit(reader, reader->at + 2);
        reader->at += 6;
        if (low >= 0xDC00 && low <= 0xDFFF)
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code <= 0xDFFF)
        json_fail(reader, begin, "found half of a surrogate pair, wanted a character");
    return code;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xE0 | code >> 12);
        } else {
            *to++ = (char)(0xF0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (code & 0x3F));
    return to;
}

static char *take_escape(struct json_reader *reader, char *to)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *begin = reader->at++;
    if (reader->at >= reader->end)
        json_wanted(reader, reader->at, "the rest of a string");
    char letter = *reader->at++;
    if (letter == 'u')
        return put_utf8(to, escaped_code(reader));
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found == NULL)
        json_wanted(reader, begin, "an escape that JSON has");
    *to++ = meanings[found - letters];
    return to;
}

/* One character as it is, which must be whole UTF-8. */
static char *take_plain(struct json_reader *reader, char *to)
{
    char bytes[5] = "";
    uint32_t code;
    if ((unsigned char)*reader->at < 0x20)
        json_fail(reader, reader->at, "found the byte 0x%02X in a string, wanted it escaped",
                  (unsigned)(unsigned char)*reader->at);
    for (size_t i = 0; i < 4 && reader->at + i < reader->end; i++)
        bytes[i] = reader->at[i];
    size_t length = glyph_decode(bytes, &code);
    if (length == 0)
        json_fail(reader, reader->at, "found a byte that is no UTF-8 (0x%02X)",
                  (unsigned)(unsigned char)*reader->at);
    memcpy(to, reader->at, length);
    reader->at += length;
    return to + length;
}

/* A string never grows when it is decoded. `to` has room for all up to the closing quote. */
static void take_string(struct json_reader *reader, char *to)
{
    reader->at++;
    for (;;) {
        if (reader->at >= reader->end)
            json_wanted(reader, reader->at, "the rest of a string");
        if (*reader->at == '"')
            break;
        to = *reader->at == '\\' ? take_escape(reader, to) : take_plain(reader, to);
    }
    reader->at++;
    *to = '\0';
}

/* The bytes between the quotes of the string that begins here, escapes and all. */
static size_t string_bytes(const struct json_reader *reader)
{
    const char *at = reader->at + 1;
    while (at < reader->end && *at != '"')
        at += *at == '\\' && at + 1 < reader->end ? 2 : 1;
    return (size_t)(at - reader->at - 1);
}

const char *json_string(struct json_reader *reader, const char *wanted, bool or_null)
{
    if (or_null && json_null(reader))
        return NULL;
    if (!is_next(reader, '"'))
        json_wanted(reader, reader->at, wanted);
    char *text = read_take(reader, string_bytes(reader) + 1, 1);
    take_string(reader, text);
    return text;
}

/* ---- Numbers ---- */

static bool is_digit(const struct json_reader *reader, const char *at)
{
    return at < reader->end && *at >= '0' && *at <= '9';
}

uint64_t json_whole(struct json_reader *reader, const char *wanted, uint64_t most)
{
    const char *begin = json_here(reader);
    bool quoted = is_next(reader, '"');
    const char *at = begin + (quoted ? 1 : 0), *first = at;
    uint64_t value = 0;
    for (; is_digit(reader, at); at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (value > (UINT64_MAX - digit) / 10)
            json_wanted(reader, begin, wanted);
        value = value * 10 + digit;
    }
    bool zeros = at - first > 1 && *first == '0';
    bool whole = at > first && !zeros &&
                 (quoted ? at < reader->end && *at == '"'
                         : shown_length(reader, begin) == at - begin || at - begin >= SHOWN_MAX);
    if (!whole || value > most)
        json_wanted(reader, begin, wanted);
    reader->at = at + (quoted ? 1 : 0);
    return value;
}

static void skip_digits(struct json_reader *reader)
{
    if (!is_digit(reader, reader->at))
        json_wanted(reader, reader->at, "a digit");
    while (is_digit(reader, reader->at))
        reader->at++;
}

static bool skip_sign(struct json_reader *reader, const char *signs)
{
    bool found =
        reader->at < reader->end && *reader->at != '\0' && strchr(signs, *reader->at) != NULL;
    reader->at += found ? 1 : 0;
    return found;
}

static void skip_number(struct json_reader *reader)
{
    skip_sign(reader, "-");
    if (!skip_sign(reader, "0"))
        skip_digits(reader);
    if (skip_sign(reader, "."))
        skip_digits(reader);
    if (skip_sign(reader, "eE")) {
        skip_sign(reader, "+-");
        skip_digits(reader);
    }
}

/* ---- Passing over ---- */

/* Keeps only as much as there is room for. */
static void skip_string(struct json_reader *reader, char *kept, size_t capacity)
{
    char character[8];
    size_t length = 0;
    reader->at++;
    while (!(reader->at < reader->end && *reader->at == '"')) {
        if (reader->at >= reader->end)
            json_wanted(reader, reader->at, "the rest of a string");
        char *end =
            *reader->at == '\\' ? take_escape(reader, character) : take_plain(reader, character);
        for (const char *c = character; c < end && length + 1 < capacity; c++)
            kept[length++] = *c;
    }
    reader->at++;
    kept[length] = '\0';
}

const char *json_key(struct json_reader *reader)
{
    if (!is_next(reader, '"'))
        json_wanted(reader, reader->at, "a key, in quotes");
    skip_string(reader, reader->key, sizeof reader->key);
    if (!is_next(reader, ':'))
        json_wanted(reader, reader->at, "':'");
    reader->at++;
    return reader->key;
}

static void skip_scalar(struct json_reader *reader)
{
    const char *at = json_here(reader);
    char none[1];
    if (is_next(reader, '"'))
        skip_string(reader, none, sizeof none);
    else if (at < reader->end && (*at == '-' || (*at >= '0' && *at <= '9')))
        skip_number(reader);
    else if (!take_word(reader, "true") && !take_word(reader, "false") &&
             !take_word(reader, "null"))
        json_wanted(reader, at, "a value");
}

/* Bit `depth` of `objects` says what kind of bracket is open there. */
void json_skip(struct json_reader *reader)
{
    uint64_t objects = 0;
    unsigned depth = 0;
    bool first = true;
    do {
        if (depth > 0) {
            bool object = (objects >> (depth - 1) & 1) != 0;
            if (!json_more(reader, object ? '}' : ']', first)) {
                depth--;
                first = false;
                continue;
            }
            if (object)
                json_key(reader);
        }
        const char *at = json_here(reader);
        first = at < reader->end && (*at == '{' || *at == '[');
        if (!first) {
            skip_scalar(reader);
            continue;
        }
        if (depth == DEPTH_MAX)
            json_fail(reader, at, "found more than %d brackets within each other", DEPTH_MAX);
        objects = (objects & ~(UINT64_C(1) << depth)) | (uint64_t)(*at == '{') << depth;
        depth++;
        reader->at++;
    } while (depth > 0);
}

void json_finish(struct json_reader *reader)
{
    if (json_here(reader) < reader->end)
        json_wanted(reader, reader->at, "the end of the file");
}
