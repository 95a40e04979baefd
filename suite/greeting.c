/* The wire's greeting: what an agent says of itself before it takes a request. */
#include "wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_WORD "pagelaw-agent"

static void make_words(struct wire_line *line, const char *name, const char *words)
{
    wire_start(line, name);
    wire_put_words(line, words[0] ? words : "unknown");
}

static void make_version(struct wire_line *line, const struct subject_info *info)
{
    wire_start(line, "version");
    wire_put_number(line, info->major);
    wire_put_number(line, info->minor);
    wire_put_number(line, info->build);
}

static void make_memory(struct wire_line *line, const struct subject_info *info)
{
    wire_start(line, "memory");
    wire_put_number(line, info->pointer_bytes);
    wire_put_number(line, info->page_size);
    wire_put_number(line, info->granule);
    wire_put_number(line, info->address_min);
    wire_put_number(line, info->address_max);
}

void wire_make_greeting(struct wire_line *line, unsigned index, const struct subject_info *info)
{
    wire_start(line, FIRST_WORD);
    switch (index) {
    case 0:
        wire_put_number(line, WIRE_VERSION);
        break;
    case 1:
        make_words(line, "backend", info->backend);
        break;
    case 2:
        make_words(line, "system", info->system);
        break;
    case 3:
        make_words(line, "processor", info->processor);
        break;
    case 4:
        make_version(line, info);
        break;
    case 5:
        make_memory(line, info);
        break;
    default:
        wire_start(line, "ready");
    }
    wire_finish(line);
}

static bool take_32(struct wire_scan *scan, uint32_t most, uint32_t *number)
{
    uint64_t wide;
    if (!wire_take_number(scan, most, &wide))
        return false;
    *number = (uint32_t)wide;
    return true;
}

static bool take_version(struct wire_scan *scan, struct subject_info *info)
{
    return wire_take_record(scan, "version") && take_32(scan, 0xffff, &info->major) &&
           take_32(scan, 0xffff, &info->minor) && take_32(scan, UINT32_MAX, &info->build);
}

static bool is_power_of_two(uint32_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static bool memory_makes_sense(const struct subject_info *info)
{
    return (info->pointer_bytes == 4 || info->pointer_bytes == 8) &&
           is_power_of_two(info->page_size) && is_power_of_two(info->granule) &&
           info->granule >= info->page_size && info->address_min < info->address_max &&
           (info->pointer_bytes == 8 || info->address_max <= UINT32_MAX);
}

static bool take_memory(struct wire_scan *scan, struct subject_info *info)
{
    return wire_take_record(scan, "memory") && take_32(scan, 8, &info->pointer_bytes) &&
           take_32(scan, 1u << 24, &info->page_size) && take_32(scan, 1u << 30, &info->granule) &&
           wire_take_number(scan, UINT64_MAX, &info->address_min) &&
           wire_take_number(scan, UINT64_MAX, &info->address_max) && memory_makes_sense(info);
}

static bool take_words(struct wire_scan *scan, const char *name, char *words)
{
    return wire_take_record(scan, name) && wire_take_words(scan, words, SUBJECT_TEXT_MAX);
}

static bool take_part(struct wire_scan *scan, unsigned index, struct subject_info *info)
{
    switch (index) {
    case 1:
        return take_words(scan, "backend", info->backend);
    case 2:
        return take_words(scan, "system", info->system);
    case 3:
        return take_words(scan, "processor", info->processor);
    case 4:
        return take_version(scan, info);
    case 5:
        return take_memory(scan, info);
    default:
        return wire_take_record(scan, "ready");
    }
}

static enum wire_greeted refuse_line(unsigned index, const char *line, size_t length, char *error,
                                     size_t capacity)
{
    static const char *const wanted[WIRE_GREETING_LINES] = {
        FIRST_WORD, "backend", "system", "processor", "version", "memory", "ready"};
    char quoted[256];
    wire_quote(line, length, quoted, sizeof quoted);
    snprintf(error, capacity, "it said %s where a well-formed \"%s\" line was to come", quoted,
             wanted[index]);
    return WIRE_BAD;
}

static enum wire_greeted read_first(struct wire_greeting *greeting, const char *line, size_t length,
                                    char *error, size_t capacity)
{
    struct wire_scan scan = wire_scan(line, length);
    uint64_t version;
    if (!wire_take_record(&scan, FIRST_WORD) || !wire_take_number(&scan, UINT32_MAX, &version) ||
        !wire_take_nothing(&scan))
        return refuse_line(0, line, length, error, capacity);
    if (version != WIRE_VERSION) {
        snprintf(error, capacity,
                 "it speaks version %" PRIu64 " of the wire and this pagelaw version %u: use the "
                 "same pagelaw on both sides",
                 version, WIRE_VERSION);
        return WIRE_BAD;
    }
    greeting->next = 1;
    return WIRE_GOES_ON;
}

enum wire_greeted wire_read_greeting(struct wire_greeting *greeting, const char *line,
                                     size_t length, char *error, size_t capacity)
{
    struct wire_scan scan = wire_scan(line, length);
    char words[WIRE_LINE_MAX];
    if (greeting->next == 0)
        return read_first(greeting, line, length, error, capacity);
    if (wire_take_record(&scan, "refused") && wire_take_words(&scan, words, sizeof words)) {
        snprintf(error, capacity, "it cannot run here: %s", words);
        return WIRE_BAD;
    }
    scan = wire_scan(line, length);
    if (!take_part(&scan, greeting->next, &greeting->info) || !wire_take_nothing(&scan))
        return refuse_line(greeting->next, line, length, error, capacity);
    return ++greeting->next == WIRE_GREETING_LINES ? WIRE_READY : WIRE_GOES_ON;
}
