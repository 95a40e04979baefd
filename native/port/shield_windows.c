/* The shield where faults are exceptions. */
#include <windows.h>

#include "shield.h"

#include "pagelaw/constants.h"
#include "probe.h"
#include "win32/context.h"

static shield_hook *hook;
static void *handler;

static bool is_fault(DWORD code)
{
    return code == EXCEPTION_ACCESS_VIOLATION || code == EXCEPTION_GUARD_PAGE ||
           code == EXCEPTION_IN_PAGE_ERROR;
}

/* Windows has its own word for a fault; without a hook it stands. */
static void ask(struct subject_exception *exception)
{
    if (hook != NULL)
        exception->code = hook((void *)(uintptr_t)exception->address, exception->access);
    if (exception->code == 0 && !probe_may_retry())
        exception->code = STATUS_ACCESS_VIOLATION;
}

static LONG CALLBACK on_exception(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    struct probe_frame frame;
    context_load(pointers->ContextRecord, &frame);
    if (!is_fault(record->ExceptionCode) || !probe_owns(&frame))
        return EXCEPTION_CONTINUE_SEARCH;
    struct subject_exception exception = {.code = record->ExceptionCode};
    if (record->NumberParameters >= 2) {
        exception.access = (uint32_t)record->ExceptionInformation[0];
        exception.address = record->ExceptionInformation[1];
    }
    ask(&exception);
    if (exception.code != 0) {
        probe_fail(&frame, &exception);
        context_store(pointers->ContextRecord, &frame);
    }
    return EXCEPTION_CONTINUE_EXECUTION;
}

bool shield_prepare(shield_hook *port_fault)
{
    hook = port_fault;
    return true;
}

/* First among the handlers, whatever the port has added since. */
void shield_raise(void)
{
    if (handler == NULL)
        handler = AddVectoredExceptionHandler(1, on_exception);
}

void shield_show_code(void *byte)
{
    FlushInstructionCache(GetCurrentProcess(), byte, 1);
}

void shield_lower(void)
{
    if (handler != NULL)
        RemoveVectoredExceptionHandler(handler);
    handler = NULL;
}
