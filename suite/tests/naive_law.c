/* The naive oracle's law: what a call may do, check by check. */
#include <string.h>

#include "naive_parts.h"
#include "pagelaw/constants.h"

/* ---- Building an answer ---- */

void naive_may(struct naive_answer *answer, uint32_t status)
{
    answer->status[answer->count++] = status;
    answer->succeeds |= status == STATUS_SUCCESS;
}

bool naive_status_allowed(const struct naive_answer *answer, uint32_t status)
{
    if (answer->open || (answer->any_failure && status != STATUS_SUCCESS))
        return true;
    for (unsigned i = 0; i < answer->count; i++) {
        uint32_t allowed = answer->status[i];
        if (allowed == status)
            return true;
        /* Tests that ran on Windows accept both everywhere. */
        if (status == STATUS_INVALID_PARAMETER && allowed >= STATUS_INVALID_PARAMETER_1 &&
            allowed <= STATUS_INVALID_PARAMETER_12)
            return true;
    }
    return false;
}

/* ERR-MAP */
static uint32_t error_of(uint32_t status)
{
    static const uint32_t rows[][2] = {
        {STATUS_SUCCESS, 0},
        {STATUS_INFO_LENGTH_MISMATCH, 24},
        {STATUS_ACCESS_VIOLATION, 998},
        {STATUS_NO_MEMORY, 8},
        {STATUS_CONFLICTING_ADDRESSES, 487},
        {STATUS_NOT_COMMITTED, 487},
        {STATUS_FREE_VM_NOT_AT_BASE, 487},
        {STATUS_MEMORY_NOT_ALLOCATED, 487},
        {STATUS_COMMITMENT_LIMIT, 1455},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i][0] == status)
            return rows[i][1];
    }
    return 87; /* STATUS_INVALID_..., STATUS_UNABLE_TO_FREE_VM */
}

bool naive_error_allowed(const struct naive_answer *answer, uint32_t error)
{
    if (answer->open || (answer->any_failure && error != 0))
        return true;
    for (unsigned i = 0; i < answer->count; i++) {
        if (error_of(answer->status[i]) == error)
            return true;
    }
    return false;
}

/* ---- What the arguments alone decide ---- */

bool naive_has(const struct naive *naive, enum pagelaw_quirk quirk)
{
    return (naive->profile->quirks & (uint32_t)quirk) != 0;
}

static bool is_one_bit(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* PR-ONE-BASE, PR-MODIFIER-NEEDS-BASE, PR-GUARD-NOACCESS, PR-NOCACHE-COMBO, PR-WC-COMBO. */
bool naive_legal_protection(uint32_t protect)
{
    uint32_t modifiers = protect & (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE);
    if (!is_one_bit(protect & 0xFF))
        return false;
    if (modifiers != 0 && (protect & PAGE_NOACCESS))
        return false;
    return modifiers == 0 || is_one_bit(modifiers);
}

bool naive_disputed(uint32_t protect)
{
    return (protect & PAGE_GUARD) && !naive_legal_protection(protect) &&
           naive_legal_protection(protect & ~PAGE_GUARD) && !(protect & PAGE_NOACCESS);
}

bool naive_is_write_copy(uint32_t protect)
{
    return (protect & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)) != 0;
}

bool naive_past_user_end(const struct naive *naive, uint64_t address, uint64_t size)
{
    return size > naive_user_end(naive) - address;
}

/* ---- NtFreeVirtualMemory ---- */

/* MEM_RELEASE with MEM_COALESCE_PLACEHOLDERS or MEM_PRESERVE_PLACEHOLDER (VA-SCOPE). */
static bool placeholder_release(uint32_t type)
{
    return (type & 3) != 0 && (type & ~3u) == MEM_RELEASE;
}

