/* From NTSTATUS to last error, and what a plan allows. */
#include "internal.h"

/* Source: KB 113996 by way of the public lists; three rows were seen on Windows in pairs of native
 * and Win32 tests (NOT_COMMITTED, INVALID_PAGE_PROTECTION, ACCESS_VIOLATION). */
static const struct {
    uint32_t status, error;
} errors[] = {
    {STATUS_SUCCESS, ERROR_SUCCESS},
    {STATUS_INFO_LENGTH_MISMATCH, ERROR_BAD_LENGTH},
    {STATUS_ACCESS_VIOLATION, ERROR_NOACCESS},
    {STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
    {STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY},
    {STATUS_CONFLICTING_ADDRESSES, ERROR_INVALID_ADDRESS},
    {STATUS_NOT_MAPPED_VIEW, ERROR_INVALID_ADDRESS},
    {STATUS_UNABLE_TO_FREE_VM, ERROR_INVALID_PARAMETER},
    {STATUS_UNABLE_TO_DELETE_SECTION, ERROR_INVALID_PARAMETER},
    {STATUS_ALREADY_COMMITTED, ERROR_ACCESS_DENIED},
    {STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED},
    {STATUS_NOT_COMMITTED, ERROR_INVALID_ADDRESS},
    {STATUS_INVALID_PAGE_PROTECTION, ERROR_INVALID_PARAMETER},
    {STATUS_INSUFFICIENT_RESOURCES, ERROR_NO_SYSTEM_RESOURCES},
    {STATUS_FREE_VM_NOT_AT_BASE, ERROR_INVALID_ADDRESS},
    {STATUS_MEMORY_NOT_ALLOCATED, ERROR_INVALID_ADDRESS},
    {STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED},
    {STATUS_COMMITMENT_LIMIT, ERROR_COMMITMENT_LIMIT},
};

uint32_t pagelaw_error_from_status(uint32_t status)
{
    if (status >= STATUS_INVALID_PARAMETER_1 && status <= STATUS_INVALID_PARAMETER_12)
        return ERROR_INVALID_PARAMETER;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].status == status)
            return errors[i].error;
    }
    return ERROR_MR_MID_NOT_FOUND;
}

bool pagelaw_status_allowed(const struct pagelaw_plan *plan, uint32_t status)
{
    if (plan->unsettled || (plan->any_failure && status != STATUS_SUCCESS))
        return true;
    for (unsigned i = 0; i < plan->status_count; i++) {
        if (plan->status[i] == status)
            return true;
    }
    return false;
}

bool pagelaw_error_allowed(const struct pagelaw_plan *plan, uint32_t error)
{
    if (plan->unsettled || (plan->any_failure && error != ERROR_SUCCESS))
        return true;
    for (unsigned i = 0; i < plan->status_count; i++) {
        if (pagelaw_error_from_status(plan->status[i]) == error)
            return true;
    }
    return false;
}
