/* A port to start from: the memory API of Windows over mmap, as simple as it can be and right.
 *
 * All allocations are in one list, by address. Each knows the protection of each of its pages, and
 * that is Windows's value itself: no host's rights can say PAGE_GUARD or PAGE_EXECUTE. Memory comes
 * from one wide range of addresses, the arena, that is taken at the first call, so that nobody else
 * of the process settles where a program has just released something. What is reserved or free is
 * mapped there without any rights and has never been written; what a program asks for by address
 * outside of the arena is mapped when it is reserved. One lock is around everything. */
#define _GNU_SOURCE
#include "port.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((uintptr_t)0x1000)
#define GRANULE ((uintptr_t)0x10000)
#define LOWEST ((uintptr_t)0x10000)
#define HIGHEST ((uintptr_t)0x7FFFFFFEFFFF)
#define ARENA_SIZE ((size_t)1 << 40)

/* What one reserve took: it is released as a whole. */
struct allocation {
    struct allocation *next;
    uintptr_t base, end;
    DWORD protect;   /* that was asked for with the reserve */
    uint16_t page[]; /* the protection of each page; 0: it is not committed */
};

static struct allocation *first;
static uintptr_t arena_base, arena_end;
static uint64_t committed, commit_limit = UINT64_MAX; /* bytes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local DWORD last_error;

static uintptr_t down(uintptr_t address, uintptr_t unit)
{
    return address & ~(unit - 1);
}

static uintptr_t up(uintptr_t address, uintptr_t unit)
{
    return down(address + unit - 1, unit);
}

static bool fail(DWORD error)
{
    last_error = error;
    return false;
}

/* ---- The host -------------------------------------------------------------------------------- */

static bool open_arena(void)
{
    for (size_t size = ARENA_SIZE; arena_base == 0 && size > GRANULE; size /= 2) {
        char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            continue;
        arena_base = up((uintptr_t)memory, GRANULE);
        arena_end = down((uintptr_t)memory + size, GRANULE);
    }
    return arena_base != 0;
}

static bool in_arena(uintptr_t base, uintptr_t end)
{
    return base >= arena_base && end <= arena_end;
}

/* A guard page has no rights until its guard is gone. */
static int host_rights(DWORD protect)
{
    if (protect & PAGE_GUARD)
        return PROT_NONE;
    switch (protect & 0xFF) {
    case PAGE_READONLY:
        return PROT_READ;
    case PAGE_READWRITE:
        return PROT_READ | PROT_WRITE;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
        return PROT_READ | PROT_EXEC;
    case PAGE_EXECUTE_READWRITE:
        return PROT_READ | PROT_WRITE | PROT_EXEC;
    default:
        return PROT_NONE;
    }
}

/* Takes the pages' contents and rights away. */
static bool host_empty(uintptr_t base, uintptr_t end)
{
    return mmap((void *)base, end - base, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                0) != MAP_FAILED;
}

static DWORD host_take(uintptr_t base, uintptr_t end)
{
    if (in_arena(base, end))
        return 0;
    if (mmap((void *)base, end - base, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
             -1, 0) == (void *)base)
        return 0;
    return errno == EEXIST ? ERROR_INVALID_ADDRESS : ERROR_NOT_ENOUGH_MEMORY;
}

static bool host_give_back(uintptr_t base, uintptr_t end)
{
    return in_arena(base, end) ? host_empty(base, end) : munmap((void *)base, end - base) == 0;
}

/* ---- Allocations ----------------------------------------------------------------------------- */

/* The first allocation that ends above the address: it may hold it. */
static struct allocation *find_above(uintptr_t address)
{
    struct allocation *at = first;
    while (at != NULL && at->end <= address)
        at = at->next;
    return at;
}

static struct allocation *find(uintptr_t address)
{
    struct allocation *at = find_above(address);
    return at != NULL && at->base <= address ? at : NULL;
}

static uint16_t *page_at(struct allocation *allocation, uintptr_t address)
{
    return &allocation->page[(address - allocation->base) / PAGE];
}

static size_t bytes_committed(struct allocation *allocation, uintptr_t base, uintptr_t end)
{
    size_t bytes = 0;
    for (uintptr_t at = base; at < end; at += PAGE)
        bytes += *page_at(allocation, at) != 0 ? PAGE : 0;
    return bytes;
}

