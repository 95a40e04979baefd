/* Making one act on a backend and on the model, and comparing the two. */
#include "screening.h"

#include "operations.h"
#include "pagelaw/constants.h"
#include "suite/trace.h"

/* ---- Calls ----------------------------------------------------------------------------------- */

struct outcome {
    uint64_t value, base, size;
    uint32_t error, old_protect;
    struct subject_region region;
};

static void make_win32(struct screen *screen, const struct pagelaw_call *call,
                       struct outcome *outcome)
{
    const struct backend *backend = screen->backend;
    if (call->function == PAGELAW_VIRTUAL_ALLOC)
        outcome->value =
            backend->virtual_alloc(call->address, call->size, call->type, call->protect);
    else if (call->function == PAGELAW_VIRTUAL_FREE)
        outcome->value = backend->virtual_free(call->address, call->size, call->type);
    else if (call->function == PAGELAW_VIRTUAL_PROTECT)
        outcome->value =
            backend->virtual_protect(call->address, call->size, call->protect,
                                     call->no_old_protect ? NULL : &outcome->old_protect);
    else
        outcome->value = backend->virtual_query(call->address, &outcome->region, call->size);
    if (outcome->value == 0 && backend->get_last_error != NULL)
        outcome->error = backend->get_last_error();
}

static void make_native(struct screen *screen, const struct pagelaw_call *call,
                        struct outcome *outcome)
{
    const struct backend *backend = screen->backend;
    outcome->base = call->address;
    outcome->size = call->size;
    if (call->function == PAGELAW_NT_ALLOCATE)
        outcome->value =
            backend->nt_allocate(&outcome->base, 0, &outcome->size, call->type, call->protect);
    else if (call->function == PAGELAW_NT_FREE)
        outcome->value = backend->nt_free(&outcome->base, &outcome->size, call->type);
    else if (call->function == PAGELAW_NT_PROTECT)
        outcome->value = backend->nt_protect(&outcome->base, &outcome->size, call->protect,
                                             &outcome->old_protect);
    else
        outcome->value = backend->nt_query(call->address, &outcome->region, call->size);
}

static bool same_win32(struct screen *screen, const struct pagelaw_call *call,
                       const struct pagelaw_plan *plan, const struct outcome *outcome)
{
    if (plan->status[0] == STATUS_SUCCESS) {
        bool exact =
            call->function == PAGELAW_VIRTUAL_ALLOC || call->function == PAGELAW_VIRTUAL_QUERY;
        bool same = exact ? outcome->value == plan->value : outcome->value != 0;
        return same || screen_odd(screen, 8, 0, outcome->value == 0 ? outcome->error : 1);
    }
    uint32_t error = pagelaw_error_from_status(plan->status[0]);
    if (outcome->value != 0)
        return screen_odd(screen, 9, error, 0);
    return screen->backend->get_last_error == NULL || outcome->error == error ||
           screen_odd(screen, 10, error, outcome->error);
}

static bool same_native(struct screen *screen, const struct pagelaw_call *call,
                        const struct pagelaw_plan *plan, const struct outcome *outcome)
{
    if (outcome->value != plan->status[0])
        return screen_odd(screen, 11, plan->status[0], outcome->value);
    if (call->function == PAGELAW_NT_QUERY)
        return true;
    bool success = outcome->value == STATUS_SUCCESS;
    uint64_t base = success ? plan->base : call->address, size = success ? plan->size : call->size;
    if (plan->base_freedom == PAGELAW_EXACT && outcome->base != base)
        return screen_odd(screen, 12, base - outcome->base, success);
    return plan->size_freedom != PAGELAW_EXACT || outcome->size == size ||
           screen_odd(screen, 13, size - outcome->size, success);
}

/* The region behind the hole is not ours. */
static bool same_query(struct screen *screen, const struct pagelaw_call *call,
                       const struct pagelaw_plan *plan, const struct outcome *outcome)
{
    uint64_t end = screen->hole + screen->alphabet->hole;
    if (plan->status[0] != STATUS_SUCCESS || call->address < screen->hole || call->address >= end)
        return true;
    struct pagelaw_region want = plan->region;
    if (want.base + want.size > end)
        want.size = end - want.base;
    return screen_same_region(screen, &want, outcome->region);
}

