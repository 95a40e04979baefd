/* A scenario: one small story in the words of the API, parsed.
 *
 * The text is the grammar of suite/LANGUAGE.md. The same parser serves the runner, which judges,
 * and the agent, which only carries the steps out. */
#ifndef SUITE_SCENARIO_H
#define SUITE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits; a text that goes beyond one is refused with a word on which. */
#define SCENARIO_TEXT_MAX (256u << 10) /* bytes */
#define SCENARIO_STEPS_MAX 4096u
#define SCENARIO_VARIABLES_MAX 64u
#define SCENARIO_ARGUMENTS_MAX 5
#define SCENARIO_FIELDS_MAX 8
#define SCENARIO_RUNS_MAX 16         /* rows of equal bytes in one pin */
#define SCENARIO_LIST_MAX 16         /* rules, sources, profiles, alternatives of one step */
#define SCENARIO_EACH_MAX 3          /* each within each */
#define SCENARIO_VALUES_MAX 256u     /* of one each */
#define SCENARIO_EXPRESSION_MAX 256u /* numbers, names and signs of one expression */
#define SCENARIO_DEPTH_MAX 64u       /* parentheses within parentheses */

/* What a step does. The table in operations.def gives names, arguments and fields. */
enum operation {
#define OPERATION(symbol, name, group, least, most, ...) OP_##symbol,
#include "suite/operations.def"
#undef OPERATION
    OPERATION_END
};

enum operation_group {
    GROUP_HARNESS, /* hole, commit_limit */
    GROUP_WIN32,   /* has a last error */
    GROUP_NT,      /* returns an NTSTATUS */
    GROUP_TOUCH    /* read, write, execute: may raise an exception */
};

/* What an argument is, for how it prints. */
enum argument_kind {
    ARGUMENT_NONE,
    ARGUMENT_ADDRESS,
    ARGUMENT_SIZE,
    ARGUMENT_ALLOCATION_TYPE, /* MEM_ flags of an allocation */
    ARGUMENT_FREE_TYPE,
    ARGUMENT_PROTECT,
    ARGUMENT_NUMBER,
    ARGUMENT_ERROR,
    ARGUMENT_NULL /* only the word NULL: the pointer for an output is missing */
};

struct operation_info {
    const char *name;
    enum operation_group group;
    int least, most; /* how many arguments */
    enum argument_kind arguments[SCENARIO_ARGUMENTS_MAX];
};

const struct operation_info *operation_info(enum operation operation);

/* ---- Expressions ---------------------------------------------------------------------------- */

enum expression_kind {
    EXPRESSION_NUMBER,
    EXPRESSION_VARIABLE,
    EXPRESSION_SYMBOL,
    EXPRESSION_BINARY,
    EXPRESSION_NEGATE
};

/* Names whose value only the subject knows. */
enum symbol {
    SYMBOL_PAGE,
    SYMBOL_GRANULE,
    SYMBOL_MIN_ADDRESS,
    SYMBOL_MAX_ADDRESS,
    SYMBOL_SIZE_MAX,
    SYMBOL_MBI_SIZE
};

struct expression {
    enum expression_kind kind;
    uint64_t number;     /* or the value of a constant */
    const char *name;    /* of a constant or symbol, else NULL */
    const char *literal; /* of a number without a name: how it was written, "62K"; may be NULL */
    unsigned variable;
    enum symbol symbol;
    char operator;                         /* + - * / % | & */
    const struct expression *left, *right; /* of NEGATE only `left` */
    unsigned size;                         /* how many expressions it is made of, itself included */
};

struct scenario;

/* What an expression needs in order to have a value. Results wrap at the subject's pointer size. */
struct environment {
    uint64_t page, granule, address_min, address_max;
    uint32_t pointer_bytes;
    uint64_t variables[SCENARIO_VARIABLES_MAX];
};

/* The value. A division by zero gives 0. */
uint64_t expression_value(const struct expression *expression,
                          const struct environment *environment);

/* Prints an expression as it was written, but for its spaces and needless parentheses. Writes at
 * most `capacity` bytes with the terminator and returns the buffer. */
const char *expression_format(const struct expression *expression, const struct scenario *scenario,
                              char *buffer, size_t capacity);

/* ---- Pins: the outcomes that a source states --------------------------------------------------
 */

enum pin_kind {
    PIN_VALUE,  /* the return value equals the expression: an address, TRUE, FALSE, NULL, a count */
    PIN_ABOVE,  /* the address returned is above the expression's, */
    PIN_BELOW,  /* or below it */
    PIN_STATUS, /* the NTSTATUS */
    PIN_EXCEPTION, /* code, access and address */
    PIN_RETURNED,  /* the execution returned */
    PIN_BYTES,     /* what was read */
    PIN_ANY        /* "?": no source settles the outcome */
};

