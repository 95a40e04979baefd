/* The lines of the wire (suite/WIRE.md): making them and reading them back. */
#ifndef SUITE_WIRE_H
#define SUITE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/backend.h"
#include "suite/scenario.h"
#include "suite/trace.h"

#define WIRE_VERSION 1u
#define WIRE_LINE_MAX 4096u        /* bytes of a line with its '\n' */
#define WIRE_TIMEOUT_MAX 86400000u /* milliseconds: a day */
#define WIRE_MAPPED_MAX (1u << 20) /* regions of all the maps of one trace */
#define WIRE_VOID '~'              /* a line that ends in it was cut off, and is dropped */

/* ---- Making a line --------------------------------------------------------------------------- */

struct wire_line {
    char text[WIRE_LINE_MAX];
    size_t length;
};

void wire_start(struct wire_line *line, const char *record);
void wire_put_name(struct wire_line *line, const char *name);
void wire_put_number(struct wire_line *line, uint64_t number);
/* Control characters become '?', so that it stays one line. */
void wire_put_words(struct wire_line *line, const char *words);
void wire_finish(struct wire_line *line);

void wire_make_done(struct wire_line *line, unsigned number, enum operation operation,
                    const struct trace_step *step);
void wire_make_region(struct wire_line *line, const struct subject_region *region);
void wire_make_request(struct wire_line *line, uint64_t id, size_t length, unsigned timeout_ms);
void wire_make_end(struct wire_line *line, uint64_t id, const char *how, const char *words);

/* ---- Reading a line -------------------------------------------------------------------------- */

/* What is left of a line. Each wire_take function takes one thing with the blank before it, and is
 * false if something else stands there. */
struct wire_scan {
    const char *at, *end;
};

struct wire_scan wire_scan(const char *line, size_t length);
/* The line's first word; later words with wire_take_name. */
bool wire_take_record(struct wire_scan *scan, const char *record);
bool wire_take_name(struct wire_scan *scan, const char *name);
/* 1 to 16 digits of lower-case hexadecimal, no greater than `most`. */
bool wire_take_number(struct wire_scan *scan, uint64_t most, uint64_t *number);
/* The rest of the line, at least one character, none of them a control character, and less than
 * `capacity` bytes. */
bool wire_take_words(struct wire_scan *scan, char *words, size_t capacity);
bool wire_take_nothing(const struct wire_scan *scan);

/* What follows "done N". */
bool wire_take_done(struct wire_scan *scan, enum operation operation, struct trace_step *step);
/* What follows "region"; `base` is not on the wire and stays. */
bool wire_take_region(struct wire_scan *scan, struct subject_region *region);
bool wire_read_request(const char *line, size_t length, uint64_t *id, size_t *text_length,
                       unsigned *timeout_ms);
/* Whether the line is "end ID ...", and for which request. */
bool wire_read_end(const char *line, size_t length, uint64_t *id);

/* Shows a line for a message: within quotation marks, cut where it is long, with every character
 * that is not printable escaped. Always ends the text within `capacity`. */
void wire_quote(const char *line, size_t length, char *text, size_t capacity);

/* ---- The greeting ---------------------------------------------------------------------------- */

#define WIRE_GREETING_LINES 7 /* with the first and "ready" */

/* The greeting's line at `index`, from 0. */
void wire_make_greeting(struct wire_line *line, unsigned index, const struct subject_info *info);

enum wire_greeted { WIRE_GOES_ON, WIRE_READY, WIRE_BAD };

/* A greeting that is being read. Begins zeroed. */
struct wire_greeting {
    unsigned next;
    struct subject_info info;
};

/* Takes the next line. WIRE_BAD with words in `error` if it is not the one that was to come. */
enum wire_greeted wire_read_greeting(struct wire_greeting *greeting, const char *line,
                                     size_t length, char *error, size_t capacity);

#endif
