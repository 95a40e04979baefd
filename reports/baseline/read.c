/* Reading a baseline file. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "load_text.h"
#include "known.h"

struct scan {
    struct baseline *baseline;
    char *at;         /* the rest of the text, which is changed in place */
    char *line, *end; /* the line that is read, without its end */
    int number;       /* of the line */
    struct read_error *error;
    jmp_buf escape;
};

static _Noreturn void fail(struct scan *scan, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static _Noreturn void fail(struct scan *scan, const char *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    scan->error->line = scan->number;
    scan->error->column = (int)(at - scan->line) + 1;
    vsnprintf(scan->error->message, sizeof scan->error->message, format, arguments);
    va_end(arguments);
    longjmp(scan->escape, 1);
}

static _Noreturn void fail_memory(struct scan *scan)
{
    *scan->error = (struct read_error){.message = "out of memory"};
    longjmp(scan->escape, 1);
}

/* ---- Lines ---- */

static bool next_line(struct scan *scan)
{
    if (*scan->at == '\0')
        return false;
    scan->line = scan->at;
    scan->number++;
    size_t length = strcspn(scan->at, "\n");
    scan->end = scan->line + length;
    scan->at = scan->end + (*scan->end == '\n');
    while (scan->end > scan->line && strchr(" \t\r", scan->end[-1]) != NULL)
        scan->end--;
    return true;
}

static bool is_blank(const struct scan *scan)
{
    return scan->line == scan->end;
}

static bool is_indented(const struct scan *scan)
{
    return *scan->line == ' ' || *scan->line == '\t';
}

/* Passes blank lines and comments. True if another line follows; *comment is what stood between. */
static bool next_meaning(struct scan *scan, const char **comment)
{
    char *first = NULL, *last = NULL;
    bool found = false;
    while (!found && next_line(scan)) {
        found = !is_blank(scan) && *scan->line != '#';
        if (*scan->line == '#' && first == NULL)
            first = scan->line;
        if (*scan->line == '#')
            last = scan->end;
    }
    *comment = "";
    if (first != NULL) {
        *last = '\0';
        *comment = first;
    }
    return found;
}

/* ---- Texts ---- */

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

static char unescape(struct scan *scan, char **at)
{
    char *escape = (*at)++;
    char kind = *at < scan->end ? *(*at)++ : '\0';
    if (kind == '\\')
        return '\\';
    if (kind == 'n')
        return '\n';
    int high = kind == 'x' && scan->end - *at >= 2 ? hex_digit((*at)[0]) : -1;
    int low = high >= 0 ? hex_digit((*at)[1]) : -1;
    if (low < 0 || (high == 0 && low == 0))
        fail(scan, escape,
             "found a '\\' that begins no escape, wanted \\\\, \\n or \\x and two "
             "digits of 0123456789abcdef");
    *at += 2;
    return (char)(high * 16 + low);
}

/* The rest of the line from a place on, its escapes undone. */
static const char *take_text(struct scan *scan, char *at)
{
    char *text = at, *to = at;
    while (at < scan->end) {
        char c = *at == '\\' ? unescape(scan, &at) : *at++;
        *to++ = c;
    }
    *to = '\0';
    return text;
}

/* ---- An entry ---- */

static void take_step(struct scan *scan, struct result_entry *entry, char *at)
{
    char *end = at;
    unsigned long long step = 0;
    for (; *end >= '0' && *end <= '9' && step < INT_MAX; end++)
        step = step * 10 + (unsigned long long)(*end - '0');
    if (end == at || step > INT_MAX || (end < scan->end && *end != ':'))
        fail(scan, at, "found \"%.20s\", wanted the number of a step, a colon and the call",
             take_text(scan, at));
    entry->step = (unsigned)step;
    end += end < scan->end;
    end += strspn(end, " ");
    entry->call = take_text(scan, end < scan->end ? end : scan->end);
}

static void take_versions(struct scan *scan, struct result_entry *entry, char *at)
{
    struct subject_version version = {.count = 1};
    entry->versions = take_text(scan, at);
    if (range_find(entry->versions, &version) == RANGE_WRONG)
        fail(scan, at, "found \"%.60s\", wanted a range of versions: \">= 8.0 < 10.0\"",
             entry->versions);
    if (range_is_empty(entry->versions))
        fail(scan, at, "found \"%.60s\", wanted a range in which some version lies",
             entry->versions);
}

static void take_date(struct scan *scan, struct result_entry *entry, char *at)
{
    static const char form[] = "dddd-dd-dd";
    entry->date = take_text(scan, at);
    bool good = strlen(entry->date) == sizeof form - 1;
    for (size_t i = 0; good && form[i] != '\0'; i++)
        good =
            form[i] == '-' ? entry->date[i] == '-' : entry->date[i] >= '0' && entry->date[i] <= '9';
    if (!good)
        fail(scan, at, "found \"%.40s\", wanted a date: \"2026-11-25\"", entry->date);
}

/* A key of an entry. Those without a function take the text as it is. */
static const struct key {
    const char *name;
    size_t offset;
    void (*take)(struct scan *scan, struct result_entry *entry, char *at);
    bool needed;
} keys[] = {
    {"step", 0, take_step, true},
    {"rule", offsetof(struct result_entry, rule), NULL, false},
    {"what", offsetof(struct result_entry, what), NULL, true},
    {"value", offsetof(struct result_entry, value), NULL, true},
    {"versions", 0, take_versions, false},
    {"reason", offsetof(struct result_entry, reason), NULL, false},
    {"link", offsetof(struct result_entry, link), NULL, false},
    {"date", 0, take_date, false},
};

#define KEY_COUNT (sizeof keys / sizeof *keys)

static const struct key *find_key(struct scan *scan, char *at, char **value)
{
    size_t length = strcspn(at, " \t\n");
    if (length > (size_t)(scan->end - at))
        length = (size_t)(scan->end - at);
    *value = at + length;
    while (*value < scan->end && (**value == ' ' || **value == '\t'))
        ++*value;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strlen(keys[i].name) == length && memcmp(keys[i].name, at, length) == 0)
            return &keys[i];
    }
    fail(scan, at, "found \"%.*s\", wanted step, rule, what, value, versions, reason, link or date",
         (int)(length < 40 ? length : 40), at);
}

