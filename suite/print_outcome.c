/* What came back from a step, in the words of the scenario language. */
#include "print_outcome.h"

#include <inttypes.h>

#include "pagelaw/constants.h"

/* A step whose outcome is printed. */
struct printing {
    struct text *text;
    const struct place *place;
    const struct step *step;
    const struct trace_step *observed;
    unsigned parts; /* of the outcome so far, for the commas */
};

static void begin_part(struct printing *printing)
{
    text_add(printing->text, "%s", printing->parts++ ? ", " : "");
}

/* ---- Fields --------------------------------------------------------------------------------- */

static void begin_field(struct printing *printing, enum field field)
{
    begin_part(printing);
    text_add(printing->text, "%s: ", field_name(field));
}

/* Left out if the address is the host's choice. */
static void add_address_field(struct printing *printing, enum field field, uint64_t address)
{
    struct text nowhere = text_begin(NULL, 0);
    if (!place_add(&nowhere, printing->place, address))
        return;
    begin_field(printing, field);
    place_add(printing->text, printing->place, address);
}

static void add_size_field(struct printing *printing, enum field field, uint64_t size)
{
    char words[32];
    begin_field(printing, field);
    text_add(printing->text, "%s", size_format(size, words, sizeof words));
}

static void add_protect_field(struct printing *printing, enum field field, uint32_t protect)
{
    char words[256];
    begin_field(printing, field);
    text_add(printing->text, "%s", constant_format(ARGUMENT_PROTECT, protect, words, sizeof words));
}

static void add_state_field(struct printing *printing, enum field field, uint32_t state)
{
    char words[32];
    begin_field(printing, field);
    text_add(printing->text, "%s", state_format(state, words, sizeof words));
}

static void add_old_protect(struct printing *printing)
{
    if (printing->step->null_output)
        return;
    if (printing->observed->old_protect != TRACE_OUTPUT_FILL) {
        add_protect_field(printing, FIELD_OLD_PROTECT, printing->observed->old_protect);
        return;
    }
    begin_field(printing, FIELD_OLD_PROTECT);
    text_add(printing->text, "untouched");
}

/* How far free pages go on behind the watched range is the host's choice. */
static bool is_size_settled(const struct printing *printing)
{
    const struct subject_region *region = &printing->observed->region;
    const struct trace_watch *watch = place_watch(printing->place, region->base);
    if (region->state != MEM_FREE)
        return true;
    return watch && region->size <= watch->size - (region->base - watch->base);
}

static void add_region(struct printing *printing)
{
    const struct subject_region *region = &printing->observed->region;
    add_address_field(printing, FIELD_BASE_ADDRESS, region->base);
    add_address_field(printing, FIELD_ALLOCATION_BASE, region->allocation_base);
    add_protect_field(printing, FIELD_ALLOCATION_PROTECT, region->allocation_protect);
    if (is_size_settled(printing))
        add_size_field(printing, FIELD_REGION_SIZE, region->size);
    add_state_field(printing, FIELD_STATE, region->state);
    add_protect_field(printing, FIELD_PROTECT, region->protect);
    add_state_field(printing, FIELD_TYPE, region->type);
}

static void add_system_info(struct printing *printing)
{
    const struct subject_info *info = &printing->observed->info;
    add_size_field(printing, FIELD_PAGE_SIZE, info->page_size);
    add_size_field(printing, FIELD_GRANULARITY, info->granule);
    add_address_field(printing, FIELD_MINIMUM_ADDRESS, info->address_min);
    add_address_field(printing, FIELD_MAXIMUM_ADDRESS, info->address_max);
}

/* ---- Results -------------------------------------------------------------------------------- */

static void add_failure(struct printing *printing, const char *failure)
{
    char error[64];
    begin_part(printing);
    text_add(printing->text, "%s", failure);
    if (!printing->observed->no_error)
        text_add(printing->text, " %s",
                 error_format(printing->observed->error, error, sizeof error));
}

static void add_address(struct printing *printing)
{
    if (printing->observed->value == 0) {
        add_failure(printing, "NULL");
        return;
    }
    begin_part(printing);
    if (!place_add(printing->text, printing->place, printing->observed->value))
        text_add(printing->text, "above NULL");
}

static void add_truth(struct printing *printing)
{
    uint64_t value = printing->observed->value;
    if (value == 0) {
        add_failure(printing, "FALSE");
        return;
    }
    begin_part(printing);
    if (value == 1)
        text_add(printing->text, "TRUE");
    else
        text_add(printing->text, "0x%" PRIx64, value);
}

