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
static size_t longest_fence(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        size_t length = strspn(text, "`");
        longest = length > longest ? length : longest;
        text += length + (length == 0);
    }
    return longest;
}

static void put_fence(FILE *out, size_t length)
{
    while (length-- != 0)
        putc('`', out);
}

void markdown_put_code(FILE *out, const char *text)
{
    size_t fence = longest_fence(text) + 1;
    put_fence(out, fence);
    fputs(*text == '\0' || *text == '`' ? " " : "", out);
    while (*text != '\0') {
        struct glyph glyph;
        const char *at = text;
        text += glyph_next(text, &glyph);
        fputs(*at == '|' ? "\\|" : glyph.bytes, out);
        if (*text == '\0' && *at == '`')
            putc(' ', out);
    }
    put_fence(out, fence);
}

void markdown_put_block(FILE *out, const char *text, unsigned lines)
{
    size_t fence = longest_fence(text) + 1;
    fence = fence < 3 ? 3 : fence;
    put_fence(out, fence);
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
    put_fence(out, fence);
    putc('\n', out);
}
