/* NtAllocateVirtualMemory: the checks in their order, and what success does. */
#include "internal.h"

/* The highest ZeroBits that is a count of bits (NT-ZEROBITS-RANGE), and the one that is refused for
 * want of room. */
#define ZERO_BITS_COUNT_MAX 20
#define ZERO_BITS_NO_ROOM 21
#define ZERO_BITS_MASK_MIN 32

static void refuse(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status)
{
    plan_refuse(plan, rule, status, PAGELAW_VA_ALL_OR_NOTHING);
}

/* ---- The arguments, in Windows's order; true if one is refused ---- */

static bool zero_bits_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                              struct pagelaw_plan *plan)
{
    if (call->zero_bits == 1 && call->address == 0 &&
        profile_has(model, PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED)) {
        refuse(plan, PAGELAW_NT_ZEROBITS_RANGE, STATUS_INVALID_PARAMETER_3);
        return true;
    }
    if (call->zero_bits <= ZERO_BITS_COUNT_MAX)
        return false;
    if (call->zero_bits >= ZERO_BITS_MASK_MIN && model->profile->pointer_bytes == 8)
        return false;
    if (call->zero_bits == ZERO_BITS_NO_ROOM) {
        refuse(plan, PAGELAW_NT_ZEROBITS_RANGE, STATUS_NO_MEMORY);
        plan_allow(plan, STATUS_INVALID_PARAMETER_3);
        plan_allow(plan, STATUS_INVALID_PARAMETER);
        plan->unsettled = call->address != 0; /* NT 5.2 takes 21, the documents do not */
        return true;
    }
    refuse(plan,
           call->zero_bits >= ZERO_BITS_MASK_MIN ? PAGELAW_NT_ZEROBITS_MASK
                                                 : PAGELAW_NT_ZEROBITS_RANGE,
           STATUS_INVALID_PARAMETER_3);
    return true;
}

/* MEM_ROTATE and MEM_4MB_PAGES, which the headers have and no document. */
#define HEADER_TYPES 0x80800000u

/* The rule that an allocation type breaks; VA_SCOPE if it is not for us to say. */
static enum pagelaw_rule type_fault(uint32_t type)
{
    const uint32_t scope = MEM_WRITE_WATCH | MEM_PHYSICAL | MEM_LARGE_PAGES | HEADER_TYPES;
    const uint32_t main_types = MEM_COMMIT | MEM_RESERVE | MEM_RESET | MEM_RESET_UNDO;
    const uint32_t resets = type & (MEM_RESET | MEM_RESET_UNDO);
    if ((type & ~(main_types | MEM_TOP_DOWN | scope)) != 0)
        return PAGELAW_VA_TYPE_UNKNOWN;
    if ((type & main_types) == 0)
        return PAGELAW_VA_TYPE_REQUIRED;
    if (resets != 0 && type != MEM_RESET && type != MEM_RESET_UNDO)
        return PAGELAW_VA_RESET_ALONE;
    if ((type & scope) != 0 || type == MEM_RESET_UNDO)
        return PAGELAW_VA_SCOPE;
    return PAGELAW_NO_RULE;
}

static bool leave_open(struct pagelaw_plan *plan, enum pagelaw_rule rule)
{
    refuse(plan, rule, STATUS_NOT_SUPPORTED);
    plan->unsettled = true;
    return true;
}

static bool type_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                         struct pagelaw_plan *plan)
{
    (void)model;
    enum pagelaw_rule fault = type_fault(call->type);
    if (fault == PAGELAW_NO_RULE)
        return false;
    if (fault == PAGELAW_VA_SCOPE)
        return leave_open(plan, fault);
    refuse(plan, fault, STATUS_INVALID_PARAMETER_5);
    return true;
}

static bool protect_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                            struct pagelaw_plan *plan)
{
    (void)model;
    enum pagelaw_rule fault = protection_fault(call->protect);
    if (fault == PAGELAW_NO_RULE || protection_disputed(call->protect))
        return false;
    if (fault == PAGELAW_PR_SCOPE)
        return leave_open(plan, fault);
    if (call->protect == 0 && call->type == MEM_RESET)
        fault = PAGELAW_VA_RESET_PROT;
    else if (call->protect == 0 && (call->type & MEM_COMMIT) == 0)
        fault = PAGELAW_PR_RESERVE_VALUE;
    refuse(plan, fault, STATUS_INVALID_PAGE_PROTECTION);
    return true;
}

