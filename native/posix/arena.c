/* Taking addresses from the host and giving them back. */
#define _GNU_SOURCE 1
#include "arena.h"

#include <stddef.h>
#include <sys/mman.h>

#include "host.h"
#include "pagelaw/constants.h"

#define ARENA_SIZE_MAX ((uint64_t)1 << 46)
#define ARENA_SIZE_MIN ((uint64_t)1 << 30)

/* Where the arena is asked for: above what programs ask for by address, below where Linux puts
 * position-independent programs and libraries. The host may choose otherwise. */
#define ARENA_HINT ((uint64_t)1 << 44)

/* The mark is taken off in steps of so many bytes. */
#define MARK_STEP ((uint64_t)64 << 20)

struct range {
    uint64_t base, end;
};

static uint64_t round_down(uint64_t address, uint64_t unit)
{
    return address / unit * unit;
}

static uint64_t round_up(uint64_t address, uint64_t unit)
{
    return round_down(address + unit - 1, unit);
}

/* What the ends of the mapping stick out over a granule stays mapped and unused. */
static bool open_with_size(struct arena *arena, const struct pagelaw_profile *profile,
                           uint64_t size)
{
    void *pages = host_calls.map((void *)(uintptr_t)ARENA_HINT, (size_t)size, PROT_NONE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return false;
    uint64_t base = (uintptr_t)pages;
    if (base < profile->address_min || base + size - 1 > profile->address_max) {
        host_calls.unmap(pages, (size_t)size);
        return false;
    }
    host_calls.advise(pages, (size_t)size, MADV_DONTDUMP);
    arena->base = round_up(base, profile->granule);
    arena->end = round_down(base + size, profile->granule);
    arena->marked = arena->base;
    return true;
}

bool arena_open(struct arena *arena, const struct pagelaw_profile *profile)
{
    for (uint64_t size = ARENA_SIZE_MAX; size >= ARENA_SIZE_MIN; size /= 4)
        if (open_with_size(arena, profile, size))
            return true;
    return false;
}

static bool in_use(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    while (base < end) {
        struct pagelaw_region row = host_row(model, base, end);
        if (row.state != MEM_FREE)
            return true;
        base += row.size;
    }
    return false;
}

/* The granules of a range that hold no other page in use. */
static struct range own_granules(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    uint64_t granule = pagelaw_model_profile(model)->granule;
    struct range own = {round_down(base, granule), round_up(end, granule)};
    if (in_use(model, own.base, base))
        own.base += granule;
    if (in_use(model, end, own.end))
        own.end -= granule;
    return own;
}

/* The two pieces of a range outside the arena, below and above it; either may be empty. */
static void cut_out(const struct arena *arena, const struct range *range, struct range piece[2])
{
    piece[0] = piece[1] = *range;
    if (piece[0].end > arena->base)
        piece[0].end = arena->base;
    if (piece[1].base < arena->end)
        piece[1].base = arena->end;
}

static uint32_t take_piece(const struct range *piece)
{
    return piece->base < piece->end ? host_take(piece->base, piece->end - piece->base)
                                    : STATUS_SUCCESS;
}

static void give_piece(const struct range *piece)
{
    if (piece->base < piece->end)
        host_calls.unmap((void *)(uintptr_t)piece->base, (size_t)(piece->end - piece->base));
}

/* An allocation far above all others leaves the mark where it is. */
static void unmark(struct arena *arena, uint64_t base, uint64_t end)
{
    uint64_t marked = round_up(end, MARK_STEP);
    if (base > arena->marked || end <= arena->marked)
        return;
    if (marked > arena->end)
        marked = arena->end;
    void *pages = (void *)(uintptr_t)arena->marked;
    if (host_calls.advise(pages, (size_t)(marked - arena->marked), MADV_DODUMP) == 0)
        arena->marked = marked;
}

uint32_t arena_claim(struct arena *arena, struct pagelaw_model *model, uint64_t base, uint64_t size)
{
    if (base >= arena->base && base + size <= arena->end) {
        unmark(arena, base, base + size);
        return STATUS_SUCCESS;
    }
    struct range own = own_granules(model, base, base + size), piece[2];
    cut_out(arena, &own, piece);
    uint32_t status = take_piece(&piece[0]);
    if (status != STATUS_SUCCESS)
        return status;
    status = take_piece(&piece[1]);
    if (status != STATUS_SUCCESS)
        give_piece(&piece[0]);
    return status;
}

bool arena_returns(const struct arena *arena, struct pagelaw_model *model, uint64_t base,
                   uint64_t size)
{
    struct range own = own_granules(model, base, base + size);
    return own.base <= base && own.end >= base + size &&
           (own.end <= arena->base || own.base >= arena->end);
}

bool arena_return(struct pagelaw_model *model, uint64_t base, uint64_t size)
{
    struct range own = own_granules(model, base, base + size);
    return host_calls.unmap((void *)(uintptr_t)own.base, (size_t)(own.end - own.base)) == 0;
}

void arena_disclaim(const struct arena *arena, struct pagelaw_model *model, uint64_t base,
                    uint64_t size)
{
    if (base >= arena->base && base + size <= arena->end)
        return;
    struct range own = own_granules(model, base, base + size), piece[2];
    cut_out(arena, &own, piece);
    give_piece(&piece[0]);
    give_piece(&piece[1]);
}
