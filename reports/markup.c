/* Text in XML and HTML. */
#include "markup.h"

#include <string.h>

#include "glyph.h"

size_t markup_put_next(FILE *out, const char *text)
{
    static const char marks[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    const char *mark = strchr(marks, *text);
    if (mark != NULL) {
        fputs(names[mark - marks], out);
        return 1;
    }
    struct glyph glyph;
    size_t length = glyph_next(text, &glyph);
    fputs(glyph.bytes, out);
    return length;
}

void markup_put(FILE *out, const char *text)
{
    while (*text != '\0')
        text += markup_put_next(out, text);
}

void markup_put_lines(FILE *out, const char *text, unsigned lines)
{
    while (*text != '\0' && lines != 0) {
        if (*text != '\n') {
            text += markup_put_next(out, text);
            continue;
        }
        putc('\n', out);
        text++;
        lines--;
    }
}
