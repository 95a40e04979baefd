/* The model beside the host, beside itself a thousand times larger, and what memory it takes. */
#include <stdint.h>
#include <sys/mman.h>

#include "bench.h"
#include "pagelaw/constants.h"
#include "pagelaw/model.h"
#include "posix/heap.h"

#define SIZE ((size_t)64 * 1024)
#define GRANULE ((uint64_t)64 * 1024)
#define MBI_SIZE 48
#define FEW ((size_t)1000)
#define MANY ((size_t)1000 * 1000)
#define HUGE ((uint64_t)1 << 30)

/* A model, the bytes that it has of its heap, and where the allocations in it lie. */
struct model_bench {
    struct pagelaw_model *model;
    size_t bytes;
    uint64_t lowest, end; /* of the allocations at first */
    struct bench_random random;
};

static void *resize(void *user, void *block, size_t size_old, size_t size_new)
{
    struct model_bench *bench = user;
    struct pagelaw_heap heap = heap_of_layer();
    void *fresh = heap.resize(heap.user, block, size_old, size_new);
    if (fresh != NULL || size_new == 0)
        bench->bytes += size_new - (block == NULL ? 0 : size_old);
    return fresh;
}

static void open_model(struct model_bench *bench)
{
    struct pagelaw_heap heap = {.resize = resize, .user = bench};
    *bench = (struct model_bench){.bytes = 0};
    bench->model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &heap);
    if (bench->model == NULL)
        bench_cannot("the model", "it cannot be made");
}

static void close_model(struct model_bench *bench)
{
    pagelaw_model_destroy(bench->model);
}

static uint64_t allocate(struct model_bench *bench, uint64_t size, uint32_t type)
{
    uint64_t base = pagelaw_virtual_alloc(bench->model, 0, size, type, PAGE_READWRITE);
    if (base == 0)
        bench_cannot("the model", "VirtualAlloc failed");
    return base;
}

static void release(struct model_bench *bench, uint64_t base)
{
    if (!pagelaw_virtual_free(bench->model, base, 0, MEM_RELEASE))
        bench_cannot("the model", "VirtualFree failed");
}

/* ---- Beside the host ---- */

static void allocate_and_release(void *user, size_t count)
{
    for (size_t i = 0; i < count; i++)
        release(user, allocate(user, SIZE, MEM_RESERVE | MEM_COMMIT));
}

static void map_and_unmap(void *user, size_t count)
{
    (void)user;
    for (size_t i = 0; i < count; i++) {
        void *pages = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED || munmap(pages, SIZE) != 0)
            bench_cannot("the host", "mmap or munmap failed");
    }
}

static void bench_beside_host(void)
{
    struct model_bench bench;
    struct bench_row row = {.what = "model: reserve+commit, release of 64 KB",
                            .beside = "mmap, munmap",
                            .hold = BENCH_RATIO_AT_MOST,
                            .limit = 1 / 20.0};
    bench_progress(row.what);
    open_model(&bench);
    row.times = bench_compare((struct bench_task){allocate_and_release, &bench},
                              (struct bench_task){map_and_unmap, NULL});
    close_model(&bench);
    bench_print_row(&row);
}

/* ---- Beside itself ---- */

static uint64_t some_size(struct model_bench *bench)
{
    return (1 + bench_random_below(&bench->random, 4)) * GRANULE;
}

static void fill(struct model_bench *bench, size_t count)
{
    open_model(bench);
    for (size_t i = 0; i < count; i++) {
        uint64_t size = some_size(bench), base = allocate(bench, size, MEM_RESERVE);
        bench->lowest = i == 0 ? base : bench->lowest;
        bench->end = base + size;
    }
}

/* What lies at a random place; there is no other way from a place to an allocation. */
static struct pagelaw_region ask(struct model_bench *bench)
{
    struct pagelaw_region region;
    uint64_t granules = (bench->end - bench->lowest) / GRANULE;
    uint64_t address = bench->lowest + bench_random_below(&bench->random, granules) * GRANULE;
    if (!pagelaw_virtual_query(bench->model, address, &region, MBI_SIZE))
        bench_cannot("the model", "VirtualQuery failed");
    return region;
}

/* In turn, at random places: a query, another, and so on until it finds an allocation, the release
 * of that, and a reserve where the first room is, so that the address space stays as full as it
 * was. */
static void make_calls(void *user, size_t count)
{
    struct model_bench *bench = user;
    for (size_t made = 0; made < count; made += 3) {
        struct pagelaw_region region;
        ask(bench);
        do {
            region = ask(bench);
            made++;
        } while (region.state == MEM_FREE);
        release(bench, region.allocation_base);
        allocate(bench, some_size(bench), MEM_RESERVE);
    }
}

static void bench_growth(void)
{
    struct model_bench many, few;
    struct bench_row row = {.what = "model: a call at 1,000,000 allocations",
                            .beside = "the same at 1,000",
                            .hold = BENCH_RATIO_AT_MOST,
                            .limit = 3};
    bench_progress(row.what);
    fill(&many, MANY);
    fill(&few, FEW);
    make_calls(&many, MANY / 10);
    row.times = bench_compare((struct bench_task){make_calls, &many},
                              (struct bench_task){make_calls, &few});
    close_model(&few);
    close_model(&many);
    bench_print_row(&row);
}

/* ---- Memory ---- */

/* The bytes that the allocations take, not the model by itself. */
static double bytes_of(uint64_t size, size_t count)
{
    struct model_bench bench;
    open_model(&bench);
    size_t before = bench.bytes;
    for (size_t i = 0; i < count; i++)
        allocate(&bench, size, MEM_RESERVE | MEM_COMMIT);
    double bytes = (double)(bench.bytes - before) / (double)count;
    close_model(&bench);
    return bytes;
}

static void bench_memory(void)
{
    struct bench_row each = {.what = "model: memory of an allocation of 1,000,000",
                             .unit = BENCH_BYTES,
                             .hold = BENCH_AMOUNT_AT_MOST,
                             .limit = 128};
    struct bench_row pages = {.what = "model: memory of 1 GB committed",
                              .beside = "of 64 KB committed",
                              .unit = BENCH_BYTES,
                              .hold = BENCH_RATIO_AT_MOST,
                              .limit = 1};
    double huge = bytes_of(HUGE, 1), small = bytes_of(SIZE, 1);
    bench_progress(each.what);
    each.times.first = bytes_of(SIZE, MANY);
    bench_print_row(&each);
    pages.times = bench_medians(&huge, &small, 1);
    bench_print_row(&pages);
}

void bench_model(void)
{
    bench_beside_host();
    bench_growth();
    bench_memory();
}
