/* A call's outcome against the law, as far as the recording knows it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "recorded.h"
#include "suite/scenario.h"
#include "text.h"

#define MODIFIERS (PAGE_NOCACHE | PAGE_WRITECOMBINE)

static bool is_native(const struct hearing *hearing)
{
    return hearing->event->call.function <= PAGELAW_NT_QUERY;
}

static bool knows(const struct hearing *hearing, enum recorded_known what)
{
    return (hearing->event->known & (unsigned)what) != 0;
}

static bool plan_succeeds(const struct pagelaw_plan *plan)
{
    return plan->status[0] == STATUS_SUCCESS;
}

/* ---- The answer ---- */

/* A failure that no argument and no page explains: the system was short of something. */
static bool is_shortage(const struct recorded *event)
{
    static const uint32_t statuses[] = {STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT,
                                        STATUS_INSUFFICIENT_RESOURCES};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if ((event->known & KNOWN_STATUS) != 0 && event->status == statuses[i])
            return true;
        if ((event->known & KNOWN_ERROR) != 0 &&
            event->error == pagelaw_error_from_status(statuses[i]))
            return true;
    }
    return false;
}

static bool failure_allowed(const struct hearing *hearing)
{
    const struct pagelaw_plan *plan = &hearing->plan;
    if (knows(hearing, KNOWN_STATUS))
        return pagelaw_status_allowed(plan, hearing->event->status);
    if (knows(hearing, KNOWN_ERROR))
        return pagelaw_error_allowed(plan, hearing->event->error);
    return plan->any_failure || plan->status_count > 1 || !plan_succeeds(plan);
}

static bool answer_allowed(const struct hearing *hearing)
{
    if (hearing->event->success)
        return pagelaw_status_allowed(&hearing->plan, STATUS_SUCCESS);
    return failure_allowed(hearing);
}

static void format_answer(const struct hearing *hearing, uint32_t status, char *buffer,
                          size_t capacity)
{
    if (status == STATUS_SUCCESS)
        snprintf(buffer, capacity, "success");
    else if (is_native(hearing))
        status_format(status, buffer, capacity);
    else
        error_format(pagelaw_error_from_status(status), buffer, capacity);
}

static void format_observed(const struct hearing *hearing, char *buffer, size_t capacity)
{
    const struct recorded *event = hearing->event;
    if (event->success)
        snprintf(buffer, capacity, "success");
    else if (knows(hearing, KNOWN_STATUS))
        status_format(event->status, buffer, capacity);
    else if (knows(hearing, KNOWN_ERROR))
        error_format(event->error, buffer, capacity);
    else
        snprintf(buffer, capacity, "a failure");
}

static void find_answer(struct hearing *hearing)
{
    const struct pagelaw_plan *plan = &hearing->plan;
    char allowed[WORDS_MAX], observed[WORDS_MAX], words[64];
    struct text text = text_begin(allowed, sizeof allowed);
    for (unsigned i = 0; i < plan->status_count; i++) {
        format_answer(hearing, plan->status[i], words, sizeof words);
        text_add(&text, "%s%s", i == 0 ? "" : " or ", words);
    }
    format_observed(hearing, observed, sizeof observed);
    find(hearing, plan->rule[PAGELAW_ANSWER], "answer", allowed, observed);
}

/* ---- What came back ---- */

static void find_number(struct hearing *hearing, enum pagelaw_aspect aspect, const char *what,
                        uint64_t want, uint64_t got)
{
    char allowed[32], observed[32];
    snprintf(allowed, sizeof allowed, "0x%" PRIx64, want);
    snprintf(observed, sizeof observed, "0x%" PRIx64, got);
    find(hearing, hearing->plan.rule[aspect], what, allowed, observed);
}

static void find_protect(struct hearing *hearing, enum pagelaw_aspect aspect, const char *what,
                         uint32_t want, uint32_t got)
{
    char allowed[128], observed[128];
    find(hearing, hearing->plan.rule[aspect], what,
         constant_format(ARGUMENT_PROTECT, want, allowed, sizeof allowed),
         constant_format(ARGUMENT_PROTECT, got, observed, sizeof observed));
}

static void compare_base(struct hearing *hearing)
{
    const struct pagelaw_plan *plan = &hearing->plan;
    uint64_t base = hearing->event->base;
    char observed[32];
    if (!knows(hearing, KNOWN_BASE))
        return;
    if (plan->base_freedom == PAGELAW_EXACT && base != plan->base)
        find_number(hearing, PAGELAW_BASE, "BaseAddress", plan->base, base);
    if (plan->base_freedom != PAGELAW_CHOSEN ||
        pagelaw_choice_allowed(hearing->process->model, plan, base))
        return;
    snprintf(observed, sizeof observed, "0x%" PRIx64, base);
    find(hearing, plan->rule[PAGELAW_BASE], "BaseAddress", "a free address on a granule", observed);
}

