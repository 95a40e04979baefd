/* A commit limit by a job object. Documentation: JOBOBJECT_EXTENDED_LIMIT_INFORMATION, "the limit
 * for the virtual memory that can be committed by a process". A limit is only believed after a
 * commit beyond it was refused with ERROR_COMMITMENT_LIMIT. */
#include "commit_limit.h"

#include <windows.h>

#include <psapi.h>

static HANDLE own_job(void)
{
    static HANDLE job;
    if (job != NULL)
        return job;
    HANDLE fresh = CreateJobObjectW(NULL, NULL);
    if (fresh == NULL)
        return NULL;
    if (AssignProcessToJobObject(fresh, GetCurrentProcess()))
        job = fresh;
    else
        CloseHandle(fresh);
    return job;
}

/* A limit of 0 bytes lifts it. */
static bool limit_process(HANDLE job, uint64_t bytes)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    ZeroMemory(&limits, sizeof limits);
    if (bytes != 0)
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
    limits.ProcessMemoryLimit = (SIZE_T)bytes;
    return SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

static uint64_t process_commit(void)
{
    PROCESS_MEMORY_COUNTERS_EX counters;
    ZeroMemory(&counters, sizeof counters);
    counters.cb = sizeof counters;
    if (!K32GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&counters,
                                 sizeof counters))
        return 0;
    return counters.PrivateUsage;
}

static bool refuses(uint64_t bytes)
{
    void *block = VirtualAlloc(NULL, (SIZE_T)bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD error = GetLastError();
    if (block != NULL)
        VirtualFree(block, 0, MEM_RELEASE);
    return block == NULL && error == ERROR_COMMITMENT_LIMIT;
}

bool commit_limit_set(uint64_t bytes)
{
    const uint64_t beyond = 64 * 1024;
    uint64_t present = process_commit();
    HANDLE job = own_job();
    if (job == NULL || present == 0 || present + bytes + beyond > SIZE_MAX)
        return false;
    if (!limit_process(job, present + bytes))
        return false;
    if (refuses(bytes + beyond))
        return true;
    limit_process(job, 0);
    return false;
}
