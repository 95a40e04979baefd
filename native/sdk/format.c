/* One conversion at a time is copied; its length and its letter are written anew.
 *
 * The work is on wide characters for both kinds of function; a char of a format goes through as it
 * is, and back. */
#include "format.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The most characters that a conversion can grow by: %p becomes %.16llX. */
#define GROWTH 6

enum length { PLAIN, CHAR, SHORT, LONG, LONG_LONG, POINTER, MAXIMUM, DIFFERENCE, LONG_DOUBLE };

struct conversion {
    const wchar_t *rest; /* of the format, behind it */
    enum length length;
    wchar_t letter;
};

static bool is_in(wchar_t letter, const char *set)
{
    return letter > 0 && letter < 128 && strchr(set, (int)letter) != NULL;
}

static bool begins(const wchar_t *at, const wchar_t *word)
{
    return wcsncmp(at, word, wcslen(word)) == 0;
}

static const wchar_t *read_length(const wchar_t *at, enum length *length)
{
    static const struct {
        const wchar_t *word;
        enum length length;
    } words[] = {
        {L"I64", LONG_LONG}, {L"I32", PLAIN}, {L"I", POINTER},    {L"ll", LONG_LONG},
        {L"l", LONG},        {L"w", LONG},    {L"hh", CHAR},      {L"h", SHORT},
        {L"z", POINTER},     {L"j", MAXIMUM}, {L"t", DIFFERENCE}, {L"L", LONG_DOUBLE},
    };
    *length = PLAIN;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!begins(at, words[i].word))
            continue;
        *length = words[i].length;
        return at + wcslen(words[i].word);
    }
    return at;
}

/* Flags, width and precision are alike in both worlds. Returns what follows them. */
static const wchar_t *skip_width(const wchar_t *at)
{
    while (is_in(*at, "-+ #0123456789.*'"))
        at++;
    return at;
}

static wchar_t *append(wchar_t *to, const char *words)
{
    while (*words != '\0')
        *to++ = (wchar_t)*words++;
    return to;
}

/* Text is wide by its length, or by the function and the letter. */
static bool is_wide(const struct conversion *conversion, bool wide_function)
{
    if (conversion->length == SHORT || conversion->length == CHAR)
        return false;
    if (conversion->length == LONG)
        return true;
    return wide_function != is_in(conversion->letter, "SC");
}

/* The length as the host writes it, for whole numbers: a long of Windows's is an int. */
static const char *length_of_number(enum length length)
{
    static const char *const words[] = {
        [PLAIN] = "",    [CHAR] = "hh",      [SHORT] = "h",
        [LONG] = "",     [LONG_LONG] = "ll", [POINTER] = "z",
        [MAXIMUM] = "j", [DIFFERENCE] = "t", [LONG_DOUBLE] = "ll",
    };
    return words[length];
}

/* As many digits as a pointer has, whatever precision the format gives; but a * for one has an
 * argument, which must be taken. */
static wchar_t *write_pointer(wchar_t *to, const wchar_t *width, const wchar_t *width_end)
{
    const wchar_t *end = width;
    while (end < width_end && *end != L'.')
        end++;
    bool has_argument = width_end - end >= 2 && end[1] == L'*';
    if (has_argument)
        end = width_end;
    wmemcpy(to, width, (size_t)(end - width));
    return append(to + (end - width), has_argument ? "llX" : ".16llX");
}

/* Microsoft's long double is a double. */
static wchar_t *write_conversion(wchar_t *to, const wchar_t *width, const wchar_t *width_end,
                                 const struct conversion *conversion, bool wide_function)
{
    *to++ = L'%';
    if (conversion->letter == L'p')
        return write_pointer(to, width, width_end);
    wmemcpy(to, width, (size_t)(width_end - width));
    to += width_end - width;
    if (is_in(conversion->letter, "sScC")) {
        to = append(to, is_wide(conversion, wide_function) ? "l" : "");
        *to++ = is_in(conversion->letter, "sS") ? L's' : L'c';
        return to;
    }
    if (is_in(conversion->letter, "diouxX"))
        to = append(to, length_of_number(conversion->length));
    *to++ = conversion->letter;
    return to;
}

static wchar_t *translate(const wchar_t *format, bool wide_function)
{
    wchar_t *result = malloc((wcslen(format) * (GROWTH + 1) + 1) * sizeof *result), *to = result;
    if (result == NULL)
        return NULL;
    while (*format != L'\0') {
        if (*format != L'%' || format[1] == L'%' || format[1] == L'\0') {
            size_t count = format[0] == L'%' && format[1] == L'%' ? 2 : 1;
            wmemcpy(to, format, count);
            to += count;
            format += count;
            continue;
        }
        struct conversion conversion;
        const wchar_t *width_end = skip_width(format + 1);
        conversion.rest = read_length(width_end, &conversion.length);
        conversion.letter = *conversion.rest;
        to = write_conversion(to, format + 1, width_end, &conversion, wide_function);
        if (conversion.letter == L'\0')
            break;
        format = conversion.rest + 1;
    }
    *to = L'\0';
    return result;
}

wchar_t *format_translate_wide(const wchar_t *format)
{
    if (wcschr(format, L'%') == NULL)
        return (wchar_t *)(size_t)format;
    return translate(format, true);
}

static wchar_t *widen(const char *text)
{
    size_t length = strlen(text);
    wchar_t *wide = malloc((length + 1) * sizeof *wide);
    for (size_t i = 0; wide != NULL && i <= length; i++)
        wide[i] = (unsigned char)text[i];
    return wide;
}

static char *narrow(const wchar_t *wide)
{
    size_t length = wcslen(wide);
    char *text = malloc(length + 1);
    for (size_t i = 0; text != NULL && i <= length; i++)
        text[i] = (char)wide[i];
    return text;
}

char *format_translate(const char *format)
{
    if (strchr(format, '%') == NULL)
        return (char *)(size_t)format;
    wchar_t *wide = widen(format);
    wchar_t *translated = wide != NULL ? translate(wide, false) : NULL;
    char *result = translated != NULL ? narrow(translated) : NULL;
    free(wide);
    free(translated);
    return result;
}
