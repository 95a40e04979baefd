/* The printf family with Microsoft's formats. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "pagelaw_stdio.h"
#include "format.h"

#define ENDLESS ((size_t)INT32_MAX)

/* ---- By a list of arguments ------------------------------------------------------------------ */

static int no_memory(void)
{
    errno = ENOMEM;
    return -1;
}

int pagelaw_vfprintf(FILE *file, const char *format, va_list arguments)
{
    char *own = format_translate(format);
    if (own == NULL)
        return no_memory();
    int count = vfprintf(file, own, arguments);
    if (own != format)
        free(own);
    return count;
}

int pagelaw_vsnprintf(char *text, size_t size, const char *format, va_list arguments)
{
    char *own = format_translate(format);
    if (own == NULL)
        return no_memory();
    int count = vsnprintf(text, size, own, arguments);
    if (own != format)
        free(own);
    return count;
}

int pagelaw_vfwprintf(FILE *file, const wchar_t *format, va_list arguments)
{
    wchar_t *own = format_translate_wide(format);
    if (own == NULL)
        return no_memory();
    int count = vfwprintf(file, own, arguments);
    if (own != format)
        free(own);
    return count;
}

int pagelaw_vswprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments)
{
    wchar_t *own = format_translate_wide(format);
    if (own == NULL)
        return no_memory();
    int count = vswprintf(text, size, own, arguments);
    if (own != format)
        free(own);
    return count;
}

int pagelaw_vprintf(const char *format, va_list arguments)
{
    return pagelaw_vfprintf(stdout, format, arguments);
}

int pagelaw_vsprintf(char *text, const char *format, va_list arguments)
{
    return pagelaw_vsnprintf(text, ENDLESS, format, arguments);
}

int pagelaw_vwprintf(const wchar_t *format, va_list arguments)
{
    return pagelaw_vfwprintf(stdout, format, arguments);
}

/* As Microsoft's: a text that does not fit is cut, has no end, and counts as -1. */
int _vsnprintf(char *text, size_t size, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = pagelaw_vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0 || (size_t)length < size)
        return pagelaw_vsnprintf(text, size, format, arguments);
    char *whole = malloc((size_t)length + 1);
    if (whole == NULL)
        return no_memory();
    pagelaw_vsnprintf(whole, (size_t)length + 1, format, arguments);
    for (size_t i = 0; i < size; i++)
        text[i] = whole[i];
    free(whole);
    return (size_t)length == size ? length : -1;
}

/* As Microsoft's, like the above. */
int _vsnwprintf(wchar_t *text, size_t size, const wchar_t *format, va_list arguments)
{
    wchar_t *whole = NULL;
    size_t length = 0;
    FILE *stream = open_wmemstream(&whole, &length);
    if (stream == NULL)
        return no_memory();
    int count = pagelaw_vfwprintf(stream, format, arguments);
    if (fclose(stream) != 0)
        count = -1;
    for (size_t i = 0; count >= 0 && i < size && i <= length; i++)
        text[i] = whole[i];
    free(whole);
    return length <= size ? count : -1;
}

/* ---- By arguments ---------------------------------------------------------------------------- */

#define FORWARD(call)                                                                              \
    va_list arguments;                                                                             \
    va_start(arguments, format);                                                                   \
    int count = call;                                                                              \
    va_end(arguments);                                                                             \
    return count

int pagelaw_printf(const char *format, ...)
{
    FORWARD(pagelaw_vfprintf(stdout, format, arguments));
}

int pagelaw_fprintf(FILE *file, const char *format, ...)
{
    FORWARD(pagelaw_vfprintf(file, format, arguments));
}

int pagelaw_sprintf(char *text, const char *format, ...)
{
    FORWARD(pagelaw_vsprintf(text, format, arguments));
}

int pagelaw_snprintf(char *text, size_t size, const char *format, ...)
{
    FORWARD(pagelaw_vsnprintf(text, size, format, arguments));
}

int _snprintf(char *text, size_t size, const char *format, ...)
{
    FORWARD(_vsnprintf(text, size, format, arguments));
}

int pagelaw_wprintf(const wchar_t *format, ...)
{
    FORWARD(pagelaw_vfwprintf(stdout, format, arguments));
}

int pagelaw_fwprintf(FILE *file, const wchar_t *format, ...)
{
    FORWARD(pagelaw_vfwprintf(file, format, arguments));
}

int pagelaw_swprintf(wchar_t *text, size_t size, const wchar_t *format, ...)
{
    FORWARD(pagelaw_vswprintf(text, size, format, arguments));
}

int _snwprintf(wchar_t *text, size_t size, const wchar_t *format, ...)
{
    FORWARD(_vsnwprintf(text, size, format, arguments));
}

/* The old one, which is not told how much room there is. */
int _swprintf(wchar_t *text, const wchar_t *format, ...)
{
    FORWARD(pagelaw_vswprintf(text, ENDLESS, format, arguments));
}

/* ---- As a fortified build calls them --------------------------------------------------------- */

int pagelaw_printf_chk(int flag, const char *format, ...)
{
    (void)flag;
    FORWARD(pagelaw_vfprintf(stdout, format, arguments));
}

int pagelaw_fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    (void)flag;
    FORWARD(pagelaw_vfprintf(file, format, arguments));
}
