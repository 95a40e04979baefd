/* Judging a call: what it answered, and what it wrote back. */
#include <inttypes.h>
#include <stdio.h>

#include "judging.h"
#include "pagelaw/constants.h"
#include "suite/print.h"
#include "text.h"

static bool is_native(enum pagelaw_function function)
{
    return function <= PAGELAW_NT_QUERY;
}

static bool is_query(enum pagelaw_function function)
{
    return function == PAGELAW_NT_QUERY || function == PAGELAW_VIRTUAL_QUERY;
}

static bool is_protect(enum pagelaw_function function)
{
    return function == PAGELAW_NT_PROTECT || function == PAGELAW_VIRTUAL_PROTECT;
}

static bool succeeded(const struct judging *judging, enum pagelaw_function function)
{
    uint64_t value = judging->observed->value;
    return is_native(function) ? value == STATUS_SUCCESS : value != 0;
}

struct pagelaw_call judge_call_of(const struct judging *judging, enum pagelaw_function function)
{
    struct pagelaw_call call = {.function = function,
                                .address = judge_argument(judging, 0, 0),
                                .no_old_protect = judging->step->null_output};
    bool zero_bits = function == PAGELAW_NT_ALLOCATE;
    if (is_query(function)) {
        call.size = judge_argument(judging, 1, pagelaw_mbi_size(judging->info->pointer_bytes));
        return call;
    }
    if (zero_bits)
        call.zero_bits = judge_argument(judging, 1, 0);
    call.size = judge_argument(judging, zero_bits ? 2 : 1, 0);
    call.type = (uint32_t)judge_argument(judging, zero_bits ? 3 : 2, 0);
    unsigned protect = zero_bits ? 4 : is_protect(function) ? 2 : 3;
    call.protect = (uint32_t)judge_argument(judging, protect, 0);
    return call;
}

/* ---- The answer ---- */

static void print_answer(const struct judging *judging, enum pagelaw_function function,
                         struct text *text)
{
    char words[WORDS_MAX];
    const struct trace_step *observed = judging->observed;
    if (is_native(function)) {
        text_add(text, "%s", status_format((uint32_t)observed->value, words, sizeof words));
    } else if (!succeeded(judging, function)) {
        text_add(text, "%s",
                 function == PAGELAW_VIRTUAL_ALLOC   ? "NULL"
                 : function == PAGELAW_VIRTUAL_QUERY ? "0"
                                                     : "FALSE");
        if (!observed->no_error)
            text_add(text, " %s", error_format(observed->error, words, sizeof words));
    } else if (function == PAGELAW_VIRTUAL_ALLOC) {
        text_add(text, "%s", judge_address(judging, observed->value, words));
    } else {
        text_add(text, function == PAGELAW_VIRTUAL_QUERY ? "%" PRIu64 : "TRUE", observed->value);
    }
}

static void print_success(const struct judging *judging, const struct pagelaw_plan *plan,
                          enum pagelaw_function function, struct text *text)
{
    char words[WORDS_MAX];
    if (is_native(function))
        text_add(text, "STATUS_SUCCESS");
    else if (function == PAGELAW_VIRTUAL_QUERY)
        text_add(text, "%" PRIu32, pagelaw_mbi_size(judging->info->pointer_bytes));
    else if (function != PAGELAW_VIRTUAL_ALLOC)
        text_add(text, "TRUE");
    else if (plan->base_freedom == PAGELAW_CHOSEN)
        text_add(text, "a free address on a granule");
    else
        text_add(text, "%s", judge_address(judging, plan->base, words));
}

static void print_failure(const struct judging *judging, uint32_t status,
                          enum pagelaw_function function, struct text *text)
{
    char words[WORDS_MAX];
    (void)judging;
    if (is_native(function))
        text_add(text, "%s", status_format(status, words, sizeof words));
    else
        text_add(text, "%s %s",
                 function == PAGELAW_VIRTUAL_ALLOC   ? "NULL"
                 : function == PAGELAW_VIRTUAL_QUERY ? "0"
                                                     : "FALSE",
                 error_format(pagelaw_error_from_status(status), words, sizeof words));
}

/* Whether a status would print as one that was printed before it. */
static bool is_repeated(const struct pagelaw_plan *plan, unsigned index,
                        enum pagelaw_function function)
{
    for (unsigned i = 0; i < index; i++) {
        bool both_fail = plan->status[i] != STATUS_SUCCESS && plan->status[index] != STATUS_SUCCESS;
        if (both_fail && !is_native(function) &&
            pagelaw_error_from_status(plan->status[i]) ==
                pagelaw_error_from_status(plan->status[index]))
            return true;
    }
    return false;
}

