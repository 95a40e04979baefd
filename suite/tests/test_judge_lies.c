/* The judge before subjects that lie: each lie is found once, where it is told, by its rule. */
#include <criterion/criterion.h>
#include <string.h>

#include "judged.h"
#include "liar.h"

#define GRANULE 65536u

#define HOLE "h = hole(4 * GRANULE)\n"
#define RESERVE HOLE "p = VirtualAlloc(h, 64K, MEM_RESERVE, PAGE_READWRITE) => h\n"
#define COMMITTED "p = VirtualAlloc(h, 16K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"
#define COMMIT HOLE COMMITTED
#define RELEASE "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n"
#define TWO RESERVE "q = VirtualAlloc(h + 64K, 64K, MEM_RESERVE, PAGE_READWRITE) => h + 64K\n"

/* A lie, a story in which it is told, and what the judge must say of it: one step that differs,
 * with this finding first. */
struct told {
    enum lie lie;
    const char *steps;
    unsigned step;
    const char *what, *rule, *allowed, *observed;
};

static const struct told allocations[] = {
    {RESERVE_AT_PAGE,
     HOLE "p = VirtualAlloc(h + 8K, 62K, MEM_RESERVE, PAGE_READWRITE) => h\n"
          "VirtualQuery(h + 8K)\nVirtualAlloc(h + 8K, 4K, MEM_COMMIT, PAGE_READWRITE)\n"
          "write(h + 8K, 0x61)\nVirtualFree(h + 8K, 0, MEM_RELEASE)\n",
     1, "return value", "VA-ALIGN-BASE", "h", "h + 8K"},
    {RESERVE_SIZE_ALONE,
     HOLE "p = VirtualAlloc(h + 8K, 62K, MEM_RESERVE, PAGE_READWRITE) => h\n"
          "VirtualAlloc(p + 64K, 4K, MEM_COMMIT, PAGE_READWRITE)\n" RELEASE,
     1, "State at h + 64K", "VA-ROUND-BOTH", "MEM_RESERVE", "MEM_FREE"},
    {RESERVE_SIZE_ALONE,
     HOLE
     "p = VirtualAlloc(h + 4095, 2, MEM_RESERVE, PAGE_READWRITE) => h\nVirtualQuery(p)\n" RELEASE,
     1, "State at h + 4K", "VA-ROUND-BOTH", "MEM_RESERVE", "MEM_FREE"},
    {RESERVE_WHOLE_GRANULES,
     HOLE "p = VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => h\n"
          "VirtualAlloc(p + 4K, 4K, MEM_COMMIT, PAGE_READWRITE)\n" RELEASE,
     1, "State at h + 4K", "VA-ROUND-SIZE-ADDR", "MEM_FREE", "MEM_RESERVE"},
    {RESERVE_WHOLE_GRANULES,
     HOLE "p = VirtualAlloc(NULL, 4K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
          "VirtualQuery(p)\n" RELEASE,
     1, "State at h + 4K", "VA-ROUND-SIZE-NULL", "MEM_FREE", "MEM_RESERVE"},
    {CHOICE_OFF_GRANULE,
     "p = VirtualAlloc(NULL, 8K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
     "VirtualQuery(p)\n" RELEASE,
     0, "return value", "SYS-GRAN", "a free address on a granule, in the user range",
     "an address 4K above a granule"},
    {CHOICE_OFF_GRANULE, HOLE "VirtualFree(h, 0, MEM_DECOMMIT) => FALSE\n", 0, "the harness",
     "SYS-GRAN", "a free range on a granule", "an address 4K above a granule"},
    {CHOICE_TAKEN,
     HOLE "p = VirtualAlloc(NULL, 8K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
          "q = VirtualAlloc(NULL, 8K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
          "VirtualAlloc(q, 4K, MEM_COMMIT, PAGE_READWRITE)\nwrite(p, 1)\n" RELEASE,
     2, "return value", "VA-NO-DOUBLE-RESERVE", "a free address on a granule, in the user range",
     "h"},
    {COMMIT_TOO_LATE,
     HOLE "p = VirtualAlloc(NULL, 8K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => above NULL\n"
          "write(p, 1)\n" RELEASE,
     1, "State at h", "VA-RESERVE-COMMIT", "MEM_COMMIT", "MEM_RESERVE"},
    {TAIL_TAKEN,
     HOLE
     "p = VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => h\n"
     "q = VirtualAlloc(h + 8K, 4K, MEM_RESERVE, PAGE_READWRITE) => NULL ERROR_INVALID_ADDRESS\n"
     "VirtualQuery(h + 8K)\n" RELEASE,
     2, "return value", "VA-TAIL-LOST", "NULL ERROR_INVALID_ADDRESS", "h + 8K"},
    {RECOMMIT_IGNORED,
     COMMIT "VirtualAlloc(p, 8K, MEM_COMMIT, PAGE_READONLY) => p\n"
            "write(p, 1)\nVirtualProtect(p, 4K, PAGE_NOACCESS)\n",
     2, "Protect at h", "VA-RECOMMIT-PROTECT", "PAGE_READONLY", "PAGE_READWRITE"},
    {RECOMMIT_ZEROES,
     COMMIT "write(p, 0x61)\nVirtualAlloc(p, 8K, MEM_COMMIT, PAGE_READWRITE) => p\n"
            "read(p)\nread(p)\nwrite(p, 0x62)\nread(p, 2)\n",
     4, "byte at h", "ST-CONTENTS", "0x61", "0x00"},
    {COMMIT_ALLOCATES,
     HOLE "p = VirtualAlloc(h, 8K, MEM_COMMIT, PAGE_READWRITE) => NULL ERROR_INVALID_ADDRESS\n"
          "write(h, 1)\nread(h, 2)\nVirtualFree(h, 0, MEM_RELEASE)\n",
     1, "return value", "VA-COMMIT-NEEDS-RESERVE", "NULL ERROR_INVALID_ADDRESS", "h"},
    {COMMIT_BY_PAGES,
     TWO "VirtualAlloc(h + 60K, 8K, MEM_COMMIT, PAGE_READWRITE) => NULL ERROR_INVALID_ADDRESS\n"
         "write(h + 60K, 1, 8K)\nVirtualFree(q, 0, MEM_RELEASE)\n",
     3, "return value", "VA-ONE-ALLOCATION", "NULL ERROR_INVALID_ADDRESS", "h + 60K"},
    {COMMIT_BY_PAGES,
     HOLE "p = VirtualAlloc(h, 8K, MEM_RESERVE, PAGE_READWRITE) => h\n"
          "VirtualAlloc(p + 4K, 8K, MEM_COMMIT, PAGE_READWRITE) => NULL ERROR_INVALID_ADDRESS\n"
          "write(p + 4K, 1)\nread(p + 4K, 4K)\n" RELEASE,
     2, "State at h + 4K", "VA-ALL-OR-NOTHING", "MEM_RESERVE", "MEM_COMMIT"},
    {COMMIT_UNLIMITED,
     RESERVE "commit_limit(8K)\n"
             "VirtualAlloc(p, 12K, MEM_COMMIT, PAGE_READWRITE) => NULL ERROR_COMMITMENT_LIMIT\n"
             "write(p, 1)\n" RELEASE,
     3, "return value", "SYS-COMMIT-LIMIT", "NULL ERROR_COMMITMENT_LIMIT", "h"},
    {COMMIT_STARTS_FULL,
     COMMIT "read(p, 8K)\nread(p, 8K)\nread(p + 8K)\nwrite(p, 1)\nread(p, 2)\n" RELEASE, 2,
     "byte at h", "ST-ZERO", "0x00", "0xCD"},
    {RESET_DECOMMITS,
     COMMIT "VirtualAlloc(p, 8K, MEM_RESET, PAGE_READWRITE) => p\nread(p)\n" RELEASE, 2,
     "State at h", "VA-RESET-EFFECT", "MEM_COMMIT", "MEM_RESERVE"},
    {RESET_SPOILS,
     COMMIT "write(p, 0x61, 4K)\nVirtualAlloc(p, 4K, MEM_RESET, PAGE_READWRITE) => p\n"
            "read(p, 2)\nread(p, 2)\n" RELEASE,
     4, "byte at h", "VA-RESET-EFFECT", "0x61 or 0x00", "0xEE"},
    {ALLOC_ERROR_5,
     RESERVE "VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => NULL\n"
             "GetLastError()\n",
     2, "return value", "VA-NO-DOUBLE-RESERVE", "NULL ERROR_INVALID_ADDRESS",
     "NULL ERROR_ACCESS_DENIED"},
    {ALLOC_ERROR_0,
     RESERVE "VirtualAlloc(h, 0, MEM_COMMIT, PAGE_READWRITE) => NULL\n"
             "GetLastError()\n",
     2, "return value", "VA-SIZE-ZERO", "NULL ERROR_INVALID_PARAMETER", "NULL ERROR_SUCCESS"},
    {NT_ALLOCATE_CONFLICT,
     HOLE "NtAllocateVirtualMemory(h, 0, 0, MEM_RESERVE, PAGE_READWRITE)\n"
          "  => STATUS_INVALID_PARAMETER_4\n",
     1, "return value", "VA-SIZE-ZERO", "STATUS_INVALID_PARAMETER_4 or STATUS_INVALID_PARAMETER",
     "STATUS_CONFLICTING_ADDRESSES"},
    {NT_ALLOCATE_CONFLICT,
     RESERVE "NtAllocateVirtualMemory(p, 0, 4K, MEM_RESERVE, 0)\n"
             "  => STATUS_INVALID_PAGE_PROTECTION\n",
     2, "return value", "ORDER-ALLOCATE", "STATUS_INVALID_PAGE_PROTECTION",
     "STATUS_CONFLICTING_ADDRESSES"},
    {NT_ALLOCATE_NOT_MAPPED,
     HOLE "NtAllocateVirtualMemory(h, 0, 4K, MEM_COMMIT, PAGE_GUARD)\n"
          "  => STATUS_INVALID_PAGE_PROTECTION\n",
     1, "return value", "ORDER-ALLOCATE", "STATUS_INVALID_PAGE_PROTECTION",
     "STATUS_NOT_MAPPED_VIEW"},
    {NT_ALLOCATE_TOUCHES,
     RESERVE "NtAllocateVirtualMemory(p + 1, 0, 4K, MEM_RESERVE, PAGE_READWRITE)\n"
             "  => STATUS_CONFLICTING_ADDRESSES\n",
     2, "BaseAddress", "NT-UNTOUCHED", "h + 1", "h"},
};

