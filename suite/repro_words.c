/* The scenario language's expressions as C. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repro.h"
#include "suite/print.h"

#define WORDS_MAX 2048

/* Names that a variable of the program cannot have: C's, and those of the program's own. */
static const char *const taken[] = {
    "auto",      "break",     "case",     "char",   "const",    "continue",     "default",
    "do",        "double",    "else",     "enum",   "extern",   "float",        "for",
    "goto",      "if",        "inline",   "int",    "long",     "register",     "restrict",
    "return",    "short",     "signed",   "sizeof", "static",   "struct",       "switch",
    "typedef",   "union",     "unsigned", "void",   "volatile", "while",        "back",
    "base",      "boolean",   "byte",     "equal",  "error",    "expect",       "failures",
    "far",       "finish",    "got",      "hole",   "hyper",    "info",         "interface",
    "last_byte", "machine",   "main",     "near",   "old",      "on_exception", "raised",
    "raised_at", "raised_by", "size",     "small",  "touch",    "touches",      "K",
    "M",         "G",         "T",        "BOOL",   "DWORD",    "LONG",         "SIZE_T",
    "ULONG",     "PVOID",     "HANDLE"};

static bool is_taken(const char *name)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(taken[i], name) == 0)
            return true;
    return false;
}

void repro_add_variable(struct repro *repro, unsigned variable)
{
    const char *name = repro->scenario->variables[variable];
    text_add(&repro->out, "%s%s", name, is_taken(name) ? "_" : "");
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void add_name(struct repro *repro, const char *name)
{
    for (unsigned i = 0; i < repro->scenario->variable_count; i++) {
        if (strcmp(repro->scenario->variables[i], name) == 0) {
            repro_add_variable(repro, i);
            return;
        }
    }
    if (strcmp(name, "SIZE_MAX") == 0)
        text_add(&repro->out, "~(SIZE_T)0");
    else if (strcmp(name, "MBI_SIZE") == 0)
        text_add(&repro->out, "sizeof info");
    else if (strcmp(name, "NULL") == 0)
        text_add(&repro->out, "0");
    else
        text_add(&repro->out, "%s", name);
}

/* 62K becomes 62 * K, in parentheses within a longer sum or product. */
static void add_number(struct repro *repro, const char *number, bool alone)
{
    size_t length = strlen(number);
    bool hexadecimal = length > 1 && number[1] == 'x';
    bool scaled = !hexadecimal ? isalpha((unsigned char)number[length - 1]) != 0
                               : strchr("KMGT", number[length - 1]) != NULL;
    if (scaled)
        text_add(&repro->out, alone ? "%.*s * %c" : "(%.*s * %c)", (int)length - 1, number,
                 number[length - 1]);
    else
        text_add(&repro->out, "%s", number);
}

void repro_add_words(struct repro *repro, const char *words)
{
    bool alone = strpbrk(words, "*/%-") == NULL;
    char last = '(';
    while (*words != '\0') {
        char word[80];
        size_t length = 0;
        while (is_word(words[length]) && length + 1 < sizeof word) {
            word[length] = words[length];
            length++;
        }
        word[length] = '\0';
        if (length == 0)
            text_add(&repro->out, *words == '-' && last == '(' ? "0 - " : "%c", *words);
        else if (isdigit((unsigned char)word[0]))
            add_number(repro, word, alone);
        else
            add_name(repro, word);
        size_t step = length == 0 ? 1 : length;
        last = words[step - 1] == ' ' ? last : words[step - 1];
        words += step;
    }
}

/* C binds & before |, the language does not; and what C cannot divide is 0. */
static bool means_the_same(const char *words)
{
    bool flags = strchr(words, '|') != NULL && strchr(words, '&') != NULL;
    return !flags && strstr(words, "/ 0") == NULL && strstr(words, "% 0") == NULL;
}

void repro_add_argument(struct repro *repro, unsigned index)
{
    char words[WORDS_MAX];
    const struct expression *argument = repro->step->arguments[index];
    expression_format(argument, repro->scenario, words, sizeof words);
    if (strlen(words) + 1 < sizeof words && means_the_same(words))
        repro_add_words(repro, words);
    else
        text_add(&repro->out, "0x%" PRIx64, expression_value(argument, &repro->environment));
}

bool repro_add_address(struct repro *repro, uint64_t address)
{
    char words[256];
    struct text text = text_begin(words, sizeof words);
    struct place place = repro_place(repro);
    if (!place_add(&text, &place, address))
        return false;
    repro_add_words(repro, words);
    return true;
}

void repro_add_law(struct repro *repro)
{
    char words[WORDS_MAX];
    const struct pagelaw_plan *plan = &repro->laws[repro->index].plan;
    if (plan->base_freedom == PAGELAW_CHOSEN && plan->effect != PAGELAW_CHANGES_NOTHING)
        snprintf(words, sizeof words, "%s => an address on a granule", repro->step->text);
    else
        print_step(repro->scenario, repro->trace, &repro->info, repro->index, words, sizeof words);
    text_add(&repro->out, "\"");
    for (const char *c = words; *c != '\0'; c++) {
        if (*c == ' ' && (c[1] == ' ' || c[1] == '\n'))
            continue;
        if (*c == '"' || *c == '\\')
            text_add(&repro->out, "\\");
        text_add(&repro->out, "%c", *c == '\n' ? ' ' : *c);
        if (*c == '\n')
            while (c[1] == ' ')
                c++;
    }
    text_add(&repro->out, "\"");
}
