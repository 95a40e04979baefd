/* The parts of a text that tell of one scenario. */
#include "parts.h"

#include <string.h>

#include "words.h"

/* The frame of a scenario: line numbers stand in its margin. */
#define FRAME "      |  "
#define PLACE "     --> "
#define POINT "      =  "
#define BELOW "         "
#define FRAME_WIDTH ((unsigned)sizeof FRAME - 1)

#define LABEL_MAX 20   /* columns for what came back wrong, before the values */
#define WORDS_WIDTH 11 /* "came back" and a gap */
#define CALL_INDENT 4

static void header_line(struct page *page, const char *label, const char *text, const char *more)
{
    page_put(page, INK_QUIET, label);
    page_tab(page, 11);
    page_flow(page, INK_PLAIN, text);
    if (more != NULL && more[0] != '\0') {
        page_put(page, INK_PLAIN, ": ");
        page_flow(page, INK_PLAIN, more);
    }
    page_end_line(page);
}

void part_header(struct page *page, const struct result *result)
{
    page_put(page, INK_STRONG, "Pagelaw ");
    page_put(page, INK_STRONG, result->version);
    page_end_line(page);
    header_line(page, "  subject", result->subject, NULL);
    page_put(page, INK_QUIET, "  system");
    page_tab(page, 11);
    page_flow(page, INK_PLAIN, result->system);
    page_flow(page, INK_PLAIN, ", ");
    page_flow(page, INK_PLAIN, result->processor);
    page_flow(page, INK_PLAIN, ", by the backend ");
    page_flow(page, INK_PLAIN, result->backend);
    page_end_line(page);
    header_line(page, "  profile", result->profile, result->profile_reason);
}

void part_heading_of(struct page *page, enum ink ink, const char *words, const char *between,
                     const char *count)
{
    page_blank(page);
    page_put(page, INK_FRAME, "--- ");
    page_put(page, ink, words);
    page_put(page, ink, between);
    page_put(page, ink, count);
    page_put(page, INK_FRAME, " ");
    while (page->column < page->width)
        page_put(page, INK_FRAME, "-");
    page_end_line(page);
}

void part_heading(struct page *page, enum ink ink, const char *words, const char *between,
                  size_t scenarios)
{
    part_heading_of(page, ink, words, between, words_count(scenarios, "scenario").text);
}

void part_more(struct page *page, size_t count, size_t shown)
{
    if (count <= shown)
        return;
    page_put(page, INK_QUIET, "and ");
    page_put(page, INK_QUIET, words_number(count - shown).text);
    page_put(page, INK_QUIET, " more");
    page_end_line(page);
}

void part_title(struct page *page, const struct result_scenario *scenario)
{
    page_flow(page, INK_STRONG, scenario->title);
    page_end_line(page);
}

void part_where(struct page *page, const struct result_scenario *scenario, int line)
{
    page_put(page, INK_PLACE, scenario->path);
    if (line <= 0)
        return;
    page_put(page, INK_PLACE, ":");
    page_put(page, INK_PLACE, words_number((unsigned)line).text);
}

unsigned part_where_columns(const struct result_scenario *scenario, int line)
{
    unsigned columns = page_columns(scenario->path);
    return line <= 0 ? columns : columns + 1 + page_columns(words_number((unsigned)line).text);
}

void part_place(struct page *page, const struct result_scenario *scenario, int line)
{
    page_first(page, PLACE);
    part_where(page, scenario, line);
    page_end_line(page);
}

/* Where the function's name stands in the call as written: after a target, or at the start. */
static unsigned name_offset(const struct result_difference *difference)
{
    size_t length = strcspn(difference->host_call, "(");
    for (const char *call = difference->call; *call != '\0'; call++) {
        if (strncmp(call, difference->host_call, length) == 0)
            return (unsigned)(call - difference->call);
    }
    return 0;
}

static void put_call(struct page *page, const struct result_difference *difference)
{
    char first[32] = FRAME;
    unsigned column = FRAME_WIDTH + name_offset(difference);
    page_blank(page);
    if (difference->line > 0)
        snprintf(first, sizeof first, "%5d |  ", difference->line);
    page_first(page, first);
    page_hang(page, column + CALL_INDENT);
    page_flow(page, INK_STRONG, difference->call);
    page_end_line(page);
    if (strcmp(difference->host_call, difference->call) != 0) {
        page_tab(page, column);
        page_hang(page, column + CALL_INDENT);
        page_flow(page, INK_QUIET, difference->host_call);
        page_end_line(page);
    }
    page_blank(page);
}

static unsigned label_width(const struct result_difference *difference)
{
    unsigned width = 0;
    for (unsigned i = 0; i < difference->finding_count; i++) {
        unsigned columns = page_columns(difference->findings[i].what);
        if (columns > width && columns <= LABEL_MAX)
            width = columns;
    }
    return width;
}

static void put_value(struct page *page, unsigned column, const char *words, enum ink ink,
                      const char *value)
{
    page_tab(page, column);
    page_put(page, INK_QUIET, words);
    page_tab(page, column + WORDS_WIDTH);
    page_flow(page, ink, value);
    page_end_line(page);
}

