/* The shield where faults are exceptions. */
#include <windows.h>

#include "shield.h"

#include "pagelaw/constants.h"
#include "win32/fault.h"

static shield_hook *hook;
static void *handler;

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
    struct probe_frame frame;
    struct subject_exception exception;
    if (!fault_of_probe(pointers, &frame, &exception))
        return EXCEPTION_CONTINUE_SEARCH;
    ask(&exception);
    if (exception.code != 0)
        fault_record(pointers, &frame, &exception);
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