static const struct told frees[] = {
    {RELEASE_ANY_SIZE,
     COMMIT "VirtualFree(p, 4K, MEM_RELEASE) => FALSE ERROR_INVALID_PARAMETER\n"
            "read(p)\nVirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE)\n",
     2, "return value", "VF-RELEASE-SIZE-ZERO", "FALSE ERROR_INVALID_PARAMETER", "TRUE"},
    {RELEASE_PART,
     COMMIT "VirtualFree(p, 4K, MEM_RELEASE) => FALSE ERROR_INVALID_PARAMETER\n"
            "read(p + 4K)\nVirtualQuery(p + 4K)\n",
     2, "return value", "VF-RELEASE-SIZE-ZERO", "FALSE ERROR_INVALID_PARAMETER", "TRUE"},
    {RELEASE_INSIDE,
     COMMIT "VirtualFree(p + 4K, 0, MEM_RELEASE) => FALSE ERROR_INVALID_ADDRESS\nread(p)\n", 2,
     "return value", "VF-RELEASE-BASE", "FALSE ERROR_INVALID_ADDRESS", "TRUE"},
    {RELEASE_KEEPS, COMMIT RELEASE "read(p)\nVirtualQuery(p)\n", 2, "State at h",
     "VF-RELEASE-STATE", "MEM_FREE", "MEM_RESERVE"},
    {DECOMMIT_PAST_END,
     COMMIT "VirtualFree(p + 12K, 8K, MEM_DECOMMIT) => FALSE ERROR_INVALID_PARAMETER\n"
            "VirtualQuery(p + 12K)\n" RELEASE,
     2, "return value", "VF-PAST-END", "FALSE ERROR_INVALID_PARAMETER", "TRUE"},
    {DECOMMIT_KEEPS_BYTES,
     COMMIT "write(p, 0x61)\nVirtualFree(p, 4K, MEM_DECOMMIT) => TRUE\n"
            "VirtualAlloc(p, 4K, MEM_COMMIT, PAGE_READWRITE) => p\nread(p, 16)\nread(p)\n" RELEASE,
     5, "byte at h", "ST-ZERO", "0x00", "0x61"},
    {DECOMMIT_NOTHING,
     COMMIT "VirtualFree(p, 4K, MEM_DECOMMIT) => TRUE\nwrite(p, 1)\nread(p)\n" RELEASE, 2,
     "State at h", "VF-DECOMMIT-STATE", "MEM_RESERVE", "MEM_COMMIT"},
    {DECOMMIT_ZERO_NOTHING,
     COMMIT "VirtualFree(p, 0, MEM_DECOMMIT) => TRUE\nwrite(p, 1)\nread(p)\n" RELEASE, 2,
     "State at h", "VF-DECOMMIT-ALL", "MEM_RESERVE", "MEM_COMMIT"},
    {DECOMMIT_ONCE, RESERVE "VirtualFree(p, 8K, MEM_DECOMMIT) => TRUE\n" RELEASE, 2, "return value",
     "VF-DECOMMIT-IDEMPOTENT", "TRUE", "FALSE ERROR_INVALID_ADDRESS"},
    {NT_FREE_SIZE_KEPT,
     COMMIT "NtFreeVirtualMemory(p + 1, 4K, MEM_DECOMMIT) => STATUS_SUCCESS\nread(p)\n" RELEASE, 2,
     "RegionSize", "VF-DECOMMIT-PAGES", "8K", "4K"},
    {NT_FREE_SIZE_KEPT,
     COMMIT "NtFreeVirtualMemory(p, 0, MEM_RELEASE) => STATUS_SUCCESS\nread(p)\n", 2, "RegionSize",
     "NF-SIZE-OUT", "16K", "0"},
    {NT_FREE_TOUCHES,
     COMMIT
     "NtFreeVirtualMemory(p + 0x1001, 0, MEM_RELEASE) => STATUS_FREE_VM_NOT_AT_BASE\n" RELEASE,
     2, "BaseAddress", "NT-UNTOUCHED", "h + 0x1001", "h + 4K"},
};

