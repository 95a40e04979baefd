/* The emulation layer beside the host's own calls. */
#include <stdint.h>
#include <sys/mman.h>

#include "bench.h"
#include "pagelaw/constants.h"
#include "posix/layer.h"

#define SIZE ((size_t)64 * 1024)
#define ROOM (3 * SIZE) /* with a neighbour on either side */
#define MBI_SIZE 48
#define MANY ((size_t)100 * 1000)

double bench_layer_ns[BENCH_LAYER_NUMBERS];

static void host_failed(void)
{
    bench_cannot("the host", "mmap, munmap or mprotect failed");
}

static uint64_t allocate(uint64_t address, size_t size, uint32_t type)
{
    uint64_t base = layer_virtual_alloc(address, size, type, PAGE_READWRITE);
    if (base == 0)
        bench_cannot("the emulation layer", "VirtualAlloc failed");
    return base;
}

static void give_up(uint64_t base, size_t size, uint32_t type)
{
    if (!layer_virtual_free(base, size, type))
        bench_cannot("the emulation layer", "VirtualFree failed");
}

static void *map_reserved(void *address, size_t size, int fixed)
{
    void *pages = mmap(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
    if (pages == MAP_FAILED)
        host_failed();
    return pages;
}

/* ---- Commit and decommit ---- */

static void commit_and_decommit(void *user, size_t count)
{
    uint64_t base = (uintptr_t)user + SIZE;
    for (size_t i = 0; i < count; i++) {
        allocate(base, SIZE, MEM_COMMIT);
        give_up(base, SIZE, MEM_DECOMMIT);
    }
}

static void protect_and_map(void *user, size_t count)
{
    char *base = (char *)user + SIZE;
    for (size_t i = 0; i < count; i++) {
        if (mprotect(base, SIZE, PROT_READ | PROT_WRITE) != 0)
            host_failed();
        map_reserved(base, SIZE, MAP_FIXED);
    }
}

static void bench_commit(void)
{
    struct bench_row row = {.what = "layer: commit, decommit of 64 KB",
                            .beside = "mprotect, mmap",
                            .hold = BENCH_RATIO_AT_MOST,
                            .limit = 1.15};
    uint64_t base = allocate(0, ROOM, MEM_RESERVE);
    void *bare = map_reserved(NULL, ROOM, 0);
    bench_progress(row.what);
    row.times = bench_compare((struct bench_task){commit_and_decommit, (void *)(uintptr_t)base},
                              (struct bench_task){protect_and_map, bare});
    bench_layer_ns[BENCH_LAYER_COMMIT] = row.times.first;
    munmap(bare, ROOM);
    give_up(base, 0, MEM_RELEASE);
    bench_print_row(&row);
}

/* ---- Reserve and release ---- */

static void reserve_and_release(void *user, size_t count)
{
    (void)user;
    for (size_t i = 0; i < count; i++)
        give_up(allocate(0, SIZE, MEM_RESERVE), 0, MEM_RELEASE);
}

static void map_and_unmap(void *user, size_t count)
{
    (void)user;
    for (size_t i = 0; i < count; i++)
        munmap(map_reserved(NULL, SIZE, 0), SIZE);
}

static void bench_reserve(void)
{
    struct bench_row row = {.what = "layer: reserve, release of 64 KB",
                            .beside = "mmap, munmap",
                            .hold = BENCH_RATIO_BELOW,
                            .limit = 1};
    bench_progress(row.what);
    row.times = bench_compare((struct bench_task){reserve_and_release, NULL},
                              (struct bench_task){map_and_unmap, NULL});
    bench_layer_ns[BENCH_LAYER_RESERVE] = row.times.first;
    bench_print_row(&row);
}

/* ---- Threads ---- */

/* Everything that the others do as well, each on memory of its own. */
static void live(void *user, size_t count)
{
    (void)user;
    for (size_t i = 0; i < count; i++) {
        uint64_t base = allocate(0, SIZE, MEM_RESERVE | MEM_COMMIT);
        *(char *)(uintptr_t)base = 1;
        give_up(base, SIZE, MEM_DECOMMIT);
        give_up(base, 0, MEM_RELEASE);
    }
}

static void live_barely(void *user, size_t count)
{
    (void)user;
    for (size_t i = 0; i < count; i++) {
        char *pages = map_reserved(NULL, SIZE, 0);
        if (mprotect(pages, SIZE, PROT_READ | PROT_WRITE) != 0)
            host_failed();
        *pages = 1;
        map_reserved(pages, SIZE, MAP_FIXED);
        munmap(pages, SIZE);
    }
}

static void bench_threads(void)
{
    struct bench_row row = {.what = "layer: 8 threads, reserve to release of 64 KB",
                            .beside = "mmap, mprotect, munmap",
                            .hold = BENCH_RATIO_AT_MOST,
                            .limit = 1};
    bench_progress(row.what);
    row.times = bench_compare_threads((struct bench_task){live, NULL},
                                      (struct bench_task){live_barely, NULL}, 8);
    bench_print_row(&row);
}

/* ---- Query ---- */

/* The allocations lie one behind the other. */
struct queries {
    uint64_t first;
    size_t at; /* of a walk */
    struct bench_random random;
};

static void query(uint64_t address)
{
    struct pagelaw_region region;
    if (layer_virtual_query(address, &region, MBI_SIZE) == 0)
        bench_cannot("the emulation layer", "VirtualQuery failed");
}

static void query_at_random(void *user, size_t count)
{
    struct queries *queries = user;
    for (size_t i = 0; i < count; i++)
        query(queries->first + bench_random_below(&queries->random, MANY) * SIZE);
}

static void query_in_order(void *user, size_t count)
{
    struct queries *queries = user;
    for (size_t i = 0; i < count; i++)
        query(queries->first + queries->at++ % MANY * SIZE);
}

/* One after the other as who walks the address space does, and at random, where each looks into
 * memory that the processor has not at hand. */
static void bench_query(void)
{
    struct bench_row walk = {.what = "layer: VirtualQuery, a walk over 100,000",
                             .hold = BENCH_AMOUNT_BELOW,
                             .limit = 100};
    struct bench_row row = {.what = "layer: VirtualQuery, one of 100,000 at random",
                            .beside = "the walk",
                            .hold = BENCH_AMOUNT_BELOW,
                            .limit = 100};
    bench_progress(row.what);
    struct queries queries = {.first = allocate(0, SIZE, MEM_RESERVE)};
    for (size_t i = 1; i < MANY; i++) {
        if (allocate(0, SIZE, MEM_RESERVE) != queries.first + i * SIZE)
            bench_cannot("the emulation layer", "the lowest place was not chosen");
    }
    row.times = bench_compare((struct bench_task){query_at_random, &queries},
                              (struct bench_task){query_in_order, &queries});
    bench_layer_ns[BENCH_LAYER_QUERY] = row.times.first;
    walk.times.first = row.times.second;
    for (size_t i = 0; i < MANY; i++)
        give_up(queries.first + i * SIZE, 0, MEM_RELEASE);
    bench_print_row(&walk);
    bench_print_row(&row);
}

void bench_layer(void)
{
    char error[160];
    if (!layer_open(error, sizeof error))
        bench_cannot("the emulation layer", error);
    bench_commit();
    bench_reserve();
    bench_threads();
    bench_query();
}