static void print_allowed(const struct judging *judging, const struct pagelaw_plan *plan,
                          enum pagelaw_function function, struct text *text)
{
    for (unsigned i = 0; i < plan->status_count; i++) {
        if (is_repeated(plan, i, function))
            continue;
        text_add(text, "%s", i == 0 ? "" : " or ");
        if (plan->status[i] == STATUS_SUCCESS)
            print_success(judging, plan, function, text);
        else
            print_failure(judging, plan->status[i], function, text);
    }
    if (plan->any_failure)
        text_add(text, ", or another failure");
}

static void find_answer(struct judging *judging, const struct pagelaw_plan *plan,
                        enum pagelaw_function function, enum pagelaw_rule rule)
{
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    struct text allowed_text = text_begin(allowed, sizeof allowed);
    struct text observed_text = text_begin(observed, sizeof observed);
    print_allowed(judging, plan, function, &allowed_text);
    print_answer(judging, function, &observed_text);
    judge_find(judging, rule, "return value", allowed, observed);
}

/* Whether the call may fail, for whatever reason. */
static bool failure_allowed(const struct pagelaw_plan *plan)
{
    return plan->any_failure || plan->unsettled || plan->status[0] != STATUS_SUCCESS ||
           plan->status_count > 1;
}

static bool answer_allowed(const struct judging *judging, const struct pagelaw_plan *plan,
                           enum pagelaw_function function)
{
    const struct trace_step *observed = judging->observed;
    if (is_native(function))
        return pagelaw_status_allowed(plan, (uint32_t)observed->value);
    if (succeeded(judging, function))
        return pagelaw_error_allowed(plan, ERROR_SUCCESS);
    if (observed->no_error)
        return failure_allowed(plan);
    return observed->error != ERROR_SUCCESS ? pagelaw_error_allowed(plan, observed->error)
                                            : plan->any_failure || plan->unsettled;
}

static bool is_out_of_commit(const struct trace_step *observed, enum pagelaw_function function)
{
    if (is_native(function))
        return observed->value == STATUS_COMMITMENT_LIMIT;
    return observed->value == 0 && observed->error == ERROR_COMMITMENT_LIMIT;
}

/* The rule that a wrong answer breaks: if it is what a later check would have answered, or another
 * status for the same error, the rule on which check comes first; if it says that the limit is
 * reached, the rule on what is charged. */
static enum pagelaw_rule answer_rule(const struct judging *judging, const struct pagelaw_plan *plan,
                                     enum pagelaw_function function)
{
    const struct trace_step *observed = judging->observed;
    for (unsigned i = 0; i < plan->also_count && !succeeded(judging, function); i++) {
        uint32_t status = plan->also[i].status, error = pagelaw_error_from_status(status);
        bool same =
            observed->value == status ||
            (observed->value == STATUS_INVALID_PARAMETER && error == ERROR_INVALID_PARAMETER) ||
            (error == pagelaw_error_from_status((uint32_t)observed->value) &&
             error != pagelaw_error_from_status(plan->status[0]));
        if (is_native(function) ? same : observed->error == error)
            return plan->order;
    }
    if (is_out_of_commit(observed, function) && plan->status[0] == STATUS_SUCCESS)
        return PAGELAW_SYS_COMMIT_LIMIT;
    return plan->rule[PAGELAW_ANSWER];
}

/* Whether the answer is not the one that the model itself would give. */
static bool is_alternative(const struct judging *judging, const struct pagelaw_plan *plan,
                           enum pagelaw_function function)
{
    const struct trace_step *observed = judging->observed;
    if (is_native(function))
        return observed->value != plan->status[0];
    if (observed->no_error)
        return succeeded(judging, function) != (plan->status[0] == STATUS_SUCCESS);
    uint32_t error = succeeded(judging, function) ? ERROR_SUCCESS : observed->error;
    return error != pagelaw_error_from_status(plan->status[0]);
}

/* ---- The base and the size ---- */

static void find_address(struct judging *judging, enum pagelaw_rule rule, const char *what,
                         uint64_t allowed, uint64_t observed)
{
    char allowed_text[WORDS_MAX], observed_text[WORDS_MAX];
    judge_find(judging, rule, what, judge_address(judging, allowed, allowed_text),
               judge_address(judging, observed, observed_text));
}

