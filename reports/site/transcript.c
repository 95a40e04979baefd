/* Transcripts as steps, and when two of them are alike. */
#include "transcript.h"

#include <string.h>

bool transcript_next(struct transcript_line *line)
{
    const char *at = line->text + line->length;
    if (line->number != 0 && *at == '\n')
        at++;
    if (*at == '\0')
        return false;
    line->begins = *at != ' ' && *at != '\t';
    if (line->begins && line->number != 0)
        line->step++;
    line->text = at;
    line->length = strcspn(at, "\n");
    line->number++;
    return true;
}

bool transcript_next_step(struct transcript_step *step)
{
    const char *begin = step->text + step->length;
    if (step->lines != 0 && *begin == '\n')
        begin++;
    struct transcript_line line = {.text = begin};
    const char *end = NULL;
    for (; transcript_next(&line) && line.step == 0; step->lines++)
        end = line.text + line.length;
    if (end == NULL)
        return false;
    step->text = begin;
    step->length = (size_t)(end - begin);
    return true;
}

/* ---- Alike ---- */

/* Reads a text with its blanks made one, and with one sign for every address of the system's
 * choice. */
struct cursor {
    const char *at, *end;
    int last[2]; /* what came before */
};

static bool is_at(const struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(cursor->end - cursor->at) >= length && memcmp(cursor->at, word, length) == 0;
}

static void skip_value(struct cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at != ',' && *cursor->at != '\n' &&
           !is_at(cursor, "  "))
        cursor->at++;
}

static bool is_blank(const struct cursor *cursor)
{
    return *cursor->at == ' ' || *cursor->at == '\t' || is_at(cursor, "\n ") ||
           is_at(cursor, "\n\t");
}

static int read_one(struct cursor *cursor)
{
    static const char *const outputs[] = {", BaseAddress: MIN_ADDRESS",
                                          ", BaseAddress: MAX_ADDRESS"};
    for (size_t i = 0; i < 2; i++) {
        if (is_at(cursor, outputs[i])) {
            cursor->at++;
            skip_value(cursor);
        }
    }
    bool returned = cursor->last[0] == '>' && cursor->last[1] == ' ';
    if (returned &&
        (is_at(cursor, "MIN_ADDRESS") || is_at(cursor, "MAX_ADDRESS") || is_at(cursor, "above "))) {
        skip_value(cursor);
        return '@';
    }
    bool blank = false;
    while (cursor->at < cursor->end && is_blank(cursor)) {
        blank = true;
        cursor->at++;
    }
    if (cursor->at == cursor->end)
        return -1;
    return blank ? ' ' : *cursor->at++;
}

static int next_sign(struct cursor *cursor)
{
    if (cursor->at == cursor->end)
        return -1;
    int sign = read_one(cursor);
    cursor->last[0] = cursor->last[1];
    cursor->last[1] = sign;
    return sign;
}

bool transcript_alike(const char *one, size_t one_length, const char *other, size_t other_length)
{
    struct cursor a = {one, one + one_length, {0, 0}}, b = {other, other + other_length, {0, 0}};
    int sign;
    do {
        sign = next_sign(&a);
        if (sign != next_sign(&b))
            return false;
    } while (sign != -1);
    return true;
}

/* ---- Behaviours ---- */

size_t behaviour_first(const struct site *site, const struct site_scenario *scenario,
                       size_t behaviour)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        if (scenario->behaviour[i] == behaviour)
            return i;
    }
    return SITE_NONE;
}

const char *transcript_of(const struct result_scenario *scenario)
{
    if (*scenario->transcript == '\0' && scenario->difference_count != 0 &&
        scenario->differences[0].transcript != NULL)
        return scenario->differences[0].transcript;
    return scenario->transcript;
}
