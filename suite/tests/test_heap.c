/* Every request to the heap fails once: the call that meets it says so, nothing has changed, and
 * made again it succeeds. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "pagelaw/model.h"
#include "strict_heap.h"

#define K 1024u
#define PAGE 0x1000u
#define BASE 0x100000u
#define END 0x400000u /* all that the life below does lies in [BASE, END) */
#define MANY 350      /* pages, so that the table of contents must grow */

static struct pagelaw_model *model;
static bool is_poor; /* steps before may have failed, so that others fail by law */

/* ---- A life, step by step; each is false if the heap gave no room ---- */

static bool alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (pagelaw_virtual_alloc(model, address, size, type, protect) != 0)
        return true;
    cr_assert(pagelaw_get_last_error(model) == ERROR_NO_SYSTEM_RESOURCES || is_poor);
    return false;
}

static bool done(uint32_t status)
{
    cr_assert(status == STATUS_SUCCESS || status == STATUS_INSUFFICIENT_RESOURCES || is_poor, "%x",
              status);
    return status == STATUS_SUCCESS;
}

static bool release(uint64_t base, uint64_t size, uint32_t type)
{
    return done(pagelaw_nt_free(model, &base, &size, type));
}

static bool protect(uint64_t base, uint64_t size, uint32_t value)
{
    uint32_t old;
    return done(pagelaw_nt_protect(model, &base, &size, value, &old));
}

static bool write(uint64_t address, size_t size)
{
    struct pagelaw_exception exception;
    uint8_t bytes[2 * PAGE];
    size_t count;
    memset(bytes, 0x61, sizeof bytes);
    return pagelaw_access(model, PAGELAW_WRITE, address, bytes, size, &count, &exception);
}

static bool reserve(void)
{
    return alloc(BASE, END - BASE - 64 * K, MEM_RESERVE, PAGE_NOACCESS);
}

static bool commit(void)
{
    return alloc(BASE + PAGE, MANY * PAGE, MEM_COMMIT, PAGE_READWRITE);
}

static bool recommit(void)
{
    return alloc(BASE + 3 * PAGE, 2 * PAGE, MEM_COMMIT, PAGE_EXECUTE_READWRITE);
}

