/* The examples that the sources work out: what the calls answer, and what a query says. */
#include <criterion/criterion.h>

#include "pagelaw/constants.h"
#include "pagelaw/model.h"
#include "strict_heap.h"

#define K 1024u
#define PAGE 0x1000u
#define GRANULE 0x10000u
#define R 0x1000000u /* where most tests reserve */
#define RANDOM 0xDEADBEEFu

static struct strict_heap heap;
static struct pagelaw_model *model;

static void open_model(void)
{
    struct pagelaw_heap opened = strict_heap_open(&heap);
    model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &opened);
    cr_assert_not_null(model);
    pagelaw_set_last_error(model, RANDOM);
}

static void close_model(void)
{
    cr_assert_null(pagelaw_check_invariants(model));
    pagelaw_model_destroy(model);
    cr_assert_null(heap.fault);
    cr_assert_eq(heap.blocks, 0);
}

static void expect_error(uint32_t error)
{
    cr_assert_eq(pagelaw_get_last_error(model), error, "error %u", pagelaw_get_last_error(model));
    pagelaw_set_last_error(model, RANDOM);
}

static void alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect, uint64_t base)
{
    cr_assert_eq(pagelaw_virtual_alloc(model, address, size, type, protect), base);
    cr_assert_eq(pagelaw_get_last_error(model), RANDOM);
}

static void alloc_fails(uint64_t address, uint64_t size, uint32_t type, uint32_t protect,
                        uint32_t error)
{
    cr_assert_eq(pagelaw_virtual_alloc(model, address, size, type, protect), 0);
    expect_error(error);
}

static void region(uint64_t address, uint64_t size, uint32_t state, uint32_t protect)
{
    struct pagelaw_region said;
    cr_assert_eq(pagelaw_virtual_query(model, address, &said, 48), 48);
    cr_assert_eq(said.base, address / PAGE * PAGE);
    cr_assert_eq(said.size, size, "RegionSize %zx", (size_t)said.size);
    cr_assert_eq(said.state, state);
    cr_assert_eq(said.protect, protect);
}

static void nt_free(uint64_t address, uint64_t size, uint32_t type, uint32_t status,
                    uint64_t address_out, uint64_t size_out)
{
    cr_assert_eq(pagelaw_nt_free(model, &address, &size, type), status);
    cr_assert_eq(address, address_out);
    cr_assert_eq(size, size_out);
}

static void touch(enum pagelaw_access access, uint64_t address, uint32_t code)
{
    struct pagelaw_exception exception;
    uint8_t byte = 0x61;
    size_t done;
    cr_assert(pagelaw_access(model, access, address, &byte, 1, &done, &exception));
    cr_assert_eq(exception.code, code, "%x", exception.code);
    cr_assert_eq(done, code == 0);
    if (code != 0)
        cr_assert(exception.access == access && exception.address == address);
}

TestSuite(example, .init = open_model);

/* Richter, ch. 15. */
Test(example, base_rounds_down_and_size_up)
{
    const uint64_t base = 300 * 65536;
    alloc(base + 8192, 62 * K, MEM_RESERVE, PAGE_READWRITE, base);
    region(base, 72 * K, MEM_RESERVE, 0);
    alloc(0, 62 * K, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE, 0x7FFFFFFE0000);
    region(0x7FFFFFFE0000, 64 * K, MEM_RESERVE, 0);
    close_model();
}

/* Windows Internals: 18 KB alone are 20 KB, at 3 KB they are 24 KB. */
Test(example, the_end_comes_from_the_unrounded_base)
{
    alloc(R, 18 * K, MEM_RESERVE, PAGE_READWRITE, R);
    region(R, 20 * K, MEM_RESERVE, 0);
    alloc(R + GRANULE + 3 * K, 18 * K, MEM_RESERVE, PAGE_READWRITE, R + GRANULE);
    region(R + GRANULE, 24 * K, MEM_RESERVE, 0);
    close_model();
}

/* VA-ROUND-SIZE-ADDR, VF-DECOMMIT-PAGES, VP-PAGES: two bytes across an edge. */
Test(example, two_bytes_touch_two_pages)
{
    uint32_t old;
    alloc(R, GRANULE, MEM_RESERVE, PAGE_NOACCESS, R);
    alloc(R, PAGE, MEM_COMMIT, PAGE_READWRITE, R);
    region(R, PAGE, MEM_COMMIT, PAGE_READWRITE);
    alloc(R + 4 * PAGE - 1, 2, MEM_COMMIT, PAGE_READONLY, R + 3 * PAGE);
    region(R + 3 * PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READONLY);
    cr_assert(pagelaw_virtual_protect(model, R + 4 * PAGE - 1, 2, PAGE_EXECUTE, &old));
    region(R + 3 * PAGE, 2 * PAGE, MEM_COMMIT, PAGE_EXECUTE);
    cr_assert(pagelaw_virtual_free(model, R + 4 * PAGE - 1, 2, MEM_DECOMMIT));
    region(R + PAGE, 15 * PAGE, MEM_RESERVE, 0);
    close_model();
}

