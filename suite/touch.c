/* The steps that touch memory, byte after byte. */
#include "carry.h"

static uint64_t byte_address(const struct run *run, uint64_t base, uint64_t index)
{
    uint64_t address = base + index;
    return run->info->pointer_bytes == 8 ? address : address & UINT32_MAX;
}

/* Whether the touch just made went well. If not, that is the step's exception. */
static bool touched(struct run *run, const struct subject_exception *exception)
{
    if (exception->code != 0) {
        run->outcome.exception = *exception;
        return false;
    }
    run->outcome.touched++;
    return true;
}

static void add_to_runs(struct trace_step *outcome, uint8_t value)
{
    unsigned last = outcome->run_count - 1;
    if (outcome->runs_cut)
        return;
    if (outcome->run_count > 0 && outcome->runs[last].value == value) {
        outcome->runs[last].count++;
    } else if (outcome->run_count < TRACE_RUNS_MAX) {
        outcome->runs[outcome->run_count].value = value;
        outcome->runs[outcome->run_count++].count = 1;
    } else {
        outcome->runs_cut = true;
    }
}

enum trace_state carry_read(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0), size = carry_argument_or(run, step, 1, 1);
    if (!run->backend->read)
        return TRACE_UNSUPPORTED;
    if (size > TRACE_READ_MAX)
        return carry_impossible(run, "a read of", size, "bytes is more than one step may touch");
    for (uint64_t i = 0; i < size; i++) {
        struct subject_exception exception = {0};
        uint8_t value = run->backend->read(byte_address(run, address, i), &exception);
        if (!touched(run, &exception))
            break;
        add_to_runs(&run->outcome, value);
    }
    return TRACE_DONE;
}

/* Stores bytes[i % length] at each of `size` addresses. */
static void store(struct run *run, uint64_t address, uint64_t size, const uint8_t *bytes,
                  size_t length)
{
    for (uint64_t i = 0; i < size; i++) {
        struct subject_exception exception = {0};
        run->backend->write(byte_address(run, address, i), bytes[i % length], &exception);
        if (!touched(run, &exception))
            break;
    }
}

enum trace_state carry_write(struct run *run, const struct step *step)
{
    uint64_t address = carry_argument(run, step, 0), size = carry_argument_or(run, step, 2, 1);
    uint8_t value = (uint8_t)carry_argument(run, step, 1);
    if (!run->backend->write)
        return TRACE_UNSUPPORTED;
    if (size > TRACE_READ_MAX)
        return carry_impossible(run, "a write of", size, "bytes is more than one step may touch");
    store(run, address, size, &value, 1);
    return TRACE_DONE;
}

enum trace_state carry_code(struct run *run, const struct step *step)
{
    size_t length = 0;
    if (!run->backend->write || !run->backend->return_code)
        return TRACE_UNSUPPORTED;
    const uint8_t *code = run->backend->return_code(&length);
    if (!code || length == 0)
        return TRACE_UNSUPPORTED;
    store(run, carry_argument(run, step, 0), length, code, length);
    return TRACE_DONE;
}

enum trace_state carry_execute(struct run *run, const struct step *step)
{
    struct subject_exception exception = {0};
    if (!run->backend->execute)
        return TRACE_UNSUPPORTED;
    run->backend->execute(carry_argument(run, step, 0), &exception);
    if (exception.code != 0)
        run->outcome.exception = exception;
    return TRACE_DONE;
}
