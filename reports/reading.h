/* What the parts of the reader of result files share: objects by tables of their members. */
#ifndef REPORTS_READING_H
#define REPORTS_READING_H

#include "json_read.h"

struct reading {
    struct json_reader json; /* first */
    unsigned version;
    struct result_rule *rules; /* by id */
    size_t rule_count;
    bool rules_read;
    size_t counts[VERDICT_END];
    const char *counts_at;
};

enum kind { TEXT, TEXT_OR_NULL, UNSIGNED, SIZE, NUMBER, TRUTH, OTHER, OPTIONAL };

/* A key of an object, and where its value goes. */
struct member {
    const char *key;
    enum kind kind;
    size_t offset;
    void (*read)(struct reading *reading,
                 void *object); /* of the last two; gets the whole object */
    unsigned since, until;      /* versions; 0: all */
};

#define MEMBERS(table) table, sizeof table / sizeof *table

/* The members of an object from the first or a later one on, to its end. */
void read_members(struct reading *reading, const struct member *members, size_t count, void *object,
                  bool first, const char *begin);

/* A whole object. */
void read_object(struct reading *reading, const struct member *members, size_t count, void *object,
                 const char *wanted);

/* An array of items of a size. */
void *read_array(struct reading *reading, size_t size, const char *wanted,
                 void (*read)(struct reading *reading, void *item), size_t *count);

/* An item that is a text. */
void read_text(struct reading *reading, void *item);

/* An item that is an entry of a baseline. */
void read_entry(struct reading *reading, void *item);

/* How far an exploration came, into a result. */
void read_exploration(struct reading *reading, void *object);

/* An item that is a scenario: reading->rules has to hold what its findings name. */
void read_scenario(struct reading *reading, void *item);

#endif
