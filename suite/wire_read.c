/* Reading the lines of the wire. */
#include <stdio.h>
#include <string.h>

#include "wire.h"
#include "wire_keys.h"

struct wire_scan wire_scan(const char *line, size_t length)
{
    return (struct wire_scan){line, line + length};
}

bool wire_take_record(struct wire_scan *scan, const char *record)
{
    size_t length = strlen(record);
    size_t left = (size_t)(scan->end - scan->at);
    if (left < length || memcmp(scan->at, record, length) != 0)
        return false;
    if (left > length && scan->at[length] != ' ')
        return false;
    scan->at += length;
    return true;
}

static bool take_blank(struct wire_scan *scan)
{
    if (scan->at == scan->end || *scan->at != ' ')
        return false;
    scan->at++;
    return true;
}

bool wire_take_name(struct wire_scan *scan, const char *name)
{
    struct wire_scan ahead = *scan;
    if (!take_blank(&ahead) || !wire_take_record(&ahead, name))
        return false;
    *scan = ahead;
    return true;
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool wire_take_number(struct wire_scan *scan, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    int digits = 0;
    if (!take_blank(scan))
        return false;
    for (; scan->at < scan->end && digit_value(*scan->at) >= 0; scan->at++) {
        if (++digits > 16)
            return false;
        sum = sum << 4 | (unsigned)digit_value(*scan->at);
    }
    if (digits == 0 || sum > most || (scan->at < scan->end && *scan->at != ' '))
        return false;
    *number = sum;
    return true;
}

bool wire_take_words(struct wire_scan *scan, char *words, size_t capacity)
{
    if (!take_blank(scan))
        return false;
    size_t length = (size_t)(scan->end - scan->at);
    if (length == 0 || length >= capacity)
        return false;
    for (size_t i = 0; i < length; i++)
        if (wire_is_control(scan->at[i]))
            return false;
    memcpy(words, scan->at, length);
    words[length] = '\0';
    scan->at = scan->end;
    return true;
}

bool wire_take_nothing(const struct wire_scan *scan)
{
    return scan->at == scan->end;
}

static bool take_64(struct wire_scan *scan, uint64_t *number)
{
    return wire_take_number(scan, UINT64_MAX, number);
}

static bool take_32(struct wire_scan *scan, uint32_t *number)
{
    uint64_t wide;
    if (!wire_take_number(scan, UINT32_MAX, &wide))
        return false;
    *number = (uint32_t)wide;
    return true;
}

static bool take_region(struct wire_scan *scan, struct subject_region *region)
{
    return take_64(scan, &region->size) && take_64(scan, &region->allocation_base) &&
           take_32(scan, &region->allocation_protect) && take_32(scan, &region->state) &&
           take_32(scan, &region->protect) && take_32(scan, &region->type);
}

static bool take_info(struct wire_scan *scan, struct subject_info *info)
{
    return wire_take_name(scan, "info") && take_32(scan, &info->page_size) &&
           take_32(scan, &info->granule) && take_64(scan, &info->address_min) &&
           take_64(scan, &info->address_max);
}

static bool take_exception(struct wire_scan *scan, struct subject_exception *exception)
{
    if (!wire_take_name(scan, "exception") || !take_32(scan, &exception->code) ||
        !take_32(scan, &exception->access) || !take_64(scan, &exception->address))
        return false;
    if (exception->code == 0)
        return exception->access == 0 && exception->address == 0;
    return exception->access <= 1 || exception->access == 8;
}

/* The runs are all that was read, or as many as fit. */
static bool take_runs(struct wire_scan *scan, struct trace_step *step)
{
    uint64_t sum = 0;
    while (wire_take_name(scan, "run")) {
        uint64_t value, count;
        if (step->run_count == TRACE_RUNS_MAX || !wire_take_number(scan, 0xff, &value) ||
            !wire_take_number(scan, TRACE_READ_MAX, &count) || count == 0)
            return false;
        step->runs[step->run_count].value = (uint8_t)value;
        step->runs[step->run_count++].count = count;
        sum += count;
    }
    step->runs_cut = wire_take_name(scan, "cut");
    return step->runs_cut ? sum < step->touched : sum == step->touched;
}

static bool take_key_64(struct wire_scan *scan, unsigned wanted, const char *name, uint64_t *number)
{
    return !wanted || (wire_take_name(scan, name) && take_64(scan, number));
}

static bool take_key_32(struct wire_scan *scan, unsigned wanted, const char *name, uint32_t *number)
{
    return !wanted || (wire_take_name(scan, name) && take_32(scan, number));
}

/* A subject without GetLastError has none to tell. */
static bool take_error(struct wire_scan *scan, unsigned wanted, struct trace_step *step)
{
    if (!wanted)
        return true;
    step->no_error = !wire_take_name(scan, "error");
    return step->no_error || take_32(scan, &step->error);
}

static bool take_numbers(struct wire_scan *scan, unsigned keys, struct trace_step *step)
{
    return take_key_64(scan, keys & KEY_VALUE, "value", &step->value) &&
           take_error(scan, keys & KEY_ERROR, step) &&
           take_key_64(scan, keys & KEY_BASE, "base", &step->base) &&
           take_key_64(scan, keys & KEY_SIZE, "size", &step->size) &&
           take_key_32(scan, keys & KEY_OLD_PROTECT, "old_protect", &step->old_protect) &&
           take_key_64(scan, keys & KEY_REGION, "region", &step->region.base);
}

bool wire_take_done(struct wire_scan *scan, enum operation operation, struct trace_step *step)
{
    unsigned keys = wire_keys[operation];
    if (!take_numbers(scan, keys, step))
        return false;
    if (keys & KEY_REGION && !take_region(scan, &step->region))
        return false;
    if (keys & KEY_INFO && !take_info(scan, &step->info))
        return false;
    if (keys & KEY_EXCEPTION && !take_exception(scan, &step->exception))
        return false;
    if (!take_key_64(scan, keys & KEY_TOUCHED, "touched", &step->touched) ||
        step->touched > TRACE_READ_MAX)
        return false;
    if (keys & KEY_RUNS && !take_runs(scan, step))
        return false;
    return wire_take_nothing(scan);
}

bool wire_take_region(struct wire_scan *scan, struct subject_region *region)
{
    return take_region(scan, region) && wire_take_nothing(scan);
}

bool wire_read_request(const char *line, size_t length, uint64_t *id, size_t *text_length,
                       unsigned *timeout_ms)
{
    struct wire_scan scan = wire_scan(line, length);
    uint64_t bytes, milliseconds;
    if (!wire_take_record(&scan, "run") || !take_64(&scan, id) ||
        !wire_take_number(&scan, SCENARIO_TEXT_MAX, &bytes) ||
        !wire_take_number(&scan, WIRE_TIMEOUT_MAX, &milliseconds) || !wire_take_nothing(&scan))
        return false;
    *text_length = (size_t)bytes;
    *timeout_ms = (unsigned)milliseconds;
    return true;
}

bool wire_read_end(const char *line, size_t length, uint64_t *id)
{
    struct wire_scan scan = wire_scan(line, length);
    return wire_take_record(&scan, "end") && take_64(&scan, id);
}

#define QUOTE_MAX 80 /* characters that are shown of a line */

void wire_quote(const char *line, size_t length, char *text, size_t capacity)
{
    size_t at = 1, shown = length < QUOTE_MAX ? length : QUOTE_MAX, i;
    if (capacity < 16) {
        text[0] = '\0';
        return;
    }
    text[0] = '"';
    for (i = 0; i < shown && at + 4 + sizeof "\"..." < capacity; i++) {
        bool plain = !wire_is_control(line[i]) && (unsigned char)line[i] < 0x80;
        at += (size_t)snprintf(text + at, capacity - at, plain ? "%c" : "\\x%02x",
                               (unsigned char)line[i]);
    }
    snprintf(text + at, capacity - at, i < length ? "\"..." : "\"");
}
