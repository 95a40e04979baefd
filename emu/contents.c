/* Sparse page contents, in a hash table by page address. */
#include "contents.h"

#include "runs.h"

#include <string.h>

/* The table's own memory comes from the caller's heap as well: each function below that adds or
 * deletes has it at hand as `heap`. An add that finds no memory leaves the element out. */
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) heap_get(heap, size)
#define uthash_free(block, size) heap_put(heap, block, size)
#define uthash_nonfatal_oom(element) ((void)(element), added = false)
#include <uthash.h>

/* Beyond so many pages, forgetting each by itself is not worth its memory. */
#define FORGET_MAX 4096u

struct page {
    uint64_t base;
    uint8_t *bytes; /* NULL: all zero */
    uint8_t *other; /* what it holds if the reset dropped it; NULL: all zero */
    bool was_reset; /* either of the two may be what it holds */
    bool unknown;
    UT_hash_handle hh;
};

static struct page *find(const struct contents *contents, uint64_t address)
{
    uint64_t base = address & ~(uint64_t)(contents->page_size - 1);
    struct page *page;
    HASH_FIND(hh, contents->pages, &base, sizeof base, page);
    return page;
}

static uint8_t *zeros(size_t size, const struct pagelaw_heap *heap)
{
    uint8_t *bytes = heap_get(heap, size);
    if (bytes != NULL)
        memset(bytes, 0, size);
    return bytes;
}

static void page_destroy(struct contents *contents, struct page *page,
                         const struct pagelaw_heap *heap)
{
    heap_put(heap, page->bytes, contents->page_size);
    heap_put(heap, page->other, contents->page_size);
    heap_put(heap, page, sizeof *page);
}

static void drop_page(struct contents *contents, struct page *page, const struct pagelaw_heap *heap)
{
    HASH_DEL(contents->pages, page);
    contents->page_count--;
    page_destroy(contents, page, heap);
}

/* The entry of a page, made if there is none. NULL if the heap gives nothing. */
static struct page *obtain(struct contents *contents, uint64_t base,
                           const struct pagelaw_heap *heap)
{
    struct page *page = find(contents, base);
    if (page != NULL)
        return page;
    page = heap_get(heap, sizeof *page);
    if (page == NULL)
        return NULL;
    *page = (struct page){.base = base};
    bool added = true;
    HASH_ADD(hh, contents->pages, base, sizeof page->base, page);
    if (!added) {
        heap_put(heap, page, sizeof *page);
        return NULL;
    }
    contents->page_count++;
    return page;
}

void contents_destroy(struct contents *contents, const struct pagelaw_heap *heap)
{
    struct page *page, *next;
    HASH_ITER(hh, contents->pages, page, next)
    {
        drop_page(contents, page, heap);
    }
}

bool contents_prepare(struct contents *contents, uint64_t base, uint64_t size,
                      const struct pagelaw_heap *heap)
{
    uint64_t mask = ~(uint64_t)(contents->page_size - 1);
    for (uint64_t at = base & mask; at < base + size; at += contents->page_size) {
        struct page *page = obtain(contents, at, heap);
        if (page == NULL)
            return false;
        if (page->bytes == NULL && (page->bytes = zeros(contents->page_size, heap)) == NULL)
            return false;
        if (page->was_reset && page->other == NULL &&
            (page->other = zeros(contents->page_size, heap)) == NULL)
            return false;
    }
    return true;
}

void contents_write(struct contents *contents, uint64_t address, const uint8_t *bytes, size_t size)
{
    struct page *page = find(contents, address);
    size_t offset = (size_t)(address - page->base);
    memcpy(page->bytes + offset, bytes, size);
    if (page->was_reset)
        memcpy(page->other + offset, bytes, size);
}

void contents_read(const struct contents *contents, uint64_t address, uint8_t *bytes, size_t size)
{
    const struct page *page = find(contents, address);
    if (page == NULL || page->bytes == NULL)
        memset(bytes, 0, size);
    else
        memcpy(bytes, page->bytes + (address - page->base), size);
}

static uint8_t byte_of(const uint8_t *bytes, uint64_t offset)
{
    return bytes == NULL ? 0 : bytes[offset];
}

/* A page that was reset turns out to hold one of the two. */
static void settle(struct contents *contents, struct page *page, bool dropped,
                   const struct pagelaw_heap *heap)
{
    uint8_t *gone = dropped ? page->bytes : page->other;
    page->bytes = dropped ? page->other : page->bytes;
    page->other = NULL;
    page->was_reset = false;
    heap_put(heap, gone, contents->page_size);
}