/* The lines of an entry that are indented, to the first that is not. The line that begins it is
 * read already, and the text after the entry stays. */
static void take_keys(struct scan *scan, struct result_entry *entry)
{
    unsigned seen = 0;
    const int number = scan->number;
    char *const begin = scan->line;
    while ((*scan->at == ' ' || *scan->at == '\t') && next_line(scan) && !is_blank(scan)) {
        char *at = scan->line + strspn(scan->line, " \t"), *value;
        if (*at == '#')
            fail(scan, at, "found a comment within an entry, wanted it on the lines before");
        const struct key *key = find_key(scan, at, &value);
        unsigned bit = 1u << (key - keys);
        if ((seen & bit) != 0)
            fail(scan, at, "found %s a second time", key->name);
        seen |= bit;
        if (key->take != NULL)
            key->take(scan, entry, value);
        else
            *(const char **)((char *)entry + key->offset) = take_text(scan, value);
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!keys[i].needed || (seen >> i & 1) != 0)
            continue;
        scan->number = number;
        scan->line = begin;
        fail(scan, begin, "there is no %s in the entry that begins here", keys[i].name);
    }
}

static void take_entry(struct scan *scan, const char *comment)
{
    struct baseline_entry taken = {.entry = {.call = "",
                                             .rule = "",
                                             .what = "",
                                             .value = "",
                                             .versions = "",
                                             .reason = "",
                                             .link = "",
                                             .date = ""},
                                   .comment = comment};
    if (is_indented(scan))
        fail(scan, scan->line, "found a line of no entry, wanted the path of a scenario");
    taken.entry.path = take_text(scan, scan->line);
    take_keys(scan, &taken.entry);
    if (!baseline_add(scan->baseline, &taken))
        fail_memory(scan);
}

/* ---- The file ---- */

/* "pagelaw-baseline 1" and "subject NAME". */
static void take_head(struct scan *scan)
{
    static const char word[] = "pagelaw-baseline ", subject[] = "subject";
    const char *comment;
    if (!next_meaning(scan, &scan->baseline->comment) ||
        strncmp(scan->line, word, sizeof word - 1) != 0)
        fail(scan, scan->line, "wanted \"%s%d\": this is no baseline file", word, BASELINE_VERSION);
    char *at = scan->line + sizeof word - 1, *end;
    unsigned long version = strtoul(at, &end, 10);
    if (*at < '0' || *at > '9' || end != scan->end || version == 0)
        fail(scan, at, "found \"%.20s\", wanted the format's version, a number from 1",
             take_text(scan, at));
    if (version > BASELINE_VERSION)
        fail(scan, at,
             "found version %lu of the format, wanted at most %d: a newer Pagelaw wrote this file, "
             "and an older one would misread it",
             version, BASELINE_VERSION);
    at = next_line(scan) ? scan->line + sizeof subject - 1 : NULL;
    if (at == NULL || strncmp(scan->line, subject, sizeof subject - 1) != 0 ||
        (at < scan->end && *at != ' ' && *at != '\t'))
        fail(scan, scan->line, "wanted \"subject\" and whose baseline it is");
    while (at < scan->end && (*at == ' ' || *at == '\t'))
        at++;
    scan->baseline->subject = take_text(scan, at);
    while (next_meaning(scan, &comment))
        take_entry(scan, comment);
    scan->baseline->ending = comment;
}

/* Editors of Windows begin UTF-8 with it. */
static char *skip_mark(char *text)
{
    return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

struct baseline *baseline_read(const char *text, size_t length, const char *path,
                               struct read_error *error)
{
    struct scan scan = {.baseline = baseline_new(path), .error = error};
    *error = (struct read_error){.message = "out of memory"};
    scan.at = scan.baseline == NULL ? NULL : baseline_keep(scan.baseline, text, length);
    if (scan.at == NULL) {
        baseline_free(scan.baseline);
        return NULL;
    }
    scan.line = scan.end = scan.at = skip_mark(scan.at);
    struct baseline *volatile baseline = scan.baseline;
    if (setjmp(scan.escape) != 0) {
        baseline_free(baseline);
        return NULL;
    }
    const char *nul = memchr(text, '\0', length);
    if (nul != NULL) {
        *error = (struct read_error){.message = "found a NUL character: this is no baseline file"};
        longjmp(scan.escape, 1);
    }
    take_head(&scan);
    return baseline;
}

struct baseline *baseline_load(const char *path, struct read_error *error)
{
    size_t length;
    char *text = load_text(path, BASELINE_FILE_MAX, &length, error);
    struct baseline *baseline = text == NULL ? NULL : baseline_read(text, length, path, error);
    free(text);
    return baseline;
}
