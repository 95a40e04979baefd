/* The emulation layer and its host: what the host refuses is undone, what the host owns is left
 * alone, and what the layer gives back is given back. */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "native.h"
#include "pagelaw/constants.h"
#include "posix/heap.h"
#include "posix/host.h"
#include "posix/layer.h"

#define PAGE 0x1000u
#define GRANULE 0x10000u
#define BASIC_SIZE 48u

static struct host_calls real;

/* On a granule, outside the layer's arena, with nothing of the host's for far around. */
static uint64_t outside;

static uint64_t find_outside(void)
{
    size_t wide = (size_t)1 << 30;
    void *hole = mmap(NULL, wide, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(hole, MAP_FAILED);
    munmap(hole, wide);
    return ((uintptr_t)hole + wide / 2) / GRANULE * GRANULE;
}

static void start(void)
{
    struct subject_info subject;
    char error[200] = "";
    cr_assert(backend_native.start(&subject, error, sizeof error), "%s", error);
    real = host_calls;
    outside = find_outside();
}

TestSuite(native_host, .init = start, .timeout = 60);

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static uint32_t touched(uint32_t access, uint64_t address)
{
    struct subject_exception exception;
    if (access == 0)
        backend_native.read(address, &exception);
    else
        backend_native.write(address, 1, &exception);
    return exception.code;
}

static struct pagelaw_region query(uint64_t address)
{
    struct pagelaw_region region = {0};
    cr_assert_eq(layer_virtual_query(address, &region, BASIC_SIZE), BASIC_SIZE);
    return region;
}

static uint64_t alloc(uint64_t address, uint64_t size, uint32_t type)
{
    uint64_t base = layer_virtual_alloc(address, size, type, PAGE_READWRITE);
    cr_assert_neq(base, 0, "error %u", layer_get_last_error());
    return base;
}

/* ---- A host that refuses --------------------------------------------------------------------- */

static int refusal;

static void *refuse_map(void *address, size_t size, int protection, int flags, int file,
                        off_t offset)
{
    (void)address, (void)size, (void)protection, (void)flags, (void)file, (void)offset;
    errno = refusal;
    return MAP_FAILED;
}

/* As the kernel may: the first page is done by the time the second is found to be impossible. */
static int refuse_protect_half_way(void *address, size_t size, int protection)
{
    if (refusal == 0)
        return real.protect(address, size, protection);
    real.protect(address, PAGE, protection);
    errno = refusal;
    refusal = 0;
    return -1;
}

/* Four pages: read-only, read-write, reserved, guarded; each committed one holds its number. */
static uint64_t make_patchwork(void)
{
    uint32_t old;
    uint64_t base = alloc(0, 4 * PAGE, MEM_RESERVE);
    alloc(base, 2 * PAGE, MEM_COMMIT);
    alloc(base + 3 * PAGE, PAGE, MEM_COMMIT);
    for (uint64_t page = 0; page < 4; page++)
        if (page != 2)
            memset(pointer(base + page * PAGE), (int)page + 1, PAGE);
    cr_assert(layer_virtual_protect(base, PAGE, PAGE_READONLY, &old));
    cr_assert(layer_virtual_protect(base + 3 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    return base;
}

static void expect_patchwork(uint64_t base)
{
    struct subject_exception exception;
    cr_expect_eq(query(base).protect, PAGE_READONLY);
    cr_expect_eq(query(base + PAGE).protect, PAGE_READWRITE);
    cr_expect_eq(query(base + 2 * PAGE).state, MEM_RESERVE);
    cr_expect_eq(query(base + 3 * PAGE).protect, PAGE_READWRITE | PAGE_GUARD);
    cr_expect_eq(touched(1, base), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(backend_native.read(base, &exception), 1);
    cr_expect_eq(backend_native.read(base + PAGE, &exception), 2);
    cr_expect_eq(touched(0, base + 2 * PAGE), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(touched(0, base + 3 * PAGE), STATUS_GUARD_PAGE_VIOLATION);
    cr_expect_eq(backend_native.read(base + 3 * PAGE, &exception), 4);
}

static const struct {
    int refusal;
    uint32_t error;
} refusals[] = {
    {ENOMEM, ERROR_COMMITMENT_LIMIT},
    {EACCES, ERROR_ACCESS_DENIED},
    {EINVAL, ERROR_NOT_ENOUGH_MEMORY},
};

Test(native_host, a_commit_that_fails_half_way_is_undone)
{
    host_calls.protect = refuse_protect_half_way;
    for (size_t i = 0; i < 3; i++) {
        uint64_t base = make_patchwork();
        refusal = refusals[i].refusal;
        cr_expect_eq(layer_virtual_alloc(base, 4 * PAGE, MEM_COMMIT, PAGE_EXECUTE_READWRITE), 0);
        cr_expect_eq(layer_get_last_error(), refusals[i].error);
        expect_patchwork(base);
    }
}

Test(native_host, a_protect_that_fails_half_way_is_undone)
{
    uint64_t base = make_patchwork();
    uint32_t old = 0xAAAA;
    host_calls.protect = refuse_protect_half_way;
    refusal = ENOMEM;
    cr_expect_not(layer_virtual_protect(base, 2 * PAGE, PAGE_NOACCESS, &old));
    cr_expect_eq(layer_get_last_error(), ERROR_COMMITMENT_LIMIT);
    cr_expect_eq(old, 0xAAAA);
    expect_patchwork(base);
}

Test(native_host, a_reserve_and_commit_that_fails_leaves_the_range_free)
{
    host_calls.protect = refuse_protect_half_way;
    uint64_t wanted[] = {0, outside};
    for (size_t i = 0; i < 2; i++) {
        refusal = ENOMEM;
        cr_expect_eq(
            layer_virtual_alloc(wanted[i], 3 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 0);
        cr_expect_eq(layer_get_last_error(), ERROR_COMMITMENT_LIMIT);
        cr_expect_eq(query(outside).state, MEM_FREE);
    }
    alloc(outside, PAGE, MEM_RESERVE | MEM_COMMIT);
}

Test(native_host, a_decommit_and_a_release_that_fail_change_nothing)
{
    uint64_t base = make_patchwork();
    host_calls.map = refuse_map;
    refusal = ENOMEM;
    cr_expect_not(layer_virtual_free(base, 0, MEM_DECOMMIT));
    cr_expect_eq(layer_get_last_error(), ERROR_COMMITMENT_LIMIT);
    cr_expect_not(layer_virtual_free(base, 0, MEM_RELEASE));
    expect_patchwork(base);
    host_calls.map = real.map;
    cr_expect(layer_virtual_free(base, 0, MEM_RELEASE));
}

static int refuse_protect(void *address, size_t size, int protection)
{
    (void)address, (void)size, (void)protection;
    errno = ENOMEM;
    return -1;
}

Test(native_host, a_guard_that_the_host_cannot_lift_stays)
{
    uint64_t base = make_patchwork();
    host_calls.protect = refuse_protect;
    cr_expect_eq(touched(0, base + 3 * PAGE), STATUS_GUARD_PAGE_VIOLATION);
    cr_expect_eq(query(base + 3 * PAGE).protect, PAGE_READWRITE | PAGE_GUARD);
    host_calls.protect = real.protect;
    expect_patchwork(base);
}

static unsigned count_maps(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    cr_assert_not_null(file);
    unsigned lines = 0;
    for (int c; (c = getc(file)) != EOF;)
        lines += c == '\n';
    fclose(file);
    return lines;
}

Test(native_host, decommitting_gives_the_mappings_back)
{
    uint64_t base = alloc(0, 1024 * PAGE, MEM_RESERVE);
    unsigned before = count_maps();
    for (uint64_t page = 0; page < 1024; page += 2)
        memset(pointer(alloc(base + page * PAGE, PAGE, MEM_COMMIT)), 1, PAGE);
    cr_expect_geq(count_maps(), before + 1000);
    for (uint64_t page = 0; page < 1024; page += 2)
        cr_assert(layer_virtual_free(base + page * PAGE, PAGE, MEM_DECOMMIT));
    cr_expect_leq(count_maps(), before + 2);
    cr_assert(layer_virtual_free(base, 0, MEM_RELEASE));
    cr_expect_leq(count_maps(), before + 2);
}

Test(native_host, out_of_mappings_is_out_of_memory_and_undone)
{
    uint64_t pages = 80000, base = alloc(0, pages * PAGE, MEM_RESERVE), page = 0;
    while (page < pages &&
           layer_virtual_alloc(base + page * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != 0)
        page += 2;
    if (page >= pages)
        cr_skip_test("this host allows that many mappings");
    cr_expect_eq(layer_get_last_error(), ERROR_NOT_ENOUGH_MEMORY);
    cr_expect_eq(query(base + page * PAGE).state, MEM_RESERVE);
    cr_expect_eq(touched(0, base + page * PAGE), STATUS_ACCESS_VIOLATION);
    cr_assert(layer_virtual_free(base, 0, MEM_RELEASE));
    alloc(0, PAGE, MEM_RESERVE | MEM_COMMIT);
}

/* ---- Addresses outside the arena ------------------------------------------------------------- */

static bool host_can_map(uint64_t address, uint64_t size)
{
    void *pages = mmap(pointer(address), size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (pages == MAP_FAILED)
        return false;
    munmap(pages, size);
    return true;
}

Test(native_host, what_the_host_owns_is_not_taken)
{
    uint64_t page = outside + 3 * PAGE;
    uint8_t *host = mmap(pointer(page), PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    cr_assert_neq(host, MAP_FAILED);
    *host = 0x61;
    cr_expect_eq(layer_virtual_alloc(outside, GRANULE, MEM_RESERVE, PAGE_READWRITE), 0);
    cr_expect_eq(layer_get_last_error(), ERROR_INVALID_ADDRESS);
    cr_expect_eq(query(outside).state, MEM_FREE);
    cr_expect_eq(*host, 0x61);
    munmap(host, PAGE);
    alloc(outside, GRANULE, MEM_RESERVE);
}

static void *map_elsewhere(void *address, size_t size, int protection, int flags, int file,
                           off_t offset)
{
    (void)address;
    return real.map(NULL, size, protection, flags & ~MAP_FIXED_NOREPLACE, file, offset);
}

Test(native_host, a_kernel_that_takes_an_address_for_a_hint_is_noticed)
{
    host_calls.map = map_elsewhere;
    cr_expect_eq(layer_virtual_alloc(outside, PAGE, MEM_RESERVE, PAGE_READWRITE), 0);
    cr_expect_eq(layer_get_last_error(), ERROR_INVALID_ADDRESS);
}

Test(native_host, the_tail_of_a_granule_is_kept_from_the_host)
{
    cr_assert_eq(alloc(outside + 5, PAGE, MEM_RESERVE | MEM_COMMIT), outside);
    cr_expect_eq(query(outside).size, 2 * PAGE);
    cr_expect_eq(query(outside + 2 * PAGE).state, MEM_FREE);
    cr_expect_eq(touched(0, outside + 2 * PAGE), STATUS_ACCESS_VIOLATION);
    cr_expect_not(host_can_map(outside + GRANULE - PAGE, PAGE));
    cr_expect(host_can_map(outside + GRANULE, PAGE));
    cr_assert(layer_virtual_free(outside, 0, MEM_RELEASE));
    cr_expect(host_can_map(outside, GRANULE));
}

Test(native_host, a_granule_in_use_is_kept_until_its_last_page_is_released)
{
    uint64_t base = alloc(outside, 2 * GRANULE, MEM_RESERVE | MEM_COMMIT), size = PAGE;
    memset(pointer(base), 0x61, 2 * GRANULE);
    cr_assert_eq(layer_nt_free(&base, &size, MEM_RELEASE), STATUS_SUCCESS);
    cr_expect_eq(touched(0, outside), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(touched(0, outside + PAGE), 0);
    cr_expect_not(host_can_map(outside, PAGE));
    alloc(outside, PAGE, MEM_RESERVE | MEM_COMMIT);
    cr_expect_eq(*(volatile uint8_t *)pointer(outside), 0);
    cr_assert(layer_virtual_free(outside, 0, MEM_RELEASE));
    cr_assert(layer_virtual_free(outside + PAGE, 0, MEM_RELEASE));
    cr_expect(host_can_map(outside, 2 * GRANULE));
}

static uint64_t alloc_low(uint32_t type)
{
    uint64_t base = 0, size = 3 * PAGE;
    cr_assert_eq(layer_nt_allocate(&base, 4, &size, type, PAGE_READWRITE), STATUS_SUCCESS);
    cr_expect_lt(base, 1u << 28);
    return base;
}

Test(native_host, zero_bits_find_room_below_the_arena)
{
    static const uint32_t ways[] = {MEM_COMMIT, MEM_COMMIT | MEM_TOP_DOWN};
    for (size_t i = 0; i < 2; i++) {
        uint64_t base = alloc_low(ways[i]);
        cr_expect_eq(touched(1, base + 3 * PAGE - 1), 0);
        cr_expect_eq(query(base).allocation_base, base);
        cr_assert(layer_virtual_free(base, 0, MEM_RELEASE));
        cr_assert_eq(mmap(pointer(base), PAGE, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
                     pointer(base));
        cr_expect_neq(alloc_low(ways[i]), base);
    }
    cr_expect_geq(alloc(0, PAGE, MEM_RESERVE), 1u << 28);
}

/* ---- The pieces ------------------------------------------------------------------------------ */

Test(native_host, protections)
{
    cr_expect_eq(host_protection(PAGE_NOACCESS), PROT_NONE);
    cr_expect_eq(host_protection(PAGE_READONLY), PROT_READ);
    cr_expect_eq(host_protection(PAGE_READWRITE | PAGE_NOCACHE), PROT_READ | PROT_WRITE);
    cr_expect_eq(host_protection(PAGE_READWRITE | PAGE_GUARD), PROT_NONE);
    cr_expect_eq(host_protection(PAGE_EXECUTE), PROT_READ | PROT_EXEC);
    cr_expect_eq(host_protection(PAGE_EXECUTE_READ), PROT_READ | PROT_EXEC);
    cr_expect_eq(host_protection(PAGE_EXECUTE_READWRITE), PROT_READ | PROT_WRITE | PROT_EXEC);
}

#define BLOCKS 64

/* Blocks of random sizes, each filled with its own byte: none may touch another. */
Test(native_host, the_heap_keeps_blocks_apart)
{
    struct pagelaw_heap heap = heap_of_layer();
    uint8_t *blocks[BLOCKS] = {NULL};
    size_t sizes[BLOCKS] = {0};
    uint64_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t i = (size_t)(seed >> 33) % BLOCKS, size = (size_t)1 << (seed >> 40) % 19;
        size = (seed >> 60) == 0 ? 0 : size + (size_t)(seed >> 45) % size;
        for (size_t k = 0; k < sizes[i]; k += 1 + sizes[i] / 16)
            cr_assert_eq(blocks[i][k], (uint8_t)i);
        uint8_t *block = heap.resize(heap.user, blocks[i], sizes[i], size);
        cr_assert((block == NULL) == (size == 0));
        cr_assert_eq((uintptr_t)block % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < size && k < sizes[i]; k += 1 + sizes[i] / 16)
            cr_assert_eq(block[k], (uint8_t)i);
        if (size != 0)
            memset(block, (int)i, size);
        blocks[i] = block;
        sizes[i] = size;
    }
}