enum field {
    FIELD_BASE_ADDRESS,
    FIELD_ALLOCATION_BASE,
    FIELD_ALLOCATION_PROTECT,
    FIELD_REGION_SIZE,
    FIELD_STATE,
    FIELD_PROTECT,
    FIELD_TYPE,
    FIELD_OLD_PROTECT,
    FIELD_PAGE_SIZE,
    FIELD_GRANULARITY,
    FIELD_MINIMUM_ADDRESS,
    FIELD_MAXIMUM_ADDRESS,
    FIELD_END
};

const char *field_name(enum field field); /* "BaseAddress", "OldProtect", "PageSize", ... */

struct field_pin {
    enum field field;
    bool untouched; /* the word "untouched": the output keeps what it had */
    const struct expression *value;
};

/* A row of equal bytes. */
struct byte_run {
    uint8_t value;
    const struct expression *count;
};

struct pin {
    int line, column;
    const char *profiles[SCENARIO_LIST_MAX]; /* name patterns with *; none: every profile */
    unsigned profile_count;
    bool has_kind; /* false if only fields are pinned */
    enum pin_kind kind;
    const struct expression *value; /* of VALUE, ABOVE, BELOW, STATUS; address of EXCEPTION */
    bool has_error;
    uint32_t error;     /* of VALUE with a last error */
    uint32_t exception; /* code of EXCEPTION */
    uint32_t access;    /* 0, 1 or 8 of EXCEPTION */
    struct byte_run bytes[SCENARIO_RUNS_MAX];
    unsigned byte_count;
    struct field_pin fields[SCENARIO_FIELDS_MAX];
    unsigned field_count;
};

struct step {
    int line, column;
    const char *text; /* as it was written, without its pins */
    enum operation operation;
    int target; /* the variable that takes the return value, or -1 */
    const struct expression *arguments[SCENARIO_ARGUMENTS_MAX];
    unsigned argument_count;
    bool null_output; /* NULL was given for the output pointer */
    const struct pin *pins;
    unsigned pin_count;
    bool unsettled; /* a pin says "?" */
};

struct scenario {
    const char *path; /* as given, "reserve/base-rounds-down.va" */
    const char *title;
    const char *rules[SCENARIO_LIST_MAX];
    unsigned rule_count;
    const char *sources[SCENARIO_LIST_MAX];
    unsigned source_count;
    const char *profiles[SCENARIO_LIST_MAX]; /* patterns; none: it is for every profile */
    unsigned profile_count;
    const char *variables[SCENARIO_VARIABLES_MAX];
    unsigned variable_count;
    const struct step *steps;
    unsigned step_count;
};

/* Where a text is wrong. */
struct scenario_error {
    int line, column;  /* from 1 */
    bool at_end;       /* the text ends where more was wanted */
    char message[256]; /* what was found and what was wanted */
};

/* Parses a text; `path` is copied. NULL and *error if it is not a scenario, or if memory is short.
 * The scenario owns all it points to until scenario_free. */
struct scenario *scenario_parse(const char *path, const char *text, size_t length,
                                struct scenario_error *error);
void scenario_free(struct scenario *scenario);

/* Whether a pattern (a name in which * stands for anything) matches; whether a scenario or a pin is
 * for a profile. */
bool pattern_matches(const char *pattern, const char *name);
bool scenario_is_for(const struct scenario *scenario, const char *profile);
bool pin_is_for(const struct pin *pin, const char *profile);

/* The value of a Windows constant or status by name; false if there is none. And the name of a
 * value of a kind, "MEM_RESERVE | MEM_TOP_DOWN", or hexadecimal where there is no name. Writes at
 * most `capacity` bytes with the terminator and returns the buffer. */
bool constant_find(const char *name, size_t length, uint64_t *value);
const char *constant_format(enum argument_kind kind, uint64_t value, char *buffer, size_t capacity);
const char *status_format(uint32_t status, char *buffer, size_t capacity); /* STATUS_... */
const char *error_format(uint32_t error, char *buffer, size_t capacity);   /* ERROR_... */
const char *state_format(uint32_t state, char *buffer, size_t capacity);   /* MEM_FREE ... */

/* The names that the language has, for whoever completes them: calls, constants, and what only the
 * subject knows. NULL past the last. */
const char *language_name(size_t index);

/* How a size is written: 62K, 4K, 1M where it is whole, else decimal below 1K, else hexadecimal. */
const char *size_format(uint64_t size, char *buffer, size_t capacity);

#endif
