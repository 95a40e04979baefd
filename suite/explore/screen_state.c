/* The map of the hole and what its pages hold, on a backend and in the model. */
#include "screening.h"

#include "pagelaw/constants.h"

bool screen_odd(struct screen *screen, uint32_t what, uint64_t wanted, uint64_t got)
{
    screen->look = screen_look(what, screen->operation, screen->rule, wanted * 31 + got);
    return false;
}

/* ---- The map --------------------------------------------------------------------------------- */

static struct screen_page own_page(const struct screen *screen, uint64_t address)
{
    struct pagelaw_touch read, write;
    pagelaw_touch(screen->model, PAGELAW_READ, address, &read);
    pagelaw_touch(screen->model, PAGELAW_WRITE, address, &write);
    return (struct screen_page){.is_probed = !read.either && !write.either &&
                                             read.exception.code != STATUS_GUARD_PAGE_VIOLATION,
                                .read_code = read.exception.code,
                                .write_code = write.exception.code,
                                .byte = pagelaw_byte(screen->model, address)};
}

static void take_own_pages(struct screen *screen)
{
    const struct alphabet *alphabet = screen->alphabet;
    unsigned count = 0;
    for (uint64_t at = 0; at < alphabet->span && count < SCREEN_PAGES_MAX; at += alphabet->page)
        screen->pages[count++] = own_page(screen, screen->hole + at);
    screen->page_count = count;
}

void screen_take_own_map(struct screen *screen)
{
    uint64_t end = screen->hole + screen->alphabet->hole;
    struct pagelaw_region region;
    screen->own.count = 0;
    for (uint64_t at = screen->hole; at < end && screen->own.count < SCREEN_REGIONS_MAX &&
                                     pagelaw_look(screen->model, at, UINT32_MAX, &region);) {
        if (region.size > end - at)
            region.size = end - at;
        screen->own.regions[screen->own.count++] = region;
        at += region.size;
    }
    take_own_pages(screen);
    screen->own_known = true;
}

bool screen_same_region(struct screen *screen, const struct pagelaw_region *want,
                        struct subject_region got)
{
    uint64_t end = screen->hole + screen->alphabet->hole;
    if (got.base + got.size > end && got.base < end)
        got.size = end - got.base;
    if (got.state != want->state)
        return screen_odd(screen, 1, want->state, got.state);
    if (got.protect != want->protect)
        return screen_odd(screen, 2, want->protect, got.protect);
    if (got.base != want->base || got.size != want->size)
        return screen_odd(screen, 3, want->size - got.size, want->base - got.base);
    if (got.allocation_base != want->allocation_base)
        return screen_odd(screen, 4, 0, 0);
    if (got.allocation_protect != want->allocation_protect)
        return screen_odd(screen, 5, want->allocation_protect, got.allocation_protect);
    return got.type == want->type || screen_odd(screen, 6, want->type, got.type);
}

static bool same_map(struct screen *screen)
{
    if (screen->backend->virtual_query == NULL)
        return true;
    for (unsigned i = 0; i < screen->own.count; i++) {
        const struct pagelaw_region *want = &screen->own.regions[i];
        struct subject_region got = {0};
        if (screen->backend->virtual_query(want->base, &got,
                                           pagelaw_mbi_size(screen->info->pointer_bytes)) == 0)
            return screen_odd(screen, 7, want->state, 0);
        if (!screen_same_region(screen, want, got))
            return false;
    }
    return true;
}

/* ---- The pages ------------------------------------------------------------------------------- */

static bool reads_the_same(struct screen *screen, unsigned index)
{
    const struct screen_page *page = &screen->pages[index];
    struct subject_exception raised = {0};
    uint64_t address = screen->hole + index * screen->alphabet->page;
    uint8_t got = screen->backend->read(address, &raised);
    if (raised.code != page->read_code)
        return screen_odd(screen, SCREEN_READ + index, page->read_code, raised.code);
    return page->read_code != 0 || got == page->byte ||
           pagelaw_byte_allowed(screen->model, address, got) ||
           screen_odd(screen, SCREEN_READ + index, page->byte, got);
}

/* What is there is written once more. */
static bool writes_the_same(struct screen *screen, unsigned index)
{
    const struct screen_page *page = &screen->pages[index];
    struct subject_exception raised = {0};
    screen->backend->write(screen->hole + index * screen->alphabet->page, page->byte, &raised);
    return raised.code == page->write_code ||
           screen_odd(screen, SCREEN_WRITE + index, page->write_code, raised.code);
}

/* After a change both touches of each page, but no write of one that can't be read; else reads
 * alone that raise nothing, which are fast. */
static bool same_pages(struct screen *screen, bool changed)
{
    const struct backend *backend = screen->backend;
    bool reads = backend->read != NULL;
    bool writes = backend->write != NULL && changed && !screen->was_reset;
    for (unsigned i = 0; i < screen->page_count; i++) {
        const struct screen_page *page = &screen->pages[i];
        bool can_read = page->read_code == 0;
        if (page->is_probed && reads && (changed || can_read) && !reads_the_same(screen, i))
            return false;
        if (page->is_probed && writes && can_read && !writes_the_same(screen, i))
            return false;
    }
    return true;
}

bool screen_same_state(struct screen *screen)
{
    bool changed = !screen->own_known;
    if (changed)
        screen_take_own_map(screen);
    return same_map(screen) && same_pages(screen, changed && !screen->is_trodden);
}
