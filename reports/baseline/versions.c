/* The versions of a subject, and ranges of them. */
#include "versions.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Numbers beyond what fits count as the greatest. */
static const char *read_number(unsigned *number, const char *text)
{
    for (*number = 0; is_digit(*text); text++) {
        unsigned digit = (unsigned)(*text - '0');
        *number = *number > (UINT_MAX - digit) / 10 ? UINT_MAX : *number * 10 + digit;
    }
    return text;
}

const char *version_read(struct subject_version *version, const char *text)
{
    *version = (struct subject_version){.count = 0};
    if (!is_digit(*text))
        return NULL;
    for (;;) {
        unsigned part;
        text = read_number(&part, text);
        if (version->count < VERSION_PARTS)
            version->parts[version->count++] = part;
        if (*text != '.' || !is_digit(text[1]))
            return text;
        text++;
    }
}

const char *version_spell(const struct subject_version *version, char text[VERSION_TEXT_MAX])
{
    size_t length = 0;
    for (unsigned i = 0; i < version->count; i++)
        length += (size_t)snprintf(text + length, VERSION_TEXT_MAX - length, "%s%u",
                                   i == 0 ? "" : ".", version->parts[i]);
    text[length] = '\0';
    return text;
}

unsigned version_of_system(struct subject_version *version, const char *system)
{
    const char *at = system;
    while (*at != '\0' && !(is_digit(*at) && (at == system || at[-1] == ' ')))
        at++;
    version_read(version, at);
    while (at > system && at[-1] == ' ')
        at--;
    return (unsigned)(at - system);
}

int version_compare(const struct subject_version *one, const struct subject_version *other)
{
    for (unsigned i = 0; i < VERSION_PARTS; i++) {
        if (one->parts[i] != other->parts[i])
            return one->parts[i] < other->parts[i] ? -1 : 1;
    }
    return 0;
}

struct bound {
    bool or_equal;
    char sign; /* '<', '>' or '=' */
    struct subject_version version;
};

/* Returns what follows the bound, or NULL if there is none. */
static const char *read_bound(struct bound *bound, const char *text)
{
    bound->sign = *text;
    if (bound->sign != '<' && bound->sign != '>' && bound->sign != '=')
        return NULL;
    text++;
    bound->or_equal = bound->sign == '=' || *text == '=';
    if (bound->sign != '=' && *text == '=')
        text++;
    text = version_read(&bound->version, text + strspn(text, " "));
    return text == NULL || (*text != ' ' && *text != '\0') ? NULL : text + strspn(text, " ");
}

static enum range_place place(const struct bound *bound, const struct subject_version *version)
{
    int order = version_compare(version, &bound->version);
    if (order == 0)
        return bound->or_equal ? RANGE_HOLDS : bound->sign == '<' ? RANGE_PAST : RANGE_BEFORE;
    if (order < 0)
        return bound->sign == '<' ? RANGE_HOLDS : RANGE_BEFORE;
    return bound->sign == '>' ? RANGE_HOLDS : RANGE_PAST;
}

enum range_place range_find(const char *range, const struct subject_version *version)
{
    enum range_place found = RANGE_HOLDS;
    range += strspn(range, " ");
    while (*range != '\0') {
        struct bound bound;
        range = read_bound(&bound, range);
        if (range == NULL)
            return RANGE_WRONG;
        enum range_place here = version->count != 0 ? place(&bound, version) : RANGE_UNKNOWN;
        if (found == RANGE_HOLDS)
            found = here;
    }
    return found;
}

bool range_is_older(const char *range, const struct subject_version *version)
{
    bool older = false;
    struct bound bound;
    for (range += strspn(range, " "); *range != '\0';) {
        if ((range = read_bound(&bound, range)) == NULL)
            return false;
        if (bound.sign == '<')
            continue;
        if (version_compare(&bound.version, version) >= 0)
            return false;
        older = true;
    }
    return older && version->count != 0;
}

/* `way` is 1 of a lower limit, and -1 of an upper one. */
static void narrow(struct bound *limit, const struct bound *bound, int way)
{
    int order = version_compare(&bound->version, &limit->version) * way;
    if (order > 0 || (order == 0 && !bound->or_equal))
        *limit = *bound;
}

bool range_is_empty(const char *range)
{
    struct bound low = {.or_equal = true}, high = {.sign = '\0'}, bound;
    for (range += strspn(range, " "); *range != '\0';) {
        if ((range = read_bound(&bound, range)) == NULL)
            return false;
        if (bound.sign != '<')
            narrow(&low, &bound, 1);
        if (bound.sign != '>' && high.sign == '\0')
            high = bound;
        else if (bound.sign != '>')
            narrow(&high, &bound, -1);
    }
    int order = high.sign == '\0' ? -1 : version_compare(&low.version, &high.version);
    return order > 0 || (order == 0 && !(low.or_equal && high.or_equal));
}

bool range_close(const char *range, const struct subject_version *version, char *closed,
                 size_t capacity)
{
    char text[VERSION_TEXT_MAX];
    size_t length = 0;
    for (range += strspn(range, " "); *range != '\0';) {
        struct bound bound;
        const char *end = read_bound(&bound, range);
        if (end == NULL || length + (size_t)(end - range) + 1 >= capacity)
            return false;
        if (bound.sign == '>') {
            memcpy(closed + length, range, (size_t)(end - range));
            length += (size_t)(end - range);
            if (closed[length - 1] != ' ')
                closed[length++] = ' ';
        }
        range = end;
    }
    int written =
        snprintf(closed + length, capacity - length, "< %s", version_spell(version, text));
    return written > 0 && (size_t)written < capacity - length;
}
