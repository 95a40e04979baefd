/* Making a call on the model and on the oracle, and comparing what comes back. */
#include <inttypes.h>

#include "naive_compare.h"
#include "pagelaw/constants.h"

#define POISON 0xFEEDu

/* What a call gave back. */
struct reply {
    uint32_t status, error; /* of the floor that was called */
    uint64_t value;
    uint64_t base, size;
    uint32_t old_protect;
    struct pagelaw_region region;
};

static bool is_native(enum pagelaw_function function)
{
    return function <= PAGELAW_NT_QUERY;
}

static void call_native(struct pagelaw_model *model, const struct pagelaw_call *call,
                        struct reply *reply)
{
    uint32_t *old = call->no_old_protect ? NULL : &reply->old_protect;
    if (call->function == PAGELAW_NT_ALLOCATE)
        reply->status = pagelaw_nt_allocate(model, &reply->base, call->zero_bits, &reply->size,
                                            call->type, call->protect);
    else if (call->function == PAGELAW_NT_FREE)
        reply->status = pagelaw_nt_free(model, &reply->base, &reply->size, call->type);
    else if (call->function == PAGELAW_NT_PROTECT)
        reply->status = pagelaw_nt_protect(model, &reply->base, &reply->size, call->protect, old);
    else
        reply->status = pagelaw_nt_query(model, call->address, call->size, &reply->region);
}

static void call_win32(struct pagelaw_model *model, const struct pagelaw_call *call,
                       struct reply *reply)
{
    uint32_t *old = call->no_old_protect ? NULL : &reply->old_protect;
    if (call->function == PAGELAW_VIRTUAL_ALLOC)
        reply->value =
            pagelaw_virtual_alloc(model, call->address, call->size, call->type, call->protect);
    else if (call->function == PAGELAW_VIRTUAL_FREE)
        reply->value = pagelaw_virtual_free(model, call->address, call->size, call->type);
    else if (call->function == PAGELAW_VIRTUAL_PROTECT)
        reply->value =
            pagelaw_virtual_protect(model, call->address, call->size, call->protect, old);
    else
        reply->value = pagelaw_virtual_query(model, call->address, &reply->region, call->size);
    reply->error = reply->value == 0 ? pagelaw_get_last_error(model) : 0;
}

static void call_model(struct pagelaw_model *model, const struct pagelaw_call *call,
                       struct reply *reply)
{
    *reply = (struct reply){.base = call->address, .size = call->size, .old_protect = POISON};
    if (is_native(call->function))
        call_native(model, call, reply);
    else
        call_win32(model, call, reply);
}

static bool succeeded(const struct pagelaw_call *call, const struct reply *reply)
{
    return is_native(call->function) ? reply->status == STATUS_SUCCESS : reply->value != 0;
}

bool bench_same_law(struct bench *bench, const struct pagelaw_plan *plan,
                    const struct naive_answer *answer)
{
    if (!bench_same(bench, "unsettled", plan->unsettled, answer->open))
        return false;
    if (answer->open)
        return true;
    if (!bench_same(bench, "any failure", plan->any_failure, answer->any_failure))
        return false;
    for (unsigned i = 0; i < plan->status_count; i++) {
        /* What else the process holds is not to be seen. */
        if (plan->status[i] == STATUS_NO_MEMORY && answer->chosen)
            continue;
        if (!naive_status_allowed(answer, plan->status[i]))
            return bench_differs(bench, "only the model allows %" PRIx32, plan->status[i]);
    }
    for (unsigned i = 0; i < answer->count; i++) {
        if (!pagelaw_status_allowed(plan, answer->status[i]))
            return bench_differs(bench, "only the oracle allows %" PRIx32, answer->status[i]);
    }
    return true;
}

/* What the plan says that a variable of the caller's holds afterwards. */
static bool same_variable(struct bench *bench, const char *what, enum pagelaw_freedom freedom,
                          uint64_t plan, uint64_t before, uint64_t after)
{
    if (freedom == PAGELAW_ANY)
        return true;
    return bench_same(bench, what, freedom == PAGELAW_UNTOUCHED ? before : plan, after);
}