static bool range_refused(const struct pagelaw_model *model, const struct pagelaw_call *call,
                          struct pagelaw_plan *plan)
{
    uint64_t max = model->profile->address_max;
    if (call->address > max) {
        refuse(plan, PAGELAW_VA_ABOVE_MAX, STATUS_INVALID_PARAMETER_2);
        return true;
    }
    if (call->size > max - call->address + 1) {
        refuse(plan, PAGELAW_VA_PAST_END, STATUS_INVALID_PARAMETER_4);
        if (call->address == 0)
            plan_allow(plan, STATUS_NO_MEMORY);
        return true;
    }
    if (call->size == 0)
        refuse(plan, PAGELAW_VA_SIZE_ZERO, STATUS_INVALID_PARAMETER_4);
    return call->size == 0;
}

/* Whether `bytes` more would pass the commit limit. */
static bool over_limit(const struct pagelaw_model *model, uint64_t bytes)
{
    return bytes != 0 &&
           (model->charge > model->commit_limit || bytes > model->commit_limit - model->charge);
}

/* Whether a page shows that it was asked to combine writes depends on the hardware. */
static void leave_write_combine(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    if (!plan_succeeds(plan) || plan->effect == PAGELAW_RESETS ||
        (call->protect & PAGE_WRITECOMBINE) == 0)
        return;
    plan->rule[PAGELAW_PROTECT] = PAGELAW_PR_WC_IGNORED;
    plan->unsettled = true;
}

/* ---- Reserving ---- */

static void set_new_rules(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    bool commits = (call->type & MEM_COMMIT) != 0;
    bool reserves = (call->type & MEM_RESERVE) != 0;
    enum pagelaw_rule *rule = plan->rule;
    rule[PAGELAW_STATE] = !commits   ? PAGELAW_VA_RESERVE
                          : reserves ? PAGELAW_VA_RESERVE_COMMIT
                                     : PAGELAW_VA_COMMIT_NULL;
    rule[PAGELAW_ANSWER] = rule[PAGELAW_STATE];
    rule[PAGELAW_PROTECT] = commits ? PAGELAW_VA_PROT_COMMIT : PAGELAW_MBI_RESERVED_PROTECT;
    rule[PAGELAW_ALLOCATION_BASE] = PAGELAW_MBI_ALLOCBASE;
    rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_MBI_ALLOCPROT;
    rule[PAGELAW_TYPE] = PAGELAW_MBI_TYPE;
    rule[PAGELAW_CONTENTS] = PAGELAW_ST_ZERO;
    plan->effect = commits ? PAGELAW_RESERVES_AND_COMMITS : PAGELAW_RESERVES;
    plan->new_protect = call->protect;
}

/* A range in the way: the rule says whether it lies in the pages or in the granule's rest. */
static enum pagelaw_rule conflict_rule(const struct pagelaw_model *model, uint64_t address,
                                       uint64_t end)
{
    return space_is_free(&model->space, page_down(model, address), end)
               ? PAGELAW_VA_TAIL_LOST
               : PAGELAW_VA_NO_DOUBLE_RESERVE;
}

static void plan_reserve_at(const struct pagelaw_model *model, const struct pagelaw_call *call,
                            struct pagelaw_plan *plan)
{
    uint64_t base = granule_of(model, call->address);
    uint64_t end = page_up(model, call->address + call->size);
    if (base < model->profile->address_min) {
        refuse(plan, PAGELAW_NT_LOW_ADDRESS, STATUS_CONFLICTING_ADDRESSES);
        plan->any_failure = true;
        plan->unsettled = profile_has(model, PAGELAW_QUIRK_LOW_OPEN);
        return;
    }
    if (!space_is_free(&model->space, base, end)) {
        refuse(plan, conflict_rule(model, call->address, end), STATUS_CONFLICTING_ADDRESSES);
        return;
    }
    plan->base = base;
    plan->size = end - base;
    set_new_rules(call, plan);
    plan->rule[PAGELAW_BASE] = PAGELAW_VA_ALIGN_BASE;
    plan->rule[PAGELAW_SIZE] =
        base == call->address ? PAGELAW_VA_ROUND_SIZE_ADDR : PAGELAW_VA_ROUND_BOTH;
}