/* The lowest or the highest place in the arena, on a granule; 0 if there is none. */
static uintptr_t find_place(size_t size, bool top_down)
{
    uintptr_t low = arena_base, found = 0;
    for (struct allocation *at = find_above(arena_base); low < arena_end;
         low = up(at->end, GRANULE), at = at->next) {
        uintptr_t high = at != NULL && at->base < arena_end ? at->base : arena_end;
        if (high >= low && high - low >= size && (top_down || found == 0))
            found = top_down ? down(high - size, GRANULE) : low;
        if (high == arena_end)
            break;
    }
    return found;
}

static struct allocation *add(uintptr_t base, uintptr_t end, DWORD protect)
{
    struct allocation **link = &first;
    struct allocation *allocation =
        calloc(1, sizeof *allocation + (end - base) / PAGE * sizeof *allocation->page);
    if (allocation == NULL)
        return NULL;
    while (*link != NULL && (*link)->base < base)
        link = &(*link)->next;
    allocation->next = *link;
    allocation->base = base;
    allocation->end = end;
    allocation->protect = protect;
    *link = allocation;
    return allocation;
}

static void drop(struct allocation *allocation)
{
    struct allocation **link = &first;
    while (*link != allocation)
        link = &(*link)->next;
    *link = allocation->next;
    free(allocation);
}

/* Gives committed pages a protection, as far as the host goes along with it: else none. */
static bool set_protection(struct allocation *allocation, uintptr_t base, uintptr_t end,
                           DWORD protect)
{
    if (mprotect((void *)base, end - base, host_rights(protect)) != 0) {
        for (uintptr_t at = base; at < end; at += PAGE)
            mprotect((void *)at, PAGE, host_rights(*page_at(allocation, at)));
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    for (uintptr_t at = base; at < end; at += PAGE)
        *page_at(allocation, at) = (uint16_t)protect;
    return true;
}

/* ---- VirtualAlloc ---------------------------------------------------------------------------- */

static bool is_type(DWORD type)
{
    const DWORD main_types = MEM_COMMIT | MEM_RESERVE | MEM_RESET;
    if ((type & ~(main_types | MEM_TOP_DOWN)) != 0 || (type & main_types) == 0)
        return false;
    return (type & MEM_RESET) == 0 || type == MEM_RESET;
}

/* One base value; a modifier by itself, and none on a page that nobody may touch anyway. */
static bool is_protection(DWORD protect)
{
    DWORD base = protect & 0xFF, modifier = protect & ~0xFFu;
    if (base == 0 || (base & (base - 1)) != 0)
        return false;
    return modifier == 0 || (base != PAGE_NOACCESS && modifier <= PAGE_WRITECOMBINE &&
                             (modifier & (modifier - 1)) == 0);
}

static bool is_write_copy(DWORD protect)
{
    return (protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)) != 0;
}

/* Whether the range lies within the addresses that a program has. */
static bool is_range(uintptr_t address, size_t size)
{
    return address <= HIGHEST && size <= HIGHEST - address + 1;
}

static bool commit(struct allocation *allocation, uintptr_t base, uintptr_t end, DWORD protect)
{
    size_t more = end - base - bytes_committed(allocation, base, end);
    if (more > commit_limit - committed)
        return fail(ERROR_COMMITMENT_LIMIT);
    if (!set_protection(allocation, base, end, protect))
        return false;
    committed += more;
    return true;
}

static uintptr_t reserve(uintptr_t address, size_t size, DWORD type, DWORD protect)
{
    uintptr_t base = address != 0 ? down(address, GRANULE)
                                  : find_place(up(size, PAGE), (type & MEM_TOP_DOWN) != 0);
    uintptr_t end = up((address != 0 ? address : base) + size, PAGE);
    struct allocation *above = find_above(base);
    if (is_write_copy(protect))
        return fail(ERROR_INVALID_PARAMETER);
    if (base == 0)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    if (above != NULL && above->base < end)
        return fail(ERROR_INVALID_ADDRESS);
    DWORD error = host_take(base, end);
    if (error != 0)
        return fail(error);
    struct allocation *allocation = add(base, end, protect);
    if (allocation != NULL && ((type & MEM_COMMIT) == 0 || commit(allocation, base, end, protect)))
        return base;
    host_give_back(base, end);
    if (allocation == NULL)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    drop(allocation);
    return 0;
}