static void add_query(struct printing *printing)
{
    static const struct expression mbi_size = {
        .kind = EXPRESSION_SYMBOL, .name = "MBI_SIZE", .symbol = SYMBOL_MBI_SIZE, .size = 1};
    char size[32];
    uint64_t value = printing->observed->value;
    if (value == 0) {
        add_failure(printing, "0");
        return;
    }
    begin_part(printing);
    if (value == expression_value(&mbi_size, printing->place->environment))
        text_add(printing->text, "%s", mbi_size.name);
    else
        text_add(printing->text, "%s", size_format(value, size, sizeof size));
    add_region(printing);
}

static void add_last_error(struct printing *printing)
{
    char error[64];
    begin_part(printing);
    text_add(printing->text, "%s",
             error_format((uint32_t)printing->observed->value, error, sizeof error));
}

/* True if the call succeeded. */
static bool add_status(struct printing *printing)
{
    char words[64];
    uint32_t status = (uint32_t)printing->observed->value;
    begin_part(printing);
    text_add(printing->text, "%s", status_format(status, words, sizeof words));
    return status >> 31 == 0;
}

static void add_nt(struct printing *printing)
{
    if (!add_status(printing))
        return;
    add_address_field(printing, FIELD_BASE_ADDRESS, printing->observed->base);
    add_size_field(printing, FIELD_REGION_SIZE, printing->observed->size);
}

static const char *access_word(uint32_t access)
{
    if (access == 8)
        return "execute";
    return access == 1 ? "write" : "read";
}

static void add_exception(struct printing *printing)
{
    const struct subject_exception *exception = &printing->observed->exception;
    struct text *text = printing->text;
    if (exception->code == STATUS_ACCESS_VIOLATION)
        text_add(text, "ACCESS_VIOLATION");
    else if (exception->code == STATUS_GUARD_PAGE_VIOLATION)
        text_add(text, "GUARD_PAGE_VIOLATION");
    else
        text_add(text, "0x%" PRIX32, exception->code);
    text_add(text, " %s ", access_word(exception->access));
    if (!place_add(text, printing->place, exception->address))
        text_add(text, "0x%" PRIx64, exception->address);
}

static void add_bytes(struct printing *printing)
{
    const struct trace_step *observed = printing->observed;
    char value[32], count[32];
    text_add(printing->text, "bytes ");
    for (unsigned i = 0; i < observed->run_count; i++) {
        begin_part(printing);
        constant_format(ARGUMENT_NUMBER, observed->runs[i].value, value, sizeof value);
        text_add(printing->text, "%s", value);
        if (observed->runs[i].count != 1)
            text_add(printing->text, " * %s",
                     size_format(observed->runs[i].count, count, sizeof count));
    }
}

static void add_touch(struct printing *printing)
{
    const struct trace_step *observed = printing->observed;
    if (observed->exception.code != 0)
        add_exception(printing);
    else if (observed->runs_cut)
        text_add(printing->text, "RETURNED  # bytes in more rows than are kept");
    else if (observed->run_count > 0)
        add_bytes(printing);
    else
        text_add(printing->text, "RETURNED");
}

static void add_outcome(struct printing *printing)
{
    switch (printing->step->operation) {
    case OP_VIRTUAL_ALLOC:
        add_address(printing);
        break;
    case OP_VIRTUAL_FREE:
        add_truth(printing);
        break;
    case OP_VIRTUAL_PROTECT:
        add_truth(printing);
        add_old_protect(printing);
        break;
    case OP_VIRTUAL_QUERY:
        add_query(printing);
        break;
    case OP_GET_SYSTEM_INFO:
        add_system_info(printing);
        break;
    case OP_GET_LAST_ERROR:
        add_last_error(printing);
        break;
    case OP_NT_ALLOCATE:
    case OP_NT_FREE:
        add_nt(printing);
        break;
    case OP_NT_PROTECT:
        add_nt(printing);
        add_old_protect(printing);
        break;
    case OP_NT_QUERY:
        if (add_status(printing))
            add_region(printing);
        break;
    case OP_READ:
    case OP_WRITE:
    case OP_CODE:
    case OP_EXECUTE:
        add_touch(printing);
        break;
    case OP_HOLE:
    case OP_COMMIT_LIMIT:
    case OP_SET_LAST_ERROR:
    case OPERATION_END:
        break;
    }
}

void outcome_add(struct text *text, const struct place *place)
{
    const struct step *step = &place->scenario->steps[place->step];
    struct printing printing = {text, place, step, &place->trace->steps[place->step], 0};
    add_outcome(&printing);
}