/* ORDER-FREE */
static void decide_free(const struct naive *naive, const struct pagelaw_call *call,
                        struct naive_answer *answer)
{
    bool all = call->size == 0;
    if (placeholder_release(call->type)) {
        answer->open = true;
        return;
    }
    if (call->type != MEM_RELEASE && call->type != MEM_DECOMMIT) {
        naive_may(answer, STATUS_INVALID_PARAMETER_4); /* VF-TYPE, VF-NO-COMBINE */
        answer->of_nt = call->type != (MEM_RELEASE | MEM_DECOMMIT);
        return;
    }
    answer->of_nt = call->type == MEM_DECOMMIT; /* if it lies in no allocation */
    if (call->address > naive->profile->address_max) {
        naive_may(answer, STATUS_INVALID_PARAMETER_2);
        return;
    }
    if (naive_past_user_end(naive, call->address, call->size)) {
        naive_may(answer, STATUS_INVALID_PARAMETER_3);
        return;
    }
    answer->any_failure = call->address == 0; /* 87 or 487 */
    if (naive_look(naive, call->address)->allocation == 0) {
        naive_may(answer, STATUS_MEMORY_NOT_ALLOCATED); /* VF-NOT-ALLOCATED */
        return;
    }
    answer->of_nt = false;
    answer->releases = call->type == MEM_RELEASE;
    answer->decommits = call->type == MEM_DECOMMIT;
    answer->start = answer->base = naive_page_down(naive, call->address);
    answer->end = all ? naive_allocation_end(naive, call->address)
                      : naive_page_up(naive, call->address + call->size);
    if (answer->end > naive_allocation_end(naive, call->address)) {
        naive_may(answer, STATUS_UNABLE_TO_FREE_VM); /* VF-PAST-END */
        return;
    }
    if (all && answer->start != naive_allocation_start(naive, call->address)) {
        naive_may(answer, STATUS_FREE_VM_NOT_AT_BASE); /* VF-RELEASE-BASE, VF-DECOMMIT-ALL */
        return;
    }
    answer->size = answer->end - answer->start; /* NF-SIZE-OUT, NT-SIZE-OUT */
    if (all && answer->decommits && !naive_has(naive, PAGELAW_QUIRK_DECOMMIT_RETURNS_SIZE))
        answer->size = 0; /* NF-DECOMMIT-SIZE-OUT */
    naive_may(answer, STATUS_SUCCESS);
}

/* ---- NtProtectVirtualMemory ---- */

/* Of PAGE_WRITECOMBINE nobody tells, nor what becomes of PAGE_NOCACHE where it is not legal. */
static bool cache_is_open(const struct naive *naive, const struct pagelaw_call *call,
                          uint64_t start)
{
    const struct naive_page *page = naive_look(naive, start);
    if (((page->allocation_protect | call->protect) & PAGE_NOCACHE) &&
        naive_has(naive, PAGELAW_QUIRK_CACHE_OPEN))
        return true;
    return (page->allocation_protect & PAGE_WRITECOMBINE) ||
           !naive_legal_protection(naive_with_cache_of(page, call->protect));
}

/* ORDER-PROTECT */
static void decide_protect(const struct naive *naive, const struct pagelaw_call *call,
                           struct naive_answer *answer)
{
    bool combines = naive_legal_protection(call->protect) && (call->protect & PAGE_WRITECOMBINE);
    if ((call->protect & ~NAIVE_ALL_PROTECTIONS) || combines || naive_disputed(call->protect)) {
        answer->open = true; /* VP-NO-WRITECOMBINE */
        return;
    }
    if (!naive_legal_protection(call->protect)) {
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* VP-VALUE */
        return;
    }
    if (call->no_old_protect) {
        naive_may(answer, STATUS_ACCESS_VIOLATION); /* VP-OLD-REQUIRED */
        return;
    }
    if (call->address > naive->profile->address_max) {
        naive_may(answer, STATUS_INVALID_PARAMETER_2);
        answer->protects_shared = true;
        return;
    }
    if (call->size == 0 || naive_past_user_end(naive, call->address, call->size)) {
        naive_may(answer, STATUS_INVALID_PARAMETER_3);
        answer->of_nt = true;
        return;
    }
    answer->protects = true;
    answer->start = answer->base = naive_page_down(naive, call->address);
    answer->end = naive_page_up(naive, call->address + call->size); /* VP-PAGES */
    answer->size = answer->end - answer->start;
    answer->old_on_failure = !naive_has(naive, PAGELAW_QUIRK_OLD_ON_FAILURE_OPEN);
    if (!naive_in_one_allocation(naive, answer->start, answer->end)) {
        naive_may(answer, STATUS_CONFLICTING_ADDRESSES);                   /* VP-RANGE-ONE-REGION */
        answer->of_nt = naive_look(naive, answer->start)->allocation == 0; /* VP-NOT-ALLOCATED */
        answer->any_failure = answer->start == 0 && naive->profile->pointer_bytes == 4;
    } else if (naive_is_write_copy(call->protect)) {
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* VP-NO-WRITECOPY */
        naive_may(answer, STATUS_INVALID_PARAMETER_4);
        answer->of_nt = true;
        answer->old_on_failure = false;
    } else if (!naive_all_committed(naive, answer->start, answer->end)) {
        naive_may(answer, STATUS_NOT_COMMITTED); /* VP-COMMITTED-ONLY */
        answer->old_on_failure &= !naive_look(naive, answer->start)->committed;
    } else {
        answer->old_protect = naive_look(naive, answer->start)->protect; /* VP-OLD-FIRST */
        answer->open = cache_is_open(naive, call, answer->start);
        naive_may(answer, STATUS_SUCCESS);
    }
}