/* Commits pages of an allocation, or says that their contents are not needed: they are kept. */
static uintptr_t change(uintptr_t address, size_t size, DWORD type, DWORD protect)
{
    uintptr_t base = down(address, PAGE), end = up(address + size, PAGE);
    struct allocation *allocation = find(base);
    if (allocation == NULL || end > allocation->end)
        return fail(ERROR_INVALID_ADDRESS);
    if (type == MEM_RESET)
        return base;
    if (is_write_copy(protect))
        return fail(ERROR_INVALID_PARAMETER);
    return commit(allocation, base, end, protect) ? base : 0;
}

LPVOID VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protect)
{
    uintptr_t at = (uintptr_t)address, base;
    pthread_mutex_lock(&lock);
    if (!is_type(type) || !is_protection(protect) || !is_range(at, size) || size == 0 ||
        (at != 0 && at < LOWEST))
        base = fail(ERROR_INVALID_PARAMETER);
    else if (!open_arena())
        base = fail(ERROR_NOT_ENOUGH_MEMORY);
    else if ((type & MEM_RESERVE) != 0 || (at == 0 && type != MEM_RESET))
        base = reserve(at, size, type, protect);
    else
        base = change(at, size, type, protect);
    pthread_mutex_unlock(&lock);
    return (LPVOID)base;
}

/* ---- VirtualFree ----------------------------------------------------------------------------- */

static bool decommit(struct allocation *allocation, uintptr_t base, uintptr_t end)
{
    if (!host_empty(base, end))
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    committed -= bytes_committed(allocation, base, end);
    for (uintptr_t at = base; at < end; at += PAGE)
        *page_at(allocation, at) = 0;
    return true;
}

static bool release(struct allocation *allocation)
{
    if (!host_give_back(allocation->base, allocation->end))
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    committed -= bytes_committed(allocation, allocation->base, allocation->end);
    drop(allocation);
    return true;
}

static bool free_pages(uintptr_t address, size_t size, DWORD type)
{
    uintptr_t base = down(address, PAGE), end = up(address + size, PAGE);
    if ((type != MEM_DECOMMIT && type != MEM_RELEASE) || (type == MEM_RELEASE && size != 0))
        return fail(ERROR_INVALID_PARAMETER);
    if (!is_range(address, size))
        return fail(ERROR_INVALID_PARAMETER);
    struct allocation *allocation = find(base);
    if (allocation == NULL)
        return fail(ERROR_INVALID_ADDRESS);
    if (end > allocation->end)
        return fail(ERROR_INVALID_PARAMETER);
    if (size == 0 && base != allocation->base)
        return fail(ERROR_INVALID_ADDRESS);
    if (type == MEM_RELEASE)
        return release(allocation);
    return decommit(allocation, base, size == 0 ? allocation->end : end);
}

BOOL VirtualFree(LPVOID address, SIZE_T size, DWORD type)
{
    pthread_mutex_lock(&lock);
    bool done = free_pages((uintptr_t)address, size, type);
    pthread_mutex_unlock(&lock);
    return done;
}

/* ---- VirtualProtect -------------------------------------------------------------------------- */

/* If the pages are not such as can be protected, Windows says PAGE_NOACCESS was their protection.
 * Whether they are cached was settled when they were reserved. */
static bool protect_pages(uintptr_t address, size_t size, DWORD protect, DWORD *old_protect)
{
    const DWORD caching = PAGE_NOCACHE | PAGE_WRITECOMBINE;
    uintptr_t base = down(address, PAGE), end = up(address + size, PAGE);
    if (!is_protection(protect))
        return fail(ERROR_INVALID_PARAMETER);
    if (old_protect == NULL)
        return fail(ERROR_NOACCESS);
    if (!is_range(address, size) || size == 0)
        return fail(ERROR_INVALID_PARAMETER);
    *old_protect = PAGE_NOACCESS;
    struct allocation *allocation = find(base);
    if (allocation == NULL || end > allocation->end)
        return fail(ERROR_INVALID_ADDRESS);
    if (is_write_copy(protect))
        return fail(ERROR_INVALID_PARAMETER);
    if (bytes_committed(allocation, base, end) != end - base)
        return fail(ERROR_INVALID_ADDRESS);
    *old_protect = *page_at(allocation, base);
    return set_protection(allocation, base, end,
                          (protect & ~caching) | (allocation->protect & caching));
}