/* One past the highest byte that ZeroBits leaves. */
static uint64_t zero_bits_end(const struct pagelaw_call *call, uint64_t end)
{
    uint64_t limit = end;
    if (call->zero_bits >= ZERO_BITS_MASK_MIN) {
        uint64_t mask = call->zero_bits;
        for (unsigned shift = 1; shift < 64; shift *= 2)
            mask |= mask >> shift;
        limit = mask + 1;
        if (limit == 0)
            limit = end;
    } else if (call->zero_bits != 0) {
        limit = (uint64_t)1 << (32 - call->zero_bits);
    }
    return limit < end ? limit : end;
}

/* Where the system may choose: by law anywhere, by itself in its choice range. */
static void plan_reserve_anywhere(const struct pagelaw_model *model,
                                  const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    uint64_t size = page_up(model, call->size);
    uint64_t lowest = model->choice_lowest, end = zero_bits_end(call, model->choice_end);
    bool top_down = (call->type & MEM_TOP_DOWN) != 0;
    uint64_t base = SPACE_NO_ROOM;
    if (lowest < end)
        base = top_down ? space_highest_fit(&model->space, lowest, end, size)
                        : space_lowest_fit(&model->space, lowest, end, size);
    plan->choice_min = model->profile->address_min;
    plan->choice_max = zero_bits_end(call, model->profile->address_max + 1) - 1;
    if (base == SPACE_NO_ROOM && call->zero_bits == ZERO_BITS_COUNT_MAX &&
        profile_has(model, PAGELAW_QUIRK_ZEROBITS_TWENTY_CONFLICTS)) {
        refuse(plan, PAGELAW_NT_ZEROBITS, STATUS_CONFLICTING_ADDRESSES);
        return;
    }
    if (base == SPACE_NO_ROOM) {
        refuse(plan, PAGELAW_VA_NO_ROOM, STATUS_NO_MEMORY);
        if (call->zero_bits >= ZERO_BITS_MASK_MIN && plan->choice_max < plan->choice_min)
            plan_allow(plan, STATUS_INVALID_PARAMETER_3); /* a mask that leaves no address */
        return;
    }
    plan->base = base;
    plan->size = size;
    plan->base_freedom = PAGELAW_CHOSEN;
    if (call->zero_bits != 0 || size > (plan->choice_max - plan->choice_min) / 8)
        plan_allow(plan, STATUS_NO_MEMORY); /* what else the process holds is not to be seen */
    set_new_rules(call, plan);
    plan->rule[PAGELAW_BASE] = call->zero_bits != 0 ? PAGELAW_NT_ZEROBITS : PAGELAW_SYS_GRAN;
    plan->rule[PAGELAW_SIZE] = PAGELAW_VA_ROUND_SIZE_NULL;
}

static void plan_reserve(const struct pagelaw_model *model, const struct pagelaw_call *call,
                         struct pagelaw_plan *plan)
{
    if (protection_is_write_copy(call->protect)) {
        refuse(plan, PAGELAW_VA_PROT_NO_WRITECOPY, STATUS_INVALID_PAGE_PROTECTION);
        return;
    }
    if (call->address != 0)
        plan_reserve_at(model, call, plan);
    else
        plan_reserve_anywhere(model, call, plan);
    if (plan_succeeds(plan) && (call->type & MEM_COMMIT) != 0 && over_limit(model, plan->size))
        refuse(plan, PAGELAW_SYS_COMMIT_LIMIT, STATUS_COMMITMENT_LIMIT);
    plan->affected_base = plan->base;
    plan->affected_size = plan->size;
}

/* ---- Committing and resetting in an allocation ---- */

