/* Making up steps: arguments that lie on boundaries, and addresses of what exists. */
#include "naive_steps.h"

#include <inttypes.h>
#include <string.h>

#include "pagelaw/constants.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* splitmix64 */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *seed, uint64_t end)
{
    return draw(seed) % end;
}

static bool one_in(uint64_t *seed, unsigned n)
{
    return below(seed, n) == 0;
}

static uint64_t any_page(const struct naive *naive, uint64_t *seed)
{
    return naive->origin + below(seed, naive->page_count) * naive->profile->page_size;
}

/* The region that holds a random page; most often, one that is not free. */
static struct pagelaw_region any_region(const struct naive *naive, uint64_t *seed)
{
    struct pagelaw_region region;
    for (unsigned i = 0; i < 4; i++) {
        naive_query(naive, any_page(naive, seed), &region);
        if (region.state != MEM_FREE)
            break;
    }
    return region;
}

static uint64_t odd_address(const struct naive *naive, uint64_t *seed)
{
    uint64_t page = naive->profile->page_size, max = naive->profile->address_max;
    const uint64_t odd[] = {0,
                            1,
                            page,
                            0xFFFF,
                            0x10000,
                            max,
                            max + 1,
                            max + 2,
                            max - page,
                            max - page + 1,
                            max + 0x10000,
                            UINT64_MAX,
                            UINT64_MAX - page + 1};
    return odd[below(seed, COUNT(odd))];
}

static uint64_t any_address(const struct naive *naive, uint64_t *seed)
{
    struct pagelaw_region region = any_region(naive, seed);
    uint64_t page = naive->profile->page_size;
    const uint64_t nudges[] = {0, 0, 0, 0, 0, 1, page - 1, page, page / 2, page + 1, 0x1001};
    uint64_t nudge = nudges[below(seed, COUNT(nudges))];
    if (one_in(seed, 40))
        return odd_address(naive, seed);
    switch (below(seed, 5)) {
    case 0:
        return region.base + nudge;
    case 1:
        return region.base + region.size - nudge;
    case 2:
        return (region.state == MEM_FREE ? region.base : region.allocation_base) + nudge;
    case 3:
        return any_page(naive, seed) / 0x10000 * 0x10000 + nudge;
    default:
        return any_page(naive, seed) + nudge;
    }
}

static uint64_t any_size(const struct naive *naive, uint64_t address, uint64_t *seed)
{
    uint64_t page = naive->profile->page_size, left = naive->profile->address_max + 1 - address;
    struct pagelaw_region region = {0};
    const uint64_t odd[] = {0,
                            UINT64_MAX,
                            UINT64_MAX - page,
                            left,
                            left + 1,
                            left - 1,
                            naive->page_count * page,
                            naive->page_count * page + 1,
                            UINT64_MAX - address,
                            UINT64_MAX - address + 1};
    const uint64_t nudges[] = {0, 0, 0, 1, page, page - 1};
    uint64_t nudge = nudges[below(seed, COUNT(nudges))];
    if (one_in(seed, 25))
        return odd[below(seed, COUNT(odd))];
    if (address <= naive->profile->address_max)
        naive_query(naive, address, &region);
    switch (below(seed, 6)) {
    case 0:
        return region.base + region.size - address + nudge;
    case 1:
        return region.base + region.size - address - nudge;
    case 2:
        return 1 + below(seed, 2 * page);
    case 3:
        return 0x10000 * (1 + below(seed, 4)) - nudge;
    default:
        return page * (1 + below(seed, 20)) + (one_in(seed, 3) ? nudge : 0);
    }
}

