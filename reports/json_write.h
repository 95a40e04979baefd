/* Writing JSON to a stream: one value a line, keys in the order in which they are written. */
#ifndef REPORTS_JSON_WRITE_H
#define REPORTS_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Where the writer is. A key is NULL in an array and at the top. */
struct json {
    FILE *out;
    unsigned depth;
    bool empty; /* nothing yet in the innermost object or array */
};

void json_begin(struct json *json, FILE *out);

void json_object(struct json *json, const char *key);
void json_end_object(struct json *json);
void json_array(struct json *json, const char *key);
void json_end_array(struct json *json);

/* A string; null for NULL. A byte that is no UTF-8 becomes U+FFFD; control characters, and other
 * unseen ones, are escaped. */
void json_text(struct json *json, const char *key, const char *text);

/* A number, or beyond 2^53 a string of its digits: readers that hold numbers as doubles would
 * round it. */
void json_number(struct json *json, const char *key, uint64_t number);

void json_bool(struct json *json, const char *key, bool value);

/* Ends the last line. Returns false if anything could not be written. */
bool json_end(struct json *json);

#endif