static void find_size(struct judging *judging, enum pagelaw_rule rule, const char *what,
                      uint64_t allowed, uint64_t observed)
{
    char allowed_text[64], observed_text[64];
    judge_find(judging, rule, what, size_format(allowed, allowed_text, sizeof allowed_text),
               size_format(observed, observed_text, sizeof observed_text));
}

static void find_value(struct judging *judging, enum pagelaw_rule rule, const char *what,
                       enum argument_kind kind, uint64_t allowed, uint64_t observed)
{
    char allowed_text[WORDS_MAX], observed_text[WORDS_MAX];
    judge_find(judging, rule, what,
               constant_format(kind, allowed, allowed_text, sizeof allowed_text),
               constant_format(kind, observed, observed_text, sizeof observed_text));
}

/* Why the system could not choose an address. */
static enum pagelaw_rule choice_rule(const struct judging *judging, const struct pagelaw_plan *plan,
                                     uint64_t base)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(judging->model);
    if (base % profile->granule != 0)
        return PAGELAW_SYS_GRAN;
    if (base < plan->choice_min)
        return PAGELAW_SYS_MIN;
    if (base > plan->choice_max || plan->choice_max - base < plan->affected_size - 1)
        return plan->rule[PAGELAW_BASE] == PAGELAW_NT_ZEROBITS ? PAGELAW_NT_ZEROBITS
                                                               : PAGELAW_SYS_MAX;
    return PAGELAW_VA_NO_DOUBLE_RESERVE;
}

static void find_choice(struct judging *judging, const struct pagelaw_plan *plan, const char *what,
                        const char *allowed, uint64_t base)
{
    uint64_t granule = pagelaw_model_profile(judging->model)->granule;
    enum pagelaw_rule rule = choice_rule(judging, plan, base);
    char observed[WORDS_MAX], size[64];
    if (rule == PAGELAW_SYS_GRAN)
        snprintf(observed, sizeof observed, "an address %s above a granule",
                 size_format(base % granule, size, sizeof size));
    else
        judge_address(judging, base, observed);
    judge_find(judging, rule, what, allowed, observed);
}

static void judge_base(struct judging *judging, const struct pagelaw_plan *plan, const char *what,
                       uint64_t observed)
{
    if (plan->base_freedom == PAGELAW_EXACT && observed != plan->base)
        find_address(judging, plan->rule[PAGELAW_BASE], what, plan->base, observed);
    if (plan->base_freedom == PAGELAW_CHOSEN &&
        !pagelaw_choice_allowed(judging->model, plan, observed))
        find_choice(judging, plan, what, "a free address on a granule, in the user range",
                    observed);
}

static void judge_native_outputs(struct judging *judging, const struct pagelaw_plan *plan,
                                 const struct pagelaw_call *call, bool success)
{
    const struct trace_step *observed = judging->observed;
    if (success) {
        judge_base(judging, plan, "BaseAddress", observed->base);
        if (plan->size_freedom == PAGELAW_EXACT && observed->size != plan->size)
            find_size(judging, plan->rule[PAGELAW_SIZE], "RegionSize", plan->size, observed->size);
        return;
    }
    if (plan->base_freedom == PAGELAW_ANY)
        return;
    if (observed->base != call->address)
        find_address(judging, PAGELAW_NT_UNTOUCHED, "BaseAddress", call->address, observed->base);
    if (observed->size != call->size)
        find_size(judging, PAGELAW_NT_UNTOUCHED, "RegionSize", call->size, observed->size);
}

static void judge_old_protect(struct judging *judging, const struct pagelaw_plan *plan)
{
    uint32_t got = judging->observed->old_protect;
    char allowed[WORDS_MAX], observed[WORDS_MAX] = "untouched";
    if (plan->old_protect_freedom != PAGELAW_EXACT || got == plan->old_protect)
        return;
    if (got != TRACE_OUTPUT_FILL)
        constant_format(ARGUMENT_PROTECT, got, observed, sizeof observed);
    judge_find(judging, plan->rule[PAGELAW_OLD_PROTECT], "OldProtect",
               constant_format(ARGUMENT_PROTECT, plan->old_protect, allowed, sizeof allowed),
               observed);
}

/* ---- Queries ---- */

/* How much of a region must at least be told. A free one may end before the model's, where
 * something lies that we have not been shown, but not inside what we know to be free. */
static uint64_t least_region_size(const struct judging *judging, const struct pagelaw_region *want)
{
    uint64_t known_end;
    if (want->state != MEM_FREE || !judge_knows(judging, want->base, &known_end) ||
        known_end - want->base > want->size)
        return want->size;
    return known_end - want->base;
}