/* Richter's map, ch. 13: a page in use, fifteen free, and none of them to be had. */
Test(example, the_tail_of_a_granule_is_lost)
{
    alloc(R, PAGE, MEM_RESERVE, PAGE_READWRITE, R);
    alloc(R + GRANULE, PAGE, MEM_RESERVE, PAGE_READWRITE, R + GRANULE);
    region(R + PAGE, 15 * PAGE, MEM_FREE, PAGE_NOACCESS);
    alloc_fails(R + PAGE, PAGE, MEM_RESERVE, PAGE_READWRITE, ERROR_INVALID_ADDRESS);
    close_model();
}

/* MBI-PROTECT, VP-COMMITTED-ONLY. */
Test(example, committed_without_access_is_not_reserved)
{
    uint32_t old = 0;
    alloc(R, GRANULE, MEM_RESERVE, PAGE_NOACCESS, R);
    cr_assert(!pagelaw_virtual_protect(model, R, PAGE, PAGE_READONLY, &old));
    expect_error(ERROR_INVALID_ADDRESS);
    cr_assert_eq(old, PAGE_NOACCESS);
    alloc(R, PAGE, MEM_COMMIT, PAGE_NOACCESS, R);
    region(R, PAGE, MEM_COMMIT, PAGE_NOACCESS);
    region(R + PAGE, 15 * PAGE, MEM_RESERVE, 0);
    cr_assert(!pagelaw_virtual_protect(model, R, GRANULE, PAGE_READONLY, &old));
    expect_error(ERROR_INVALID_ADDRESS);
    cr_assert(pagelaw_virtual_protect(model, R, PAGE, PAGE_READONLY, &old));
    cr_assert_eq(old, PAGE_NOACCESS);
    close_model();
}

/* VF-FIRST-PAGE, VF-RELEASE-BASE, NF-RELEASE-PART, VF-PAST-END, VF-NOT-ALLOCATED. */
Test(example, frees_of_the_native_tests)
{
    alloc(R, GRANULE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R);
    nt_free(R + 0x1001, 0, MEM_DECOMMIT, STATUS_FREE_VM_NOT_AT_BASE, R + 0x1001, 0);
    nt_free(R + 0xFFE, 0, MEM_DECOMMIT, STATUS_SUCCESS, R, 0);
    nt_free(R + 0x1000, 0, MEM_RELEASE, STATUS_FREE_VM_NOT_AT_BASE, R + 0x1000, 0);
    nt_free(R, GRANULE + PAGE, MEM_RELEASE, STATUS_UNABLE_TO_FREE_VM, R, GRANULE + PAGE);
    nt_free(R + 0x1001, 0xFFFF, MEM_RELEASE, STATUS_UNABLE_TO_FREE_VM, R + 0x1001, 0xFFFF);
    nt_free(R + 0x1001, 0xFFF, MEM_RELEASE, STATUS_SUCCESS, R + 0x1000, 0x1000);
    region(R + 0x1000, PAGE, MEM_FREE, PAGE_NOACCESS);
    nt_free(R + 0x1000, 0, MEM_RELEASE, STATUS_MEMORY_NOT_ALLOCATED, R + 0x1000, 0);
    nt_free(R + 0x1000, PAGE, MEM_DECOMMIT, STATUS_MEMORY_NOT_ALLOCATED, R + 0x1000, PAGE);
    nt_free(R + 0x2000, 0, MEM_RELEASE, STATUS_SUCCESS, R + 0x2000, 0xE000);
    nt_free(R + 0xFFF, 0, MEM_RELEASE, STATUS_SUCCESS, R, 0x1000);
    alloc(R, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R);
    close_model();
}

