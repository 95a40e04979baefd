/* Lines with a margin, wrapped at a width. */
#include "page.h"

#include <string.h>

#include "glyph.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 40
#define GAP 2 /* columns between a text and the tab stop that it has run over */

static const char *const ink_codes[INK_END] = {
    [INK_PLAIN] = "",   [INK_STRONG] = "1", [INK_QUIET] = "2",  [INK_FRAME] = "36",
    [INK_PLACE] = "36", [INK_RIGHT] = "32", [INK_DOUBT] = "33", [INK_WRONG] = "31",
};

void page_init(struct page *page, const struct report_style *style, FILE *out)
{
    unsigned width = style->width == 0 ? WIDTH_DEFAULT : style->width;
    *page = (struct page){
        .out = out,
        .width = width < WIDTH_MIN ? WIDTH_MIN : width,
        .colour = style->colour,
        .margin = "",
    };
}

void page_margin(struct page *page, const char *margin)
{
    page->margin = margin;
}

void page_first(struct page *page, const char *first)
{
    page->first = first;
}

static void use_ink(struct page *page, enum ink ink)
{
    if (!page->colour || page->ink == ink)
        return;
    if (page->ink != INK_PLAIN)
        fputs("\033[0m", page->out);
    if (ink != INK_PLAIN)
        fprintf(page->out, "\033[%sm", ink_codes[ink]);
    page->ink = ink;
}

static const char *line_start(const struct page *page)
{
    return page->first != NULL ? page->first : page->margin;
}

/* Where the next visible character would stand. */
static unsigned position(const struct page *page)
{
    unsigned column = page->begun ? page->column : (unsigned)strlen(line_start(page));
    return column + page->spaces;
}

static void start_line(struct page *page)
{
    const char *start = line_start(page);
    use_ink(page, INK_FRAME);
    fputs(start, page->out);
    page->column = (unsigned)strlen(start);
    page->begun = true;
    page->first = NULL;
}

/* Ends the line as written, and forgets the spaces that it is still owed. */
static void break_line(struct page *page)
{
    use_ink(page, INK_PLAIN);
    fputc('\n', page->out);
    page->begun = false;
    page->column = page->spaces = 0;
}

static void put_glyph(struct page *page, enum ink ink, const struct glyph *glyph)
{
    if (strcmp(glyph->bytes, " ") == 0) {
        page->spaces++;
        return;
    }
    if (!page->begun)
        start_line(page);
    page->column += page->spaces + glyph->columns;
    for (; page->spaces > 0; page->spaces--)
        fputc(' ', page->out);
    use_ink(page, ink);
    fputs(glyph->bytes, page->out);
}

void page_put_part(struct page *page, enum ink ink, const char *text, size_t length)
{
    struct glyph glyph;
    for (const char *end = text + length; text < end; put_glyph(page, ink, &glyph))
        text += glyph_next(text, &glyph);
}

void page_put(struct page *page, enum ink ink, const char *text)
{
    page_put_part(page, ink, text, strlen(text));
}

static unsigned columns_of(const char *text, size_t length)
{
    unsigned columns = 0;
    struct glyph glyph;
    for (const char *end = text + length; text < end; columns += glyph.columns)
        text += glyph_next(text, &glyph);
    return columns;
}

unsigned page_columns(const char *text)
{
    return columns_of(text, strlen(text));
}

static void wrap(struct page *page)
{
    break_line(page);
    unsigned start = position(page);
    page->spaces = page->hang > start ? page->hang - start : 0;
}

/* A line may be broken at a space, but not where it would begin with the same word again. */
static bool can_wrap(const struct page *page)
{
    return page->begun && page->spaces > 0 && position(page) > page->hang;
}

static void put_word(struct page *page, enum ink ink, const char *text, size_t length)
{
    if (position(page) + columns_of(text, length) > page->width && can_wrap(page))
        wrap(page);
    page_put_part(page, ink, text, length);
}

void page_word(struct page *page, enum ink ink, const char *text)
{
    put_word(page, ink, text, strlen(text));
}

void page_flow(struct page *page, enum ink ink, const char *text)
{
    for (;;) {
        size_t blanks = strspn(text, " ");
        page->spaces += (unsigned)blanks;
        text += blanks;
        size_t length = strcspn(text, " ");
        if (length == 0)
            return;
        put_word(page, ink, text, length);
        text += length;
    }
}

void page_cut(struct page *page, enum ink ink, const char *text)
{
    unsigned room = page->width > position(page) + 3 ? page->width - position(page) : 3;
    if (page_columns(text) <= room) {
        page_put(page, ink, text);
        return;
    }
    size_t length = 0;
    unsigned columns = 0;
    for (struct glyph glyph; text[length] != '\0';) {
        size_t taken = glyph_next(text + length, &glyph);
        if (columns + glyph.columns > room - 3)
            break;
        columns += glyph.columns;
        length += taken;
    }
    page_put_part(page, ink, text, length);
    page_put(page, ink, "...");
}

void page_put_right(struct page *page, unsigned column, enum ink ink, const char *text)
{
    unsigned start = position(page) + page_columns(text);
    if (start < column)
        page->spaces += column - start;
    page_put(page, ink, text);
}

void page_hang(struct page *page, unsigned column)
{
    page->hang = column;
}

void page_tab(struct page *page, unsigned column)
{
    unsigned here = position(page) - page->spaces;
    if (column > here)
        page->spaces = column - here;
    else if (page->begun && column < here + GAP)
        page->spaces = GAP;
    page_hang(page, column);
}

void page_end_line(struct page *page)
{
    break_line(page);
    page->hang = 0;
}

static size_t trimmed_length(const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return length;
}

void page_blank(struct page *page)
{
    if (page->begun)
        page_end_line(page);
    use_ink(page, trimmed_length(page->margin) > 0 ? INK_FRAME : INK_PLAIN);
    fwrite(page->margin, 1, trimmed_length(page->margin), page->out);
    break_line(page);
}
