/* The naive oracle's law of NtAllocateVirtualMemory, check by check. */
#include "naive_parts.h"
#include "pagelaw/constants.h"

#define CACHE (PAGE_NOCACHE | PAGE_WRITECOMBINE)
#define SCOPE_TYPES                                                                                \
    (MEM_WRITE_WATCH | MEM_PHYSICAL | MEM_LARGE_PAGES | MEM_RESET_UNDO | 0x80800000u)
#define KNOWN_TYPES (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_TOP_DOWN | SCOPE_TYPES)

/* VA-TYPE-UNKNOWN, VA-TYPE-REQUIRED, VA-RESET-ALONE. */
static bool legal_type(uint32_t type)
{
    if ((type & ~KNOWN_TYPES) != 0)
        return false;
    if ((type & (MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO)) == 0)
        return false;
    if ((type & MEM_RESET) && type != MEM_RESET)
        return false;
    if ((type & MEM_RESET_UNDO) && type != MEM_RESET_UNDO)
        return false;
    return true;
}

/* NT-ZEROBITS, NT-ZEROBITS-MASK: the end of where zero bits allow an address; 0 if they are
 * refused. */
static uint64_t zero_bits_end(const struct naive *naive, uint64_t address, uint64_t zero_bits)
{
    uint64_t end = 1;
    if (zero_bits == 0)
        return UINT64_MAX;
    if (zero_bits == 1 && address == 0 && naive_has(naive, PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED))
        return 0;
    if (zero_bits <= 21)
        return (uint64_t)1 << (32 - zero_bits);
    if (zero_bits <= 31 || naive->profile->pointer_bytes == 4)
        return 0;
    while (end <= zero_bits && end < (uint64_t)1 << 63)
        end *= 2;
    return end;
}

static uint64_t new_charge(const struct naive *naive, uint64_t start, uint64_t end)
{
    uint64_t charge = 0;
    for (uint64_t at = start; at < end; at += naive->profile->page_size)
        charge += naive_look(naive, at)->committed ? 0 : naive->profile->page_size;
    return charge;
}

static bool over_limit(const struct naive *naive, uint64_t more)
{
    uint64_t charge = naive_charge(naive);
    return more != 0 && (charge > naive->commit_limit || more > naive->commit_limit - charge);
}

bool naive_may_choose(const struct naive *naive, const struct naive_answer *answer, uint64_t start)
{
    uint64_t size = answer->end - answer->start;
    if (start % naive->profile->granule != 0 || start < naive->origin)
        return false;
    if (start >= answer->ceiling || size > answer->ceiling - start)
        return false;
    return naive_all_free(naive, start, start + size);
}

/* The lowest fit, or from the top the highest; false if nothing fits. */
static bool choose(const struct naive *naive, struct naive_answer *answer, bool top_down)
{
    bool found = false;
    uint64_t size = answer->size, granule = naive->profile->granule;
    for (uint64_t at = naive->origin; at < naive_window_end(naive); at += granule) {
        answer->start = 0;
        answer->end = size;
        if (!naive_may_choose(naive, answer, at))
            continue;
        answer->base = at;
        found = true;
        if (!top_down)
            break;
    }
    answer->start = answer->base;
    answer->end = answer->base + size;
    return found;
}

/* VA-NO-ROOM, NT-ZEROBITS. */
static uint32_t no_room(const struct naive *naive, uint64_t zero_bits)
{
    bool conflicts = naive_has(naive, PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS);
    return conflicts && zero_bits == 20 ? STATUS_CONFLICTING_ADDRESSES : STATUS_NO_MEMORY;
}

static void decide_reserve(const struct naive *naive, const struct pagelaw_call *call,
                           struct naive_answer *answer)
{
    bool given = call->address != 0;
    answer->reserves = true;
    answer->commits = (call->type & MEM_COMMIT) != 0;
    if (naive_is_write_copy(call->protect)) {
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* VA-PROT-NO-WRITECOPY */
        answer->of_nt = true;
        return;
    }
    if (given) { /* VA-ALIGN-BASE, VA-ROUND-BOTH */
        answer->start = answer->base = call->address - call->address % naive->profile->granule;
        answer->end = naive_page_up(naive, call->address + call->size);
        answer->size = answer->end - answer->start;
        answer->any_failure = answer->start < naive->profile->address_min;
        answer->open |= answer->any_failure && naive_has(naive, PAGELAW_QUIRK_LOW_OPEN);
        if (answer->any_failure || !naive_all_free(naive, answer->start, answer->end)) {
            naive_may(answer, STATUS_CONFLICTING_ADDRESSES); /* VA-NO-DOUBLE-RESERVE */
            return;
        }
    } else {
        uint64_t ceiling = zero_bits_end(naive, 0, call->zero_bits);
        if (call->zero_bits > 31 && ceiling <= naive->profile->address_min)
            naive_may(answer, STATUS_INVALID_PARAMETER_3); /* NT-ZEROBITS-MASK */
        answer->chosen = true;
        answer->ceiling = ceiling < naive_window_end(naive) ? ceiling : naive_window_end(naive);
        answer->size = naive_page_up(naive, call->size);
        if (!choose(naive, answer, (call->type & MEM_TOP_DOWN) != 0)) {
            naive_may(answer, no_room(naive, call->zero_bits));
            return;
        }
    }
    if (answer->commits && over_limit(naive, answer->size))
        naive_may(answer, STATUS_COMMITMENT_LIMIT);
    else
        naive_may(answer, STATUS_SUCCESS);
    answer->of_nt = answer->succeeds && (call->type & MEM_RESERVE) == 0; /* VA-COMMIT-NULL */
}

