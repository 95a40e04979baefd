/* Text put together in a caller's buffer. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text text_begin(char *buffer, size_t capacity)
{
    if (capacity)
        buffer[0] = '\0';
    return (struct text){.buffer = buffer, .capacity = capacity};
}

void text_add(struct text *text, const char *format, ...)
{
    size_t used = text->length < text->capacity ? text->length : text->capacity;
    char *at = used < text->capacity ? text->buffer + used : NULL;
    va_list arguments;
    va_start(arguments, format);
    int added = vsnprintf(at, text->capacity - used, format, arguments);
    va_end(arguments);
    if (added > 0)
        text->length += (size_t)added;
}

bool text_is(const char *name, const char *start, size_t length)
{
    return strlen(name) == length && memcmp(name, start, length) == 0;
}