/* VF-RELEASE-SIZE-ZERO, VF-TYPE. */
Test(example, the_win32_release_takes_no_size)
{
    static const uint32_t types[] = {0, MEM_FREE, MEM_RELEASE | MEM_DECOMMIT};
    alloc(R, GRANULE, MEM_RESERVE, PAGE_READWRITE, R);
    cr_assert(!pagelaw_virtual_free(model, R, 1, MEM_RELEASE));
    expect_error(ERROR_INVALID_PARAMETER);
    cr_assert(!pagelaw_virtual_free(model, R, GRANULE, MEM_RELEASE));
    expect_error(ERROR_INVALID_PARAMETER);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        cr_assert(!pagelaw_virtual_free(model, R, 0, types[i]));
        expect_error(ERROR_INVALID_PARAMETER);
    }
    cr_assert(pagelaw_virtual_free(model, R, 0, MEM_RELEASE));
    cr_assert(!pagelaw_virtual_free(model, R, 0, MEM_RELEASE));
    expect_error(ERROR_INVALID_ADDRESS);
    close_model();
}

/* VP-CACHE-KEPT. */
Test(example, nocache_belongs_to_the_allocation)
{
    uint32_t old;
    alloc(R, 2 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE, R);
    cr_assert(pagelaw_virtual_protect(model, R, PAGE, PAGE_READWRITE, &old));
    cr_assert_eq(old, PAGE_READWRITE | PAGE_NOCACHE);
    region(R, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE);
    cr_assert(pagelaw_virtual_protect(model, R, PAGE, PAGE_READONLY, &old));
    cr_assert_eq(old, PAGE_READWRITE | PAGE_NOCACHE);
    region(R, PAGE, MEM_COMMIT, PAGE_READONLY | PAGE_NOCACHE);
    alloc(R + GRANULE, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R + GRANULE);
    cr_assert(pagelaw_virtual_protect(model, R + GRANULE, 1, PAGE_READONLY | PAGE_NOCACHE, &old));
    region(R + GRANULE, PAGE, MEM_COMMIT, PAGE_READONLY);
    close_model();
}

/* GUARD-ONE-SHOT, GUARD-FIRST; the base protection rules once the guard is gone. */
Test(example, a_guard_fires_once_for_its_page)
{
    alloc(R, 2 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY | PAGE_GUARD, R);
    touch(PAGELAW_WRITE, R + 4, STATUS_GUARD_PAGE_VIOLATION);
    region(R, PAGE, MEM_COMMIT, PAGE_READONLY);
    region(R + PAGE, PAGE, MEM_COMMIT, PAGE_READONLY | PAGE_GUARD);
    touch(PAGELAW_READ, R + 4, 0);
    touch(PAGELAW_WRITE, R + 4, STATUS_ACCESS_VIOLATION);
    touch(PAGELAW_EXECUTE, R + PAGE, STATUS_GUARD_PAGE_VIOLATION);
    touch(PAGELAW_EXECUTE, R + PAGE, STATUS_ACCESS_VIOLATION);
    close_model();
}

/* VA-RESET-EFFECT, VA-RESET-RESERVED, VA-RESET-RANGE. */
Test(example, a_reset_page_keeps_its_state)
{
    alloc(R, GRANULE, MEM_RESERVE, PAGE_NOACCESS, R);
    alloc(R, PAGE, MEM_COMMIT, PAGE_READWRITE, R);
    touch(PAGELAW_WRITE, R, 0);
    alloc(R, PAGE, MEM_RESET, PAGE_NOACCESS, R);
    region(R, PAGE, MEM_COMMIT, PAGE_READWRITE);
    alloc(R + PAGE, PAGE, MEM_RESET, PAGE_NOACCESS, R + PAGE);
    region(R + PAGE, 15 * PAGE, MEM_RESERVE, 0);
    alloc_fails(R + 0xF000, 0x2000, MEM_RESET, PAGE_NOACCESS, ERROR_INVALID_ADDRESS);
    cr_assert(!pagelaw_byte_allowed(model, R, 0x62));
    cr_assert(pagelaw_byte_allowed(model, R, 0x61));
    cr_assert(pagelaw_byte_allowed(model, R, 0), "it may be dropped even after it was seen");
    cr_assert(!pagelaw_byte_allowed(model, R, 0x61), "what was dropped does not come back");
    close_model();
}

/* Two reservations that touch are never one: VA-ONE-ALLOCATION, VP-RANGE-ONE-REGION,
 * VQ-SAME-ALLOC. */
Test(example, neighbours_stay_strangers)
{
    uint32_t old;
    alloc(R, GRANULE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R);
    alloc(R + GRANULE, GRANULE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R + GRANULE);
    region(R, GRANULE, MEM_COMMIT, PAGE_READWRITE);
    alloc_fails(R + GRANULE - PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READONLY, ERROR_INVALID_ADDRESS);
    cr_assert(!pagelaw_virtual_protect(model, R + GRANULE - PAGE, 2 * PAGE, PAGE_READONLY, &old));
    expect_error(ERROR_INVALID_ADDRESS);
    cr_assert(!pagelaw_virtual_free(model, R + GRANULE - PAGE, 2 * PAGE, MEM_DECOMMIT));
    expect_error(ERROR_INVALID_PARAMETER);
    region(R, GRANULE, MEM_COMMIT, PAGE_READWRITE);
    close_model();
}