static void compare_outputs(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    const struct pagelaw_plan *plan = &hearing->plan;
    compare_base(hearing);
    if (knows(hearing, KNOWN_SIZE) && plan->size_freedom == PAGELAW_EXACT &&
        event->size != plan->size)
        find_number(hearing, PAGELAW_SIZE, "RegionSize", plan->size, event->size);
    if (knows(hearing, KNOWN_OLD) && plan->old_protect_freedom == PAGELAW_EXACT &&
        event->old_protect != plan->old_protect)
        find_protect(hearing, PAGELAW_OLD_PROTECT, "OldProtect", plan->old_protect,
                     event->old_protect);
}

static void find_state(struct hearing *hearing, const char *what, uint32_t want, uint32_t got)
{
    char allowed[64], observed[64];
    find(hearing, hearing->plan.rule[PAGELAW_STATE], what,
         state_format(want, allowed, sizeof allowed), state_format(got, observed, sizeof observed));
}

static void compare_region(struct hearing *hearing)
{
    const struct pagelaw_region *want = &hearing->plan.region, *got = &hearing->event->region;
    unsigned known = hearing->event->region_known;
    if ((known >> PAGELAW_BASE & 1) != 0 && got->base != want->base)
        find_number(hearing, PAGELAW_BASE, "BaseAddress", want->base, got->base);
    if ((known >> PAGELAW_SIZE & 1) != 0 && got->size != want->size &&
        (want->state != MEM_FREE || hearing->recording->sees_all))
        find_number(hearing, PAGELAW_SIZE, "RegionSize", want->size, got->size);
    if ((known >> PAGELAW_STATE & 1) != 0 && got->state != want->state)
        find_state(hearing, "State", want->state, got->state);
    if ((known >> PAGELAW_PROTECT & 1) != 0 && got->protect != want->protect)
        find_protect(hearing, PAGELAW_PROTECT, "Protect", want->protect, got->protect);
    if ((known >> PAGELAW_ALLOCATION_BASE & 1) != 0 &&
        got->allocation_base != want->allocation_base)
        find_number(hearing, PAGELAW_ALLOCATION_BASE, "AllocationBase", want->allocation_base,
                    got->allocation_base);
    if ((known >> PAGELAW_ALLOCATION_PROTECT & 1) != 0 &&
        got->allocation_protect != want->allocation_protect)
        find_protect(hearing, PAGELAW_ALLOCATION_PROTECT, "AllocationProtect",
                     want->allocation_protect, got->allocation_protect);
}

/* ---- The pages afterwards ---- */

/* A view's pages that may be written are copied at the first write, or have been: which of the two
 * a protection says is not the book's to tell. */
static uint32_t without_copy(uint32_t protect)
{
    if ((protect & PAGE_WRITECOPY) != 0)
        return (protect & ~PAGE_WRITECOPY) | PAGE_READWRITE;
    if ((protect & PAGE_EXECUTE_WRITECOPY) != 0)
        return (protect & ~PAGE_EXECUTE_WRITECOPY) | PAGE_EXECUTE_READWRITE;
    return protect;
}

/* A guard that is gone was hit by a touch that is not in the recording. */
static bool same_protect(const struct hearing *hearing, uint32_t want, uint32_t got)
{
    uint32_t unseen = knows(hearing, KNOWN_MODIFIERS) ? 0 : MODIFIERS;
    if (hearing->event->is_view) {
        want = without_copy(want);
        got = without_copy(got);
    }
    return (want & ~unseen) == got || (want & ~(unseen | PAGE_GUARD)) == got;
}

static void disarm(struct hearing *hearing, uint64_t base, uint64_t end)
{
    uint64_t page = hearing->recording->profile->page_size;
    for (; base < end; base += page) {
        if (!pagelaw_consume_guard(hearing->process->model, base))
            hearing->recording->out_of_memory = true;
    }
}

/* Whether the pages of [at, end), of which the row and the model each say one thing, are the same.
 */
static void compare_pages(struct hearing *hearing, uint64_t at, uint64_t end,
                          const struct pagelaw_region *want, const struct pagelaw_region *got)
{
    char what[64];
    if (want->state != got->state) {
        snprintf(what, sizeof what, "State of the page at 0x%" PRIx64, at);
        find_state(hearing, what, want->state, got->state);
    } else if (got->state == MEM_COMMIT && !same_protect(hearing, want->protect, got->protect)) {
        snprintf(what, sizeof what, "Protect of the page at 0x%" PRIx64, at);
        find_protect(hearing, PAGELAW_PROTECT, what, want->protect, got->protect);
    } else if (got->state == MEM_COMMIT && (want->protect & ~got->protect & PAGE_GUARD) != 0) {
        disarm(hearing, at, end);
    }
}

