/* Writing JSON to a stream. */
#include "json_write.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

#include "glyph.h"

#define REPLACEMENT 0xFFFD /* the character that stands for bytes that are no UTF-8 */
#define EXACT_MAX (UINT64_C(1) << 53)

void json_begin(struct json *json, FILE *out)
{
    *json = (struct json){.out = out, .empty = true};
}

static void put_unit(FILE *out, uint32_t unit)
{
    fprintf(out, "\\u%04x", (unsigned)unit);
}

static void put_code(FILE *out, const char *bytes, size_t length, uint32_t code)
{
    if (code == '"' || code == '\\')
        fprintf(out, "\\%c", (int)code);
    else if (code == '\n')
        fputs("\\n", out);
    else if (glyph_is_control(code) || code == REPLACEMENT)
        put_unit(out, code);
    else
        fwrite(bytes, 1, length, out);
}

static void put_string(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text != '\0') {
        uint32_t code;
        size_t length = glyph_decode(text, &code);
        if (length > 0)
            put_code(out, text, length, code);
        else
            put_unit(out, REPLACEMENT);
        text += length > 0 ? length : 1;
    }
    fputc('"', out);
}

static void new_line(struct json *json)
{
    fputc('\n', json->out);
    for (unsigned i = 0; i < json->depth; i++)
        fputs("  ", json->out);
}

static void start_value(struct json *json, const char *key)
{
    if (!json->empty)
        fputc(',', json->out);
    if (json->depth > 0)
        new_line(json);
    json->empty = false;
    if (key == NULL)
        return;
    put_string(json->out, key);
    fputs(": ", json->out);
}

static void open_with(struct json *json, const char *key, char bracket)
{
    start_value(json, key);
    fputc(bracket, json->out);
    json->depth++;
    json->empty = true;
}

static void close_with(struct json *json, char bracket)
{
    assert(json->depth > 0);
    json->depth--;
    if (!json->empty)
        new_line(json);
    fputc(bracket, json->out);
    json->empty = false;
}

void json_object(struct json *json, const char *key)
{
    open_with(json, key, '{');
}

void json_end_object(struct json *json)
{
    close_with(json, '}');
}

void json_array(struct json *json, const char *key)
{
    open_with(json, key, '[');
}

void json_end_array(struct json *json)
{
    close_with(json, ']');
}

void json_text(struct json *json, const char *key, const char *text)
{
    start_value(json, key);
    if (text == NULL)
        fputs("null", json->out);
    else
        put_string(json->out, text);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
    start_value(json, key);
    fprintf(json->out, number > EXACT_MAX ? "\"%" PRIu64 "\"" : "%" PRIu64, number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    start_value(json, key);
    fputs(value ? "true" : "false", json->out);
}

bool json_end(struct json *json)
{
    assert(json->depth == 0);
    fputc('\n', json->out);
    return fflush(json->out) == 0 && !ferror(json->out);
}
