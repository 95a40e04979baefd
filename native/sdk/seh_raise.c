/* Where exceptions come from: the host's faults and RaiseException; and where they end that
 * nobody handles. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "errhandlingapi.h"
#include "memoryapi.h"
#include "posix/fault.h"
#include "posix/layer.h"
#include "posix/registers.h"
#include "seh.h"

/* How often one instruction may find that it may touch after all, as other threads are faster. */
#define RETRIES_MAX 1000

/* ---- The record of a fault ------------------------------------------------------------------- */

/* Should the host forbid what the model allows, trying again would go on for ever. */
static bool may_retry(PVOID instruction, uintptr_t address)
{
    static _Thread_local struct {
        PVOID instruction;
        uintptr_t address;
        unsigned count;
    } last;
    if (last.instruction != instruction || last.address != address)
        last.count = 0;
    last.instruction = instruction;
    last.address = address;
    return last.count++ < RETRIES_MAX;
}

/* False if the touch is to be tried again. */
static bool describe_touch(EXCEPTION_RECORD *record, const siginfo_t *info, const ucontext_t *host)
{
    struct pagelaw_exception exception;
    enum pagelaw_access access = registers_access(host);
    uint64_t address = registers_address(host, info);
    layer_fault(access, address, &exception);
    if (exception.code == 0 && may_retry(record->ExceptionAddress, (uintptr_t)address))
        return false;
    record->ExceptionCode = exception.code != 0 ? exception.code : STATUS_ACCESS_VIOLATION;
    record->NumberParameters = 2;
    record->ExceptionInformation[0] = (ULONG_PTR)access;
    record->ExceptionInformation[1] = (ULONG_PTR)address;
    return true;
}

static DWORD code_of_arithmetic(int kind)
{
    switch (kind) {
    case FPE_INTDIV:
        return STATUS_INTEGER_DIVIDE_BY_ZERO;
    case FPE_INTOVF:
        return STATUS_INTEGER_OVERFLOW;
    case FPE_FLTDIV:
        return STATUS_FLOAT_DIVIDE_BY_ZERO;
    case FPE_FLTOVF:
        return STATUS_FLOAT_OVERFLOW;
    case FPE_FLTUND:
        return STATUS_FLOAT_UNDERFLOW;
    case FPE_FLTRES:
        return STATUS_FLOAT_INEXACT_RESULT;
    default:
        return STATUS_FLOAT_INVALID_OPERATION;
    }
}

/* False if nothing was wrong, and the instruction is to be tried again. */
static bool describe(EXCEPTION_RECORD *record, int signal, const siginfo_t *info,
                     const ucontext_t *host)
{
    if (signal == SIGFPE)
        record->ExceptionCode = code_of_arithmetic(info->si_code);
    else if (signal == SIGILL)
        record->ExceptionCode = info->si_code == ILL_PRVOPC || info->si_code == ILL_PRVREG
                                    ? STATUS_PRIVILEGED_INSTRUCTION
                                    : STATUS_ILLEGAL_INSTRUCTION;
    else
        return describe_touch(record, info, host);
    return true;
}

/* ---- Unhandled ------------------------------------------------------------------------------- */

