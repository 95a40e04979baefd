/* Outcomes, rules and address ranges, for a person at a prompt. */
#include "repl_show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "suite/print.h"

#define CELLS_MAX 128 /* of one drawing */
#define WORDS_MAX 512

enum ink { INK_PLAIN, INK_DIM, INK_RED, INK_GREEN, INK_YELLOW, INK_BLUE, INK_BOLD };

static void ink(const struct repl_style *style, enum ink colour)
{
    static const char *const codes[] = {"0", "2", "31", "32", "33", "34", "1"};
    if (style->colour)
        printf("\033[%sm", codes[colour]);
}

/* Words in lines of the terminal's width, each indented. */
static void print_wrapped(const struct repl_style *style, unsigned indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void print_wrapped(const struct repl_style *style, unsigned indent, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    unsigned column = 0;
    for (const char *word = text; *word != '\0';) {
        size_t length = strcspn(word, " ");
        if (column != 0 && column + 1 + length > style->width) {
            putchar('\n');
            column = 0;
        }
        column += (unsigned)printf("%*s%.*s", column == 0 ? (int)indent : 1, "", (int)length, word);
        word += length + (word[length] == ' ');
    }
    putchar('\n');
}

/* ---- Rules ---- */

static void print_law(const struct repl_style *style, enum pagelaw_rule rule)
{
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    ink(style, INK_BOLD);
    printf("  %s", info->id);
    ink(style, INK_PLAIN);
    printf(" (%s)\n", pagelaw_grade_name(info->grade));
    print_wrapped(style, 4, "%s", info->sentence);
    ink(style, INK_DIM);
    print_wrapped(style, 4, "Source: %s", info->source);
    ink(style, INK_PLAIN);
}

void show_rule(enum pagelaw_rule rule, const struct repl_style *style)
{
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    print_law(style, rule);
    if (info->versions != NULL)
        print_wrapped(style, 4, "Holds in: %s", info->versions);
    if (info->contradiction != NULL)
        print_wrapped(style, 4, "Contradicted: %s", info->contradiction);
}

static const char *const aspects[PAGELAW_ASPECT_END] = {
    [PAGELAW_ANSWER] = "answer",
    [PAGELAW_BASE] = "base",
    [PAGELAW_SIZE] = "size",
    [PAGELAW_OLD_PROTECT] = "old protection",
    [PAGELAW_STATE] = "state",
    [PAGELAW_PROTECT] = "protection",
    [PAGELAW_ALLOCATION_BASE] = "allocation base",
    [PAGELAW_ALLOCATION_PROTECT] = "allocation protection",
    [PAGELAW_TYPE] = "type",
    [PAGELAW_CONTENTS] = "contents",
};

/* Whether an earlier aspect has the same rule: then it has been told. */
static bool is_told(const struct pagelaw_plan *plan, int aspect)
{
    for (int earlier = 0; earlier < aspect; earlier++) {
        if (plan->rule[earlier] == plan->rule[aspect])
            return true;
    }
    return plan->rule[aspect] == PAGELAW_NO_RULE;
}

/* The rules that bind the rest of what comes back, each with all that it binds. */
static void print_bound(const struct repl_style *style, const struct pagelaw_plan *plan)
{
    char words[WORDS_MAX] = "";
    for (int i = 0; i < PAGELAW_ASPECT_END; i++) {
        if (is_told(plan, i) || plan->rule[i] == plan->rule[PAGELAW_ANSWER])
            continue;
        size_t length = strlen(words);
        snprintf(words + length, sizeof words - length, "%s %s (%s", *words == '\0' ? "" : ",",
                 pagelaw_rule_info(plan->rule[i])->id, aspects[i]);
        for (int j = i + 1; j < PAGELAW_ASPECT_END; j++) {
            length = strlen(words);
            if (plan->rule[j] == plan->rule[i])
                snprintf(words + length, sizeof words - length, ", %s", aspects[j]);
        }
        length = strlen(words);
        snprintf(words + length, sizeof words - length, ")");
    }
    if (*words != '\0')
        print_wrapped(style, 2, "And by%s", words);
}

/* The rules that would have refused the call as well. */
static void print_also(const struct repl_style *style, const struct pagelaw_plan *plan)
{
    char words[WORDS_MAX] = "", status[64];
    for (unsigned i = 0; i < plan->also_count; i++) {
        size_t length = strlen(words);
        snprintf(words + length, sizeof words - length, "%s %s with %s", i == 0 ? "" : ",",
                 pagelaw_rule_info(plan->also[i].rule)->id,
                 status_format(plan->also[i].status, status, sizeof status));
    }
    if (*words == '\0')
        return;
    print_wrapped(style, 2, "Also refused by%s", words);
    if (plan->order != PAGELAW_NO_RULE)
        print_wrapped(style, 2, "Which comes first: %s", pagelaw_rule_info(plan->order)->sentence);
}

static void print_decision(const struct repl_style *style, const struct decision *decision)
{
    enum pagelaw_rule rule = decision->is_call    ? decision->plan.rule[PAGELAW_ANSWER]
                             : decision->is_touch ? decision->touch.rule
                                                  : PAGELAW_NO_RULE;
    if (rule != PAGELAW_NO_RULE)
        print_law(style, rule);
    if (!decision->is_call)
        return;
    if (decision->plan.unsettled)
        puts("  No source settles this call: whatever comes back is taken.");
    print_bound(style, &decision->plan);
    print_also(style, &decision->plan);
}

/* ---- Steps ---- */

static void print_outcome(const struct session *session, unsigned step)
{
    const struct outcome *outcome = &session->outcome;
    const struct subject_info *info = &session->subject->info;
    size_t size = print_step(outcome->scenario, outcome->trace, info, step, NULL, 0) + 1;
    char *text = malloc(size);
    if (text == NULL)
        return;
    print_step(outcome->scenario, outcome->trace, info, step, text, size);
    printf("%s\n", text);
    free(text);
}

static const struct result_difference *difference_at(const struct outcome *outcome, unsigned step)
{
    const struct result_scenario *result = &outcome->judgement->result;
    for (unsigned i = 0; i < result->difference_count; i++) {
        if (result->differences[i].step == step)
            return &result->differences[i];
    }
    return NULL;
}

static void print_difference(const struct repl_style *style,
                             const struct result_difference *difference)
{
    for (unsigned i = 0; i < difference->finding_count; i++) {
        const struct result_finding *finding = &difference->findings[i];
        ink(style, INK_RED);
        printf("  differs: %s", finding->what);
        ink(style, INK_PLAIN);
        printf("\n    allowed    %s\n    came back  %s\n    by %s\n", finding->allowed,
               finding->observed, finding->rule.id);
    }
}

static void print_end(const struct repl_style *style, const struct outcome *outcome)
{
    if (outcome->trace->end == TRACE_COMPLETE)
        return;
    ink(style, INK_RED);
    printf("  The subject did not come back: %s\n", outcome->trace->why);
    ink(style, INK_PLAIN);
    puts("  undo takes the last statement back");
}

void show_newest(const struct session *session, const struct repl_style *style)
{
    const struct outcome *outcome = &session->outcome;
    for (unsigned i = outcome->first; i < outcome->scenario->step_count; i++) {
        const struct result_difference *difference = difference_at(outcome, i);
        print_outcome(session, i);
        print_decision(style, &outcome->decisions[i]);
        if (difference != NULL)
            print_difference(style, difference);
    }
    print_end(style, outcome);
}

/* ---- The map ---- */

static enum ink ink_of(const struct subject_region *region)
{
    if (region->state == MEM_FREE)
        return INK_DIM;
    if (region->state == MEM_RESERVE)
        return INK_BLUE;
    if ((region->protect & PAGE_GUARD) != 0)
        return INK_YELLOW;
    return (region->protect & 0xFF) == PAGE_NOACCESS ? INK_RED : INK_GREEN;
}

/* One letter for a page: without colours it has to say all. */
static char letter_of(const struct subject_region *region)
{
    static const struct {
        uint32_t protect;
        char letter;
    } letters[] = {{PAGE_NOACCESS, 'n'},          {PAGE_READONLY, 'r'},
                   {PAGE_READWRITE, 'w'},         {PAGE_WRITECOPY, 'c'},
                   {PAGE_EXECUTE, 'x'},           {PAGE_EXECUTE_READ, 'R'},
                   {PAGE_EXECUTE_READWRITE, 'W'}, {PAGE_EXECUTE_WRITECOPY, 'C'}};
    if (region->state == MEM_FREE)
        return '.';
    if (region->state == MEM_RESERVE)
        return '-';
    if ((region->protect & PAGE_GUARD) != 0)
        return 'g';
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if ((region->protect & 0xFF) == letters[i].protect)
            return letters[i].letter;
    }
    return '?';
}

