/* Calls as statements of a C program. */
#include <inttypes.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "repro.h"

/* ---- What the step must answer --------------------------------------------------------------- */

static bool is_native(const struct repro *repro)
{
    return operation_info(repro->step->operation)->group == GROUP_NT;
}

static bool divides(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_NEGATE)
        return divides(expression->left);
    if (expression->kind != EXPRESSION_BINARY)
        return false;
    return expression->operator== '/' || expression->operator== '%' || divides(expression->left) ||
           divides(expression->right);
}

/* Of an address that is rounded to a coarser boundary only the case itself tells how far that is
 * from where the system laid what it is made of. */
static bool add_rounded_base(struct repro *repro, uint64_t base)
{
    const struct expression *argument = repro->step->arguments[0];
    uint64_t asked = expression_value(argument, &repro->environment);
    if (!divides(argument) || asked - asked % repro->info.granule != base)
        return false;
    text_add(&repro->out, "(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, ") / GRANULE * GRANULE");
    return true;
}

static void add_success(struct repro *repro)
{
    const struct pagelaw_plan *plan = &repro->laws[repro->index].plan;
    if (is_native(repro)) {
        text_add(&repro->out, "got == 0");
    } else if (repro->step->operation == OP_VIRTUAL_QUERY) {
        text_add(&repro->out, "got == sizeof info");
    } else if (repro->step->operation != OP_VIRTUAL_ALLOC || plan->base_freedom == PAGELAW_ANY) {
        text_add(&repro->out, "got != 0");
    } else if (plan->base_freedom == PAGELAW_CHOSEN) {
        text_add(&repro->out, "got != 0 && got %% GRANULE == 0");
    } else {
        text_add(&repro->out, "got == ");
        if (!add_rounded_base(repro, plan->base) && !repro_add_address(repro, plan->base))
            text_add(&repro->out, "0x%" PRIx64, plan->base);
    }
}

static void add_failure(struct repro *repro, uint32_t status)
{
    char words[64];
    if (is_native(repro))
        text_add(&repro->out, "got == 0x%08" PRIX32, status);
    else
        text_add(&repro->out, "got == 0 && error == %s",
                 error_format(pagelaw_error_from_status(status), words, sizeof words));
}

static void add_answer(struct repro *repro, uint32_t status)
{
    if (status == STATUS_SUCCESS)
        add_success(repro);
    else
        add_failure(repro, status);
}

static bool is_repeated(const struct repro *repro, const struct pagelaw_plan *plan, unsigned index)
{
    for (unsigned i = 0; i < index && !is_native(repro); i++)
        if (pagelaw_error_from_status(plan->status[i]) ==
            pagelaw_error_from_status(plan->status[index]))
            return true;
    return false;
}

/* Everything that the law allows. */
static void add_allowed(struct repro *repro)
{
    const struct pagelaw_plan *plan = &repro->laws[repro->index].plan;
    bool several = plan->status_count > 1 || plan->any_failure;
    for (unsigned i = 0; i < plan->status_count; i++) {
        if (is_repeated(repro, plan, i))
            continue;
        text_add(&repro->out, i == 0 ? "%s" : " || %s", several ? "(" : "");
        add_answer(repro, plan->status[i]);
        text_add(&repro->out, several ? ")" : "");
    }
    if (plan->any_failure)
        text_add(&repro->out, is_native(repro) ? " || got >= 0x80000000" : " || got == 0");
}

static void begin_expect(struct repro *repro)
{
    text_add(&repro->out, "    expect(");
}

static void end_expect(struct repro *repro)
{
    text_add(&repro->out, ",\n           ");
    repro_add_law(repro);
    text_add(&repro->out, ", got);\n");
}

/* Where the law leaves the answer open, the rest of the case is for the model's own. */
static void add_way_out(struct repro *repro)
{
    text_add(&repro->out, "    if (!(");
    add_answer(repro, repro->laws[repro->index].plan.status[0]);
    text_add(&repro->out,
             ")) {\n"
             "        puts(\"Allowed, but the rest of the case is for the other answer:\");\n"
             "        return finish();\n"
             "    }\n");
}

/* Whether the law allows an answer after which memory is not as after the model's own. One failure
 * changes no more than another. */
static bool has_other_end(const struct pagelaw_plan *plan)
{
    bool succeeds = plan->status[0] == STATUS_SUCCESS;
    for (unsigned i = 1; i < plan->status_count; i++)
        if ((plan->status[i] == STATUS_SUCCESS) != succeeds)
            return true;
    return plan->any_failure && succeeds;
}

static void expect_answer(struct repro *repro)
{
    const struct pagelaw_plan *plan = &repro->laws[repro->index].plan;
    bool open = plan->unsettled || repro->step->unsettled;
    if (open) {
        text_add(&repro->out, "    /* No source settles what this answers. */\n");
    } else {
        begin_expect(repro);
        add_allowed(repro);
        end_expect(repro);
    }
    if (open || has_other_end(plan))
        add_way_out(repro);
}