static void set_commit_rules(const struct pagelaw_call *call, struct pagelaw_plan *plan, bool again)
{
    enum pagelaw_rule *rule = plan->rule;
    rule[PAGELAW_ANSWER] = again ? PAGELAW_VA_COMMIT_IDEMPOTENT : PAGELAW_VA_COMMIT_INDIVIDUAL;
    rule[PAGELAW_STATE] = PAGELAW_VA_COMMIT_INDIVIDUAL;
    rule[PAGELAW_PROTECT] = again ? PAGELAW_VA_RECOMMIT_PROTECT : PAGELAW_VA_PROT_COMMIT;
    rule[PAGELAW_CONTENTS] = again ? PAGELAW_VA_RECOMMIT_PROTECT : PAGELAW_ST_ZERO;
    rule[PAGELAW_ALLOCATION_BASE] = PAGELAW_MBI_ALLOCBASE;
    rule[PAGELAW_ALLOCATION_PROTECT] = PAGELAW_MBI_ALLOCPROT;
    plan->effect = PAGELAW_COMMITS;
    plan->new_protect = call->protect;
}

static void plan_commit(const struct pagelaw_model *model, const struct pagelaw_call *call,
                        const struct allocation *allocation, struct pagelaw_plan *plan)
{
    const uint32_t cache = PAGE_NOCACHE | PAGE_WRITECOMBINE;
    uint64_t there = runs_bytes(allocation->runs, plan->base, plan->base + plan->size);
    if (protection_is_write_copy(call->protect)) {
        refuse(plan, PAGELAW_VA_PROT_NO_WRITECOPY, STATUS_INVALID_PAGE_PROTECTION);
        return;
    }
    if (over_limit(model, plan->size - there)) {
        refuse(plan, PAGELAW_SYS_COMMIT_LIMIT, STATUS_COMMITMENT_LIMIT);
        return;
    }
    set_commit_rules(call, plan, there != 0);
    plan->unsettled = ((call->protect ^ allocation->protect) & cache) != 0;
}

static void plan_reset(const struct pagelaw_model *model, const struct pagelaw_call *call,
                       const struct allocation *allocation, struct pagelaw_plan *plan)
{
    uint64_t there = runs_bytes(allocation->runs, plan->base, plan->base + plan->size);
    for (int aspect = 0; aspect < PAGELAW_ASPECT_END; aspect++)
        plan->rule[aspect] = PAGELAW_VA_RESET_EFFECT;
    if (there != plan->size)
        plan->rule[PAGELAW_ANSWER] = PAGELAW_VA_RESET_RESERVED;
    plan->effect = PAGELAW_RESETS;
    if (protection_is_write_copy(call->protect))
        plan_allow(plan, STATUS_INVALID_PAGE_PROTECTION); /* ignored, or not a legal one */
    if (plan->base != call->address || page_down(model, call->size) != call->size) {
        plan->rule[PAGELAW_ANSWER] = plan->rule[PAGELAW_BASE] = PAGELAW_VA_RESET_INWARD;
        plan->base_freedom = plan->size_freedom = PAGELAW_ANY;
        plan_allow(plan, STATUS_CONFLICTING_ADDRESSES);
    }
}

/* Why a range is not all in one allocation. */
static enum pagelaw_rule outside_rule(const struct pagelaw_model *model,
                                      const struct pagelaw_call *call,
                                      const struct allocation *allocation)
{
    if (call->type == MEM_RESET)
        return PAGELAW_VA_RESET_RANGE;
    if (allocation != NULL && allocation_at(&model->space, allocation_end(allocation)) != NULL)
        return PAGELAW_VA_ONE_ALLOCATION;
    return PAGELAW_VA_COMMIT_NEEDS_RESERVE;
}

