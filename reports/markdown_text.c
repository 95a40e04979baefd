/* Text in Markdown. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "glyph.h"
#include "markdown.h"

void markdown_put(FILE *out, const char *text)
{
    while (*text != '\0') {
        struct glyph glyph;
        size_t length = glyph_next(text, &glyph);
        if (strchr("\\`*_{}[]()<>#+-.!|~&:@", glyph.bytes[0]) != NULL)
            putc('\\', out);
        fputs(glyph.bytes, out);
        text += length;
    }
}

/* The most backticks in a row. */
static size_t longest_row(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        size_t length = strspn(text, "`");
        longest = length > longest ? length : longest;
        text += length + (length == 0);
    }
    return longest;
}

static void put_ticks(FILE *out, size_t length)
{
    while (length-- != 0)
        putc('`', out);
}

void markdown_put_code(FILE *out, const char *text)
{
    size_t fence = longest_row(text) + 1;
    put_ticks(out, fence);
    fputs(*text == '\0' || *text == '`' ? " " : "", out);
    while (*text != '\0') {
        struct glyph glyph;
        const char *at = text;
        text += glyph_next(text, &glyph);
        fputs(*at == '|' ? "\\|" : glyph.bytes, out);
        if (*text == '\0' && *at == '`')
            putc(' ', out);
    }
    put_ticks(out, fence);
}

void markdown_put_fence(FILE *out, const char *text)
{
    size_t longest = longest_row(text);
    put_ticks(out, longest < 3 ? 3 : longest + 1);
}

void markdown_put_block(FILE *out, const char *text, unsigned lines)
{
    const char *whole = text;
    markdown_put_fence(out, whole);
    putc('\n', out);
    bool ended = true;
    for (unsigned left = lines; *text != '\0' && left != 0;) {
        struct glyph glyph;
        size_t length = glyph_next(text, &glyph);
        ended = *text == '\n';
        fputs(ended ? "\n" : glyph.bytes, out);
        left -= ended;
        text += length;
    }
    fputs(ended ? "" : "\n", out);
    markdown_put_fence(out, whole);
    putc('\n', out);
}