/* VQ-NO-BACKSCAN: a free run of 40 MB, asked 10 MB up. */
Test(example, a_query_looks_up_only)
{
    const uint64_t mb = 1024 * K;
    alloc(R, GRANULE, MEM_RESERVE, PAGE_NOACCESS, R);
    alloc(R + GRANULE + 40 * mb, GRANULE, MEM_RESERVE, PAGE_NOACCESS, R + GRANULE + 40 * mb);
    region(R + GRANULE + 10 * mb + 5, 30 * mb, MEM_FREE, PAGE_NOACCESS);
    region(0, R, MEM_FREE, PAGE_NOACCESS);
    region(0x7FFFFFFEFFFF, PAGE, MEM_FREE, PAGE_NOACCESS);
    close_model();
}

/* VF-DECOMMIT-IDEMPOTENT, ST-ZERO, MBI-ALLOCPROT. */
Test(example, recommitted_pages_are_zero)
{
    struct pagelaw_region said;
    alloc(R, GRANULE, MEM_RESERVE, PAGE_READONLY, R);
    alloc(R, PAGE, MEM_COMMIT, PAGE_READWRITE, R);
    touch(PAGELAW_WRITE, R, 0);
    alloc(R, PAGE, MEM_COMMIT, PAGE_READONLY, R);
    cr_assert_eq(pagelaw_byte(model, R), 0x61);
    cr_assert(pagelaw_virtual_free(model, R, GRANULE, MEM_DECOMMIT));
    cr_assert(pagelaw_virtual_free(model, R, GRANULE, MEM_DECOMMIT));
    touch(PAGELAW_READ, R, STATUS_ACCESS_VIOLATION);
    alloc(R, PAGE, MEM_COMMIT, PAGE_READWRITE, R);
    cr_assert_eq(pagelaw_byte(model, R), 0);
    cr_assert(!pagelaw_byte_allowed(model, R, 0x61));
    pagelaw_nt_query(model, R, 48, &said);
    cr_assert_eq(said.allocation_protect, PAGE_READONLY);
    close_model();
}

/* A dynamic array of 80 pages, committed one by one by whoever touches them. */
Test(example, the_dynamic_array)
{
    alloc(R, 80 * PAGE, MEM_RESERVE, PAGE_NOACCESS, R);
    for (unsigned i = 0; i < 80; i++) {
        touch(PAGELAW_WRITE, R + i * PAGE, STATUS_ACCESS_VIOLATION);
        alloc(R + i * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE, R + i * PAGE);
        touch(PAGELAW_WRITE, R + i * PAGE, 0);
        region(R, (i + 1) * PAGE, MEM_COMMIT, PAGE_READWRITE);
    }
    cr_assert_eq(pagelaw_model_charge(model), 80 * PAGE);
    cr_assert(pagelaw_virtual_free(model, R, 0, MEM_RELEASE));
    region(R, 0x7FFFFFFF0000 - R, MEM_FREE, PAGE_NOACCESS);
    cr_assert_eq(pagelaw_model_charge(model), 0);
    close_model();
}

Test(example, the_end_of_a_process_returns_everything)
{
    struct pagelaw_returned returned;
    uint8_t byte = 1;
    size_t done;
    struct pagelaw_exception exception;
    alloc(R, 3 * GRANULE, MEM_RESERVE, PAGE_NOACCESS, R);
    alloc(R + PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE, R + PAGE);
    alloc(R + 8 * GRANULE, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY, R + 8 * GRANULE);
    cr_assert(pagelaw_access(model, PAGELAW_WRITE, R + PAGE, &byte, 1, &done, &exception));
    pagelaw_end_process(model, &returned);
    cr_assert_eq(returned.allocations, 2);
    cr_assert_eq(returned.reserved_bytes, 3 * GRANULE + PAGE);
    cr_assert_eq(returned.committed_bytes, 3 * PAGE);
    cr_assert_eq(pagelaw_model_charge(model), 0);
    cr_assert_eq(pagelaw_get_last_error(model), 0);
    pagelaw_set_last_error(model, RANDOM);
    alloc(R, GRANULE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, R);
    cr_assert_eq(pagelaw_byte(model, R + PAGE), 0);
    close_model();
}
