/* The parser's state, shared by its parts. The first thing that is wrong ends the parse: the
 * functions here return only if all is well. */
#ifndef SUITE_PARSER_H
#define SUITE_PARSER_H

#include <setjmp.h>

#include "arena.h"
#include "lexer.h"
#include "suite/nearest.h"
#include "suite/scenario.h"

/* The name of an `each` and what it stands for. */
struct each_binding {
    const char *name;
    const struct expression *value;
};

struct parser {
    struct lexer lexer;
    struct token token;   /* the next one */
    const char *last_end; /* where the token before it ended */
    struct arena *arena;
    struct scenario *scenario;
    struct step *steps;
    unsigned step_capacity;
    struct each_binding bindings[SCENARIO_EACH_MAX]; /* the outermost first */
    unsigned binding_count;
    unsigned depth; /* parentheses that are open */
    struct scenario_error *error;
    jmp_buf escape;
};

/* ---- Errors: parser.c ---- */

_Noreturn void parser_fail(struct parser *parser, const struct token *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "found X, wanted ...". */
_Noreturn void parser_fail_wanted(struct parser *parser, const struct token *at,
                                  const char *wanted);

/* "unknown call X; did you mean Y?". `what` is the text before the name. */
_Noreturn void parser_fail_unknown(struct parser *parser, const struct token *at, const char *what,
                                   const struct nearest *nearest);

/* ---- Tokens: parser.c ---- */

void parser_advance(struct parser *parser);
void parser_advance_word(struct parser *parser); /* to a rule id or pattern */

bool parser_at_sign(const struct parser *parser, char sign);
bool parser_at_name(const struct parser *parser, const char *name);
bool parser_name_starts(const struct token *token, const char *prefix);

/* Whether the token after this one is the sign. */
bool parser_sign_follows(const struct parser *parser, char sign);

/* Goes on past a sign, or fails. `wanted` may be NULL: the sign alone. */
void parser_expect_sign(struct parser *parser, char sign, const char *wanted);

/* Goes on past the end of a statement, or fails. */
void parser_expect_line_end(struct parser *parser, const char *wanted);

/* ---- Memory: parser.c ---- */

void *parser_take(struct parser *parser, size_t bytes);
const char *parser_copy(struct parser *parser, const char *start, size_t length);

/* The words from here on, with commas between them if `commas`, as the header's lists and a pin's
 * profiles have them. The token before is the current one. */
void parser_words(struct parser *parser, bool commas, const char *wanted,
                  const char *list[SCENARIO_LIST_MAX], unsigned *count);

/* ---- Names: parse_name.c ---- */

/* Fail unless the current token is a name that a variable, or an `each`, may have. */
void parser_check_name(struct parser *parser);
void parser_check_each_name(struct parser *parser);

/* What the current token, a name, stands for in an expression. */
const struct expression *parser_named(struct parser *parser);

/* The variable's slot, a new one if need be. */
int parser_variable(struct parser *parser, const struct token *name);

/* ---- Parts, each in its file ---- */

const struct expression *parse_expression(struct parser *parser);
const struct expression *parse_primary(struct parser *parser);

/* The pins of a step, if any follow. */
void parse_pins(struct parser *parser, struct step *step);

void parse_statements(struct parser *parser);

#endif