static const struct told protects[] = {
    {PROTECT_RESERVED,
     RESERVE "VirtualProtect(p, 4K, PAGE_READONLY) => FALSE ERROR_INVALID_ADDRESS\n"
             "VirtualQuery(p)\n" RELEASE,
     2, "return value", "VP-COMMITTED-ONLY", "FALSE ERROR_INVALID_ADDRESS", "TRUE"},
    {PROTECT_BY_PAGES,
     RESERVE "VirtualAlloc(p, 4K, MEM_COMMIT, PAGE_READWRITE) => p\n"
             "VirtualProtect(p, 8K, PAGE_READONLY) => FALSE ERROR_INVALID_ADDRESS\nwrite(p, 1)\n",
     3, "Protect at h", "VP-ATOMIC", "PAGE_READWRITE", "PAGE_READONLY"},
    {PROTECT_BY_PAGES,
     TWO "VirtualAlloc(p, 64K, MEM_COMMIT, PAGE_READWRITE)\n"
         "VirtualAlloc(q, 64K, MEM_COMMIT, PAGE_READWRITE)\n"
         "VirtualProtect(p + 60K, 8K, PAGE_READONLY) => FALSE ERROR_INVALID_ADDRESS\nwrite(q, 1)\n",
     5, "return value", "VP-RANGE-ONE-REGION", "FALSE ERROR_INVALID_ADDRESS", "TRUE"},
    {PROTECT_NULL_OLD,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY, NULL) => FALSE ERROR_NOACCESS\nwrite(p, 1)\n", 2,
     "return value", "VP-OLD-REQUIRED", "FALSE ERROR_NOACCESS", "TRUE"},
    {PROTECT_DROPS_GUARD,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY | PAGE_GUARD) => TRUE\nread(p)\n", 2,
     "Protect at h", "VP-PAGES", "PAGE_READONLY | PAGE_GUARD", "PAGE_READONLY"},
    {OLD_OF_LAST,
     COMMIT "VirtualProtect(p + 4K, 4K, PAGE_READONLY) => OldProtect: PAGE_READWRITE\n"
            "VirtualProtect(p, 8K, PAGE_NOACCESS) => OldProtect: PAGE_READWRITE\nread(p)\n",
     3, "OldProtect", "VP-OLD-FIRST", "PAGE_READWRITE", "PAGE_READONLY"},
    {OLD_WITHOUT_GUARD,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY | PAGE_GUARD) => TRUE\n"
            "VirtualProtect(p, 4K, PAGE_NOACCESS) => TRUE\nread(p)\n",
     3, "OldProtect", "VP-OLD-FIRST", "PAGE_READONLY | PAGE_GUARD", "PAGE_READONLY"},
    {OLD_NOT_ON_FAILURE,
     RESERVE "VirtualProtect(p, 4K, PAGE_READONLY) => FALSE ERROR_INVALID_ADDRESS\n" RELEASE, 2,
     "OldProtect", "VP-OLD-ON-FAILURE", "PAGE_NOACCESS", "untouched"},
    {NT_PROTECT_KEEPS_BASE,
     COMMIT "NtProtectVirtualMemory(p + 5, 1, PAGE_READONLY) => STATUS_SUCCESS\nwrite(p, 1)\n", 2,
     "BaseAddress", "VP-PAGES", "h", "h + 5"},
};

