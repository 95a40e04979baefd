/* Reading JSON from memory, one token after the other.
 *
 * Strict as RFC 8259 is. The text may come from anywhere: the depth is bounded, memory is taken
 * only for strings that are asked for, and the time is linear in the text. */
#ifndef REPORTS_JSON_READ_H
#define REPORTS_JSON_READ_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read_result.h"

/* Where the reader is. Whatever is wrong goes to `error` and to `escape`. */
struct json_reader {
    const char *text, *at, *end;
    struct read_error *error;
    jmp_buf escape;
    struct read_arena *arena; /* that strings are kept in */
    char key[32];             /* the last one */
};

/* ---- Memory that is given back all at once ---- */

struct read_block;
struct read_arena {
    struct read_block *blocks;
};

/* Zeroed memory, aligned for any object if `size` is not 1; leaves by `escape` if there is none. */
void *read_take(struct json_reader *reader, size_t count, size_t size);
void read_arena_free(struct read_arena *arena);

/* ---- Reading: each leaves by `escape` if something else is found ---- */

/* Says what was found at `at` and what was wanted. */
_Noreturn void json_wanted(struct json_reader *reader, const char *at, const char *wanted);

/* Says what is wrong at `at`. */
_Noreturn void json_fail(struct json_reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where the next token begins. */
const char *json_here(struct json_reader *reader);

/* Passes '{' or '['. */
void json_open(struct json_reader *reader, char bracket, const char *wanted);

/* Whether there is another member or item, `first` or not; else passes the closing bracket. */
bool json_more(struct json_reader *reader, char closing, bool first);

/* A key and its colon. The key is valid until the next call: a longer one is cut. */
const char *json_key(struct json_reader *reader);

/* A string, kept; or NULL for null, if that is allowed. */
const char *json_string(struct json_reader *reader, const char *wanted, bool or_null);

/* An unsigned integer, or a string of its digits, of at most `most`. */
uint64_t json_whole(struct json_reader *reader, const char *wanted, uint64_t most);

bool json_truth(struct json_reader *reader);

/* Whether null is next; passes it. */
bool json_null(struct json_reader *reader);

/* Passes any value. */
void json_skip(struct json_reader *reader);

/* Nothing but blanks may follow. */
void json_finish(struct json_reader *reader);

#endif