/* A call that fails as it must, or asks, leaves the states equal whatever it says. */
static bool is_aside(struct screen *screen, const struct pagelaw_call *call,
                     const struct pagelaw_plan *plan, const struct outcome *outcome)
{
    uint32_t look = screen->look;
    bool native = call->function <= PAGELAW_NT_QUERY;
    bool asks = call->function == PAGELAW_NT_QUERY || call->function == PAGELAW_VIRTUAL_QUERY;
    bool fails = plan->status[0] != STATUS_SUCCESS &&
                 (native ? outcome->value != STATUS_SUCCESS : outcome->value == 0);
    bool aside = !plan->unsettled && (asks || fails) && screen_same_state(screen);
    screen->look = aside ? look : screen->look;
    return aside;
}

static bool make_call(struct screen *screen, const struct act *act)
{
    struct pagelaw_call call = act_call(act, screen->hole);
    struct outcome outcome = {.old_protect = TRACE_OUTPUT_FILL};
    struct pagelaw_plan plan;
    bool native = call.function <= PAGELAW_NT_QUERY, same;
    pagelaw_plan(screen->model, &call, &plan);
    screen->rule = (uint32_t)plan.rule[PAGELAW_ANSWER];
    if (plan.unsettled)
        return screen_odd(screen, 14, 0, 0);
    if (native)
        make_native(screen, &call, &outcome);
    else
        make_win32(screen, &call, &outcome);
    same = native ? same_native(screen, &call, &plan, &outcome)
                  : same_win32(screen, &call, &plan, &outcome);
    bool protects = call.function == PAGELAW_VIRTUAL_PROTECT || call.function == PAGELAW_NT_PROTECT;
    if (same && protects && !call.no_old_protect && plan.old_protect_freedom == PAGELAW_EXACT &&
        outcome.old_protect != plan.old_protect)
        same = screen_odd(screen, 15, plan.old_protect, outcome.old_protect);
    if (!same || !same_query(screen, &call, &plan, &outcome)) {
        screen->aside = is_aside(screen, &call, &plan, &outcome);
        return false;
    }
    if (plan.status[0] == STATUS_SUCCESS && plan.effect != PAGELAW_CHANGES_NOTHING) {
        pagelaw_apply(screen->model, &plan, plan.base);
        screen->own_known = false;
        screen->was_reset = screen->was_reset || plan.effect == PAGELAW_RESETS;
    }
    return screen_same_state(screen);
}

/* ---- An address of the system's choice ------------------------------------------------------- */

static bool same_chosen(struct screen *screen, const struct pagelaw_call *call,
                        const struct pagelaw_plan *plan, uint64_t base)
{
    struct subject_region got = {0};
    const struct backend *backend = screen->backend;
    if (!pagelaw_choice_allowed(screen->model, plan, base))
        return screen_odd(screen, 17, 0, base % screen->info->granule);
    if (backend->virtual_query == NULL)
        return true;
    uint64_t page = screen->info->page_size;
    uint64_t size = (call->size + page - 1) / page * page;
    bool commits = (call->type & MEM_COMMIT) != 0;
    backend->virtual_query(base, &got, pagelaw_mbi_size(screen->info->pointer_bytes));
    bool same = got.base == base && got.allocation_base == base && got.size == size &&
                got.state == (commits ? MEM_COMMIT : MEM_RESERVE) &&
                got.protect == (commits ? call->protect : 0) &&
                got.allocation_protect == call->protect && got.type == MEM_PRIVATE;
    return same || screen_odd(screen, 18, call->type, got.state);
}

