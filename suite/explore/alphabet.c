/* The acts that an exploration tries: classes of arguments, not all of them. */
#include <string.h>

#include "act.h"
#include "pagelaw/constants.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct places {
    uint64_t at[64];
    unsigned count;
};

static void add_place(struct places *places, uint64_t at)
{
    for (unsigned i = 0; i < places->count; i++)
        if (places->at[i] == at)
            return;
    if (places->count < COUNT(places->at))
        places->at[places->count++] = at;
}

static void add(struct alphabet *alphabet, struct act act)
{
    if (alphabet->count < ACTS_MAX)
        alphabet->acts[alphabet->count++] = act;
}

/* Each boundary, and a byte beside it. */
static struct places addresses(const struct alphabet *alphabet, uint64_t granule)
{
    struct places places = {.count = 0};
    for (uint64_t at = 0; at <= alphabet->span; at += alphabet->page) {
        add_place(&places, at);
        if (at < alphabet->span)
            add_place(&places, at + 1);
        if (at != 0)
            add_place(&places, at - 1);
    }
    for (uint64_t at = granule; at < alphabet->hole; at += granule) {
        add_place(&places, at - 1);
        add_place(&places, at);
    }
    return places;
}

static struct places sizes(const struct alphabet *alphabet, uint64_t granule, bool wide)
{
    struct places places = {.count = 0};
    add_place(&places, 0);
    add_place(&places, 1);
    for (uint64_t size = alphabet->page; size <= alphabet->span; size += alphabet->page)
        add_place(&places, size);
    add_place(&places, alphabet->page + 1);
    if (wide || alphabet->hole > granule) {
        add_place(&places, granule);
        add_place(&places, granule + 1);
    }
    return places;
}

static const uint32_t few_protects[] = {PAGE_READWRITE, PAGE_NOACCESS, PAGE_READONLY,
                                        PAGE_READWRITE | PAGE_GUARD};
static const uint32_t wrong_protects[] = {
    0,     PAGE_READWRITE | PAGE_READONLY, PAGE_WRITECOPY, PAGE_NOACCESS | PAGE_GUARD, PAGE_GUARD,
    0x1000};
static const uint32_t more_protects[] = {PAGE_EXECUTE,
                                         PAGE_EXECUTE_READ,
                                         PAGE_EXECUTE_READWRITE,
                                         PAGE_EXECUTE_WRITECOPY,
                                         PAGE_READONLY | PAGE_GUARD,
                                         PAGE_EXECUTE_READWRITE | PAGE_GUARD,
                                         PAGE_READWRITE | PAGE_NOCACHE,
                                         PAGE_READWRITE | PAGE_WRITECOMBINE,
                                         PAGE_NOACCESS | PAGE_NOCACHE,
                                         PAGE_READWRITE | PAGE_GUARD | PAGE_NOCACHE,
                                         PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE};
static const uint32_t types[] = {MEM_RESERVE, MEM_COMMIT, MEM_RESERVE | MEM_COMMIT, MEM_RESET};
static const uint32_t more_types[] = {0,
                                      MEM_RESERVE | MEM_TOP_DOWN,
                                      MEM_COMMIT | MEM_RESET,
                                      MEM_RESERVE | MEM_RESET,
                                      MEM_RESERVE | MEM_FREE,
                                      0x80000000};
static const uint32_t free_types[] = {MEM_DECOMMIT, MEM_RELEASE};
static const uint32_t wrong_free_types[] = {0, MEM_DECOMMIT | MEM_RELEASE, MEM_COMMIT, 0x10000000};

/* Each range with each type; each protection on whole pages alone. */
static void add_range(struct alphabet *alphabet, enum operation operation, const uint32_t *kinds,
                      size_t kind_count, const struct places *at, const struct places *size)
{
    for (size_t k = 0; k < kind_count; k++)
        for (unsigned i = 0; i < at->count; i++)
            for (unsigned j = 0; j < size->count; j++)
                add(alphabet, (struct act){.operation = operation,
                                           .anchor = ANCHOR_HOLE,
                                           .address = at->at[i],
                                           .size = size->at[j],
                                           .type = kinds[k],
                                           .protect = PAGE_READWRITE});
}