static const struct told queries[] = {
    {QUERY_SCANS_BACK,
     COMMIT "VirtualQuery(p + 4K) => BaseAddress: p + 4K\nVirtualQuery(p)\n" RELEASE, 2,
     "BaseAddress", "VQ-ROUNDS-DOWN", "h + 4K", "h"},
    {QUERY_MERGES,
     TWO "VirtualQuery(p)\nVirtualAlloc(q, 4K, MEM_COMMIT, PAGE_READWRITE)\n"
         "VirtualFree(q, 0, MEM_RELEASE)\n" RELEASE,
     2, "RegionSize at h", "VQ-SAME-ALLOC", "64K", "128K"},
    {QUERY_SPLITS, COMMIT "VirtualQuery(p)\nVirtualProtect(p, 8K, PAGE_READONLY)\n" RELEASE, 1,
     "RegionSize at h", "VQ-SAME-STATE", "16K", "4K"},
    {QUERY_SIZE_0, COMMIT "VirtualQuery(p)\nread(p)\n" RELEASE, 2, "RegionSize", "VQ-SAME-STATE",
     "16K", "0"},
    {QUERY_ABOVE_MAX, "VirtualQuery(MAX_ADDRESS + 1) => 0 ERROR_INVALID_PARAMETER\n" COMMIT, 0,
     "return value", "VQ-ABOVE-MAX", "0 ERROR_INVALID_PARAMETER", "48"},
    {QUERY_RETURNS_TRUE, COMMIT "VirtualQuery(p)\n" RELEASE, 2, "return value", "VQ-RETURN", "48",
     "1"},
    {QUERY_RESERVED_NOACCESS,
     RESERVE "VirtualQuery(p)\nVirtualAlloc(p, 4K, MEM_COMMIT, PAGE_READWRITE)\n"
             "VirtualQuery(p + 8K)\nVirtualFree(p, 4K, MEM_DECOMMIT)\n" RELEASE,
     1, "Protect at h", "MBI-RESERVED-PROTECT", "0", "PAGE_NOACCESS"},
    {QUERY_FREE_PROTECT_0,
     HOLE "VirtualQuery(h) => State: MEM_FREE\n" COMMITTED "VirtualQuery(h + 64K)\n" RELEASE, 1,
     "Protect", "MBI-FREE-FIELDS", "PAGE_NOACCESS", "0"},
    {QUERY_FREE_HAS_BASE,
     HOLE "VirtualQuery(h) => State: MEM_FREE\n" COMMITTED "VirtualQuery(h + 64K)\n" RELEASE, 1,
     "AllocationBase", "MBI-FREE-FIELDS", "NULL", "h"},
    {QUERY_ALLOCATION_PROTECT,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY) => TRUE\nVirtualQuery(p)\n"
            "VirtualQuery(p + 4K)\n" RELEASE,
     2, "AllocationProtect at h", "MBI-ALLOCPROT", "PAGE_READWRITE", "PAGE_READONLY"},
    {QUERY_MAPPED,
     RESERVE "VirtualQuery(p)\n"
             "VirtualAlloc(p, 4K, MEM_COMMIT, PAGE_READWRITE)\nVirtualQuery(p)\n" RELEASE,
     1, "Type at h", "MBI-TYPE", "MEM_PRIVATE", "MEM_MAPPED"},
    {QUERY_HIDES_GUARD,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY | PAGE_GUARD) => TRUE\nVirtualQuery(p)\n" RELEASE,
     2, "Protect at h", "VP-PAGES", "PAGE_READONLY | PAGE_GUARD", "PAGE_READONLY"},
    {QUERY_BASE_IS_RUN,
     RESERVE
     "VirtualAlloc(p + 8K, 4K, MEM_COMMIT, PAGE_READWRITE) => p + 8K\n"
     "VirtualQuery(p + 8K)\nVirtualAlloc(p + 12K, 4K, MEM_COMMIT, PAGE_READWRITE)\n" RELEASE,
     2, "AllocationBase at h + 8K", "MBI-ALLOCBASE", "h", "h + 8K"},
    {NT_QUERY_STATUS, HOLE "NtQueryVirtualMemory(MAX_ADDRESS + 1) => STATUS_INVALID_PARAMETER\n", 1,
     "return value", "VQ-ABOVE-MAX", "STATUS_INVALID_PARAMETER", "STATUS_ACCESS_VIOLATION"},
    {INFO_PAGE, "GetSystemInfo() => PageSize: 4K\n", 0, "PageSize", "SYS-PAGE", "4K", "16K"},
    {INFO_GRANULE, "GetSystemInfo() => PageSize: 4K\n", 0, "AllocationGranularity", "SYS-GRAN-64K",
     "64K", "4K"},
    {INFO_MIN, "GetSystemInfo() => PageSize: 4K\n", 0, "MinimumApplicationAddress", "SYS-MIN",
     "0x10000", "0x1000"},
    {INFO_MAX, "GetSystemInfo() => PageSize: 4K\n", 0, "MaximumApplicationAddress", "SYS-MAX",
     "0x7ffffffeffff", "0x7fffffff0000"},
    {ERROR_READ_ONCE,
     HOLE
     "VirtualFree(h, 0, MEM_DECOMMIT) => FALSE\nGetLastError()\nGetLastError()\nGetLastError()\n",
     3, "return value", "ERR-KEPT", "ERROR_INVALID_ADDRESS", "ERROR_SUCCESS"},
    {ERROR_BY_NT,
     RESERVE "SetLastError(1234)\nNtFreeVirtualMemory(p, 0, MEM_RELEASE)\n"
             "GetLastError() => 1234\nGetLastError()\n",
     4, "return value", "ERR-KEPT", "1234", "ERROR_INVALID_PARAMETER"},
};