BOOL VirtualProtect(LPVOID address, SIZE_T size, DWORD protect, DWORD *old_protect)
{
    pthread_mutex_lock(&lock);
    bool done = protect_pages((uintptr_t)address, size, protect, old_protect);
    pthread_mutex_unlock(&lock);
    return done;
}

/* ---- VirtualQuery ---------------------------------------------------------------------------- */

static void query_free(uintptr_t base, MEMORY_BASIC_INFORMATION *information)
{
    struct allocation *above = find_above(base);
    uintptr_t end = above != NULL ? above->base : HIGHEST + 1;
    *information = (MEMORY_BASIC_INFORMATION){.BaseAddress = (LPVOID)base,
                                              .RegionSize = end - base,
                                              .State = MEM_FREE,
                                              .Protect = PAGE_NOACCESS};
}

/* From the page that was asked for to the last that is like it. */
static void query_allocation(struct allocation *allocation, uintptr_t base,
                             MEMORY_BASIC_INFORMATION *information)
{
    uintptr_t end = base;
    DWORD protect = *page_at(allocation, base);
    while (end < allocation->end && *page_at(allocation, end) == protect)
        end += PAGE;
    *information = (MEMORY_BASIC_INFORMATION){.BaseAddress = (LPVOID)base,
                                              .AllocationBase = (LPVOID)allocation->base,
                                              .AllocationProtect = allocation->protect,
                                              .RegionSize = end - base,
                                              .State = protect != 0 ? MEM_COMMIT : MEM_RESERVE,
                                              .Protect = protect,
                                              .Type = MEM_PRIVATE};
}

SIZE_T VirtualQuery(const void *address, MEMORY_BASIC_INFORMATION *information, SIZE_T length)
{
    uintptr_t base = down((uintptr_t)address, PAGE);
    if (base > HIGHEST)
        return fail(ERROR_INVALID_PARAMETER);
    if (length < sizeof *information)
        return fail(ERROR_BAD_LENGTH);
    pthread_mutex_lock(&lock);
    struct allocation *allocation = find(base);
    if (allocation == NULL)
        query_free(base, information);
    else
        query_allocation(allocation, base, information);
    pthread_mutex_unlock(&lock);
    return sizeof *information;
}

/* ---- The rest -------------------------------------------------------------------------------- */

void GetSystemInfo(SYSTEM_INFO *information)
{
    *information = (SYSTEM_INFO){.dwPageSize = (DWORD)PAGE,
                                 .lpMinimumApplicationAddress = (LPVOID)LOWEST,
                                 .lpMaximumApplicationAddress = (LPVOID)HIGHEST,
                                 .dwActiveProcessorMask = 1,
                                 .dwNumberOfProcessors = 1,
                                 .dwAllocationGranularity = (DWORD)GRANULE};
}

DWORD GetLastError(void)
{
    return last_error;
}

void SetLastError(DWORD error)
{
    last_error = error;
}

/* Whether the rights that a page has by now allow what faulted: another thread was here first. */
static bool allows(DWORD protect, uint32_t access)
{
    int needed = access == 0 ? PROT_READ : access == 1 ? PROT_WRITE : PROT_EXEC;
    return (host_rights(protect) & needed) != 0;
}

/* The first touch of a guard page takes the guard away, of that page alone. */
uint32_t PortFault(void *address, uint32_t access)
{
    uintptr_t base = down((uintptr_t)address, PAGE);
    uint32_t code = STATUS_ACCESS_VIOLATION;
    pthread_mutex_lock(&lock);
    struct allocation *allocation = find(base);
    DWORD protect = allocation == NULL ? 0 : *page_at(allocation, base);
    if (protect & PAGE_GUARD) {
        if (set_protection(allocation, base, base + PAGE, protect & ~PAGE_GUARD))
            code = STATUS_GUARD_PAGE_VIOLATION;
    } else if (allows(protect, access)) {
        code = 0;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

BOOL PortCommitLimit(uint64_t bytes)
{
    pthread_mutex_lock(&lock);
    commit_limit = bytes < UINT64_MAX - committed ? committed + bytes : UINT64_MAX;
    pthread_mutex_unlock(&lock);
    return TRUE;
}