/* ---- What it must write ---------------------------------------------------------------------- */

/* The fields that the scenario's pins name; all of them where it names none. */
static bool wants_field(const struct repro *repro, enum field field)
{
    bool some = false;
    for (unsigned i = 0; i < repro->step->pin_count; i++) {
        const struct pin *pin = &repro->step->pins[i];
        if (!pin_is_for(pin, repro->profile->name))
            continue;
        some = some || pin->field_count != 0;
        for (unsigned j = 0; j < pin->field_count; j++)
            if (pin->fields[j].field == field)
                return true;
    }
    return !some;
}

static void expect_number(struct repro *repro, enum field field, const char *seen,
                          enum argument_kind kind, uint64_t wanted)
{
    char words[256];
    if (!wants_field(repro, field))
        return;
    if (kind == ARGUMENT_SIZE)
        size_format(wanted, words, sizeof words);
    else if (kind == ARGUMENT_NONE)
        state_format((uint32_t)wanted, words, sizeof words);
    else
        constant_format(kind, wanted, words, sizeof words);
    text_add(&repro->out, "    expect(%s == ", seen);
    bool sum = strchr(words, '|') != NULL;
    text_add(&repro->out, sum ? "(" : "");
    repro_add_words(repro, words);
    text_add(&repro->out, "%s, \"%s: %s\", (SIZE_T)%s);\n", sum ? ")" : "", field_name(field),
             words, seen);
}

static void expect_address(struct repro *repro, enum field field, const char *seen, uint64_t wanted)
{
    struct text before = repro->out;
    if (!wants_field(repro, field))
        return;
    text_add(&repro->out, "    expect((SIZE_T)%s == ", seen);
    if (!repro_add_address(repro, wanted)) {
        repro->out.length = before.length;
        return;
    }
    text_add(&repro->out, ", \"%s\", (SIZE_T)%s);\n", field_name(field), seen);
}

static void expect_region(struct repro *repro)
{
    const struct subject_region *region = &repro->own->region;
    struct place place = repro_place(repro);
    if (region->size == 0 || place_watch(&place, region->base) == NULL)
        return;
    expect_number(repro, FIELD_STATE, "info.State", ARGUMENT_NONE, region->state);
    if (region->state != MEM_FREE) {
        expect_address(repro, FIELD_BASE_ADDRESS, "info.BaseAddress", region->base);
        expect_address(repro, FIELD_ALLOCATION_BASE, "info.AllocationBase",
                       region->allocation_base);
        expect_number(repro, FIELD_ALLOCATION_PROTECT, "info.AllocationProtect", ARGUMENT_PROTECT,
                      region->allocation_protect);
        expect_number(repro, FIELD_REGION_SIZE, "info.RegionSize", ARGUMENT_SIZE, region->size);
        expect_number(repro, FIELD_TYPE, "info.Type", ARGUMENT_NONE, region->type);
    }
    expect_number(repro, FIELD_PROTECT, "info.Protect", ARGUMENT_PROTECT, region->protect);
}

static void expect_outputs(struct repro *repro)
{
    const struct pagelaw_plan *plan = &repro->laws[repro->index].plan;
    if (plan->unsettled || repro->step->unsettled)
        return;
    if (is_native(repro) && repro->step->operation != OP_NT_QUERY) {
        if (plan->base_freedom == PAGELAW_EXACT)
            expect_address(repro, FIELD_BASE_ADDRESS, "base", repro->own->base);
        if (plan->size_freedom == PAGELAW_EXACT)
            expect_number(repro, FIELD_REGION_SIZE, "size", ARGUMENT_SIZE, repro->own->size);
    }
    bool protects =
        repro->step->operation == OP_VIRTUAL_PROTECT || repro->step->operation == OP_NT_PROTECT;
    if (protects && !repro->step->null_output && plan->old_protect_freedom == PAGELAW_EXACT)
        expect_number(repro, FIELD_OLD_PROTECT, "old", ARGUMENT_PROTECT, plan->old_protect);
}

/* ---- The call -------------------------------------------------------------------------------- */

static void add_arguments(struct repro *repro, unsigned from)
{
    for (unsigned i = from; i < repro->step->argument_count; i++) {
        enum argument_kind kind = operation_info(repro->step->operation)->arguments[i];
        if (kind == ARGUMENT_NULL)
            continue;
        text_add(&repro->out, i == 0 ? "" : ", ");
        text_add(&repro->out, kind == ARGUMENT_ADDRESS ? "(void *)(" : "");
        repro_add_argument(repro, i);
        text_add(&repro->out, kind == ARGUMENT_ADDRESS ? ")" : "");
    }
}

