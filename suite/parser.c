/* A scenario's text, parsed: the header, and what all parts of the parser need. */
#include "parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

#define SHOWN_MAX 40 /* bytes of a token in a message */

/* A scenario and the memory of all it points to. */
struct scenario_store {
    struct scenario scenario; /* first: the two have one address */
    struct arena arena;
};

_Noreturn void parser_fail(struct parser *parser, const struct token *at, const char *format, ...)
{
    struct scenario_error *error = parser->error;
    error->line = at->line;
    error->column = at->column;
    error->at_end = at->kind == TOKEN_END;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    longjmp(parser->escape, 1);
}

_Noreturn void parser_fail_wanted(struct parser *parser, const struct token *at, const char *wanted)
{
    if (at->kind == TOKEN_END)
        parser_fail(parser, at, "found the end of the text, wanted %s", wanted);
    if (at->kind == TOKEN_NEWLINE)
        parser_fail(parser, at, "found the end of the line, wanted %s", wanted);
    if (at->kind == TOKEN_STRING)
        parser_fail(parser, at, "found a string, wanted %s", wanted);
    size_t shown = utf8_cut(at->start, at->length, SHOWN_MAX);
    parser_fail(parser, at, "found '%.*s%s', wanted %s", (int)shown, at->start,
                shown < at->length ? "..." : "", wanted);
}

_Noreturn void parser_fail_unknown(struct parser *parser, const struct token *at, const char *what,
                                   const struct nearest *nearest)
{
    if (!nearest->found)
        parser_fail(parser, at, "%s %.*s", what, (int)at->length, at->start);
    parser_fail(parser, at, "%s %.*s; did you mean %s?", what, (int)at->length, at->start,
                nearest->found);
}

static void advance(struct parser *parser, bool words)
{
    parser->last_end = parser->token.start + parser->token.length;
    parser->token = lexer_next(&parser->lexer, words);
    if (parser->token.kind == TOKEN_BAD)
        parser_fail_wanted(parser, &parser->token, parser->token.wanted);
}

void parser_advance(struct parser *parser)
{
    advance(parser, false);
}

void parser_advance_word(struct parser *parser)
{
    advance(parser, true);
}

static bool is_sign(const struct token *token, char sign)
{
    return token->kind == TOKEN_SIGN && *token->start == sign;
}

bool parser_at_sign(const struct parser *parser, char sign)
{
    return is_sign(&parser->token, sign);
}

bool parser_at_name(const struct parser *parser, const char *name)
{
    const struct token *token = &parser->token;
    return token->kind == TOKEN_NAME && text_is(name, token->start, token->length);
}

bool parser_name_starts(const struct token *token, const char *prefix)
{
    size_t length = strlen(prefix);
    return token->kind == TOKEN_NAME && token->length > length &&
           memcmp(token->start, prefix, length) == 0;
}

bool parser_sign_follows(const struct parser *parser, char sign)
{
    struct lexer ahead = parser->lexer;
    struct token next = lexer_next(&ahead, false);
    return is_sign(&next, sign);
}

void parser_expect_sign(struct parser *parser, char sign, const char *wanted)
{
    const char alone[] = {'\'', sign, '\'', '\0'};
    if (!parser_at_sign(parser, sign))
        parser_fail_wanted(parser, &parser->token, wanted ? wanted : alone);
    parser_advance(parser);
}

void parser_expect_line_end(struct parser *parser, const char *wanted)
{
    if (parser->token.kind == TOKEN_END)
        return;
    if (parser->token.kind != TOKEN_NEWLINE)
        parser_fail_wanted(parser, &parser->token, wanted);
    parser_advance(parser);
}

void *parser_take(struct parser *parser, size_t bytes)
{
    void *memory = arena_take(parser->arena, bytes);
    if (!memory)
        parser_fail(parser, &parser->token,
                    "the scenario takes more memory than there is, or "
                    "than the %u MB that it may",
                    ARENA_BYTES_MAX >> 20);
    return memory;
}

const char *parser_copy(struct parser *parser, const char *start, size_t length)
{
    char *copy = parser_take(parser, length + 1);
    memcpy(copy, start, length);
    return copy;
}

static void list_add(struct parser *parser, const char *text, const struct token *at,
                     const char *list[SCENARIO_LIST_MAX], unsigned *count)
{
    if (*count == SCENARIO_LIST_MAX)
        parser_fail(parser, at, "this is one more than the %d that there may be",
                    SCENARIO_LIST_MAX);
    list[(*count)++] = text;
}

void parser_words(struct parser *parser, bool commas, const char *wanted,
                  const char *list[SCENARIO_LIST_MAX], unsigned *count)
{
    bool more = true;
    parser_advance_word(parser);
    while (more) {
        struct token word = parser->token;
        if (word.kind != TOKEN_WORD)
            parser_fail_wanted(parser, &word, wanted);
        list_add(parser, parser_copy(parser, word.start, word.length), &word, list, count);
        advance(parser, !commas);
        more = commas ? parser_at_sign(parser, ',') : parser->token.kind == TOKEN_WORD;
        if (more && commas)
            parser_advance_word(parser);
    }
}

