/* Telling a probe's exceptions from all others. */
#include "fault.h"

#include "context.h"

static bool is_fault(DWORD code)
{
    return code == EXCEPTION_ACCESS_VIOLATION || code == EXCEPTION_GUARD_PAGE ||
           code == EXCEPTION_IN_PAGE_ERROR;
}

bool fault_of_probe(const EXCEPTION_POINTERS *pointers, struct probe_frame *frame,
                    struct subject_exception *exception)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    context_load(pointers->ContextRecord, frame);
    if (!is_fault(record->ExceptionCode) || !probe_owns(frame))
        return false;
    *exception = (struct subject_exception){.code = record->ExceptionCode};
    if (record->NumberParameters >= 2) {
        exception->access = (uint32_t)record->ExceptionInformation[0];
        exception->address = record->ExceptionInformation[1];
    }
    return true;
}

void fault_record(EXCEPTION_POINTERS *pointers, struct probe_frame *frame,
                  const struct subject_exception *exception)
{
    probe_fail(frame, exception);
    context_store(pointers->ContextRecord, frame);
}
