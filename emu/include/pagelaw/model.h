/* The model: the address space of one Windows process, under one profile.
 *
 * Words. A *page* is the profile's page_size bytes; a *granule* its allocation granularity. An
 * *allocation* is what one reserving call made: it has a base, a size in whole pages and an
 * allocation protection. Each of its pages is *reserved* or *committed*; a *run* is a row of
 * committed pages of equal protection. What lies in no allocation is *free*. A protection is
 * always the Windows value, with its modifiers, never read-write-execute bits.
 *
 * The model has the two floors that Windows has. Below, the Nt calls check their arguments in
 * Windows's order and answer with an NTSTATUS. Above, the Win32 calls do what kernel32 does on top
 * and turn the status into a last error.
 *
 * Every call is made in two moves: *plan* decides, changes nothing a program can see, and says
 * what the law allows and which rules decide; *apply* carries the plan out and cannot fail. Who
 * drives real memory does the host's part between the two.
 *
 * A model is not safe to use from two threads at once. */
#ifndef PAGELAW_MODEL_H
#define PAGELAW_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pagelaw/profile.h"
#include "pagelaw/rules.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pagelaw_model;

/* Where the model's memory comes from. `resize` behaves as realloc does: a NULL block allocates, a
 * new size of 0 frees and returns NULL, and on failure it returns NULL and the block is as it was.
 * Both sizes are in bytes; size_old is the one the block was asked for with. */
struct pagelaw_heap {
    void *(*resize)(void *user, void *block, size_t size_old, size_t size_new);
    void *user;
};

/* Makes an address space in which everything is free. The profile must outlive the model; the
 * heap's contents are copied. NULL if the heap gives nothing. */
struct pagelaw_model *pagelaw_model_create(const struct pagelaw_profile *profile,
                                           const struct pagelaw_heap *heap);
void pagelaw_model_destroy(struct pagelaw_model *model);

const struct pagelaw_profile *pagelaw_model_profile(const struct pagelaw_model *model);

/* The commit charge in bytes: what all committed pages cost. Reserved pages cost nothing. */
uint64_t pagelaw_model_charge(const struct pagelaw_model *model);

/* The most that the commit charge may reach, in bytes; UINT64_MAX, no limit, at first. A limit
 * below the present charge takes nothing away; it refuses what is new. */
void pagelaw_model_set_commit_limit(struct pagelaw_model *model, uint64_t bytes);

/* Narrows where the system may choose an address: the lowest and the highest byte. At first the
 * profile's whole range. */
void pagelaw_model_set_choice_range(struct pagelaw_model *model, uint64_t lowest, uint64_t highest);

/* What a process gave back when it ended. */
struct pagelaw_returned {
    uint64_t allocations;
    uint64_t reserved_bytes;  /* of all allocations, committed pages included */
    uint64_t committed_bytes; /* the commit charge */
};

/* Ends the process: everything is free again, whatever the program left behind (ST-PROCESS-EXIT).
 * The model then stands for a new process. `returned` may be NULL. */
void pagelaw_end_process(struct pagelaw_model *model, struct pagelaw_returned *returned);

enum pagelaw_function {
    PAGELAW_NT_ALLOCATE, /* NtAllocateVirtualMemory */
    PAGELAW_NT_FREE,     /* NtFreeVirtualMemory */
    PAGELAW_NT_PROTECT,  /* NtProtectVirtualMemory */
    PAGELAW_NT_QUERY,    /* NtQueryVirtualMemory, basic information */
    PAGELAW_VIRTUAL_ALLOC,
    PAGELAW_VIRTUAL_FREE,
    PAGELAW_VIRTUAL_PROTECT,
    PAGELAW_VIRTUAL_QUERY,
    PAGELAW_FUNCTION_END
};

/* The arguments of a call. A function looks only at those it has. */
struct pagelaw_call {
    enum pagelaw_function function;
    uint64_t address; /* VirtualAlloc's address, *BaseAddress of the Nt calls; 0 is NULL */
    uint64_t zero_bits;
    uint64_t size;       /* bytes; for a query, of the buffer */
    uint32_t type;       /* MEM_ flags */
    uint32_t protect;    /* PAGE_ value */
    bool no_old_protect; /* the pointer for the old protection is NULL */
};