static void judge_region_size(struct judging *judging, const struct pagelaw_plan *plan)
{
    const struct pagelaw_region *want = &plan->region;
    uint64_t size = judging->observed->region.size, least = least_region_size(judging, want);
    char allowed[WORDS_MAX], words[64];
    if (judge_told(judging, want->state, ASPECT(SIZE)) ? size != 0
                                                       : size <= want->size && size >= least)
        return;
    judge_note(judging, want->state, ASPECT(SIZE));
    size_format(least, words, sizeof words);
    snprintf(allowed, sizeof allowed, "%s%s", least == want->size ? "" : "at least ", words);
    judge_find(judging, size < least ? PAGELAW_VQ_SAME_STATE : plan->rule[PAGELAW_SIZE],
               "RegionSize", allowed, size_format(size, words, sizeof words));
}

static void judge_region(struct judging *judging, const struct pagelaw_plan *plan)
{
    const struct subject_region *got = &judging->observed->region;
    const struct pagelaw_region *want = &plan->region;
    const enum pagelaw_rule *rule = plan->rule;
    unsigned differs = judge_page(judging, got, plan);
    char allowed[64], observed[64];
    if (differs & ASPECT(STATE))
        judge_find(judging, rule[PAGELAW_STATE], "State",
                   state_format(want->state, allowed, sizeof allowed),
                   state_format(got->state, observed, sizeof observed));
    if (differs & ASPECT(ALLOCATION_BASE))
        find_address(judging, rule[PAGELAW_ALLOCATION_BASE], "AllocationBase",
                     want->allocation_base, got->allocation_base);
    judge_region_size(judging, plan);
    if (differs & ASPECT(PROTECT))
        find_value(judging, rule[PAGELAW_PROTECT], "Protect", ARGUMENT_PROTECT, want->protect,
                   got->protect);
    if (differs & ASPECT(ALLOCATION_PROTECT))
        find_value(judging, rule[PAGELAW_ALLOCATION_PROTECT], "AllocationProtect", ARGUMENT_PROTECT,
                   want->allocation_protect, got->allocation_protect);
    if (differs & ASPECT(TYPE))
        judge_find(judging, rule[PAGELAW_TYPE], "Type",
                   state_format(want->type, allowed, sizeof allowed),
                   state_format(got->type, observed, sizeof observed));
}

static void judge_query(struct judging *judging, const struct pagelaw_plan *plan,
                        const struct pagelaw_call *call)
{
    uint64_t end, base = judging->observed->region.base;
    if (base != plan->region.base && !judge_told(judging, plan->region.state, ASPECT(BASE))) {
        find_address(judging, plan->rule[PAGELAW_BASE], "BaseAddress", plan->region.base, base);
        judge_note(judging, plan->region.state, ASPECT(BASE));
    }
    if (judge_knows(judging, call->address, &end))
        judge_region(judging, plan);
    else
        judging->unspecified = true; /* what lies there is the subject's own affair */
}

/* ---- The call ---- */

static void judge_success(struct judging *judging, const struct pagelaw_plan *plan,
                          const struct pagelaw_call *call)
{
    uint32_t mbi_size = pagelaw_mbi_size(judging->info->pointer_bytes);
    if (call->function == PAGELAW_VIRTUAL_ALLOC)
        judge_base(judging, plan, "return value", judging->observed->value);
    if (call->function == PAGELAW_VIRTUAL_QUERY && judging->observed->value != mbi_size)
        find_size(judging, PAGELAW_VQ_RETURN, "return value", mbi_size, judging->observed->value);
    if (is_query(call->function))
        judge_query(judging, plan, call);
}

static uint64_t chosen_base(const struct judging *judging, const struct pagelaw_plan *plan)
{
    if (plan->base_freedom != PAGELAW_CHOSEN)
        return plan->base;
    return judging->step->operation == OP_NT_ALLOCATE ? judging->observed->base
                                                      : judging->observed->value;
}

/* The aspects of what comes back that no source binds. */
static unsigned open_aspects(const struct pagelaw_plan *plan)
{
    return plan->undefined | (plan->base_freedom == PAGELAW_ANY ? ASPECT(BASE) : 0) |
           (plan->size_freedom == PAGELAW_ANY ? ASPECT(SIZE) : 0) |
           (plan->old_protect_freedom == PAGELAW_ANY ? ASPECT(OLD_PROTECT) : 0);
}

