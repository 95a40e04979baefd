/* Touching memory: the protection of each page decides. */
#include "internal.h"

/* What a base protection lets through; executing needs the execute bits (EXC-DEP). */
static bool lets(uint32_t base, enum pagelaw_access access)
{
    const uint32_t readable =
        PAGE_READONLY | PAGE_READWRITE | PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE;
    const uint32_t writable = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;
    const uint32_t executable = PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE;
    switch (access) {
    case PAGELAW_READ:
        return (base & readable) != 0;
    case PAGELAW_WRITE:
        return (base & writable) != 0;
    case PAGELAW_EXECUTE:
        return (base & executable) != 0;
    }
    return false;
}

static enum pagelaw_rule protection_rule(uint32_t base, enum pagelaw_access access)
{
    if (access == PAGELAW_EXECUTE && !lets(base, access) && base != PAGE_NOACCESS)
        return PAGELAW_EXC_DEP;
    switch (base) {
    case PAGE_NOACCESS:
        return PAGELAW_PR_NOACCESS;
    case PAGE_READONLY:
        return PAGELAW_PR_READONLY;
    case PAGE_READWRITE:
        return PAGELAW_PR_READWRITE;
    case PAGE_EXECUTE:
        return PAGELAW_PR_EXECUTE;
    default:
        return PAGELAW_PR_EXEC_READ;
    }
}

/* Executing data, where data execution prevention may be missing. */
static void touch_data(const struct pagelaw_model *model, uint32_t base,
                       struct pagelaw_touch *touch)
{
    bool no_dep = profile_has(model, PAGELAW_QUIRK_NO_DEP);
    if (lets(base, PAGELAW_READ) && (no_dep || profile_has(model, PAGELAW_QUIRK_DEP_OPEN)))
        touch->exception.code = 0;
    touch->either = touch->exception.code == 0 && !no_dep;
}

static void touch_committed(const struct pagelaw_model *model, enum pagelaw_access access,
                            uint32_t protect, struct pagelaw_touch *touch)
{
    uint32_t base = protect & 0xFF;
    if ((protect & PAGE_GUARD) != 0) {
        touch->exception.code = STATUS_GUARD_PAGE_VIOLATION;
        touch->rule = lets(base, access) ? PAGELAW_GUARD_ONE_SHOT : PAGELAW_GUARD_FIRST;
        return;
    }
    touch->exception.code = lets(base, access) ? 0 : STATUS_ACCESS_VIOLATION;
    touch->rule = protection_rule(base, access);
    touch->either = base == PAGE_EXECUTE && access == PAGELAW_READ;
    if (access == PAGELAW_EXECUTE && !lets(base, access))
        touch_data(model, base, touch);
}

void pagelaw_touch(const struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                   struct pagelaw_touch *touch)
{
    *touch = (struct pagelaw_touch){
        .exception = {.code = STATUS_ACCESS_VIOLATION, .access = access, .address = address}};
    /* Without data execution prevention the processor does not tell a fetch from a read. */
    if (access == PAGELAW_EXECUTE && profile_has(model, PAGELAW_QUIRK_NO_DEP))
        touch->exception.access = PAGELAW_READ;
    touch->or_read = access == PAGELAW_EXECUTE && profile_has(model, PAGELAW_QUIRK_DEP_OPEN);
    const struct allocation *allocation = allocation_at(&model->space, address);
    const struct run *run = allocation == NULL ? NULL : run_at(allocation->runs, address);
    if (run != NULL)
        touch_committed(model, access, run->protect, touch);
    else
        touch->rule = allocation == NULL ? PAGELAW_ST_FREE : PAGELAW_ST_RESERVED;
}

bool pagelaw_consume_guard(struct pagelaw_model *model, uint64_t address)
{
    struct allocation *allocation = allocation_at(&model->space, address);
    struct run *run = allocation == NULL ? NULL : run_at(allocation->runs, address);
    if (run == NULL || (run->protect & PAGE_GUARD) == 0)
        return true;
    if (!stock_fill(model))
        return false;
    uint64_t page = page_down(model, address);
    space_commit(model, page, page + model->profile->page_size, run->protect & ~PAGE_GUARD);
    return true;
}

/* How many of `size` bytes can be touched, and what stops at the next, if anything does. */
static size_t reach(const struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                    size_t size, struct pagelaw_exception *exception)
{
    uint64_t done = 0;
    while (done < size) {
        struct pagelaw_touch touch;
        pagelaw_touch(model, access, address + done, &touch);
        *exception = touch.exception;
        if (touch.exception.code != 0)
            return (size_t)done;
        done = page_down(model, address + done) + model->profile->page_size - address;
    }
    return size;
}

/* Moves bytes between the caller and the pages, page by page. */
static void transfer(struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                     uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        uint64_t at = address + done;
        uint64_t left = page_down(model, at) + model->profile->page_size - at;
        size_t part = size - done < left ? size - done : (size_t)left;
        if (access == PAGELAW_WRITE)
            contents_write(&model->contents, at, bytes + done, part);
        else
            contents_read(&model->contents, at, bytes + done, part);
        done += part;
    }
}

bool pagelaw_access(struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                    uint8_t *bytes, size_t size, size_t *done, struct pagelaw_exception *exception)
{
    *exception = (struct pagelaw_exception){.code = 0};
    *done = reach(model, access, address, access == PAGELAW_EXECUTE ? 1 : size, exception);
    if (access == PAGELAW_WRITE && *done != 0 &&
        !contents_prepare(&model->contents, address, *done, &model->heap))
        return false;
    if (exception->code == STATUS_GUARD_PAGE_VIOLATION &&
        !pagelaw_consume_guard(model, exception->address))
        return false;
    if (access != PAGELAW_EXECUTE)
        transfer(model, access, address, bytes, *done);
    return true;
}

bool pagelaw_byte_allowed(struct pagelaw_model *model, uint64_t address, uint8_t value)
{
    return contents_allow(&model->contents, address, value, &model->heap);
}

uint64_t pagelaw_bytes_allowed(struct pagelaw_model *model, uint64_t address, uint8_t value,
                               uint64_t count)
{
    return contents_allow_row(&model->contents, address, value, count, &model->heap);
}

uint8_t pagelaw_byte(const struct pagelaw_model *model, uint64_t address)
{
    uint8_t value;
    contents_read(&model->contents, address, &value, 1);
    return value;
}