/* A string without its quotes and escapes. */
static const char *parse_string(struct parser *parser, const char *wanted)
{
    const struct token *token = &parser->token;
    if (token->kind != TOKEN_STRING || token->length == 2)
        parser_fail_wanted(parser, token, wanted);
    char *copy = parser_take(parser, token->length), *to = copy;
    for (size_t i = 1; i + 1 < token->length; i++) {
        if (token->start[i] == '\\')
            i++;
        *to++ = token->start[i];
    }
    parser_advance(parser);
    return copy;
}

static void parse_title(struct parser *parser)
{
    const char *wanted = "a title in quotes";
    if (!parser_at_name(parser, "scenario"))
        parser_fail_wanted(parser, &parser->token, "the word scenario and a title, first");
    parser_advance(parser);
    parser->scenario->title = parse_string(parser, wanted);
    parser_expect_line_end(parser, "the end of the line");
}

/* One more line of the header; false if the header is at its end. */
static bool parse_header_line(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    if (parser_at_name(parser, "rules")) {
        parser_words(parser, false, "the id of a rule", scenario->rules, &scenario->rule_count);
    } else if (parser_at_name(parser, "profiles")) {
        parser_words(parser, true, "a profile's name, with * for anything", scenario->profiles,
                     &scenario->profile_count);
    } else if (parser_at_name(parser, "source")) {
        parser_advance(parser);
        struct token at = parser->token;
        const char *source = parse_string(parser, "a source in quotes");
        list_add(parser, source, &at, scenario->sources, &scenario->source_count);
    } else {
        return false;
    }
    parser_expect_line_end(parser, "the end of the line");
    return true;
}

static void parse_header(struct parser *parser)
{
    parse_title(parser);
    while (parse_header_line(parser))
        continue;
    if (parser->scenario->rule_count == 0)
        parser_fail_wanted(parser, &parser->token, "the word rules and the rules' ids");
    if (parser->scenario->source_count == 0)
        parser_fail_wanted(parser, &parser->token, "the word source and a source in quotes");
}

static void check_pins(struct parser *parser)
{
    const struct scenario *scenario = parser->scenario;
    if (scenario->step_count == 0)
        parser_fail_wanted(parser, &parser->token, "a step");
    for (unsigned i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].pin_count)
            return;
    parser_fail(parser, &parser->token,
                "the scenario states nothing: no step has a '=>' with an outcome");
}

/* Fails at the first byte that is not text. */
static void check_text(struct parser *parser, const char *text, size_t length)
{
    struct token at = {.kind = TOKEN_BAD, .line = 1, .column = 1};
    if (length > SCENARIO_TEXT_MAX)
        parser_fail(parser, &at, "the text has more than %u KB", SCENARIO_TEXT_MAX >> 10);
    size_t bad = utf8_check(text, length);
    if (bad == length)
        return;
    const char *line = parser->lexer.at;
    for (const char *c = line; c < text + bad; c++) {
        if (*c != '\n')
            continue;
        at.line++;
        line = c + 1;
    }
    at.column += (int)(text + bad - line);
    unsigned byte = (unsigned char)text[bad];
    parser_fail(parser, &at, "found the byte 0x%02X, wanted text in UTF-8", byte);
}

/* Everything that may fail, apart from the variables that must outlive a failure. */
static bool parse(struct parser *parser, const char *path, const char *text, size_t length)
{
    if (setjmp(parser->escape))
        return false;
    parser->scenario->path = parser_copy(parser, path, strlen(path));
    parser->lexer = lexer_begin(text, length);
    check_text(parser, text, length);
    parser_advance(parser);
    parse_header(parser);
    parse_statements(parser);
    check_pins(parser);
    return true;
}

struct scenario *scenario_parse(const char *path, const char *text, size_t length,
                                struct scenario_error *error)
{
    struct scenario_store *store = calloc(1, sizeof *store);
    if (!store) {
        *error = (struct scenario_error){
            .line = 1, .column = 1, .message = "there is no memory for a scenario"};
        return NULL;
    }
    struct parser parser = {.arena = &store->arena, .scenario = &store->scenario, .error = error};
    parser.token = (struct token){.start = text, .line = 1, .column = 1};
    if (parse(&parser, path, length ? text : "", length))
        return &store->scenario;
    scenario_free(&store->scenario);
    return NULL;
}

void scenario_free(struct scenario *scenario)
{
    struct scenario_store *store = (struct scenario_store *)scenario;
    if (!store)
        return;
    arena_free(&store->arena);
    free(store);
}
