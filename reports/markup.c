/* Text in XML and HTML. */
#include "markup.h"

#include <stddef.h>
#include <string.h>

#include "glyph.h"

/* Writes the next character of a text that is not empty; returns its end. */
static const char *put_next(FILE *out, const char *text)
{
    static const char marks[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    const char *mark = strchr(marks, *text);
    if (mark != NULL) {
        fputs(names[mark - marks], out);
        return text + 1;
    }
    struct glyph glyph;
    size_t length = glyph_next(text, &glyph);
    fputs(glyph.bytes, out);
    return text + length;
}

void markup_put(FILE *out, const char *text)
{
    while (*text != '\0')
        text = put_next(out, text);
}

void markup_put_lines(FILE *out, const char *text, unsigned lines)
{
    while (*text != '\0' && lines != 0) {
        if (*text != '\n') {
            text = put_next(out, text);
            continue;
        }
        putc('\n', out);
        text++;
        lines--;
    }
}
