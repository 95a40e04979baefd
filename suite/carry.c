/* The steps of the harness and of the Win32 and Nt calls. */
#include "carry.h"

#include <inttypes.h>
#include <stdio.h>

#include "pagelaw/constants.h"

uint64_t carry_argument(const struct run *run, const struct step *step, unsigned index)
{
    return expression_value(step->arguments[index], &run->environment);
}

static uint32_t argument_32(const struct run *run, const struct step *step, unsigned index)
{
    return (uint32_t)carry_argument(run, step, index);
}

uint64_t carry_argument_or(const struct run *run, const struct step *step, unsigned index,
                           uint64_t absent)
{
    return index < step->argument_count ? carry_argument(run, step, index) : absent;
}

uint64_t carry_mbi_size(const struct run *run)
{
    return run->info->pointer_bytes == 8 ? 48 : 28;
}

enum trace_state carry_impossible(struct run *run, const char *before, uint64_t number,
                                  const char *after)
{
    snprintf(run->outcome.problem, sizeof run->outcome.problem, "%s 0x%" PRIx64 " %s", before,
             number, after);
    return TRACE_IMPOSSIBLE;
}

/* ---- The harness's own ----------------------------------------------------------------------- */

/* Reserves a range that lies outside all watches; those that do not are held until one does, so
 * that two holes are never one. 0 if there is none. */
static uint64_t reserve_apart(struct run *run, uint64_t size)
{
    const struct backend *backend = run->backend;
    uint64_t held[TRACE_WATCHES_MAX + 1], base = 0;
    unsigned count = 0;
    while (count < sizeof held / sizeof held[0]) {
        base = backend->virtual_alloc(0, size, MEM_RESERVE, PAGE_NOACCESS);
        if (base == 0 || !watches_overlap(&run->watches, base, size))
            break;
        held[count++] = base;
        base = 0;
    }
    while (count > 0)
        backend->virtual_free(held[--count], 0, MEM_RELEASE);
    return base;
}

/* False if the subject says that a page of the range is not free. It may say so in several regions;
 * where its query fails or makes no way it says nothing: that is for the scenario to judge. */
static bool is_free(const struct run *run, uint64_t base, uint64_t size)
{
    for (uint64_t done = 0; run->backend->virtual_query && done < size;) {
        struct subject_region region = {0};
        uint64_t at = base + done;
        if (run->backend->virtual_query(at, &region, carry_mbi_size(run)) == 0)
            return true;
        if (region.state != MEM_FREE)
            return false;
        if (region.base > at || region.size <= at - region.base)
            return true;
        done += region.size - (at - region.base);
    }
    return true;
}

static enum trace_state carry_hole(struct run *run, const struct step *step)
{
    uint64_t granule = run->info->granule;
    uint64_t asked = carry_argument(run, step, 0);
    uint64_t size = (asked + granule - 1) / granule * granule;
    if (!run->backend->virtual_alloc || !run->backend->virtual_free)
        return TRACE_UNSUPPORTED;
    if (size < asked || size == 0)
        return carry_impossible(run, "a hole cannot have", asked, "bytes");
    uint64_t base = reserve_apart(run, size);
    if (base == 0)
        return carry_impossible(run, "the system gives no range of", size, "free bytes");
    if (!run->backend->virtual_free(base, 0, MEM_RELEASE) || !is_free(run, base, size))
        return carry_impossible(run, "a range of", size, "bytes " TRACE_NOT_RELEASED);
    run->outcome.value = base;
    run->watch = (struct trace_watch){.base = base, .size = size};
    return TRACE_DONE;
}

static enum trace_state carry_commit_limit(struct run *run, const struct step *step)
{
    uint64_t bytes = carry_argument(run, step, 0);
    run->outcome.value = bytes;
    if (!run->backend->set_commit_limit || !run->backend->set_commit_limit(bytes))
        return TRACE_UNSUPPORTED;
    return TRACE_DONE;
}

/* ---- Win32 ----------------------------------------------------------------------------------- */

/* What a call reserved in a place of the system's, or outside all watches, is watched from now on:
 * in whole granules, so that what lies behind it is seen too. */
static void watch_allocation(struct run *run, uint64_t asked, uint32_t type, uint64_t base,
                             uint64_t size)
{
    uint64_t granule = run->info->granule;
    if ((asked != 0 && !(type & MEM_RESERVE)) || base == 0 || size == 0 ||
        watches_overlap(&run->watches, base, 1))
        return;
    uint64_t first = base / granule * granule;
    uint64_t last = (base + (size - 1)) / granule * granule + (granule - 1);
    if (last >= base)
        run->watch = (struct trace_watch){.base = first, .size = last - first + 1};
}

static enum trace_state carry_virtual_alloc(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0), size = carry_argument(run, step, 1);
    uint32_t type = argument_32(run, step, 2), protect = argument_32(run, step, 3);
    if (!run->backend->virtual_alloc)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->virtual_alloc(address, size, type, protect);
    watch_allocation(run, address, type, run->outcome.value, size);
    return TRACE_DONE;
}

static enum trace_state carry_virtual_free(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0), size = carry_argument(run, step, 1);
    uint32_t type = argument_32(run, step, 2);
    if (!run->backend->virtual_free)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->virtual_free(address, size, type);
    return TRACE_DONE;
}