static bool make_chosen(struct screen *screen, const struct act *act)
{
    struct pagelaw_call call = act_call(act, screen->hole);
    struct outcome outcome = {0};
    struct pagelaw_plan plan;
    pagelaw_plan(screen->model, &call, &plan);
    screen->rule = (uint32_t)plan.rule[PAGELAW_ANSWER];
    make_win32(screen, &call, &outcome);
    bool same;
    if (plan.status[0] != STATUS_SUCCESS)
        same = same_win32(screen, &call, &plan, &outcome);
    else
        same = outcome.value != 0 ? same_chosen(screen, &call, &plan, outcome.value)
                                  : screen_odd(screen, 16, call.type, outcome.error);
    if (outcome.value != 0 && !screen->backend->virtual_free(outcome.value, 0, MEM_RELEASE))
        return screen_odd(screen, 19, 0, 0);
    return same && screen_same_state(screen);
}

/* ---- Touches --------------------------------------------------------------------------------- */

static bool make_system_info(struct screen *screen)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(screen->model);
    struct subject_info info = {0};
    screen->backend->get_system_info(&info);
    return (info.page_size == profile->page_size && info.granule == profile->granule &&
            info.address_min == profile->address_min && info.address_max == profile->address_max) ||
           screen_odd(screen, 20, 0, 0);
}

static void touch_subject(struct screen *screen, enum pagelaw_access access, uint64_t address,
                          uint8_t *byte, struct subject_exception *raised)
{
    if (access == PAGELAW_READ)
        *byte = screen->backend->read(address, raised);
    else if (access == PAGELAW_WRITE)
        screen->backend->write(address, *byte, raised);
    else
        screen->backend->execute(address, raised);
}

static bool touch_byte(struct screen *screen, enum pagelaw_access access, uint64_t address,
                       uint8_t value, bool *stopped)
{
    struct subject_exception raised = {0};
    struct pagelaw_exception own;
    struct pagelaw_touch touch;
    uint8_t got = value;
    size_t done;
    pagelaw_touch(screen->model, access, address, &touch);
    *stopped = touch.exception.code != 0;
    screen->rule = (uint32_t)touch.rule;
    if (access == PAGELAW_EXECUTE && !*stopped && screen->was_reset)
        return true; /* the code may be gone */
    touch_subject(screen, access, address, &got, &raised);
    if (raised.code != touch.exception.code)
        return screen_odd(screen, 21 + (uint32_t)access, touch.exception.code, raised.code);
    if (*stopped && (raised.access != (uint32_t)touch.exception.access ||
                     raised.address != touch.exception.address))
        return screen_odd(screen, 30, (uint64_t)touch.exception.access, raised.access);
    if (!*stopped && access == PAGELAW_READ && !pagelaw_byte_allowed(screen->model, address, got))
        return screen_odd(screen, 31, pagelaw_byte(screen->model, address), got);
    if (access != PAGELAW_READ || *stopped)
        pagelaw_access(screen->model, access, address, &value, 1, &done, &own);
    bool writes = access == PAGELAW_WRITE && !*stopped;
    screen->own_known =
        screen->own_known && !writes && touch.exception.code != STATUS_GUARD_PAGE_VIOLATION;
    return true;
}

static bool make_touch(struct screen *screen, const struct act *act)
{
    uint64_t address = act_address(act, screen->hole);
    bool stopped = false;
    if (act->operation == OP_CODE) {
        size_t length;
        const uint8_t *code =
            pagelaw_return_code(pagelaw_model_profile(screen->model)->processor, &length);
        for (size_t i = 0; i < length && !stopped; i++)
            if (!touch_byte(screen, PAGELAW_WRITE, address + i, code[i], &stopped))
                return false;
        return screen_same_state(screen);
    }
    enum pagelaw_access access = operation_access(act->operation);
    return touch_byte(screen, access, address, act->value, &stopped) && screen_same_state(screen);
}

bool screen_make_act(struct screen *screen, const struct act *act)
{
    screen->operation = (uint32_t)act->operation;
    screen->rule = PAGELAW_NO_RULE;
    if (act->operation == OP_GET_SYSTEM_INFO)
        return make_system_info(screen);
    if (act_is_touch(act))
        return make_touch(screen, act);
    return act->anchor == ANCHOR_CHOSEN ? make_chosen(screen, act) : make_call(screen, act);
}