static void add_protects(struct alphabet *alphabet, enum operation operation, uint32_t type,
                         const uint32_t *protects, size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (uint64_t at = 0; at < alphabet->span; at += alphabet->page)
            for (uint64_t size = alphabet->page; at + size <= alphabet->span;
                 size += alphabet->page)
                if (protects[k] != PAGE_READWRITE)
                    add(alphabet, (struct act){.operation = operation,
                                               .anchor = ANCHOR_HOLE,
                                               .address = at,
                                               .size = size,
                                               .type = type,
                                               .protect = protects[k]});
}

static void add_all_protects(struct alphabet *alphabet, enum operation operation, uint32_t type,
                             const struct scope *scope)
{
    add_protects(alphabet, operation, type, few_protects, COUNT(few_protects));
    add_protects(alphabet, operation, type, wrong_protects, COUNT(wrong_protects));
    if (scope->every_protection)
        add_protects(alphabet, operation, type, more_protects, COUNT(more_protects));
}

static void add_allocations(struct alphabet *alphabet, enum operation operation,
                            const struct scope *scope, bool wide, const struct places *at,
                            const struct places *size)
{
    static const uint64_t origin = 0;
    const struct places begin = {.at = {origin}, .count = 1};
    add_range(alphabet, operation, types, COUNT(types), at, size);
    add_range(alphabet, operation, more_types, COUNT(more_types), wide ? at : &begin,
              wide ? size : &(struct places){.at = {alphabet->page}, .count = 1});
    for (size_t i = 0; i < 3; i++)
        add_all_protects(alphabet, operation, types[i], scope);
}

static void add_frees(struct alphabet *alphabet, enum operation operation, const struct places *at,
                      const struct places *size)
{
    const struct places page = {.at = {0, alphabet->page}, .count = 2};
    add_range(alphabet, operation, free_types, COUNT(free_types), at, size);
    add_range(alphabet, operation, wrong_free_types, COUNT(wrong_free_types), &page, &page);
}

static void add_queries(struct alphabet *alphabet, enum operation operation,
                        const struct places *at, uint32_t mbi_size)
{
    for (unsigned i = 0; i < at->count; i++)
        add(alphabet, (struct act){.operation = operation,
                                   .anchor = ANCHOR_HOLE,
                                   .address = at->at[i],
                                   .size = mbi_size});
}

static void add_touches(struct alphabet *alphabet, bool code)
{
    static const enum operation touches[] = {OP_READ, OP_WRITE, OP_EXECUTE, OP_CODE};
    for (size_t i = 0; i < (code ? 4 : 3); i++)
        for (uint64_t at = 0; at < alphabet->span; at += alphabet->page)
            for (uint64_t in = 0; in < alphabet->page; in += alphabet->page - 1)
                if (in == 0 || touches[i] == OP_READ)
                    add(alphabet, (struct act){.operation = touches[i],
                                               .anchor = ANCHOR_HOLE,
                                               .address = at + in,
                                               .size = 1,
                                               .value = 0x61});
}