/* What the MEMORY_BASIC_INFORMATION of a page says. */
struct pagelaw_region {
    uint64_t base;            /* BaseAddress: the page that was asked about */
    uint64_t allocation_base; /* 0 for free pages */
    uint64_t size;            /* RegionSize in bytes */
    uint32_t allocation_protect;
    uint32_t state; /* MEM_COMMIT, MEM_RESERVE or MEM_FREE */
    uint32_t protect;
    uint32_t type; /* MEM_PRIVATE, or 0 for free pages */
};

/* What a rule can decide of a call. */
enum pagelaw_aspect {
    PAGELAW_ANSWER,             /* success or which failure */
    PAGELAW_BASE,               /* the address that comes back */
    PAGELAW_SIZE,               /* the size that comes back; RegionSize */
    PAGELAW_OLD_PROTECT,        /* the old protection that comes back */
    PAGELAW_STATE,              /* which pages are free, reserved, committed; State */
    PAGELAW_PROTECT,            /* the protection of pages; Protect */
    PAGELAW_ALLOCATION_BASE,    /* where allocations begin; AllocationBase */
    PAGELAW_ALLOCATION_PROTECT, /* AllocationProtect */
    PAGELAW_TYPE,               /* Type */
    PAGELAW_CONTENTS,           /* the bytes in the pages */
    PAGELAW_ASPECT_END
};

/* What applying a plan does to the address space. */
enum pagelaw_effect {
    PAGELAW_CHANGES_NOTHING,
    PAGELAW_RESERVES,
    PAGELAW_RESERVES_AND_COMMITS,
    PAGELAW_COMMITS,
    PAGELAW_DECOMMITS,
    PAGELAW_RELEASES,
    PAGELAW_PROTECTS,
    PAGELAW_RESETS
};

/* How a value that comes back is bound by the law. */
enum pagelaw_freedom {
    PAGELAW_EXACT,     /* the value that the plan holds */
    PAGELAW_UNTOUCHED, /* the caller's variable keeps what it had */
    PAGELAW_CHOSEN,    /* a base: any free, aligned address in the choice range */
    PAGELAW_ANY        /* no source binds it */
};

#define PAGELAW_STATUS_MAX 6
#define PAGELAW_ALSO_MAX 6

/* What the law allows a call to answer, and what the model itself answers.
 *
 * `status` holds every NTSTATUS that is allowed, the model's own first; of the Win32 floor, a last
 * error is allowed if it stands for one of them. If `any_failure`, every failure is allowed
 * besides. If STATUS_SUCCESS is not the first but is in the set, the effect is what success would
 * do. `rule` names for each aspect the rule that binds it, or PAGELAW_NO_RULE. */
struct pagelaw_plan {
    uint32_t status[PAGELAW_STATUS_MAX];
    unsigned status_count;
    bool any_failure;
    bool unsettled; /* no source settles the call: whatever comes back is to be adopted */

    enum pagelaw_effect effect;
    uint64_t affected_base; /* the pages that the effect is about, in bytes */
    uint64_t affected_size;
    uint32_t new_protect; /* what the pages get, and for a new allocation its protection */

    uint64_t value; /* the Win32 function's return value: an address, a BOOL, a byte count */
    uint64_t base;  /* what *BaseAddress and *RegionSize hold afterwards */
    uint64_t size;
    uint32_t old_protect;
    enum pagelaw_freedom base_freedom, size_freedom, old_protect_freedom;
    uint64_t choice_min, choice_max; /* for a chosen base: lowest first byte, highest last byte */
    struct pagelaw_region region;    /* of a query that succeeds */
    unsigned undefined;              /* a bit for each aspect of the pages that no source binds */

    enum pagelaw_rule rule[PAGELAW_ASPECT_END];

    /* The other checks that would refuse the call, in their order: what they would answer, and by
     * which rule. `order` is the rule by which the first comes first. */
    struct {
        enum pagelaw_rule rule;
        uint32_t status;
    } also[PAGELAW_ALSO_MAX];
    unsigned also_count;
    enum pagelaw_rule order;
};

/* Decides a call. The address space does not change, but room is made for what `apply` will need:
 * if the heap gives none the plan says STATUS_INSUFFICIENT_RESOURCES. */
void pagelaw_plan(struct pagelaw_model *model, const struct pagelaw_call *call,
                  struct pagelaw_plan *plan);

/* Carries out the effect of a plan that was made on the model's present state. Of a plan with a
 * chosen base, `base` is the choice, which must be one that `pagelaw_choice_allowed` accepts; of
 * any other, plan->base. Never fails. */
void pagelaw_apply(struct pagelaw_model *model, const struct pagelaw_plan *plan, uint64_t base);