/* The regions of one watch: the map lists all watches one after the other. */
struct rows {
    const struct subject_region *first;
    unsigned count;
};

static struct rows rows_of(const struct trace_step *step, const struct trace_watch *watch,
                           unsigned *at)
{
    struct rows rows = {&step->regions[*at], 0};
    uint64_t covered = 0;
    while (*at < step->region_count && covered < watch->size) {
        covered += step->regions[*at].size;
        rows.count++;
        ++*at;
    }
    return rows;
}

static void draw(const struct repl_style *style, const struct rows *rows, uint64_t size,
                 uint64_t page)
{
    unsigned most = style->width - 4 < CELLS_MAX ? style->width - 4 : CELLS_MAX;
    uint64_t cell = page;
    while (size / cell > most)
        cell *= 2;
    fputs("  [", stdout);
    for (unsigned i = 0; i < rows->count; i++) {
        uint64_t begin = rows->first[i].base - rows->first->base;
        uint64_t end = begin + rows->first[i].size;
        ink(style, ink_of(&rows->first[i]));
        for (uint64_t at = (begin + cell - 1) / cell; at < (end + cell - 1) / cell; at++)
            putchar(letter_of(&rows->first[i]));
    }
    ink(style, INK_PLAIN);
    char text[32];
    printf("]  %s each\n", size_format(cell, text, sizeof text));
}

