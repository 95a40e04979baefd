/* Objects by tables of their members. */
#include "reading.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void read_value(struct reading *reading, const struct member *member, void *object)
{
    struct json_reader *json = &reading->json;
    char *at = (char *)object + member->offset;
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s of \"%s\"",
             member->kind <= TEXT_OR_NULL ? "the text" : "the whole number", member->key);
    switch (member->kind) {
    case TEXT:
    case TEXT_OR_NULL:
        *(const char **)at = json_string(json, wanted, member->kind == TEXT_OR_NULL);
        break;
    case UNSIGNED:
        *(unsigned *)at = (unsigned)json_whole(json, wanted, INT_MAX);
        break;
    case SIZE:
        *(size_t *)at = (size_t)json_whole(json, wanted, SIZE_MAX);
        break;
    case NUMBER:
        *(uint64_t *)at = json_whole(json, wanted, UINT64_MAX);
        break;
    case TRUTH:
        *(bool *)at = json_truth(json);
        break;
    case OTHER:
    case OPTIONAL:
        member->read(reading, object);
        break;
    }
}

static bool has_member(const struct reading *reading, const struct member *member)
{
    return reading->version >= member->since &&
           (member->until == 0 || reading->version <= member->until);
}

static size_t find_member(const struct reading *reading, const struct member *members, size_t count,
                          const char *key)
{
    size_t i = 0;
    while (i < count && !(strcmp(members[i].key, key) == 0 && has_member(reading, &members[i])))
        i++;
    return i;
}

static void expect_all(struct reading *reading, const struct member *members, size_t count,
                       uint32_t seen, const char *begin)
{
    for (size_t i = 0; i < count; i++) {
        bool wanted = has_member(reading, &members[i]) && members[i].kind != OPTIONAL;
        if (wanted && (seen >> i & 1) == 0)
            json_fail(&reading->json, begin, "there is no \"%s\" in the object that begins here",
                      members[i].key);
    }
}

void read_members(struct reading *reading, const struct member *members, size_t count, void *object,
                  bool first, const char *begin)
{
    uint32_t seen = 0;
    for (; json_more(&reading->json, '}', first); first = false) {
        const char *at = json_here(&reading->json);
        size_t i = find_member(reading, members, count, json_key(&reading->json));
        if (i == count) {
            json_skip(&reading->json);
            continue;
        }
        if ((seen >> i & 1) != 0)
            json_fail(&reading->json, at, "found \"%s\" a second time", members[i].key);
        seen |= UINT32_C(1) << i;
        read_value(reading, &members[i], object);
    }
    expect_all(reading, members, count, seen, begin);
}

void read_object(struct reading *reading, const struct member *members, size_t count, void *object,
                 const char *wanted)
{
    const char *begin = json_here(&reading->json);
    json_open(&reading->json, '{', wanted);
    read_members(reading, members, count, object, true, begin);
}

void *read_array(struct reading *reading, size_t size, const char *wanted,
                 void (*read)(struct reading *reading, void *item), size_t *count)
{
    size_t capacity = 0;
    char *items = NULL;
    json_open(&reading->json, '[', wanted);
    for (*count = 0; json_more(&reading->json, ']', *count == 0); ++*count) {
        if (*count == capacity) {
            capacity = capacity == 0 ? 4 : capacity * 2;
            char *wider = read_take(&reading->json, capacity, size);
            if (*count != 0)
                memcpy(wider, items, *count * size);
            items = wider;
        }
        read(reading, items + *count * size);
    }
    return items;
}

void read_text(struct reading *reading, void *item)
{
    *(const char **)item = json_string(&reading->json, "a text", false);
}