/* What the call answered and wrote back. */
static void judge_outcome(struct judging *judging, const struct pagelaw_plan *plan,
                          const struct pagelaw_call *call)
{
    enum pagelaw_function function = call->function;
    bool success = succeeded(judging, function);
    if (!answer_allowed(judging, plan, function))
        find_answer(judging, plan, function, answer_rule(judging, plan, function));
    else if (success)
        judge_success(judging, plan, call);
    judging->alternative = is_alternative(judging, plan, function);
    if (judging->alternative && success != (plan->status[0] == STATUS_SUCCESS))
        judging->strayed = true;
    if (judging->finding_count == 0 && is_native(function) && !is_query(function))
        judge_native_outputs(judging, plan, call, success);
    if (judging->finding_count == 0 && is_protect(function) && !call->no_old_protect)
        judge_old_protect(judging, plan);
}

/* Whether a call that no source settles did what the model would have done. */
static bool is_as_planned(struct judging *judging, const struct pagelaw_plan *plan,
                          enum pagelaw_function function)
{
    if (is_alternative(judging, plan, function))
        return false;
    if (plan->effect == PAGELAW_CHANGES_NOTHING || !judging->observed->has_map)
        return true;
    uint64_t base = chosen_base(judging, plan);
    if (plan->base_freedom == PAGELAW_CHOSEN && !pagelaw_choice_allowed(judging->model, plan, base))
        return false;
    pagelaw_apply(judging->model, plan, base);
    judge_map(judging, plan);
    bool same = judging->finding_count == 0;
    judging->finding_count = 0;
    judging->found[0] = judging->found[1] = 0;
    return same;
}

/* Of a call that no source settles whatever came back is taken, what its pages hold included. If it
 * is not what the model would have done, what the scenario's source saw from there on is none of
 * this subject's. */
static void adopt(struct judging *judging, const struct pagelaw_plan *plan,
                  enum pagelaw_function function)
{
    bool fills = plan->effect == PAGELAW_COMMITS || plan->effect == PAGELAW_RESETS;
    judging->unspecified = true;
    if (!is_as_planned(judging, plan, function))
        judging->strayed = true;
    judge_adopt_map(judging);
    if (succeeded(judging, function) && fills &&
        !pagelaw_forget(judging->model, plan->affected_base, plan->affected_size))
        judging->out_of_memory = true;
}

void judge_call(struct judging *judging, enum pagelaw_function function)
{
    struct pagelaw_call call = judge_call_of(judging, function);
    struct pagelaw_plan plan;
    pagelaw_plan(judging->model, &call, &plan);
    if (judging->listener->call != NULL)
        judging->listener->call(judging->listener->user, judging->index, &plan);
    bool success = succeeded(judging, function);
    judging->undefined = open_aspects(&plan);
    if (plan.unsettled)
        adopt(judging, &plan, function);
    else
        judge_outcome(judging, &plan, &call);
    if (plan.unsettled || judging->finding_count != 0) {
        judging->lost = success && !is_query(function) && !judging->observed->has_map;
        return;
    }
    if (success) {
        uint64_t base = chosen_base(judging, &plan);
        pagelaw_apply(judging->model, &plan, base);
        plan.affected_base += base - plan.base;
    }
    judging->applied = true;
    judge_map(judging, &plan);
}

/* ---- The two calls that the model needs no plan for ---- */

void judge_system_info(struct judging *judging)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(judging->model);
    const struct subject_info *info = &judging->observed->info;
    if (info->page_size != profile->page_size)
        find_size(judging, PAGELAW_SYS_PAGE, "PageSize", profile->page_size, info->page_size);
    if (info->granule != profile->granule)
        find_size(judging, PAGELAW_SYS_GRAN_64K, "AllocationGranularity", profile->granule,
                  info->granule);
    if (info->address_min != profile->address_min)
        find_value(judging, PAGELAW_SYS_MIN, "MinimumApplicationAddress", ARGUMENT_NUMBER,
                   profile->address_min, info->address_min);
    if (info->address_max != profile->address_max)
        find_value(judging, PAGELAW_SYS_MAX, "MaximumApplicationAddress", ARGUMENT_NUMBER,
                   profile->address_max, info->address_max);
}

void judge_hole(struct judging *judging)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(judging->model);
    uint64_t base = judging->observed->value, size = judge_argument(judging, 0, 0);
    struct pagelaw_plan plan = {.affected_size = size,
                                .choice_min = profile->address_min,
                                .choice_max = profile->address_max};
    if (size == 0 || !pagelaw_choice_allowed(judging->model, &plan, base))
        find_choice(judging, &plan, "the harness", "a free range on a granule", base);
}