static void add_win32(struct repro *repro)
{
    enum operation operation = repro->step->operation;
    bool protects = operation == OP_VIRTUAL_PROTECT;
    if (protects && !repro->step->null_output)
        text_add(&repro->out, "    old = 0xDEADBEEF;\n");
    text_add(&repro->out, "    got = (SIZE_T)%s(", operation_info(operation)->name);
    if (operation == OP_VIRTUAL_QUERY) {
        text_add(&repro->out, "(void *)(");
        repro_add_argument(repro, 0);
        text_add(&repro->out, "), &info, ");
        if (repro->step->argument_count > 1)
            repro_add_argument(repro, 1);
        else
            text_add(&repro->out, "sizeof info");
    } else {
        add_arguments(repro, 0);
    }
    if (protects)
        text_add(&repro->out, repro->step->null_output ? ", NULL" : ", &old");
    text_add(&repro->out, ");\n    error = GetLastError();\n");
}

/* *BaseAddress and *RegionSize come first; the other arguments follow from `rest` on. */
static void add_native(struct repro *repro)
{
    bool allocates = repro->step->operation == OP_NT_ALLOCATE;
    bool protects = repro->step->operation == OP_NT_PROTECT && !repro->step->null_output;
    text_add(&repro->out, "    base = (void *)(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, "), size = ");
    repro_add_argument(repro, allocates ? 2 : 1);
    text_add(&repro->out, "%s;\n    got = (ULONG)%s(GetCurrentProcess(), &base, ",
             protects ? ", old = 0xDEADBEEF" : "", operation_info(repro->step->operation)->name);
    if (allocates) {
        repro_add_argument(repro, 1);
        text_add(&repro->out, ", ");
    }
    text_add(&repro->out, "&size");
    add_arguments(repro, allocates ? 3 : 2);
    if (repro->step->operation == OP_NT_PROTECT)
        text_add(&repro->out, repro->step->null_output ? ", NULL" : ", &old");
    text_add(&repro->out, ");\n");
}

static void add_native_query(struct repro *repro)
{
    text_add(&repro->out, "    got = (ULONG)NtQueryVirtualMemory(GetCurrentProcess(), (void *)(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, "), 0, &info, ");
    if (repro->step->argument_count > 1)
        repro_add_argument(repro, 1);
    else
        text_add(&repro->out, "sizeof info");
    text_add(&repro->out, ", NULL);\n");
}

static void add_last_error(struct repro *repro)
{
    text_add(&repro->out, "    got = error = GetLastError();\n");
    if (repro->step->pin_count == 0 || repro->step->unsettled)
        return;
    char words[64];
    text_add(&repro->out, "    expect(got == %s",
             error_format((uint32_t)repro->own->value, words, sizeof words));
    end_expect(repro);
}

static void add_system_info(struct repro *repro)
{
    const struct subject_info *info = &repro->own->info;
    expect_number(repro, FIELD_PAGE_SIZE, "PAGE", ARGUMENT_SIZE, info->page_size);
    expect_number(repro, FIELD_GRANULARITY, "GRANULE", ARGUMENT_SIZE, info->granule);
    expect_number(repro, FIELD_MINIMUM_ADDRESS, "MIN_ADDRESS", ARGUMENT_NUMBER, info->address_min);
    expect_number(repro, FIELD_MAXIMUM_ADDRESS, "MAX_ADDRESS", ARGUMENT_NUMBER, info->address_max);
}

static void add_hole(struct repro *repro)
{
    text_add(&repro->out, "    got = hole(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, "); /* a range that is free */\n");
}

/* The target's new value comes last: what is expected is in terms of the old ones. */
static void add_target(struct repro *repro)
{
    const struct step *step = repro->step;
    if (step->target < 0)
        return;
    text_add(&repro->out, "    ");
    repro_add_variable(repro, (unsigned)step->target);
    bool base = is_native(repro) && step->operation != OP_NT_QUERY;
    text_add(&repro->out, " = %s;\n", base ? "(SIZE_T)base" : "got");
}

void repro_add_step(struct repro *repro)
{
    enum operation operation = repro->step->operation;
    if (operation_info(operation)->group == GROUP_TOUCH) {
        repro_add_touch(repro);
    } else if (operation == OP_HOLE) {
        add_hole(repro);
    } else if (operation == OP_COMMIT_LIMIT) {
        repro_add_limit(repro);
    } else if (operation == OP_GET_LAST_ERROR) {
        add_last_error(repro);
    } else if (operation == OP_GET_SYSTEM_INFO) {
        add_system_info(repro);
    } else if (operation == OP_SET_LAST_ERROR) {
        text_add(&repro->out, "    SetLastError(");
        repro_add_argument(repro, 0);
        text_add(&repro->out, ");\n");
    } else {
        if (operation == OP_NT_QUERY)
            add_native_query(repro);
        else if (is_native(repro))
            add_native(repro);
        else
            add_win32(repro);
        expect_answer(repro);
        expect_outputs(repro);
        if (operation == OP_VIRTUAL_QUERY || operation == OP_NT_QUERY)
            expect_region(repro);
    }
    add_target(repro);
}