bool contents_allow(struct contents *contents, uint64_t address, uint8_t value,
                    const struct pagelaw_heap *heap)
{
    struct page *page = find(contents, address);
    if (contents->all_unknown || (page != NULL && page->unknown))
        return true;
    if (page == NULL)
        return value == 0;
    uint8_t kept = byte_of(page->bytes, address - page->base);
    if (!page->was_reset)
        return value == kept;
    uint8_t dropped = byte_of(page->other, address - page->base);
    /* A page that was not written since its reset may be dropped at any time, even after it was
     * seen to hold what it held; one that was written is there to stay. */
    if (kept != dropped && (value == dropped || (value == kept && page->other != NULL)))
        settle(contents, page, value == dropped, heap);
    return value == kept || value == dropped;
}

/* The same for bytes of one page. */
static uint64_t allow_in_page(struct contents *contents, uint64_t address, uint8_t value,
                              uint64_t count, const struct pagelaw_heap *heap)
{
    const struct page *page = find(contents, address);
    uint64_t done = 0;
    if (contents->all_unknown || (page != NULL && page->unknown))
        return count;
    if (page == NULL || (page->bytes == NULL && !page->was_reset))
        return value == 0 ? count : 0;
    if (!page->was_reset) {
        const uint8_t *bytes = page->bytes + (address - page->base);
        while (done < count && bytes[done] == value)
            done++;
        return done;
    }
    while (done < count && contents_allow(contents, address + done, value, heap))
        done++;
    return done;
}

uint64_t contents_allow_row(struct contents *contents, uint64_t address, uint8_t value,
                            uint64_t count, const struct pagelaw_heap *heap)
{
    for (uint64_t done = 0; done < count;) {
        uint64_t left = contents->page_size - ((address + done) & (contents->page_size - 1));
        uint64_t part = count - done < left ? count - done : left;
        uint64_t allowed = allow_in_page(contents, address + done, value, part, heap);
        done += allowed;
        if (allowed < part)
            return done;
    }
    return count;
}

/* Calls for each stored page of [base, end), whichever way there are fewer to look at. */
static void for_pages(struct contents *contents, uint64_t base, uint64_t end,
                      void (*use)(struct contents *, struct page *, const struct pagelaw_heap *),
                      const struct pagelaw_heap *heap)
{
    struct page *page, *next;
    if ((end - base) / contents->page_size <= contents->page_count) {
        for (uint64_t at = base; at < end; at += contents->page_size) {
            if ((page = find(contents, at)) != NULL)
                use(contents, page, heap);
        }
        return;
    }
    HASH_ITER(hh, contents->pages, page, next)
    {
        if (page->base >= base && page->base < end)
            use(contents, page, heap);
    }
}

void contents_drop(struct contents *contents, uint64_t base, uint64_t end,
                   const struct pagelaw_heap *heap)
{
    for_pages(contents, base, end, drop_page, heap);
}

static void reset_page(struct contents *contents, struct page *page,
                       const struct pagelaw_heap *heap)
{
    (void)contents, (void)heap;
    if (page->was_reset && page->other != NULL)
        page->unknown = true; /* reset, written and reset again: more ways than are kept apart */
    else if (!page->unknown && page->bytes != NULL)
        page->was_reset = true;
}

void contents_reset(struct contents *contents, uint64_t base, uint64_t end)
{
    for_pages(contents, base, end, reset_page, NULL);
}

bool contents_forget(struct contents *contents, uint64_t base, uint64_t end,
                     const struct pagelaw_heap *heap)
{
    if ((end - base) / contents->page_size > FORGET_MAX) {
        contents->all_unknown = true;
        return true;
    }
    for (uint64_t at = base; at < end; at += contents->page_size) {
        struct page *page = obtain(contents, at, heap);
        if (page == NULL)
            return false;
        page->unknown = true;
    }
    return true;
}

const char *contents_check(const struct contents *contents, const struct space *space)
{
    for (const struct page *page = contents->pages; page != NULL; page = page->hh.next) {
        const struct allocation *allocation = allocation_at(space, page->base);
        if (allocation == NULL || run_at(allocation->runs, page->base) == NULL)
            return "a page that is not committed has contents";
    }
    return NULL;
}
