/* Making the lines of the wire. */
#include "wire.h"

#include "wire_keys.h"

const unsigned wire_keys[OPERATION_END] = {
    [OP_HOLE] = KEY_VALUE,
    [OP_COMMIT_LIMIT] = KEY_VALUE,
    [OP_VIRTUAL_ALLOC] = KEY_VALUE | KEY_ERROR,
    [OP_VIRTUAL_FREE] = KEY_VALUE | KEY_ERROR,
    [OP_VIRTUAL_PROTECT] = KEY_VALUE | KEY_ERROR | KEY_OLD_PROTECT,
    [OP_VIRTUAL_QUERY] = KEY_VALUE | KEY_ERROR | KEY_REGION,
    [OP_GET_SYSTEM_INFO] = KEY_INFO,
    [OP_GET_LAST_ERROR] = KEY_VALUE | KEY_ERROR,
    [OP_SET_LAST_ERROR] = KEY_ERROR,
    [OP_NT_ALLOCATE] = KEY_VALUE | KEY_BASE | KEY_SIZE,
    [OP_NT_FREE] = KEY_VALUE | KEY_BASE | KEY_SIZE,
    [OP_NT_PROTECT] = KEY_VALUE | KEY_BASE | KEY_SIZE | KEY_OLD_PROTECT,
    [OP_NT_QUERY] = KEY_VALUE | KEY_REGION,
    [OP_READ] = KEY_EXCEPTION | KEY_TOUCHED | KEY_RUNS,
    [OP_WRITE] = KEY_EXCEPTION | KEY_TOUCHED,
    [OP_CODE] = KEY_EXCEPTION | KEY_TOUCHED,
    [OP_EXECUTE] = KEY_EXCEPTION,
};

static void put_character(struct wire_line *line, char character)
{
    if (line->length < WIRE_LINE_MAX - 1)
        line->text[line->length++] = character;
}

static void put_text(struct wire_line *line, const char *text)
{
    while (*text)
        put_character(line, *text++);
}

void wire_start(struct wire_line *line, const char *record)
{
    line->length = 0;
    put_text(line, record);
}

void wire_put_name(struct wire_line *line, const char *name)
{
    put_character(line, ' ');
    put_text(line, name);
}

void wire_put_number(struct wire_line *line, uint64_t number)
{
    int shift = 60;
    while (shift > 0 && number >> shift == 0)
        shift -= 4;
    put_character(line, ' ');
    for (; shift >= 0; shift -= 4)
        put_character(line, "0123456789abcdef"[number >> shift & 15]);
}

void wire_put_words(struct wire_line *line, const char *words)
{
    put_character(line, ' ');
    for (; *words; words++)
        put_character(line, wire_is_control(*words) ? '?' : *words);
    if (line->text[line->length - 1] == WIRE_VOID)
        line->text[line->length - 1] = '-';
}

/* put_character leaves room for the line break. */
void wire_finish(struct wire_line *line)
{
    line->text[line->length++] = '\n';
}

static void put_key(struct wire_line *line, const char *name, uint64_t number)
{
    wire_put_name(line, name);
    wire_put_number(line, number);
}

/* All but the base, which is where the record before ended, or else stands before it. */
static void put_region(struct wire_line *line, const struct subject_region *region)
{
    wire_put_number(line, region->size);
    wire_put_number(line, region->allocation_base);
    wire_put_number(line, region->allocation_protect);
    wire_put_number(line, region->state);
    wire_put_number(line, region->protect);
    wire_put_number(line, region->type);
}

static void put_info(struct wire_line *line, const struct subject_info *info)
{
    put_key(line, "info", info->page_size);
    wire_put_number(line, info->granule);
    wire_put_number(line, info->address_min);
    wire_put_number(line, info->address_max);
}

static void put_exception(struct wire_line *line, const struct subject_exception *exception)
{
    put_key(line, "exception", exception->code);
    wire_put_number(line, exception->access);
    wire_put_number(line, exception->address);
}

static void put_runs(struct wire_line *line, const struct trace_step *step)
{
    for (unsigned i = 0; i < step->run_count; i++) {
        put_key(line, "run", step->runs[i].value);
        wire_put_number(line, step->runs[i].count);
    }
    if (step->runs_cut)
        wire_put_name(line, "cut");
}

static void put_numbers(struct wire_line *line, unsigned keys, const struct trace_step *step)
{
    if (keys & KEY_VALUE)
        put_key(line, "value", step->value);
    if (keys & KEY_ERROR && !step->no_error)
        put_key(line, "error", step->error);
    if (keys & KEY_BASE)
        put_key(line, "base", step->base);
    if (keys & KEY_SIZE)
        put_key(line, "size", step->size);
    if (keys & KEY_OLD_PROTECT)
        put_key(line, "old_protect", step->old_protect);
}

void wire_make_done(struct wire_line *line, unsigned number, enum operation operation,
                    const struct trace_step *step)
{
    unsigned keys = wire_keys[operation];
    wire_start(line, "done");
    wire_put_number(line, number);
    put_numbers(line, keys, step);
    if (keys & KEY_REGION) {
        put_key(line, "region", step->region.base);
        put_region(line, &step->region);
    }
    if (keys & KEY_INFO)
        put_info(line, &step->info);
    if (keys & KEY_EXCEPTION)
        put_exception(line, &step->exception);
    if (keys & KEY_TOUCHED)
        put_key(line, "touched", step->touched);
    if (keys & KEY_RUNS)
        put_runs(line, step);
    wire_finish(line);
}

void wire_make_region(struct wire_line *line, const struct subject_region *region)
{
    wire_start(line, "region");
    put_region(line, region);
    wire_finish(line);
}

void wire_make_request(struct wire_line *line, uint64_t id, size_t length, unsigned timeout_ms)
{
    wire_start(line, "run");
    wire_put_number(line, id);
    wire_put_number(line, length);
    wire_put_number(line, timeout_ms);
    wire_finish(line);
}

void wire_make_end(struct wire_line *line, uint64_t id, const char *how, const char *words)
{
    wire_start(line, "end");
    wire_put_number(line, id);
    wire_put_name(line, how);
    if (words[0])
        wire_put_words(line, words);
    wire_finish(line);
}