static void compare_rows(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    for (size_t i = 0; i < event->row_count && hearing->finding_count == 0; i++) {
        const struct pagelaw_region *row = &event->rows[i];
        uint64_t row_end = row->base + row->size;
        for (uint64_t at = row->base; at < row_end && hearing->finding_count == 0;) {
            struct pagelaw_region want = reach_region(hearing, at);
            uint64_t end = want.base + want.size < row_end ? want.base + want.size : row_end;
            if (end <= at)
                return;
            compare_pages(hearing, at, end, &want, row);
            at = end;
        }
    }
}

/* ---- The call ---- */

static bool is_query(const struct recorded *event)
{
    return event->call.function == PAGELAW_NT_QUERY ||
           event->call.function == PAGELAW_VIRTUAL_QUERY;
}

/* A call of which too little is known may have changed what it was about. */
static void lose(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    bool ended = knows(hearing, KNOWN_END);
    if (knows(hearing, KNOWN_ROWS)) {
        reach_adopt(hearing);
    } else if (!is_query(event) && (!ended || event->success)) {
        reach_lose(hearing, event->call.address);
        reach_lose_free(hearing, event->call.address, event->call.size);
        if (knows(hearing, KNOWN_BASE))
            reach_lose_free(hearing, event->base,
                            knows(hearing, KNOWN_SIZE) ? event->size : event->call.size);
    }
}

static bool reserves(const struct recorded *event)
{
    return event->call.function == PAGELAW_NT_ALLOCATE &&
           (event->call.address == 0 || (event->call.type & MEM_RESERVE) != 0);
}

/* Of a view the book has a word on which pages a protection reaches, and that others keep theirs.
 */
static bool is_view_protect(const struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    return event->call.function == PAGELAW_NT_PROTECT && event->success &&
           knows(hearing, KNOWN_ROWS) && plan_succeeds(&hearing->plan);
}

static const char *why_unseen(struct hearing *hearing, enum reach reach)
{
    const struct recorded *event = hearing->event;
    if (event->beyond != NULL)
        return event->beyond;
    if ((event->is_view || reach_is_view(hearing, event->call.address)) &&
        !is_view_protect(hearing))
        return "views of sections are outside the book";
    if (knows(hearing, KNOWN_ROWS) && !reserves(event) && !reach_has_rows(hearing))
        return "pages that were not allocated within the recording";
    if (hearing->plan.unsettled)
        return "no source settles the call";
    if (reach == REACH_UNKNOWN)
        return "pages that were not allocated within the recording";
    if (!knows(hearing, KNOWN_END))
        return "how the call ended is not recorded";
    if (!event->success && plan_succeeds(&hearing->plan) && is_shortage(event))
        return "the system may have been short of memory";
    if (!event->success && plan_succeeds(&hearing->plan) && reach == REACH_PLACE)
        return "whether the place was free is not recorded";
    return NULL;
}

static void follow_success(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    const struct pagelaw_plan *plan = &hearing->plan;
    if (plan->base_freedom == PAGELAW_CHOSEN && !knows(hearing, KNOWN_BASE)) {
        hearing->unseen = "where the allocation lies is not recorded";
        return;
    }
    pagelaw_apply(hearing->process->model, plan,
                  plan->base_freedom == PAGELAW_CHOSEN ? event->base : plan->base);
    if (!knows(hearing, KNOWN_ROWS))
        return;
    compare_rows(hearing);
    if (event->is_view && hearing->finding_count == 0)
        reach_adopt(hearing);
}

/* The subject chose, within the law, not to do what the model would have done. */
static bool is_alternative(const struct hearing *hearing)
{
    return hearing->event->success != plan_succeeds(&hearing->plan);
}

void compare_call(struct hearing *hearing)
{
    const struct recorded *event = hearing->event;
    enum reach reach = REACH_UNKNOWN;
    if (event->beyond == NULL) {
        if (knows(hearing, KNOWN_ROWS) && reserves(event))
            reach_lose_rows(hearing);
        struct pagelaw_call call = event->call;
        if (event->is_view) /* which may be copied at a write, as nothing in the model can be */
            call.protect = without_copy(call.protect);
        pagelaw_plan(hearing->process->model, &call, &hearing->plan);
        reach = reach_of(hearing);
    }
    hearing->unseen = why_unseen(hearing, reach);
    if (hearing->unseen != NULL) {
        lose(hearing);
        return;
    }
    if (!answer_allowed(hearing))
        find_answer(hearing);
    else if (event->success && event->region_known != 0)
        compare_region(hearing);
    else if (event->success)
        compare_outputs(hearing);
    if (hearing->finding_count == 0 && event->success && !is_alternative(hearing))
        follow_success(hearing);
    if (hearing->finding_count != 0)
        lose(hearing);
}