static void plan_inside(const struct pagelaw_model *model, const struct pagelaw_call *call,
                        struct pagelaw_plan *plan)
{
    plan->base = page_down(model, call->address);
    uint64_t end = page_up(model, call->address + call->size);
    const struct allocation *allocation = allocation_at(&model->space, plan->base);
    if (allocation == NULL || end > allocation_end(allocation)) {
        refuse(plan, outside_rule(model, call, allocation), STATUS_CONFLICTING_ADDRESSES);
        return;
    }
    plan->size = end - plan->base;
    plan->affected_base = plan->base;
    plan->affected_size = plan->size;
    plan->rule[PAGELAW_BASE] = PAGELAW_VA_ALIGN_COMMIT;
    plan->rule[PAGELAW_SIZE] = PAGELAW_VA_ROUND_SIZE_ADDR;
    if (call->type == MEM_RESET)
        plan_reset(model, call, allocation, plan);
    else
        plan_commit(model, call, allocation, plan);
}

/* Where the pages are or shall be: what is left once the arguments are legal by themselves. */
static void plan_pages(const struct pagelaw_model *model, const struct pagelaw_call *call,
                       struct pagelaw_plan *plan)
{
    if (call->type == MEM_RESET && call->address == 0) {
        refuse(plan, PAGELAW_VA_RESET_NULL, STATUS_CONFLICTING_ADDRESSES);
        plan->unsettled = true;
    } else if ((call->type & MEM_RESERVE) != 0 || call->address == 0) {
        plan_reserve(model, call, plan);
    } else {
        plan_inside(model, call, plan);
    }
}

static plan_check *const checks[] = {zero_bits_refused, type_refused, protect_refused,
                                     range_refused};

/* After a refusal: whether the place would be refused as well, where that can be asked at all. */
static void note_place(const struct pagelaw_model *model, const struct pagelaw_call *call,
                       struct pagelaw_plan *plan)
{
    struct pagelaw_plan place;
    plan_begin(&place);
    if (type_fault(call->type) != PAGELAW_NO_RULE || range_refused(model, call, &place) ||
        zero_bits_refused(model, call, &place))
        return;
    plan_pages(model, call, &place);
    plan_note(plan, &place);
}

/* A pure reserve, which by one account takes no modifiers (PR-RESERVE-MODIFIERS). */
static bool reserves_with_modifiers(const struct pagelaw_call *call)
{
    return (call->type & MEM_RESERVE) != 0 && (call->type & MEM_COMMIT) == 0 &&
           call->protect > 0xFF;
}

/* Protections that one source refuses and another does not: by the first, the call would not have
 * come as far as it did. */
static void allow_refusal(const struct pagelaw_call *call, struct pagelaw_plan *plan)
{
    if (protection_disputed(call->protect))
        plan_prefer(plan, protection_fault(call->protect), STATUS_INVALID_PAGE_PROTECTION);
    else if (reserves_with_modifiers(call))
        plan_allow(plan, STATUS_INVALID_PAGE_PROTECTION);
}

/* ZeroBits 1, which Windows XP was seen to refuse without an address: whether with one too, and
 * whether the systems around it do, nobody has looked. */
static void allow_no_zero_bits(const struct pagelaw_model *model, const struct pagelaw_call *call,
                               struct pagelaw_plan *plan)
{
    bool is_open = profile_has(model, PAGELAW_QUIRK_ZEROBITS_ONE_OPEN) ||
                   (call->address != 0 && profile_has(model, PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED));
    if (call->zero_bits != 1 || !is_open)
        return;
    plan_allow(plan, STATUS_INVALID_PARAMETER_3);
    plan_allow(plan, STATUS_INVALID_PARAMETER);
}

void plan_nt_allocate(struct pagelaw_model *model, const struct pagelaw_call *call,
                      struct pagelaw_plan *plan)
{
    if (plan_checks(model, call, plan, checks, sizeof checks / sizeof *checks)) {
        struct pagelaw_plan range;
        plan_begin(&range);
        if (range_refused(model, call, &range) && plan->status[0] == range.status[0])
            allow_refusal(call, plan);
        allow_no_zero_bits(model, call, plan);
        note_place(model, call, plan);
        plan->order = PAGELAW_ORDER_ALLOCATE;
        return;
    }
    plan_pages(model, call, plan);
    allow_refusal(call, plan);
    allow_no_zero_bits(model, call, plan);
    leave_write_combine(call, plan);
}