static void list_row(const struct session *session, const struct subject_region *region)
{
    const struct outcome *outcome = &session->outcome;
    unsigned steps = outcome->scenario->step_count;
    struct environment environment;
    char base[WORDS_MAX], words[WORDS_MAX];
    trace_environment(outcome->scenario, outcome->trace, &session->subject->info, steps,
                      &environment);
    format_address(outcome->trace, outcome->scenario, &environment, steps - 1, region->base, base,
                   sizeof base);
    printf("  %-16s %8s", base, size_format(region->size, words, sizeof words));
    printf("  %s", state_format(region->state, words, sizeof words));
    if (region->state == MEM_COMMIT)
        printf(" %s", constant_format(ARGUMENT_PROTECT, region->protect, words, sizeof words));
    if (region->state != MEM_FREE) {
        format_address(outcome->trace, outcome->scenario, &environment, steps - 1,
                       region->allocation_base, base, sizeof base);
        printf(", allocated at %s with %s", base,
               constant_format(ARGUMENT_PROTECT, region->allocation_protect, words, sizeof words));
    }
    putchar('\n');
}

/* The newest of the first `steps` steps that has a map. */
static const struct trace_step *newest_map(const struct trace *trace, unsigned steps)
{
    for (unsigned i = steps; i-- > 0;) {
        if (trace->steps[i].state == TRACE_DONE && trace->steps[i].has_map)
            return &trace->steps[i];
    }
    return NULL;
}

void show_map(const struct session *session, const struct repl_style *style)
{
    const struct trace *trace = session->outcome.trace;
    const struct trace_step *step = trace != NULL ? newest_map(trace, trace->step_count) : NULL;
    unsigned at = 0;
    for (unsigned i = 0; step != NULL && i < step->watch_count; i++) {
        struct rows rows = rows_of(step, &trace->watches[i], &at);
        if (rows.count == 0)
            return;
        draw(style, &rows, trace->watches[i].size, session->subject->info.page_size);
        for (unsigned row = 0; row < rows.count; row++)
            list_row(session, &rows.first[row]);
    }
}

void show_changes(const struct session *session, const struct repl_style *style)
{
    const struct outcome *outcome = &session->outcome;
    const struct trace_step *before = newest_map(outcome->trace, outcome->first);
    const struct trace_step *after = newest_map(outcome->trace, outcome->trace->step_count);
    if (after != NULL && (before == NULL || before->regions != after->regions))
        show_map(session, style);
}