static const struct told touches[] = {
    {GUARD_STAYS,
     COMMIT "VirtualProtect(p, 8K, PAGE_READWRITE | PAGE_GUARD) => TRUE\n"
            "read(p)\nVirtualQuery(p)\n" RELEASE,
     3, "Protect at h", "GUARD-ONE-SHOT", "PAGE_READWRITE", "PAGE_READWRITE | PAGE_GUARD"},
    {GUARD_ALL,
     COMMIT "VirtualProtect(p, 8K, PAGE_READWRITE | PAGE_GUARD) => TRUE\n"
            "read(p)\nread(p + 4K)\nVirtualQuery(p)\n" RELEASE,
     3, "Protect at h + 4K", "GUARD-PER-PAGE", "PAGE_READWRITE | PAGE_GUARD", "PAGE_READWRITE"},
    {GUARD_IS_VIOLATION,
     COMMIT "VirtualProtect(p, 4K, PAGE_READWRITE | PAGE_GUARD) => TRUE\nread(p + 5)\nread(p)\n", 3,
     "exception", "GUARD-ONE-SHOT", "GUARD_PAGE_VIOLATION read h + 5",
     "ACCESS_VIOLATION read h + 5"},
    {GUARD_SILENT,
     COMMIT "VirtualProtect(p, 4K, PAGE_READWRITE | PAGE_GUARD) => TRUE\nread(p)\nread(p)\n", 3,
     "exception", "GUARD-ONE-SHOT", "GUARD_PAGE_VIOLATION read h", "no exception"},
    {ACCESS_ALWAYS_READ,
     COMMIT "write(p + 16K, 1) => ACCESS_VIOLATION write p + 16K\nwrite(p, 1)\n"
            "read(p)\n",
     2, "exception", "EXC-AV-INFO", "ACCESS_VIOLATION write h + 16K",
     "ACCESS_VIOLATION read h + 16K"},
    {FAULT_AT_PAGE, RESERVE "write(p + 0x1234, 1) => ACCESS_VIOLATION write p + 0x1234\n", 2,
     "exception", "EXC-AV-INFO", "ACCESS_VIOLATION write h + 0x1234",
     "ACCESS_VIOLATION write h + 4K"},
    {READ_NOACCESS, COMMIT "VirtualProtect(p, 4K, PAGE_NOACCESS) => TRUE\nread(p)\n" RELEASE, 3,
     "exception", "PR-NOACCESS", "ACCESS_VIOLATION read h", "no exception"},
    {READ_AS_FF, COMMIT "read(p, 4)\nread(p, 4)\n" RELEASE, 2, "byte at h", "ST-ZERO", "0x00",
     "0xFF"},
    {WRITE_READONLY,
     COMMIT "VirtualProtect(p, 4K, PAGE_READONLY) => TRUE\nwrite(p, 0x61)\nread(p)\n" RELEASE, 3,
     "exception", "PR-READONLY", "ACCESS_VIOLATION write h", "no exception"},
    {WRITE_LOST, COMMIT "write(p, 0x61)\nread(p, 2)\nread(p)\n" RELEASE, 3, "byte at h",
     "ST-CONTENTS", "0x61", "0x00"},
    {EXECUTE_DATA, COMMIT "code(p)\nexecute(p)\n" RELEASE, 3, "exception", "EXC-DEP",
     "ACCESS_VIOLATION execute h", "no exception"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- The tests ---- */

/* Criterion's own asserts copy their words even when they hold; a table has hundreds of them. */
static void expect_words(const struct told *told, const char *which, const char *got,
                         const char *wanted)
{
    cr_expect(strcmp(got, wanted) == 0, "%s\n%s is \"%s\", not \"%s\"", told->steps, which, got,
              wanted);
}

static void judge_with(struct judged *judged, const struct told *told, enum lie lie,
                       uint64_t before)
{
    struct backend backend = liar(lie);
    judged_run(judged, told->steps, before, &backend);
    judged_judge(judged);
}

static void expect_found(const struct told *told, const struct judged *judged)
{
    const struct result_scenario *result = judged->result;
    if (result->difference_count != 1)
        judged_print(judged);
    cr_assert(result->difference_count == 1, "%s\n%u steps differ", told->steps,
              result->difference_count);
    const struct result_difference *difference = &result->differences[0];
    cr_assert(difference->finding_count > 0);
    const struct result_finding *finding = &difference->findings[0];
    cr_expect(result->verdict == VERDICT_DIFFER && result->reason == NULL);
    cr_expect(difference->step == told->step, "%s\nstep %u, not %u", told->steps, difference->step,
              told->step);
    cr_expect(result->steps_agree + result->steps_unspecified + 1 == result->steps);
    expect_words(told, "what", finding->what, told->what);
    expect_words(told, "the rule", finding->rule.id, told->rule);
    expect_words(told, "allowed", finding->allowed, told->allowed);
    expect_words(told, "observed", finding->observed, told->observed);
}

static void expect_same_map(const struct told *told, const struct result_map *one,
                            const struct result_map *other)
{
    cr_assert(one->known == other->known && one->region_count == other->region_count);
    for (unsigned i = 0; i < one->region_count; i++) {
        const struct result_region *region = &one->regions[i], *same = &other->regions[i];
        expect_words(told, "start", region->start, same->start);
        expect_words(told, "size", region->size, same->size);
        expect_words(told, "state", region->state, same->state);
        expect_words(told, "protect", region->protect, same->protect);
        expect_words(told, "allocation base", region->allocation_base, same->allocation_base);
        expect_words(told, "allocation protect", region->allocation_protect,
                     same->allocation_protect);
        expect_words(told, "type", region->type, same->type);
    }
}

/* No text but host_call may say where the story happened to lie. */
static void expect_same_texts(const struct told *told, const struct judged *here,
                              const struct judged *there)
{
    const struct result_difference *one = &here->result->differences[0];
    const struct result_difference *other = &there->result->differences[0];
    cr_assert(there->result->difference_count == 1 && one->finding_count == other->finding_count);
    cr_expect(one->step == other->step && one->line == other->line);
    expect_words(told, "call", one->call, other->call);
    expect_words(told, "the transcript", here->result->transcript, there->result->transcript);
    cr_expect(one->transcript_lines == other->transcript_lines);
    expect_same_map(told, &one->before, &other->before);
    expect_same_map(told, &one->after_allowed, &other->after_allowed);
    expect_same_map(told, &one->after_observed, &other->after_observed);
    for (unsigned i = 0; i < one->finding_count; i++) {
        expect_words(told, "what", one->findings[i].what, other->findings[i].what);
        expect_words(told, "the rule", one->findings[i].rule.id, other->findings[i].rule.id);
        expect_words(told, "allowed", one->findings[i].allowed, other->findings[i].allowed);
        expect_words(told, "observed", one->findings[i].observed, other->findings[i].observed);
    }
}

static void check(const struct told *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct judged honest, here, there;
        judge_with(&honest, &rows[i], HONEST, GRANULE);
        judge_with(&here, &rows[i], rows[i].lie, GRANULE);
        judge_with(&there, &rows[i], rows[i].lie, 37 * GRANULE);
        cr_expect(honest.result->difference_count == 0 &&
                      honest.result->verdict <= VERDICT_UNSPECIFIED,
                  "%s\nthe model differs", rows[i].steps);
        expect_found(&rows[i], &here);
        expect_same_texts(&rows[i], &here, &there);
        judged_free(&honest);
        judged_free(&here);
        judged_free(&there);
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows)[0])

Test(judge_lies, of_allocations)
{
    CHECK(allocations);
}

Test(judge_lies, of_frees)
{
    CHECK(frees);
}

Test(judge_lies, of_protects)
{
    CHECK(protects);
}

Test(judge_lies, of_queries)
{
    CHECK(queries);
}

Test(judge_lies, of_touches)
{
    CHECK(touches);
}

/* Every lie of the list is told in a table, or is no lie and is told in test_judge.c. */
Test(judge_lies, all_are_told)
{
    bool told[LIE_END] = {
        [HONEST] = true, [RESERVE_GUARD_REFUSED] = true, [NT_ALLOCATE_PLAIN] = true};
    const struct {
        const struct told *rows;
        size_t count;
    } tables[] = {{allocations, sizeof allocations / sizeof *allocations},
                  {frees, sizeof frees / sizeof *frees},
                  {protects, sizeof protects / sizeof *protects},
                  {queries, sizeof queries / sizeof *queries},
                  {touches, sizeof touches / sizeof *touches}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (size_t j = 0; j < tables[i].count; j++)
            told[tables[i].rows[j].lie] = true;
    }
    for (int lie = 0; lie < LIE_END; lie++)
        cr_expect(told[lie], "lie %d", lie);
}