static const char *name_of(DWORD code)
{
    static const struct {
        DWORD code;
        const char *name;
    } names[] = {
        {STATUS_ACCESS_VIOLATION, ", access violation"},
        {STATUS_GUARD_PAGE_VIOLATION, ", guard page violation"},
        {STATUS_ILLEGAL_INSTRUCTION, ", illegal instruction"},
        {STATUS_INTEGER_DIVIDE_BY_ZERO, ", division by zero"},
        {STATUS_NONCONTINUABLE_EXCEPTION, ", told to continue what cannot be continued"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code)
            return names[i].name;
    return "";
}

static const char *name_of_state(ULONG_PTR address)
{
    struct pagelaw_region region;
    if (layer_virtual_query(address, &region, sizeof(MEMORY_BASIC_INFORMATION)) == 0 ||
        region.state == MEM_FREE)
        return "no allocation is there";
    if (region.state == MEM_RESERVE)
        return "the page is reserved, not committed";
    return "the page is committed, and its protection forbids it";
}

static int tell_touch(char *text, size_t capacity, const EXCEPTION_RECORD *record)
{
    ULONG_PTR access = record->ExceptionInformation[0], address = record->ExceptionInformation[1];
    const char *verb = access == EXCEPTION_EXECUTE_FAULT ? "execute"
                       : access == EXCEPTION_WRITE_FAULT ? "write"
                                                         : "read";
    bool guarded = record->ExceptionCode == STATUS_GUARD_PAGE_VIOLATION;
    return snprintf(text, capacity, ": %s at 0x%llX%s%s", verb, (unsigned long long)address,
                    guarded ? "" : "; ", guarded ? "" : name_of_state(address));
}

void seh_tell(const EXCEPTION_RECORD *record)
{
    char text[320], touch[160] = "";
    if (record->NumberParameters == 2 && (record->ExceptionCode == STATUS_ACCESS_VIOLATION ||
                                          record->ExceptionCode == STATUS_GUARD_PAGE_VIOLATION))
        tell_touch(touch, sizeof touch, record);
    int length = snprintf(text, sizeof text,
                          "pagelaw: unhandled exception 0x%08X%s%s (instruction at 0x%llX)\n",
                          record->ExceptionCode, name_of(record->ExceptionCode), touch,
                          (unsigned long long)(uintptr_t)record->ExceptionAddress);
    ssize_t written = write(STDERR_FILENO, text, (size_t)length);
    (void)written;
}

/* A guard is gone by now: the instruction would not fault again. */
static void die_by(int signal)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    raise(signal);
}

/* True if the code is to go on; false if the fault is for whoever handled it before us. */
static bool end_unhandled(PEXCEPTION_POINTERS pointers, int signal)
{
    LONG verdict = seh_ask_last(pointers);
    if (verdict == EXCEPTION_CONTINUE_EXECUTION)
        return true;
    if (verdict != EXCEPTION_EXECUTE_HANDLER) {
        if (!fault_kills(signal))
            return false;
        seh_tell(pointers->ExceptionRecord);
    }
    if (verdict == EXCEPTION_EXECUTE_HANDLER ||
        pointers->ExceptionRecord->ExceptionCode == STATUS_GUARD_PAGE_VIOLATION)
        die_by(signal);
    return false;
}

/* ---- Faults ---------------------------------------------------------------------------------- */

static bool on_fault(int signal, const siginfo_t *info, ucontext_t *host)
{
    CONTEXT context;
    EXCEPTION_RECORD record = {0};
    EXCEPTION_POINTERS pointers = {&record, &context};
    seh_context_load(&context, host);
    record.ExceptionAddress = seh_context_address(&context);
    if (!describe(&record, signal, info, host))
        return true;
    if (!seh_dispatch(&pointers) && !end_unhandled(&pointers, signal))
        return false;
    seh_context_store(&context, host);
    return true;
}

static pthread_once_t starting = PTHREAD_ONCE_INIT;

static void start_once(void)
{
    if (!seh_prepare_forks() || !fault_listen(on_fault))
        perror("pagelaw: faults cannot be handled, and kill");
}

void seh_start(void)
{
    pthread_once(&starting, start_once);
}

/* ---- By call --------------------------------------------------------------------------------- */

VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                           const ULONG_PTR *lpArguments)
{
    CONTEXT context;
    EXCEPTION_RECORD record = {.ExceptionCode = dwExceptionCode,
                               .ExceptionFlags = dwExceptionFlags & EXCEPTION_NONCONTINUABLE,
                               .ExceptionAddress = __builtin_return_address(0)};
    EXCEPTION_POINTERS pointers = {&record, &context};
    seh_start();
    seh_context_make(&context, record.ExceptionAddress, __builtin_frame_address(0));
    if (lpArguments != NULL)
        record.NumberParameters = nNumberOfArguments < EXCEPTION_MAXIMUM_PARAMETERS
                                      ? nNumberOfArguments
                                      : EXCEPTION_MAXIMUM_PARAMETERS;
    for (DWORD i = 0; i < record.NumberParameters; i++)
        record.ExceptionInformation[i] = lpArguments[i];
    if (seh_dispatch(&pointers))
        return;
    LONG verdict = seh_ask_last(&pointers);
    if (verdict == EXCEPTION_CONTINUE_EXECUTION)
        return;
    if (verdict != EXCEPTION_EXECUTE_HANDLER)
        seh_tell(&record);
    abort();
}
