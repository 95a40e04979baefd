/* UTF-8 read strictly, and escapes for what must not be shown. */
#include "glyph.h"

#include <stdio.h>
#include <string.h>

static size_t length_by_first_byte(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

size_t glyph_decode(const char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = length_by_first_byte(bytes[0]);
    uint32_t value = bytes[0] & first_bits[length];
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least[length] || value > 0x10FFFF || surrogate)
        return 0;
    *code = value;
    return length;
}

bool glyph_is_control(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0, 0x1F},        {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

static void escape(struct glyph *glyph, uint32_t code)
{
    const char *format = code > 0xFF ? "\\u%04x" : "\\x%02x";
    if (code == '\n' || code == '\t' || code == '\r')
        format = code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r";
    snprintf(glyph->bytes, sizeof glyph->bytes, format, (unsigned)code);
    glyph->columns = (unsigned)strlen(glyph->bytes);
}

size_t glyph_next(const char *text, struct glyph *glyph)
{
    uint32_t code;
    size_t length = glyph_decode(text, &code);
    if (length == 0) {
        escape(glyph, (unsigned char)text[0]);
        return 1;
    }
    if (glyph_is_control(code)) {
        escape(glyph, code);
        return length;
    }
    memcpy(glyph->bytes, text, length);
    glyph->bytes[length] = '\0';
    glyph->columns = 1;
    return length;
}
