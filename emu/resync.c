/* Going on after a difference: the model takes over what the subject says of a range. */
#include "internal.h"

/* Forgets what the pages of a committed region held, where the model did not have them committed in
 * the same allocation. */
static bool forget_changed(struct pagelaw_model *model, const struct pagelaw_region *region)
{
    uint64_t end = region->base + region->size;
    for (uint64_t at = region->base; at < end;) {
        struct pagelaw_region was;
        space_query(model, at, &was);
        uint64_t next = was.base + was.size < end ? was.base + was.size : end;
        if ((was.state != MEM_COMMIT || was.allocation_base != region->allocation_base) &&
            !contents_forget(&model->contents, at, next, &model->heap))
            return false;
        at = next;
    }
    return true;
}

static bool clear(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    for (;;) {
        const struct allocation *last = space_floor(&model->space, end - 1);
        if (last == NULL || allocation_end(last) <= base)
            return true;
        if (!stock_fill(model))
            return false;
        space_release(model, last->base > base ? last->base : base,
                      allocation_end(last) < end ? allocation_end(last) : end);
    }
}

/* How many regions from the first on belong to the same allocation. */
static size_t same_allocation(const struct pagelaw_region *regions, size_t count)
{
    size_t same = 1;
    while (same < count && regions[same].state != MEM_FREE &&
           regions[same].allocation_base == regions[0].allocation_base)
        same++;
    return same;
}

static bool build(struct pagelaw_model *model, const struct pagelaw_region *regions, size_t count)
{
    const struct pagelaw_region *last = &regions[count - 1];
    if (!stock_fill(model))
        return false;
    space_reserve(model, regions[0].base, last->base + last->size, regions[0].allocation_protect);
    for (size_t i = 0; i < count; i++) {
        uint64_t end = regions[i].base + regions[i].size;
        if (!stock_fill(model))
            return false;
        if (regions[i].state == MEM_COMMIT)
            space_commit(model, regions[i].base, end, regions[i].protect);
        else
            contents_drop(&model->contents, regions[i].base, end, &model->heap);
    }
    return true;
}

static bool take_over(struct pagelaw_model *model, uint64_t base, uint64_t size,
                      const struct pagelaw_region *regions, size_t region_count)
{
    for (size_t i = 0; i < region_count; i++) {
        if (regions[i].state == MEM_COMMIT && !forget_changed(model, &regions[i]))
            return false;
    }
    if (!clear(model, base, base + size))
        return false;
    for (size_t i = 0; i < region_count;) {
        if (regions[i].state == MEM_FREE) {
            contents_drop(&model->contents, regions[i].base, regions[i].base + regions[i].size,
                          &model->heap);
            i++;
            continue;
        }
        size_t same = same_allocation(regions + i, region_count - i);
        if (!build(model, regions + i, same))
            return false;
        i += same;
    }
    return true;
}

/* After a failure half way: what is not committed holds nothing. */
static void drop_strays(struct pagelaw_model *model, uint64_t base, uint64_t end)
{
    for (uint64_t at = base; at < end;) {
        struct pagelaw_region region;
        space_query(model, at, &region);
        uint64_t next = region.base + region.size < end ? region.base + region.size : end;
        if (region.state != MEM_COMMIT)
            contents_drop(&model->contents, at, next, &model->heap);
        at = next;
    }
}

bool pagelaw_resync(struct pagelaw_model *model, uint64_t base, uint64_t size,
                    const struct pagelaw_region *regions, size_t region_count)
{
    if (take_over(model, base, size, regions, region_count))
        return true;
    drop_strays(model, base, base + size);
    return false;
}

bool pagelaw_forget(struct pagelaw_model *model, uint64_t base, uint64_t size)
{
    uint64_t end = page_up(model, base + size);
    if (end > model->profile->address_max)
        end = model->profile->address_max + 1;
    for (uint64_t at = page_down(model, base); at < end;) {
        struct pagelaw_region region;
        space_query(model, at, &region);
        uint64_t next = region.base + region.size < end ? region.base + region.size : end;
        if (region.state == MEM_COMMIT &&
            !contents_forget(&model->contents, at, next, &model->heap))
            return false;
        at = next;
    }
    return true;
}