static enum trace_state carry_virtual_protect(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0), size = carry_argument(run, step, 1);
    uint32_t protect = argument_32(run, step, 2);
    uint32_t *old_protect = &run->outcome.old_protect;
    *old_protect = TRACE_OUTPUT_FILL;
    if (!run->backend->virtual_protect)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->virtual_protect(address, size, protect,
                                                       step->null_output ? NULL : old_protect);
    return TRACE_DONE;
}

static enum trace_state carry_virtual_query(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0);
    uint64_t length = carry_argument_or(run, step, 1, carry_mbi_size(run));
    struct subject_region region = {0};
    if (!run->backend->virtual_query)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->virtual_query(address, &region, length);
    if (run->outcome.value != 0)
        run->outcome.region = region;
    return TRACE_DONE;
}

static enum trace_state carry_get_system_info(struct run *run, const struct step *step)
{
    (void)step;
    if (!run->backend->get_system_info)
        return TRACE_UNSUPPORTED;
    run->backend->get_system_info(&run->outcome.info);
    return TRACE_DONE;
}

static enum trace_state carry_get_last_error(struct run *run, const struct step *step)
{
    (void)step;
    if (!run->backend->get_last_error)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->get_last_error();
    return TRACE_DONE;
}

static enum trace_state carry_set_last_error(struct run *run, const struct step *step)
{
    if (!run->backend->set_last_error)
        return TRACE_UNSUPPORTED;
    run->backend->set_last_error(argument_32(run, step, 0));
    return TRACE_DONE;
}

/* ---- Nt -------------------------------------------------------------------------------------- */

static enum trace_state carry_nt_allocate(struct run *run, const struct step *step)
{
    struct trace_step *outcome = &run->outcome;
    uint64_t asked = carry_argument(run, step, 0), zero_bits = carry_argument(run, step, 1);
    uint32_t type = argument_32(run, step, 3), protect = argument_32(run, step, 4);
    outcome->base = asked;
    outcome->size = carry_argument(run, step, 2);
    if (!run->backend->nt_allocate)
        return TRACE_UNSUPPORTED;
    outcome->value =
        run->backend->nt_allocate(&outcome->base, zero_bits, &outcome->size, type, protect);
    if (outcome->value == STATUS_SUCCESS)
        watch_allocation(run, asked, type, outcome->base, outcome->size);
    return TRACE_DONE;
}

static enum trace_state carry_nt_free(struct run *run, const struct step *step)
{
    struct trace_step *outcome = &run->outcome;
    outcome->base = carry_argument(run, step, 0);
    outcome->size = carry_argument(run, step, 1);
    if (!run->backend->nt_free)
        return TRACE_UNSUPPORTED;
    outcome->value =
        run->backend->nt_free(&outcome->base, &outcome->size, argument_32(run, step, 2));
    return TRACE_DONE;
}

static enum trace_state carry_nt_protect(struct run *run, const struct step *step)
{
    struct trace_step *outcome = &run->outcome;
    uint32_t protect = argument_32(run, step, 2);
    outcome->base = carry_argument(run, step, 0);
    outcome->size = carry_argument(run, step, 1);
    outcome->old_protect = TRACE_OUTPUT_FILL;
    if (!run->backend->nt_protect)
        return TRACE_UNSUPPORTED;
    outcome->value = run->backend->nt_protect(&outcome->base, &outcome->size, protect,
                                              step->null_output ? NULL : &outcome->old_protect);
    return TRACE_DONE;
}

static enum trace_state carry_nt_query(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0);
    uint64_t length = carry_argument_or(run, step, 1, carry_mbi_size(run));
    struct subject_region region = {0};
    if (!run->backend->nt_query)
        return TRACE_UNSUPPORTED;
    run->outcome.value = run->backend->nt_query(address, &region, length);
    if (run->outcome.value == STATUS_SUCCESS)
        run->outcome.region = region;
    return TRACE_DONE;
}

/* ---- Table ----------------------------------------------------------------------------------- */

static carry_function *const functions[OPERATION_END] = {
    [OP_HOLE] = carry_hole,
    [OP_COMMIT_LIMIT] = carry_commit_limit,
    [OP_VIRTUAL_ALLOC] = carry_virtual_alloc,
    [OP_VIRTUAL_FREE] = carry_virtual_free,
    [OP_VIRTUAL_PROTECT] = carry_virtual_protect,
    [OP_VIRTUAL_QUERY] = carry_virtual_query,
    [OP_GET_SYSTEM_INFO] = carry_get_system_info,
    [OP_GET_LAST_ERROR] = carry_get_last_error,
    [OP_SET_LAST_ERROR] = carry_set_last_error,
    [OP_NT_ALLOCATE] = carry_nt_allocate,
    [OP_NT_FREE] = carry_nt_free,
    [OP_NT_PROTECT] = carry_nt_protect,
    [OP_NT_QUERY] = carry_nt_query,
    [OP_READ] = carry_read,
    [OP_WRITE] = carry_write,
    [OP_CODE] = carry_code,
    [OP_EXECUTE] = carry_execute,
};

enum trace_state carry_step(struct run *run, const struct step *step)
{
    return functions[step->operation](run, step);
}