static bool reserve_and_commit(void)
{
    return alloc(END - 64 * K, 3 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static bool protect_split(void)
{
    return protect(BASE + 10 * PAGE, 3 * PAGE, PAGE_READONLY);
}

static bool guard(void)
{
    return protect(BASE + 20 * PAGE, 4 * PAGE, PAGE_READWRITE | PAGE_GUARD);
}

static bool touch_guard(void)
{
    return write(BASE + 21 * PAGE, 1);
}

static bool consume_guard(void)
{
    return pagelaw_consume_guard(model, BASE + 22 * PAGE);
}

/* One page and the first byte of the next: all or nothing. */
static bool write_two_pages(void)
{
    return write(BASE + 4 * PAGE, PAGE + 1);
}

/* Stops at the guard page, which the two moves must disarm together. */
static bool write_up_to_guard(void)
{
    return write(BASE + 22 * PAGE + 5, PAGE);
}

static bool write_many(void)
{
    for (unsigned i = 30; i < MANY; i++) {
        if (!write(BASE + i * PAGE, 1))
            return false;
    }
    return true;
}

static bool reset(void)
{
    return alloc(BASE + 30 * PAGE, 8 * PAGE, MEM_RESET, PAGE_NOACCESS);
}

static bool write_after_reset(void)
{
    return write(BASE + 31 * PAGE, 2);
}

static bool decommit(void)
{
    return release(BASE + 6 * PAGE, 2 * PAGE, MEM_DECOMMIT);
}

static bool release_part(void)
{
    return release(BASE + 8 * PAGE, PAGE, MEM_RELEASE);
}

static bool forget(void)
{
    return pagelaw_forget(model, BASE, 64 * K);
}

static bool resync(void)
{
    static const struct pagelaw_region regions[] = {
        {BASE, 0, 64 * K, 0, MEM_FREE, PAGE_NOACCESS, 0},
        {BASE + 64 * K, BASE + 64 * K, PAGE, PAGE_READWRITE, MEM_COMMIT, PAGE_READONLY,
         MEM_PRIVATE},
        {BASE + 64 * K + PAGE, BASE + 64 * K, 2 * PAGE, PAGE_READWRITE, MEM_RESERVE, 0,
         MEM_PRIVATE},
        {BASE + 64 * K + 3 * PAGE, BASE + 64 * K, 13 * PAGE, PAGE_READWRITE, MEM_COMMIT,
         PAGE_READWRITE, MEM_PRIVATE},
        {BASE + 128 * K, BASE + 128 * K, PAGE, PAGE_NOACCESS, MEM_RESERVE, 0, MEM_PRIVATE},
        {BASE + 128 * K + PAGE, 0, END - BASE - 128 * K - PAGE, 0, MEM_FREE, PAGE_NOACCESS, 0},
    };
    return pagelaw_resync(model, BASE, END - BASE, regions, sizeof regions / sizeof *regions);
}

static bool release_all(void)
{
    return release(BASE + 64 * K, 0, MEM_RELEASE);
}

/* In part: a failure may have done some of it. */
static const struct life {
    bool (*step)(void);
    bool in_part;
} life[] = {
    {reserve, false},
    {commit, false},
    {recommit, false},
    {reserve_and_commit, false},
    {protect_split, false},
    {guard, false},
    {touch_guard, false},
    {consume_guard, false},
    {write_two_pages, false},
    {write_up_to_guard, false},
    {write_many, true},
    {reset, false},
    {write_after_reset, false},
    {decommit, false},
    {release_part, false},
    {forget, false},
    {resync, true},
    {release_all, false},
};

/* ---- What can be seen ---- */

#define SEEN_REGIONS 40
#define SEEN_PAGES 64 /* the first ones, where most happens; of the others a sample */
#define SAMPLE 16

struct seen {
    uint64_t charge;
    struct pagelaw_region regions[SEEN_REGIONS];
    uint8_t bytes[(END - BASE) / PAGE][2];
};

static void look(struct seen *seen)
{
    struct pagelaw_region *region = seen->regions;
    memset(seen, 0, sizeof *seen);
    seen->charge = pagelaw_model_charge(model);
    for (uint64_t at = BASE; at < END; at += region++->size) {
        cr_assert_lt(region - seen->regions, SEEN_REGIONS);
        pagelaw_nt_query(model, at, 48, region);
    }
    for (unsigned i = 0; i < (END - BASE) / PAGE; i += i < SEEN_PAGES ? 1 : SAMPLE) {
        uint64_t page = BASE + i * PAGE;
        seen->bytes[i][0] = pagelaw_byte(model, page);
        seen->bytes[i][1] = pagelaw_byte(model, page + PAGE - 1);
    }
}

/* ---- The test ---- */

static struct strict_heap heap;
static struct seen before, after;
static struct seen undisturbed[sizeof life / sizeof *life]; /* after each step */

static bool has_resynced(const struct life *now)
{
    while (now > life && now->step != resync)
        now--;
    return now->step == resync;
}

static void live(const struct life *now)
{
    const char *broken;
    size_t failures = heap.failures;
    struct seen *seen = heap.fail_at == SIZE_MAX ? &undisturbed[now - life] : &after;
    look(&before);
    if (!now->step()) {
        cr_assert_eq(heap.failures, failures + 1, "step %d fails by itself", (int)(now - life));
        look(&after);
        cr_assert(now->in_part || memcmp(&before, &after, sizeof before) == 0,
                  "step %d: a failure shows", (int)(now - life));
        broken = pagelaw_check_invariants(model);
        cr_assert_null(broken, "step %d, failed: %s", (int)(now - life), broken);
        cr_assert(now->step(), "step %d fails again", (int)(now - life));
    }
    broken = pagelaw_check_invariants(model);
    cr_assert_null(broken, "step %d: %s", (int)(now - life), broken);
    look(seen);
    if (has_resynced(now)) /* in part, and again: by then more is forgotten */
        memset(seen->bytes, 0, sizeof seen->bytes);
    cr_assert_eq(memcmp(seen, &undisturbed[now - life], sizeof *seen), 0,
                 "step %d: request %zu left its mark", (int)(now - life), heap.fail_at);
}

/* A whole life in which the request of that number fails; false if there were not so many. */
static bool live_with_failure(size_t fail_at)
{
    struct pagelaw_heap opened = strict_heap_open(&heap);
    heap.fail_at = fail_at;
    model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &opened);
    if (model == NULL) {
        cr_assert_eq(heap.blocks, 0);
        return true;
    }
    for (size_t i = 0; i < sizeof life / sizeof *life; i++)
        live(&life[i]);
    pagelaw_model_destroy(model);
    cr_assert_null(heap.fault, "request %zu: %s", fail_at, heap.fault);
    cr_assert_eq(heap.blocks, 0, "request %zu: %zu blocks left", fail_at, heap.blocks);
    return heap.failures > 0;
}

Test(heap, every_request_fails_once)
{
    size_t fail_at = 0;
    cr_assert(!live_with_failure(SIZE_MAX));
    while (live_with_failure(fail_at))
        fail_at++;
    cr_assert_gt(fail_at, 2 * (MANY - 30));
}

/* From some request on there is nothing at all: each step fails cleanly or needs nothing. */
Test(heap, nothing_is_left)
{
    is_poor = true;
    for (size_t stop = 1; stop < 60; stop++) {
        struct pagelaw_heap opened = strict_heap_open(&heap);
        heap.fail_from = stop;
        model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &opened);
        for (size_t i = 0; i < sizeof life / sizeof *life; i++) {
            life[i].step();
            cr_assert_null(pagelaw_check_invariants(model), "step %zu", i);
        }
        pagelaw_model_destroy(model);
        cr_assert_null(heap.fault);
        cr_assert_eq(heap.blocks, 0);
    }
}
