/* The emulation layer on a host that refuses one of its calls, whichever it is: the call fails with
 * nothing changed, or does without; memory is as the model has it; and the next attempt succeeds.
 * (POSIX.) */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "native.h"
#include "pagelaw/constants.h"
#include "posix/host.h"
#include "posix/layer.h"

#define PAGE 0x1000u
#define GRANULE 0x10000u
#define BASIC_SIZE 48u
#define PAGES 16
#define CALLS_MAX 20

static struct host_calls real;
static uint64_t outside; /* a granule, outside the layer's arena */
static unsigned until;   /* the host's calls until the one that fails; 0: none does */
static unsigned made;
static int refusal;

static bool refused(void)
{
    made++;
    errno = refusal;
    return until != 0 && --until == 0;
}

static void *map(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    return refused() ? MAP_FAILED : real.map(address, size, protection, flags, file, offset);
}

static int unmap(void *address, size_t size)
{
    return refused() ? -1 : real.unmap(address, size);
}

static int protect(void *address, size_t size, int protection)
{
    return refused() ? -1 : real.protect(address, size, protection);
}

static int advise(void *address, size_t size, int advice)
{
    return refused() ? -1 : real.advise(address, size, advice);
}

static void start(void)
{
    struct subject_info subject;
    char error[200] = "";
    size_t wide = (size_t)1 << 30;
    cr_assert(backend_native.start(&subject, error, sizeof error), "%s", error);
    void *hole = mmap(NULL, wide, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(hole, MAP_FAILED);
    munmap(hole, wide);
    outside = ((uintptr_t)hole + wide / 2) / GRANULE * GRANULE;
    real = host_calls;
    host_calls = (struct host_calls){map, unmap, protect, advise};
}

TestSuite(native_refusals, .init = start, .timeout = 120);

/* ---- A granule of pages of each kind --------------------------------------------------------- */

static void must(bool done)
{
    cr_assert(done, "error %u", layer_get_last_error());
}

static void commit_page(uint64_t page, uint8_t value)
{
    must(layer_virtual_alloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE) == page);
    memset((void *)(uintptr_t)page, value, PAGE);
}

/* Page 1 read-only, 2 read-write, 4 guarded, 5 without access, the rest reserved; in front of
 * another allocation. */