/* A commit, or a reset, in an allocation. */
static void decide_commit(const struct naive *naive, const struct pagelaw_call *call,
                          struct naive_answer *answer)
{
    uint64_t page = naive->profile->page_size;
    uint32_t allocated;
    answer->start = answer->base = naive_page_down(naive, call->address);
    answer->end = naive_page_up(naive, call->address + call->size);
    answer->size = answer->end - answer->start;
    answer->commits = call->type != MEM_RESET;
    answer->resets = call->type == MEM_RESET;
    /* VA-RESET-INWARD: only whole pages, by one account; outward by the others. */
    if (answer->resets && (call->address % page != 0 || call->size % page != 0))
        naive_may(answer, STATUS_CONFLICTING_ADDRESSES);
    if (!naive_in_one_allocation(naive, answer->start, answer->end)) {
        naive_may(answer,
                  STATUS_CONFLICTING_ADDRESSES); /* VA-COMMIT-NEEDS-RESERVE, VA-ONE-ALLOCATION */
        answer->of_nt = true;
        return;
    }
    if (naive_is_write_copy(call->protect)) {
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* VA-PROT-NO-WRITECOPY, VA-RESET-PROT */
        answer->of_nt = true;
        if (!answer->resets)
            return;
    }
    if (answer->commits && over_limit(naive, new_charge(naive, answer->start, answer->end))) {
        naive_may(answer, STATUS_COMMITMENT_LIMIT);
        return;
    }
    naive_may(answer, STATUS_SUCCESS);
    /* VP-CACHE-KEPT tells only of caching modifiers that the allocating call gave. */
    allocated = naive_look(naive, answer->start)->allocation_protect;
    answer->open = answer->commits && (call->protect & CACHE) != (allocated & CACHE);
}

/* ORDER-ALLOCATE */
void naive_decide_allocate(const struct naive *naive, const struct pagelaw_call *call,
                           struct naive_answer *answer)
{
    bool reserves = (call->type & MEM_RESERVE) != 0 || call->address == 0;
    uint64_t zero_bits_limit = zero_bits_end(naive, call->address, call->zero_bits);
    if (zero_bits_limit == 0) {
        naive_may(answer, STATUS_INVALID_PARAMETER_3); /* NT-ZEROBITS-RANGE, NT-ZEROBITS-MASK */
        return;
    }
    if (call->zero_bits == 1 && (naive_has(naive, PAGELAW_QUIRK_ZEROBITS_ONE_OPEN) ||
                                 naive_has(naive, PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED)))
        naive_may(answer, STATUS_INVALID_PARAMETER_3);
    if (call->zero_bits == 21) {
        answer->open = call->address != 0;
        naive_may(answer, STATUS_NO_MEMORY); /* NT-ZEROBITS-RANGE */
        naive_may(answer, STATUS_INVALID_PARAMETER_3);
        return;
    }
    if (!legal_type(call->type)) {
        naive_may(answer, STATUS_INVALID_PARAMETER_5);    /* NT-TYPE */
        answer->of_nt = (call->type & ~KNOWN_TYPES) != 0; /* VA-TYPE-UNKNOWN */
        return;
    }
    if ((call->type & SCOPE_TYPES) || (call->protect & ~NAIVE_ALL_PROTECTIONS)) {
        answer->open = true;
        return;
    }
    if (!naive_legal_protection(call->protect)) {
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* PR-ONE-BASE and what follows it */
        answer->of_nt = call->protect == 0 && (call->type & MEM_COMMIT) == 0; /* PR-RESERVE-VALUE */
        if (!naive_disputed(call->protect))
            return;
    }
    if ((call->type & (MEM_RESERVE | MEM_COMMIT)) == MEM_RESERVE && call->protect > 0xFF)
        naive_may(answer, STATUS_INVALID_PAGE_PROTECTION); /* PR-RESERVE-MODIFIERS */
    if (call->address > naive->profile->address_max) {
        naive_may(answer, STATUS_INVALID_PARAMETER_2);
        answer->of_nt = (call->type & MEM_RESERVE) == 0;
        return;
    }
    if (call->size == 0 || naive_past_user_end(naive, call->address, call->size)) {
        if (call->address == 0 && call->size != 0)
            naive_may(answer, STATUS_NO_MEMORY);       /* VA-PAST-END */
        naive_may(answer, STATUS_INVALID_PARAMETER_4); /* VA-SIZE-ZERO, VA-PAST-END */
        answer->of_nt = call->size == 0 || (call->type & MEM_RESERVE) == 0;
        return;
    }
    if (call->type == MEM_RESET && call->address == 0) {
        answer->open = true; /* VA-RESET-NULL */
        naive_may(answer, STATUS_CONFLICTING_ADDRESSES);
    } else if (reserves) {
        decide_reserve(naive, call, answer);
    } else {
        decide_commit(naive, call, answer);
    }
    /* PR-WC-IGNORED: hardware may lack it. */
    if (answer->succeeds && !answer->resets && !naive_disputed(call->protect))
        answer->open |= (call->protect & PAGE_WRITECOMBINE) != 0;
}