static uint32_t any_protect(uint64_t *seed)
{
    static const uint32_t modifiers[] = {PAGE_GUARD, PAGE_GUARD, PAGE_NOCACHE, PAGE_WRITECOMBINE};
    static const uint32_t bases[] = {PAGE_NOACCESS,     PAGE_READONLY,         PAGE_READWRITE,
                                     PAGE_READWRITE,    PAGE_READWRITE,        PAGE_EXECUTE,
                                     PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    uint32_t protect = bases[below(seed, COUNT(bases))];
    if (one_in(seed, 40))
        return (uint32_t)below(seed, 0x1000);
    if (one_in(seed, 60))
        return one_in(seed, 2) ? PAGE_WRITECOPY : PAGE_EXECUTE_WRITECOPY;
    if (one_in(seed, 4))
        protect |= modifiers[below(seed, COUNT(modifiers))];
    if (one_in(seed, 50))
        protect |= PAGE_GUARD | modifiers[below(seed, COUNT(modifiers))];
    return protect;
}

static uint32_t any_type(uint64_t *seed)
{
    static const uint32_t types[] = {MEM_RESERVE,
                                     MEM_RESERVE,
                                     MEM_COMMIT,
                                     MEM_COMMIT,
                                     MEM_COMMIT,
                                     MEM_COMMIT,
                                     MEM_RESERVE | MEM_COMMIT,
                                     MEM_RESERVE | MEM_COMMIT,
                                     MEM_RESERVE | MEM_TOP_DOWN,
                                     MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN,
                                     MEM_RESET,
                                     MEM_COMMIT | MEM_TOP_DOWN};
    uint32_t type = types[below(seed, COUNT(types))];
    if (one_in(seed, 40))
        type ^= (uint32_t)1 << below(seed, 32);
    if (one_in(seed, 100))
        type = 0;
    return type;
}

static uint64_t any_zero_bits(uint64_t *seed)
{
    static const uint64_t masks[] = {
        32,         33,         0xFFFF,     0x1FFFF,        0x3FFFF,
        0x1AAAAAAA, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFF, UINT64_MAX};
    if (!one_in(seed, 4))
        return 0;
    return one_in(seed, 4) ? masks[below(seed, COUNT(masks))] : below(seed, 32);
}

static void make_allocate(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    struct pagelaw_call *call = &step->call;
    bool native = one_in(seed, 2);
    call->function = native ? PAGELAW_NT_ALLOCATE : PAGELAW_VIRTUAL_ALLOC;
    call->address = one_in(seed, 5) ? 0 : any_address(naive, seed);
    call->zero_bits = any_zero_bits(seed); /* VirtualAlloc does not have it, and must not look */
    call->size = any_size(naive, call->address, seed);
    call->type = any_type(seed);
    call->protect = any_protect(seed);
}

static void make_free(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    struct pagelaw_call *call = &step->call;
    bool release = one_in(seed, 2);
    call->function = one_in(seed, 2) ? PAGELAW_NT_FREE : PAGELAW_VIRTUAL_FREE;
    call->address = any_address(naive, seed);
    call->size = any_size(naive, call->address, seed);
    if (one_in(seed, 3) || (release && call->function == PAGELAW_VIRTUAL_FREE))
        call->size = one_in(seed, 20) ? call->size : 0;
    call->type = release ? MEM_RELEASE : MEM_DECOMMIT;
    if (one_in(seed, 60))
        call->type ^= (uint32_t)1 << below(seed, 32);
}

static void make_protect(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    struct pagelaw_call *call = &step->call;
    call->function = one_in(seed, 2) ? PAGELAW_NT_PROTECT : PAGELAW_VIRTUAL_PROTECT;
    call->address = any_address(naive, seed);
    call->size = any_size(naive, call->address, seed);
    call->protect = any_protect(seed);
    call->no_old_protect = one_in(seed, 50);
}

static void make_query(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    static const uint64_t sizes[] = {0, 27, 28, 29, 47, 48, 49, 112};
    struct pagelaw_call *call = &step->call;
    call->function = one_in(seed, 2) ? PAGELAW_NT_QUERY : PAGELAW_VIRTUAL_QUERY;
    call->address = any_address(naive, seed);
    call->size = one_in(seed, 4) ? sizes[below(seed, COUNT(sizes))] : 48;
}

static void make_access(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    static const enum pagelaw_access kinds[] = {PAGELAW_READ, PAGELAW_WRITE, PAGELAW_WRITE,
                                                PAGELAW_EXECUTE};
    static const uint64_t sizes[] = {0, 1, 1, 1, 2, 4, 8, 16};
    uint64_t offset = naive_probe_offset(naive, (unsigned)below(seed, NAIVE_PROBES));
    step->kind = STEP_ACCESS;
    step->access = kinds[below(seed, COUNT(kinds))];
    step->address = any_address(naive, seed) / naive->profile->page_size;
    step->address = step->address * naive->profile->page_size + offset;
    step->size = sizes[below(seed, COUNT(sizes))];
    if (one_in(seed, 16))
        step->size = naive->profile->page_size + 2;
    step->value = (uint8_t)draw(seed);
    if (step->address > naive->profile->address_max)
        step->size = 1;
}

/* What the subject reads is one of the oracle's guesses. */
static void make_see(struct naive_step *step, struct naive *naive, uint64_t *seed)
{
    unsigned probe = (unsigned)below(seed, NAIVE_PROBES);
    const struct naive_page *page = NULL;
    step->kind = STEP_SEE;
    for (unsigned tries = 0; tries < 20; tries++) { /* rather where there is a choice */
        step->address = any_page(naive, seed) + naive_probe_offset(naive, probe);
        page = naive_at(naive, step->address);
        if (page->count > 1)
            break;
    }
    if (page->committed && page->count > 0)
        step->value = page->guess[below(seed, page->count)][probe];
}

static void make_limit(struct naive_step *step, const struct naive *naive, uint64_t *seed)
{
    step->kind = STEP_LIMIT;
    step->size = UINT64_MAX;
    if (one_in(seed, 3))
        step->size = naive_charge(naive) + below(seed, 20 * naive->profile->page_size);
}

/* Windows 98 has no native floor. */
static void raise_to_win32(struct pagelaw_call *call)
{
    if (call->function < PAGELAW_VIRTUAL_ALLOC)
        call->function += PAGELAW_VIRTUAL_ALLOC - PAGELAW_NT_ALLOCATE;
}

static void make_any(struct naive_step *step, struct naive *naive, uint64_t *seed)
{
    memset(step, 0, sizeof *step);
    switch (below(seed, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        make_allocate(step, naive, seed);
        break;
    case 5:
    case 6:
    case 7:
        make_free(step, naive, seed);
        break;
    case 8:
    case 9:
    case 10:
        make_protect(step, naive, seed);
        break;
    case 11:
        make_query(step, naive, seed);
        break;
    case 12:
        make_see(step, naive, seed);
        if (one_in(seed, 4))
            make_limit(step, naive, seed);
        if (one_in(seed, 20))
            step->kind = STEP_END;
        break;
    default:
        make_access(step, naive, seed);
    }
}

/* An allocation that succeeds outside the window would be out of the oracle's sight. */
static bool in_sight(const struct naive *naive, const struct pagelaw_call *call)
{
    uint64_t page = naive->profile->page_size, end = call->address + call->size;
    uint64_t start = call->address / naive->profile->granule * naive->profile->granule;
    bool allocates =
        call->function == PAGELAW_NT_ALLOCATE || call->function == PAGELAW_VIRTUAL_ALLOC;
    if (!allocates || call->address < naive->profile->address_min || end < call->address ||
        end > naive->profile->address_max + 1)
        return true;
    return start >= naive->origin && end <= naive->origin + naive->page_count * page;
}

/* Some of the calls take another way than that by their floor. */
static void divert(struct naive_step *step, struct bench *bench, uint64_t *seed)
{
    struct naive_answer answer;
    if (step->kind != STEP_CALL)
        return;
    naive_decide(&bench->naive, &step->call, &answer);
    if (answer.chosen && answer.succeeds && one_in(seed, 2)) {
        step->kind = STEP_CHOICE;
        step->address = any_page(&bench->naive, seed) / 0x10000 * 0x10000;
    } else if (one_in(seed, 100)) {
        step->kind = STEP_DIVERGE;
    } else if (one_in(seed, 200)) {
        step->kind = STEP_FORGET;
        step->address = any_page(&bench->naive, seed);
        step->size = 1 + below(seed, 10 * bench->naive.profile->page_size);
    }
}

void step_make_up(struct naive_step *step, struct bench *bench, uint64_t *seed)
{
    do {
        make_any(step, &bench->naive, seed);
        if (bench->naive.profile->quirks & PAGELAW_QUIRK_9X)
            raise_to_win32(&step->call);
        if (bench->naive.profile->pointer_bytes == 4) {
            step->call.address &= UINT32_MAX;
            step->call.size &= UINT32_MAX;
            step->call.zero_bits &= UINT32_MAX;
        }
    } while (!in_sight(&bench->naive, &step->call));
    divert(step, bench, seed);
}

void step_print(FILE *out, const struct naive_step *step)
{
    static const char *const kinds[] = {"call",   "choice",  "access", "see",
                                        "forget", "diverge", "limit",  "end"};
    static const char *const functions[] = {"NtAllocate",     "NtFree",       "NtProtect",
                                            "NtQuery",        "VirtualAlloc", "VirtualFree",
                                            "VirtualProtect", "VirtualQuery"};
    const struct pagelaw_call *call = &step->call;
    fprintf(out, "%-8s", kinds[step->kind]);
    if (step->kind == STEP_CALL || step->kind == STEP_CHOICE || step->kind == STEP_DIVERGE)
        fprintf(out,
                "%s address=%" PRIx64 " zero_bits=%" PRIx64 " size=%" PRIx64 " type=%" PRIx32
                " protect=%" PRIx32 "%s ",
                functions[call->function], call->address, call->zero_bits, call->size, call->type,
                call->protect, call->no_old_protect ? " no old" : "");
    if (step->kind != STEP_CALL && step->kind != STEP_DIVERGE && step->kind != STEP_END)
        fprintf(out, "at=%" PRIx64 " size=%" PRIx64 " access=%d value=%02x", step->address,
                step->size, (int)step->access, step->value);
    fputc('\n', out);
}
