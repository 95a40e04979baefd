/* The touch that a thread is making, and what came of it. */
#include "probe.h"

#include <string.h>

#define RETRIES_MAX 3

struct touch {
    bool armed;
    bool executes;
    uintptr_t target;
    unsigned retries;
    struct subject_exception exception;
};

static _Thread_local struct touch touch;

static void begin(uint64_t address, bool executes)
{
    memset(&touch, 0, sizeof touch);
    touch.target = (uintptr_t)address;
    touch.executes = executes;
    touch.armed = true;
}

static void end(struct subject_exception *exception)
{
    touch.armed = false;
    *exception = touch.exception;
}

uint8_t probe_read(uint64_t address, struct subject_exception *exception)
{
    begin(address, false);
    uint8_t byte = probe_leaf_read(touch.target);
    end(exception);
    return exception->code == 0 ? byte : 0;
}

void probe_write(uint64_t address, uint8_t value, struct subject_exception *exception)
{
    begin(address, false);
    probe_leaf_write(touch.target, value);
    end(exception);
}

void probe_execute(uint64_t address, struct subject_exception *exception)
{
    begin(address, true);
    probe_leaf_execute(touch.target);
    end(exception);
}

static bool in_leaf(uintptr_t pc)
{
    return pc == (uintptr_t)probe_leaf_read || pc == (uintptr_t)probe_leaf_write ||
           pc == (uintptr_t)probe_leaf_execute;
}

bool probe_owns(const struct probe_frame *frame)
{
    if (!touch.armed)
        return false;
    return in_leaf(frame->pc) || (touch.executes && frame->pc == touch.target);
}

void probe_fail(struct probe_frame *frame, const struct subject_exception *exception)
{
    touch.exception = *exception;
    probe_return(frame);
}

bool probe_may_retry(void)
{
    return touch.retries++ < RETRIES_MAX;
}