static void put_finding(struct page *page, const struct result_finding *finding, unsigned width)
{
    unsigned column = FRAME_WIDTH + width + 2;
    page_put(page, INK_PLAIN, finding->what);
    put_value(page, column, "allowed", INK_RIGHT, finding->allowed);
    put_value(page, column, "came back", INK_WRONG, finding->observed);
    if (finding->standing == STANDING_DRIFT)
        put_value(page, column, "known as", INK_DOUBT, finding->entry->value);
    if (finding->entry != NULL && *finding->entry->reason != '\0')
        put_value(page, column, "known for", INK_QUIET, finding->entry->reason);
}

static void put_rule(struct page *page, const struct result_rule *rule)
{
    page_margin(page, BELOW);
    page_first(page, POINT);
    page_put(page, INK_STRONG, rule->id);
    page_put(page, INK_PLAIN, " (");
    page_put(page, INK_PLAIN, rule->grade);
    page_put(page, INK_PLAIN, "): ");
    page_flow(page, INK_PLAIN, rule->sentence);
    page_end_line(page);
    page_flow(page, INK_QUIET, rule->source);
    page_end_line(page);
}

static void put_source(struct page *page, const struct result_rule *rule)
{
    page_margin(page, BELOW);
    page_first(page, POINT);
    page_put(page, INK_PLAIN, "source (");
    page_put(page, INK_PLAIN, rule->grade);
    page_put(page, INK_PLAIN, "): ");
    page_flow(page, INK_PLAIN, rule->source);
    page_end_line(page);
}

static bool same_rule(const struct result_finding *finding, const char *id)
{
    return id != NULL && strcmp(finding->rule.id, id) == 0;
}

/* Findings of one rule stand together, and then the rule. */
static void put_findings(struct page *page, const struct result_difference *difference,
                         const char *headline)
{
    unsigned width = label_width(difference);
    for (unsigned i = 0; i < difference->finding_count; i++) {
        const struct result_finding *finding = &difference->findings[i];
        put_finding(page, finding, width);
        bool last = i + 1 == difference->finding_count;
        if (!last && same_rule(&finding[1], finding->rule.id))
            continue;
        if (same_rule(finding, headline))
            put_source(page, &finding->rule);
        else
            put_rule(page, &finding->rule);
        page_margin(page, FRAME);
        if (!last)
            page_blank(page);
    }
}

void part_difference(struct page *page, const struct result_scenario *scenario,
                     const struct result_difference *difference, const char *headline)
{
    part_place(page, scenario, difference->line);
    page_margin(page, FRAME);
    if (headline != NULL) {
        page_flow(page, INK_PLAIN, scenario->title);
        page_end_line(page);
    }
    put_call(page, difference);
    put_findings(page, difference, headline);
    page_margin(page, "");
}

const struct result_difference *part_end(const struct result_scenario *scenario)
{
    unsigned count = scenario->difference_count;
    if (count == 0 || scenario->differences[count - 1].finding_count > 0)
        return NULL;
    return &scenario->differences[count - 1];
}

static void put_point(struct page *page, enum ink ink, const char *words, const char *text)
{
    page_margin(page, BELOW);
    page_first(page, POINT);
    page_put(page, INK_PLAIN, words);
    page_flow(page, ink, text);
    page_end_line(page);
    page_margin(page, "");
}

void part_reason(struct page *page, const struct result_scenario *scenario)
{
    if (scenario->reason != NULL)
        put_point(page, INK_WRONG, "", scenario->reason);
    if (scenario->standing == STANDING_DRIFT)
        put_point(page, INK_DOUBT, "known as: ", scenario->entry->value);
    if (scenario->entry != NULL && *scenario->entry->reason != '\0')
        put_point(page, INK_QUIET, "known for: ", scenario->entry->reason);
}

static bool is_plain(const char *path)
{
    return path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-+=,.:/@%")] == '\0';
}

/* Double quotes, for they serve a POSIX shell and cmd.exe alike. */
static void put_quoted(struct page *page, const char *path)
{
    page_put(page, INK_PLAIN, "\"");
    while (*path != '\0') {
        size_t plain = strcspn(path, "\"$`");
        page_put_part(page, INK_PLAIN, path, plain);
        path += plain;
        if (*path == '\0')
            break;
        page_put(page, INK_PLAIN, "\\");
        page_put_part(page, INK_PLAIN, path++, 1);
    }
    page_put(page, INK_PLAIN, "\"");
}

void part_again(struct page *page, const struct result *result,
                const struct result_scenario *scenario)
{
    page_first(page, POINT);
    page_put(page, INK_PLAIN, "again: ");
    page_put(page, INK_PLAIN, result->command);
    page_put(page, INK_PLAIN, " ");
    if (is_plain(scenario->path))
        page_put(page, INK_PLAIN, scenario->path);
    else
        put_quoted(page, scenario->path);
    page_end_line(page);
}