static uint64_t make_pages(uint64_t where)
{
    uint32_t old;
    uint64_t base =
        layer_virtual_alloc(where, PAGES * PAGE, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE);
    must(base != 0);
    commit_page(base + PAGE, 1);
    commit_page(base + 2 * PAGE, 2);
    commit_page(base + 4 * PAGE, 4);
    commit_page(base + 5 * PAGE, 5);
    must(layer_virtual_protect(base + PAGE, PAGE, PAGE_READONLY, &old));
    must(layer_virtual_protect(base + 4 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    must(layer_virtual_protect(base + 5 * PAGE, PAGE, PAGE_NOACCESS, &old));
    return base;
}

static struct pagelaw_region query(uint64_t address)
{
    struct pagelaw_region region = {0};
    cr_assert_eq(layer_virtual_query(address, &region, BASIC_SIZE), BASIC_SIZE);
    return region;
}

static void list(uint64_t base, struct pagelaw_region regions[PAGES])
{
    for (unsigned page = 0; page < PAGES; page++)
        regions[page] = query(base + page * PAGE);
}

static uint32_t code_of_read(uint64_t address, uint8_t *byte)
{
    struct subject_exception exception;
    *byte = backend_native.read(address, &exception);
    return exception.code;
}

static uint32_t code_of_write(uint64_t address, uint8_t byte)
{
    struct subject_exception exception;
    backend_native.write(address, byte, &exception);
    return exception.code;
}

/* A page behaves as its region says. Its guard is gone then. */
static void check_page(uint64_t page, const struct pagelaw_region *region, const char *when)
{
    uint8_t byte;
    bool reads = region->state == MEM_COMMIT && region->protect != PAGE_NOACCESS;
    bool writes = region->state == MEM_COMMIT && (region->protect & ~(uint32_t)PAGE_GUARD &
                                                  (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) != 0;
    if ((region->protect & PAGE_GUARD) != 0)
        cr_assert_eq(code_of_read(page, &byte), STATUS_GUARD_PAGE_VIOLATION, "%s", when);
    cr_assert_eq(code_of_read(page, &byte) == 0, reads, "%s: page %#llx", when,
                 (unsigned long long)page);
    cr_assert_eq(code_of_write(page, byte) == 0, writes, "%s: page %#llx", when,
                 (unsigned long long)page);
}

static void check_pages(uint64_t base, const char *when)
{
    struct pagelaw_region regions[PAGES];
    list(base, regions);
    for (unsigned page = 0; page < PAGES; page++)
        check_page(base + page * PAGE, &regions[page], when);
}

static void check_contents(uint64_t base, const char *when)
{
    uint32_t old;
    must(layer_virtual_protect(base + 5 * PAGE, PAGE, PAGE_READONLY, &old));
    for (unsigned page = 1; page < 6; page++) {
        const uint8_t *bytes = (const uint8_t *)(uintptr_t)(base + page * PAGE);
        if (page != 3)
            cr_assert(bytes[0] == page && bytes[PAGE - 1] == page, "%s: page %u", when, page);
    }
    must(layer_virtual_protect(base + 5 * PAGE, PAGE, PAGE_NOACCESS, &old));
}

static void expect_same(uint64_t base, const struct pagelaw_region before[PAGES], const char *when)
{
    struct pagelaw_region after[PAGES];
    list(base, after);
    for (unsigned page = 0; page < PAGES; page++)
        cr_assert(memcmp(&before[page], &after[page], sizeof *after) == 0, "%s: page %u", when,
                  page);
}

/* ---- What is tried --------------------------------------------------------------------------- */

static bool commit_all(uint64_t base)
{
    return layer_virtual_alloc(base, PAGES * PAGE, MEM_COMMIT, PAGE_READWRITE) != 0;
}

static bool protect_two(uint64_t base)
{
    uint32_t old;
    return layer_virtual_protect(base + PAGE, 2 * PAGE, PAGE_NOACCESS, &old) != 0;
}

static bool decommit_some(uint64_t base)
{
    return layer_virtual_free(base + 2 * PAGE, 3 * PAGE, MEM_DECOMMIT) != 0;
}

static bool decommit_all(uint64_t base)
{
    return layer_virtual_free(base, 0, MEM_DECOMMIT) != 0;
}

static bool release_all(uint64_t base)
{
    return layer_virtual_free(base, 0, MEM_RELEASE) != 0;
}

static bool reset(uint64_t base)
{
    return layer_virtual_alloc(base + PAGE, 2 * PAGE, MEM_RESET, PAGE_READWRITE) != 0;
}

static const struct attempt {
    const char *name;
    bool (*make)(uint64_t base);
    bool keeps_contents; /* when it fails */
} attempts[] = {
    {"commit all", commit_all, true},       {"protect two", protect_two, true},
    {"decommit some", decommit_some, true}, {"decommit all", decommit_all, true},
    {"release all", release_all, true},     {"reset", reset, false},
};

/* False once the attempt makes fewer calls than that. */
static bool try_attempt(const struct attempt *attempt, uint64_t where, unsigned which)
{
    struct pagelaw_region before[PAGES];
    uint64_t base = make_pages(where);
    list(base, before);
    made = 0;
    until = which;
    bool done = attempt->make(base);
    bool fired = until == 0;
    until = 0;
    if (!done) {
        uint32_t error = layer_get_last_error();
        cr_assert(fired, "%s", attempt->name);
        cr_assert(error == ERROR_COMMITMENT_LIMIT || error == ERROR_NOT_ENOUGH_MEMORY ||
                      error == ERROR_ACCESS_DENIED,
                  "%s: error %u", attempt->name, error);
        expect_same(base, before, attempt->name);
        check_pages(base, attempt->name);
        if (attempt->keeps_contents)
            check_contents(base, attempt->name);
        must(attempt->make(base));
    }
    check_pages(base, attempt->name);
    if (query(base).state != MEM_FREE)
        must(release_all(base));
    check_pages(base, attempt->name);
    return fired;
}

static void try_all(uint64_t where)
{
    static const int refusals[] = {ENOMEM, EACCES, EAGAIN};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        unsigned which = 1;
        refusal = refusals[0];
        while (which < CALLS_MAX && try_attempt(&attempts[i], where, which))
            refusal = refusals[which++ % 3];
        cr_assert_lt(which, CALLS_MAX, "%s", attempts[i].name);
        cr_assert_gt(which, 1, "%s makes no call of the host's", attempts[i].name);
    }
}

Test(native_refusals, each_call_on_an_allocation_in_the_arena)
{
    try_all(0);
}

/* What was released can be had again, so nothing of it was left behind. */
Test(native_refusals, each_call_on_an_allocation_outside_of_it)
{
    try_all(outside);
}

/* With another allocation next to it, of which a part of it must be cut. */
Test(native_refusals, each_call_on_an_allocation_with_neighbours)
{
    must(layer_virtual_alloc(outside - GRANULE, GRANULE, MEM_RESERVE, PAGE_READWRITE) != 0);
    must(layer_virtual_alloc(outside + GRANULE, GRANULE, MEM_RESERVE, PAGE_READWRITE) != 0);
    try_all(outside);
}

/* ---- New allocations ------------------------------------------------------------------------- */

static bool try_reserve(uint64_t where, uint32_t type, unsigned which)
{
    until = which;
    uint64_t base = layer_virtual_alloc(where, PAGES * PAGE, type, PAGE_READWRITE);
    bool fired = until == 0;
    until = 0;
    if (base == 0 && where != 0) {
        cr_assert_eq(query(where).state, MEM_FREE);
        check_pages(where, "reserve");
    }
    if (base == 0)
        base = layer_virtual_alloc(where, PAGES * PAGE, type, PAGE_READWRITE);
    must(base != 0);
    check_pages(base, "reserve");
    must(release_all(base));
    return fired;
}

Test(native_refusals, each_call_for_a_new_allocation)
{
    static const uint32_t types[] = {MEM_RESERVE, MEM_RESERVE | MEM_COMMIT};
    for (int i = 0; i < 4; i++) {
        unsigned which = 1;
        refusal = ENOMEM;
        while (which < CALLS_MAX && try_reserve(i < 2 ? 0 : outside, types[i % 2], which))
            which++;
        cr_assert_lt(which, CALLS_MAX);
    }
}

/* The middle of an allocation, as only the native call can. */
Test(native_refusals, a_release_of_the_middle)
{
    for (unsigned which = 1; which < CALLS_MAX; which++) {
        struct pagelaw_region before[PAGES];
        uint64_t base = make_pages(outside), middle = base + 2 * PAGE, size = 2 * PAGE;
        list(base, before);
        refusal = ENOMEM;
        until = which;
        uint32_t status = layer_nt_free(&middle, &size, MEM_RELEASE);
        bool fired = until == 0;
        until = 0;
        if (status != STATUS_SUCCESS) {
            expect_same(base, before, "release the middle");
            check_pages(base, "release the middle");
            check_contents(base, "release the middle");
        }
        check_pages(base, "release the middle");
        for (unsigned page = 0; page < PAGES; page++) {
            uint64_t at = base + page * PAGE, none = 0;
            if (query(at).state != MEM_FREE)
                layer_nt_free(&at, &none, MEM_RELEASE);
        }
        if (!fired)
            return;
    }
    cr_assert_fail("it makes too many calls");
}