/* Whether `base` is one that the system may choose for the plan: on a granule, in the range,
 * and all of the range free. */
bool pagelaw_choice_allowed(const struct pagelaw_model *model, const struct pagelaw_plan *plan,
                            uint64_t base);

/* Whether the law allows `status`, or for the Win32 floor the last error `error`, as the answer.
 * An error of 0 asks whether success is allowed. */
bool pagelaw_status_allowed(const struct pagelaw_plan *plan, uint32_t status);
bool pagelaw_error_allowed(const struct pagelaw_plan *plan, uint32_t error);

/* The Win32 error that stands for an NTSTATUS, or ERROR_MR_MID_NOT_FOUND.
 * Source: ERR-MAP. */
uint32_t pagelaw_error_from_status(uint32_t status);

/* ---- The floors, for a caller who wants the model's own answer -------------------------------
 *
 * Each plans and applies. In/out parameters are those of Windows; on failure they keep what they
 * had, but for the old protection (VP-OLD-ON-FAILURE). Addresses and sizes are in bytes. */

/* Reserves, commits, or resets pages. Failures in the order of the checks:
 * STATUS_INVALID_PARAMETER_3 zero_bits too large; _5 the type; STATUS_INVALID_PAGE_PROTECTION;
 * STATUS_INVALID_PARAMETER_2 an address above the highest; _4 a range past the highest, or size 0;
 * STATUS_CONFLICTING_ADDRESSES taken, or not in one allocation; STATUS_NO_MEMORY no room;
 * STATUS_COMMITMENT_LIMIT.
 * Documentation: NtAllocateVirtualMemory (ntifs.h). */
uint32_t pagelaw_nt_allocate(struct pagelaw_model *model, uint64_t *base, uint64_t zero_bits,
                             uint64_t *size, uint32_t type, uint32_t protect);

/* Decommits or releases pages; with size 0 all of the allocation. Failures in the order of the
 * checks: STATUS_INVALID_PARAMETER_4 the type; _2 an address above the highest; _3 a range past
 * the highest; STATUS_MEMORY_NOT_ALLOCATED; STATUS_UNABLE_TO_FREE_VM past the allocation's end;
 * STATUS_FREE_VM_NOT_AT_BASE size 0 and not in the first page.
 * Documentation: NtFreeVirtualMemory (ntifs.h). */
uint32_t pagelaw_nt_free(struct pagelaw_model *model, uint64_t *base, uint64_t *size,
                         uint32_t type);

/* Changes the protection of committed pages of one allocation. `old_protect` may be NULL, which is
 * the program's mistake: STATUS_ACCESS_VIOLATION. Failures in the order of the checks:
 * STATUS_INVALID_PAGE_PROTECTION; STATUS_ACCESS_VIOLATION; STATUS_INVALID_PARAMETER_2 an address
 * above the highest; _3 a range past the highest, or size 0; STATUS_CONFLICTING_ADDRESSES not in
 * one allocation; STATUS_INVALID_PARAMETER_4 write-copy on private pages; STATUS_NOT_COMMITTED. */
uint32_t pagelaw_nt_protect(struct pagelaw_model *model, uint64_t *base, uint64_t *size,
                            uint32_t protect, uint32_t *old_protect);

/* Tells about the page of `address` and the equal ones that follow. `length` is the size of the
 * program's buffer in bytes. Failures in the order of the checks: STATUS_INVALID_PARAMETER an
 * address above the highest; STATUS_INFO_LENGTH_MISMATCH a buffer too small.
 * Documentation: NtQueryVirtualMemory (ntifs.h). */
uint32_t pagelaw_nt_query(struct pagelaw_model *model, uint64_t address, uint64_t length,
                          struct pagelaw_region *region);

/* What a query that succeeds tells, without a plan and its rules: for who asks often. False if the
 * query would fail; then why is pagelaw_nt_query's to say. */
bool pagelaw_look(const struct pagelaw_model *model, uint64_t address, uint64_t length,
                  struct pagelaw_region *region);

/* The Win32 functions: 0 (NULL, FALSE) on failure, with the last error set; success leaves the
 * last error alone. Documentation: memoryapi.h. */
uint64_t pagelaw_virtual_alloc(struct pagelaw_model *model, uint64_t address, uint64_t size,
                               uint32_t type, uint32_t protect);
bool pagelaw_virtual_free(struct pagelaw_model *model, uint64_t address, uint64_t size,
                          uint32_t type);