/* What has no place in the hole: addresses of the system's choice, NULL, the ends. */
static void add_elsewhere(struct alphabet *alphabet, const struct pagelaw_profile *profile)
{
    const uint64_t some[] = {1, alphabet->page + 1, profile->granule + 1, 0};
    const uint64_t ends[] = {0, profile->address_max, profile->address_max + 1};
    for (size_t i = 0; i < COUNT(some); i++)
        for (size_t j = 0; j < COUNT(types); j++)
            add(alphabet, (struct act){.operation = OP_VIRTUAL_ALLOC,
                                       .anchor = ANCHOR_CHOSEN,
                                       .size = some[i],
                                       .type = types[j],
                                       .protect = PAGE_READWRITE});
    for (size_t i = 0; i < COUNT(ends); i++) {
        add(alphabet,
            (struct act){.operation = OP_VIRTUAL_FREE, .address = ends[i], .type = MEM_RELEASE});
        add(alphabet, (struct act){.operation = OP_VIRTUAL_PROTECT,
                                   .address = ends[i],
                                   .size = alphabet->page,
                                   .protect = PAGE_READONLY});
        if (ends[i] > profile->address_max)
            add(alphabet, (struct act){.operation = OP_VIRTUAL_QUERY,
                                       .address = ends[i],
                                       .size = pagelaw_mbi_size(profile->pointer_bytes)});
    }
    add(alphabet, (struct act){.operation = OP_GET_SYSTEM_INFO});
    add(alphabet, (struct act){.operation = OP_VIRTUAL_PROTECT,
                               .anchor = ANCHOR_HOLE,
                               .size = alphabet->page,
                               .protect = PAGE_READONLY,
                               .null_output = true});
}

/* Whether all that an act is about lies in the hole: what is behind it may be somebody else's. */
static bool is_inside(const struct alphabet *alphabet, const struct act *act)
{
    bool asks = act->operation == OP_VIRTUAL_QUERY || act->operation == OP_NT_QUERY;
    uint64_t size = asks ? 1 : act->size;
    return act->anchor != ANCHOR_HOLE ||
           (act->address < alphabet->hole && act->address + size <= alphabet->hole);
}

static bool reserves_beyond(const struct act *act, uint64_t limit)
{
    bool allocates = act->operation == OP_VIRTUAL_ALLOC || act->operation == OP_NT_ALLOCATE;
    return allocates && act->anchor == ANCHOR_HOLE && (act->type & MEM_RESERVE) != 0 &&
           act->address + act->size > limit;
}

static void keep_inside(struct alphabet *alphabet, uint64_t limit)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < alphabet->count; i++) {
        const struct act *act = &alphabet->acts[i];
        if (is_inside(alphabet, act) && !reserves_beyond(act, limit))
            alphabet->acts[kept++] = *act;
    }
    alphabet->count = kept;
}

void alphabet_fill(struct alphabet *alphabet, const struct pagelaw_profile *profile,
                   const struct scope *scope)
{
    bool native = (profile->quirks & PAGELAW_QUIRK_9X) == 0;
    memset(alphabet, 0, sizeof *alphabet);
    alphabet->page = profile->page_size;
    alphabet->span = scope->pages * alphabet->page;
    alphabet->hole = (uint64_t)scope->granules * profile->granule;
    struct places at = addresses(alphabet, profile->granule);
    struct places size = sizes(alphabet, profile->granule, scope->wide);
    add_allocations(alphabet, OP_VIRTUAL_ALLOC, scope, scope->wide, &at, &size);
    add_frees(alphabet, OP_VIRTUAL_FREE, &at, &size);
    add_range(alphabet, OP_VIRTUAL_PROTECT, (const uint32_t[]){0}, 1, &at, &size);
    add_all_protects(alphabet, OP_VIRTUAL_PROTECT, 0, scope);
    add_queries(alphabet, OP_VIRTUAL_QUERY, &at, pagelaw_mbi_size(profile->pointer_bytes));
    add_touches(alphabet, scope->every_protection);
    add_elsewhere(alphabet, profile);
    if (native && scope->wide)
        add_allocations(alphabet, OP_NT_ALLOCATE, scope, false, &at, &size);
    if (native)
        add_frees(alphabet, OP_NT_FREE, &at, &size);
    if (native && scope->wide)
        add_range(alphabet, OP_NT_PROTECT, (const uint32_t[]){0}, 1, &at, &size);
    keep_inside(alphabet, scope->within ? alphabet->span : alphabet->hole);
}

void alphabet_drop(struct alphabet *alphabet, enum operation operation)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < alphabet->count; i++)
        if (alphabet->acts[i].operation != operation)
            alphabet->acts[kept++] = alphabet->acts[i];
    alphabet->count = kept;
}