static bool same_plan(struct bench *bench, const struct pagelaw_call *call,
                      const struct pagelaw_plan *plan, const struct reply *reply)
{
    bool success = succeeded(call, reply);
    if (!bench_same(bench, "plan's success", plan->status[0] == STATUS_SUCCESS, success))
        return false;
    for (unsigned i = 0; i < PAGELAW_ASPECT_END; i++) {
        if (plan->rule[i] >= PAGELAW_RULE_END)
            return bench_differs(bench, "no such rule");
    }
    if (plan->rule[PAGELAW_ANSWER] == PAGELAW_NO_RULE)
        return bench_differs(bench, "no rule for the answer");
    if (is_native(call->function) && !success && plan->effect != PAGELAW_CHANGES_NOTHING)
        return bench_same(bench, "plan's status", plan->status[0], reply->status);
    if (call->function == PAGELAW_NT_QUERY)
        return bench_same(bench, "plan's status", plan->status[0], reply->status);
    if (is_native(call->function))
        return bench_same(bench, "plan's status", plan->status[0], reply->status) &&
               same_variable(bench, "plan's base", plan->base_freedom, plan->base, call->address,
                             reply->base) &&
               same_variable(bench, "plan's size", plan->size_freedom, plan->size, call->size,
                             reply->size);
    return bench_same(bench, "plan's value", plan->value, reply->value);
}

static bool same_success(struct bench *bench, const struct pagelaw_call *call,
                         const struct naive_answer *answer, const struct reply *reply)
{
    uint64_t mbi = bench->naive.profile->pointer_bytes == 8 ? 48 : 28;
    switch (call->function) {
    case PAGELAW_VIRTUAL_ALLOC:
        return bench_same(bench, "address", reply->value, answer->base);
    case PAGELAW_VIRTUAL_QUERY:
        return bench_same(bench, "bytes", reply->value, mbi) &&
               bench_same_region(bench, &reply->region, &answer->region);
    case PAGELAW_NT_QUERY:
        return bench_same_region(bench, &reply->region, &answer->region);
    case PAGELAW_VIRTUAL_PROTECT:
        return bench_same(bench, "old protection", reply->old_protect, answer->old_protect);
    case PAGELAW_VIRTUAL_FREE:
        return true;
    case PAGELAW_NT_PROTECT:
        if (!bench_same(bench, "old protection", reply->old_protect, answer->old_protect))
            return false;
        break;
    default:
        break;
    }
    return bench_same(bench, "*BaseAddress", reply->base, answer->base) &&
           bench_same(bench, "*RegionSize", reply->size, answer->size);
}

static bool same_failure(struct bench *bench, const struct pagelaw_call *call,
                         const struct naive_answer *answer, const struct reply *reply)
{
    if (answer->old_on_failure && !call->no_old_protect &&
        !bench_same(bench, "old protection of a failure", reply->old_protect, PAGE_NOACCESS))
        return false;
    if (!is_native(call->function)) {
        bench->naive.last_error = reply->error;
        return naive_error_allowed(answer, reply->error) ||
               bench_differs(bench, "error %" PRIu32 ", oracle %" PRIx32, reply->error,
                             answer->status[0]);
    }
    if (!naive_status_allowed(answer, reply->status))
        return bench_differs(bench, "status %" PRIx32 ", oracle %" PRIx32, reply->status,
                             answer->status[0]);
    /* What a protect that fails leaves in the two, sources differ on. */
    return call->function == PAGELAW_NT_PROTECT ||
           (bench_same(bench, "*BaseAddress of a failure", reply->base, call->address) &&
            bench_same(bench, "*RegionSize of a failure", reply->size, call->size));
}

bool bench_run_call(struct bench *bench, const struct pagelaw_call *call)
{
    struct naive_answer answer;
    struct pagelaw_plan plan;
    struct reply reply;
    naive_decide(&bench->naive, call, &answer);
    pagelaw_plan(bench->model, call, &plan);
    call_model(bench->model, call, &reply);
    if (!bench_same_law(bench, &plan, &answer) || !same_plan(bench, call, &plan, &reply))
        return false;
    if (!succeeded(call, &reply)) {
        bench->failures[call->function]++;
        return same_failure(bench, call, &answer, &reply);
    }
    bench->successes[call->function]++;
    if (!answer.succeeds)
        return bench_differs(bench, "success, oracle %" PRIx32, answer.status[0]);
    if (!same_success(bench, call, &answer, &reply))
        return false;
    naive_succeed(&bench->naive, &answer, answer.start);
    return true;
}