bool pagelaw_virtual_protect(struct pagelaw_model *model, uint64_t address, uint64_t size,
                             uint32_t protect, uint32_t *old_protect);
uint64_t pagelaw_virtual_query(struct pagelaw_model *model, uint64_t address,
                               struct pagelaw_region *region, uint64_t length);

/* The last error of the model's one thread. */
uint32_t pagelaw_get_last_error(const struct pagelaw_model *model);
void pagelaw_set_last_error(struct pagelaw_model *model, uint32_t error);

/* SYSTEM_INFO, as far as it concerns memory. */
struct pagelaw_system_info {
    uint32_t page_size;
    uint32_t granule;
    uint64_t address_min;
    uint64_t address_max;
};
void pagelaw_get_system_info(const struct pagelaw_model *model, struct pagelaw_system_info *info);

/* The size of MEMORY_BASIC_INFORMATION in bytes for a pointer size in bytes: 48 or 28. */
uint32_t pagelaw_mbi_size(uint32_t pointer_bytes);

/* ---- Touching memory ------------------------------------------------------------------------ */

/* How memory is touched; the values are those of ExceptionInformation[0]. */
enum pagelaw_access { PAGELAW_READ = 0, PAGELAW_WRITE = 1, PAGELAW_EXECUTE = 8 };

/* What a touch raises. code 0: nothing. Otherwise STATUS_ACCESS_VIOLATION or
 * STATUS_GUARD_PAGE_VIOLATION, at the exact address of the first byte that could not be touched. */
struct pagelaw_exception {
    uint32_t code;
    enum pagelaw_access access;
    uint64_t address;
};

/* What may happen when one byte is touched: the exception (code 0: none) and the rule behind it.
 * Changes nothing. If `either`, a read may as well go the other way: sources differ on whether
 * PAGE_EXECUTE can be read. If `or_read`, the exception may tell of a read: an execution where the
 * processor may be without data execution prevention (EXC-AV-INFO). */
struct pagelaw_touch {
    struct pagelaw_exception exception;
    enum pagelaw_rule rule;
    bool either, or_read;
};
void pagelaw_touch(const struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                   struct pagelaw_touch *touch);

/* Disarms the guard page at `address`, as a guard page violation does; a page that has no guard
 * stays as it is. False if the heap gives no room: then nothing has changed. */
bool pagelaw_consume_guard(struct pagelaw_model *model, uint64_t address);

/* Touches `size` bytes upwards from `address`, one by one, and stops at the first exception. A
 * write stores bytes[0..size), a read fills them; both count in *done the bytes that were touched.
 * An execution touches one byte, whatever the size. A guard page that is hit is disarmed. False
 * if the heap gives no room for what is written: then nothing has changed. */
bool pagelaw_access(struct pagelaw_model *model, enum pagelaw_access access, uint64_t address,
                    uint8_t *bytes, size_t size, size_t *done, struct pagelaw_exception *exception);

/* ---- Judging what a subject did -------------------------------------------------------------- */

/* Whether the byte at a committed address may read as `value`: as written last or zero, and after
 * a reset either, per page. Adopts what it allows: a page that reads as dropped stays so. */
bool pagelaw_byte_allowed(struct pagelaw_model *model, uint64_t address, uint8_t value);

/* The same for a row of `count` equal bytes: how many of them, from the first on, may read so. */
uint64_t pagelaw_bytes_allowed(struct pagelaw_model *model, uint64_t address, uint8_t value,
                               uint64_t count);

/* What the model itself would read there. */
uint8_t pagelaw_byte(const struct pagelaw_model *model, uint64_t address);

/* Makes the range [base, base + size) what `regions` say it is, in order and covering it, and
 * forgets what the pages held that differ from before: they may read as anything until they are
 * committed anew. For going on after a difference. False if the heap gives no room; then the
 * range is in part as before. */
bool pagelaw_resync(struct pagelaw_model *model, uint64_t base, uint64_t size,
                    const struct pagelaw_region *regions, size_t region_count);

/* What the pages of [base, base + size) hold is no longer known: they may read as anything until
 * they are committed anew. False if the heap gives no room. */
bool pagelaw_forget(struct pagelaw_model *model, uint64_t base, uint64_t size);

/* Walks everything and returns NULL, or words for the first invariant that does not hold. */
const char *pagelaw_check_invariants(const struct pagelaw_model *model);

#ifdef __cplusplus
}
#endif

#endif