/* ---- NtQueryVirtualMemory ---- */

/* ORDER-QUERY */
static void decide_query(const struct naive *naive, const struct pagelaw_call *call,
                         struct naive_answer *answer)
{
    answer->of_nt = true; /* VQ-BUFFER; VQ-ABOVE-MAX, where Windows 98 has the shared arena */
    if (call->address > naive->profile->address_max) {
        naive_may(answer, STATUS_INVALID_PARAMETER);
    } else if (call->size < (naive->profile->pointer_bytes == 8 ? 48 : 28)) {
        naive_may(answer, STATUS_INFO_LENGTH_MISMATCH);
    } else {
        naive_query(naive, call->address, &answer->region);
        naive_may(answer, STATUS_SUCCESS);
        answer->of_nt = false;
    }
}

/* ---- The Win32 floor ---- */

static void decide_virtual_alloc(const struct naive *naive, const struct pagelaw_call *call,
                                 struct naive_answer *answer)
{
    struct pagelaw_call native = *call;
    native.zero_bits = 0;
    if (call->address != 0 && call->address < naive->profile->address_min) {
        naive_may(answer, STATUS_INVALID_PARAMETER); /* VA-LOW-ADDRESS */
        answer->of_nt = (call->type & MEM_RESERVE) == 0;
        return;
    }
    naive_decide_allocate(naive, &native, answer);
}

static void decide_virtual_free(const struct naive *naive, const struct pagelaw_call *call,
                                struct naive_answer *answer)
{
    if ((call->type & MEM_RELEASE) && call->size != 0 && !placeholder_release(call->type))
        naive_may(answer, STATUS_INVALID_PARAMETER); /* VF-RELEASE-SIZE-ZERO */
    else
        decide_free(naive, call, answer);
    /* VF-FIRST-PAGE was seen of the native call alone. */
    answer->open |= answer->succeeds && call->size == 0 &&
                    call->address != naive_page_down(naive, call->address);
}

typedef void decider(const struct naive *naive, const struct pagelaw_call *call,
                     struct naive_answer *answer);

static decider *const deciders[PAGELAW_FUNCTION_END] = {
    [PAGELAW_NT_ALLOCATE] = naive_decide_allocate,  [PAGELAW_NT_FREE] = decide_free,
    [PAGELAW_NT_PROTECT] = decide_protect,          [PAGELAW_NT_QUERY] = decide_query,
    [PAGELAW_VIRTUAL_ALLOC] = decide_virtual_alloc, [PAGELAW_VIRTUAL_FREE] = decide_virtual_free,
    [PAGELAW_VIRTUAL_PROTECT] = decide_protect,     [PAGELAW_VIRTUAL_QUERY] = decide_query,
};

void naive_decide(const struct naive *naive, const struct pagelaw_call *call,
                  struct naive_answer *answer)
{
    bool is_98 = naive_has(naive, PAGELAW_QUIRK_9X);
    struct pagelaw_call known = *call;
    memset(answer, 0, sizeof *answer);
    if (is_98)
        naive_understand_98(&known);
    answer->protect = known.protect;
    deciders[call->function](naive, &known, answer);
    if (is_98)
        naive_decide_98(naive, call, answer);
}
