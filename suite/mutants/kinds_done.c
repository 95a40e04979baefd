/* Mutants of calls that succeed: what is done, and what is told of it. */
#include "answer.h"
#include "pagelaw/constants.h"

static bool refused(struct answer *answer)
{
    return answer_fail(answer, STATUS_ACCESS_DENIED);
}

/* ---- The base ---- */

static bool tell_base(struct answer *answer, uint64_t base)
{
    bool native = answer_is_native(answer);
    if (answer->plan.base_freedom == PAGELAW_ANY ||
        (!native && answer->call.function != PAGELAW_VIRTUAL_ALLOC) || base == answer->plan.base)
        return false;
    answer->base = answer->value = base;
    return true;
}

static bool told_byte_higher(struct answer *answer)
{
    return tell_base(answer, answer->plan.base + 1);
}

static bool told_page_higher(struct answer *answer)
{
    return tell_base(answer, answer->plan.base + page_of(answer));
}

static bool told_page_lower(struct answer *answer)
{
    return tell_base(answer, answer->plan.base - page_of(answer));
}

static bool told_granule_higher(struct answer *answer)
{
    return tell_base(answer, answer->plan.base + granule_of(answer));
}

static bool told_as_asked(struct answer *answer)
{
    return answer->call.address != 0 && tell_base(answer, answer->call.address);
}

static bool move(struct answer *answer, uint64_t base)
{
    bool moved = answer_redo_at(answer, base, answer->plan.affected_size);
    if (moved && answer->plan.base_freedom == PAGELAW_EXACT)
        answer->base = answer->value = base;
    return moved && answer->plan.base_freedom == PAGELAW_EXACT;
}

static bool moved_up(struct answer *answer)
{
    return answer->plan.effect <= PAGELAW_RESERVES_AND_COMMITS &&
           move(answer, answer->plan.affected_base + granule_of(answer));
}

static bool moved_down(struct answer *answer)
{
    return answer->plan.effect <= PAGELAW_RESERVES_AND_COMMITS &&
           move(answer, answer->plan.affected_base - granule_of(answer));
}

/* Whether a wrong range shows: a reset changes nothing that can be told from outside. */
static bool shows(const struct answer *answer)
{
    return answer->plan.effect != PAGELAW_RESETS && !answer->plan.unsettled;
}

static bool begins_page_late(struct answer *answer)
{
    uint64_t page = page_of(answer);
    return shows(answer) && answer_redo_at(answer, answer->plan.affected_base + page,
                                           answer->plan.affected_size - page);
}

static bool begins_page_early(struct answer *answer)
{
    uint64_t page = page_of(answer);
    return shows(answer) && answer_redo_at(answer, answer->plan.affected_base - page,
                                           answer->plan.affected_size + page);
}

/* ---- The size ---- */

static bool tell_size(struct answer *answer, uint64_t size)
{
    if (!answer_is_native(answer) || answer->plan.size_freedom != PAGELAW_EXACT ||
        size == answer->plan.size)
        return false;
    answer->size = size;
    return true;
}

static bool told_page_longer(struct answer *answer)
{
    return tell_size(answer, answer->plan.size + page_of(answer));
}

static bool told_page_shorter(struct answer *answer)
{
    return tell_size(answer, answer->plan.size - page_of(answer));
}

static bool told_size_as_asked(struct answer *answer)
{
    return tell_size(answer, answer->call.size);
}

/* The pages that the call is about, told as [base, base + size); the base may be the system's. */
static bool reach(struct answer *answer, uint64_t size)
{
    uint64_t base = answer->plan.base_freedom == PAGELAW_CHOSEN ? answer->plan.base
                                                                : answer->plan.affected_base;
    return shows(answer) && answer_redo_at(answer, base, size);
}

static bool page_longer(struct answer *answer)
{
    return reach(answer, answer->plan.affected_size + page_of(answer));
}

static bool page_shorter(struct answer *answer)
{
    return reach(answer, answer->plan.affected_size - page_of(answer));
}

static bool to_the_granule(struct answer *answer)
{
    uint64_t granule = granule_of(answer);
    return reach(answer, (answer->plan.affected_size + granule - 1) / granule * granule);
}

/* The size rounded by itself, as if the address had been on a page. */
static bool size_rounded_alone(struct answer *answer)
{
    uint64_t page = page_of(answer);
    return answer->call.size != 0 && reach(answer, (answer->call.size + page - 1) / page * page);
}

/* ---- The old protection ---- */

static bool tell_old(struct answer *answer, uint32_t protect)
{
    if (!answer->writes_old_protect || protect == answer->old_protect)
        return false;
    answer->old_protect = protect;
    return true;
}

static bool old_not_written(struct answer *answer)
{
    bool written = answer->writes_old_protect;
    answer->writes_old_protect = false;
    return written;
}

static bool old_of_last_page(struct answer *answer)
{
    const struct pagelaw_plan *plan = &answer->plan;
    return tell_old(
        answer, region_at(answer->model, plan->affected_base + plan->affected_size - 1).protect);
}

static bool old_of_next_page(struct answer *answer)
{
    uint64_t end = answer->plan.affected_base + answer->plan.affected_size;
    return tell_old(answer, region_at(answer->model, end).protect);
}

static bool old_is_new(struct answer *answer)
{
    return tell_old(answer, answer->plan.new_protect);
}

static bool old_of_allocation(struct answer *answer)
{
    return tell_old(answer,
                    region_at(answer->model, answer->plan.affected_base).allocation_protect);
}

static bool old_without_modifiers(struct answer *answer)
{
    return tell_old(answer, answer->old_protect & 0xFF);
}

/* ---- The state of the pages ---- */

static bool not_done(struct answer *answer)
{
    answer->deed_count = 0;
    return shows(answer);
}

static bool first_page_only(struct answer *answer)
{
    return reach(answer, page_of(answer));
}

static bool whole_allocation(struct answer *answer)
{
    uint64_t base, size;
    return shows(answer) &&
           allocation_range(answer->model, answer->plan.affected_base, &base, &size) &&
           answer_redo_at(answer, base, size);
}

static bool other_type(struct answer *answer, enum pagelaw_effect effect, uint32_t type)
{
    struct pagelaw_call deed = answer_deed(answer);
    deed.type = type;
    if (answer->plan.base_freedom == PAGELAW_CHOSEN)
        deed.address = answer->plan.base;
    return answer->plan.effect == effect && !answer->plan.unsettled && answer_redo(answer, deed);
}

static bool committed_too(struct answer *answer)
{
    return other_type(answer, PAGELAW_RESERVES, MEM_RESERVE | MEM_COMMIT);
}

static bool reserved_only(struct answer *answer)
{
    return other_type(answer, PAGELAW_RESERVES_AND_COMMITS, MEM_RESERVE);
}

static bool released_too(struct answer *answer)
{
    return other_type(answer, PAGELAW_DECOMMITS, MEM_RELEASE);
}

static bool decommitted_only(struct answer *answer)
{
    return other_type(answer, PAGELAW_RELEASES, MEM_DECOMMIT);
}

static bool no_access_only(struct answer *answer)
{
    struct pagelaw_call deed = answer_deed(answer);
    deed.function = PAGELAW_NT_PROTECT;
    deed.protect = PAGE_NOACCESS;
    deed.no_old_protect = false;
    return answer->plan.effect == PAGELAW_DECOMMITS && answer_redo(answer, deed);
}

/* ---- The protection of the pages ---- */

static bool protect_with(struct answer *answer, uint32_t protect)
{
    struct pagelaw_call deed = answer_deed(answer);
    bool reserves = answer->plan.effect == PAGELAW_RESERVES;
    if (reserves || answer->plan.unsettled || protect == answer->plan.new_protect ||
        protect == deed.protect)
        return false;
    if (answer->plan.base_freedom == PAGELAW_CHOSEN)
        deed.address = answer->plan.base;
    deed.protect = protect;
    return answer->plan.effect != PAGELAW_RESETS && answer_redo(answer, deed);
}

static bool protection_kept(struct answer *answer)
{
    return protect_with(answer, region_at(answer->model, answer->plan.affected_base).protect);
}

static bool protection_of_allocation(struct answer *answer)
{
    return protect_with(answer,
                        region_at(answer->model, answer->plan.affected_base).allocation_protect);
}

static bool modifiers_dropped(struct answer *answer)
{
    return protect_with(answer, answer->call.protect & 0xFF);
}

static bool read_write_given(struct answer *answer)
{
    return protect_with(answer, PAGE_READWRITE);
}

static bool execute_dropped(struct answer *answer)
{
    uint32_t protect = answer->call.protect;
    return (protect & 0xF0) != 0 && protect_with(answer, (protect & ~0xFFu) | (protect >> 4 & 0xF));
}

static bool execute_added(struct answer *answer)
{
    uint32_t protect = answer->call.protect;
    return (protect & 0xF) != 0 && protect_with(answer, (protect & ~0xFFu) | (protect & 0xF) << 4);
}

/* A protect keeps the allocation's caching; a commit over the pages does not. */
static bool caching_as_asked(struct answer *answer)
{
    struct pagelaw_call deed = answer_deed(answer);
    deed.function = PAGELAW_NT_ALLOCATE;
    deed.type = MEM_COMMIT;
    return answer->plan.effect == PAGELAW_PROTECTS && !answer->plan.unsettled &&
           ((deed.protect ^ answer->plan.new_protect) & (PAGE_NOCACHE | PAGE_WRITECOMBINE)) != 0 &&
           answer_redo(answer, deed);
}

/* ---- Rules that say what follows from others ---- */

static bool allocates(const struct answer *answer)
{
    return answer->status == STATUS_SUCCESS && !answer->plan.unsettled &&
           native_function(answer->call.function) == PAGELAW_NT_ALLOCATE;
}

static bool returned_as_asked(struct answer *answer)
{
    return allocates(answer) && !answer_is_native(answer) && told_as_asked(answer);
}

static bool returned_true(struct answer *answer)
{
    return allocates(answer) && !answer_is_native(answer) && tell_base(answer, 1);
}

static bool native_commit_unrounded(struct answer *answer)
{
    return allocates(answer) && answer_is_native(answer) &&
           answer->plan.effect == PAGELAW_COMMITS && told_as_asked(answer);
}

static bool unguarded(struct answer *answer)
{
    return answer->status == STATUS_SUCCESS && (answer->call.protect & PAGE_GUARD) != 0 &&
           protect_with(answer, answer->call.protect & ~PAGE_GUARD);
}

static bool allocated_unguarded(struct answer *answer)
{
    return allocates(answer) && unguarded(answer);
}

static bool protected_unguarded(struct answer *answer)
{
    return answer->plan.effect == PAGELAW_PROTECTS && unguarded(answer);
}

static bool guard_refused(struct answer *answer)
{
    return answer->status == STATUS_SUCCESS && answer->plan.effect == PAGELAW_PROTECTS &&
           (answer->call.protect & PAGE_GUARD) != 0 && refused(answer);
}

static const struct kind list[] = {
    {"refused", SITE_DONE, PAGELAW_ANSWER, .answer = refused},
    {"base told 1 byte higher", SITE_DONE, PAGELAW_BASE, .answer = told_byte_higher},
    {"base told 1 page higher", SITE_DONE, PAGELAW_BASE, .answer = told_page_higher},
    {"base told 1 page lower", SITE_DONE, PAGELAW_BASE, .answer = told_page_lower},
    {"base told 1 granule higher", SITE_DONE, PAGELAW_BASE, .answer = told_granule_higher},
    {"base told unrounded", SITE_DONE, PAGELAW_BASE, SHAPES_VISIBLE, .answer = told_as_asked},
    {"1 granule higher", SITE_DONE, PAGELAW_BASE, SHAPES_NEW, .answer = moved_up},
    {"1 granule lower", SITE_DONE, PAGELAW_BASE, SHAPES_NEW, .answer = moved_down},
    {"begins 1 page late", SITE_DONE, PAGELAW_BASE, SHAPES_INSIDE, .answer = begins_page_late},
    {"begins 1 page early", SITE_DONE, PAGELAW_BASE, SHAPES_INSIDE, .answer = begins_page_early},
    {"size told 1 page longer", SITE_DONE, PAGELAW_SIZE, SHAPE_NATIVE, .answer = told_page_longer},
    {"size told 1 page shorter", SITE_DONE, PAGELAW_SIZE, SHAPE_NATIVE,
     .answer = told_page_shorter},
    {"size told unrounded", SITE_DONE, PAGELAW_SIZE, SHAPE_NATIVE, .answer = told_size_as_asked},
    {"ends 1 page late", SITE_DONE, PAGELAW_SIZE, SHAPES_VISIBLE, .answer = page_longer},
    {"ends 1 page early", SITE_DONE, PAGELAW_SIZE, SHAPES_VISIBLE, .answer = page_shorter},
    {"ends with its granule", SITE_DONE, PAGELAW_SIZE, SHAPES_VISIBLE, .answer = to_the_granule},
    {"size rounded by itself", SITE_DONE, PAGELAW_SIZE, SHAPES_VISIBLE,
     .answer = size_rounded_alone},
    {"OldProtect not written", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_not_written},
    {"OldProtect of the last page", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_of_last_page},
    {"OldProtect of the next page", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_of_next_page},
    {"OldProtect is the new one", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_is_new},
    {"OldProtect of the allocation", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_of_allocation},
    {"OldProtect without modifiers", SITE_DONE, PAGELAW_OLD_PROTECT, SHAPE_PROTECTS,
     .answer = old_without_modifiers},
    {"not done", SITE_DONE, PAGELAW_STATE, SHAPES_VISIBLE, .answer = not_done},
    {"first page only", SITE_DONE, PAGELAW_STATE, SHAPES_VISIBLE, .answer = first_page_only},
    {"whole allocation", SITE_DONE, PAGELAW_STATE, SHAPES_INSIDE, .answer = whole_allocation},
    {"committed too", SITE_DONE, PAGELAW_STATE, SHAPE_RESERVES, .answer = committed_too},
    {"reserved only", SITE_DONE, PAGELAW_STATE, SHAPE_RESERVES_AND_COMMITS,
     .answer = reserved_only},
    {"released too", SITE_DONE, PAGELAW_STATE, SHAPE_DECOMMITS, .answer = released_too},
    {"decommitted only", SITE_DONE, PAGELAW_STATE, SHAPE_RELEASES, .answer = decommitted_only},
    {"PAGE_NOACCESS only", SITE_DONE, PAGELAW_STATE, SHAPE_DECOMMITS, .answer = no_access_only},
    {"old protection kept", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = protection_kept},
    {"protection of the allocation", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = protection_of_allocation},
    {"modifiers dropped", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = modifiers_dropped},
    {"PAGE_READWRITE given", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = read_write_given},
    {"execute rights dropped", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = execute_dropped},
    {"execute rights added", SITE_DONE, PAGELAW_PROTECT, SHAPES_WITH_PROTECT,
     .answer = execute_added},
    {"caching as asked", SITE_DONE, PAGELAW_PROTECT, SHAPE_PROTECTS, .answer = caching_as_asked},
    {"returns the address as asked", OWN = PAGELAW_VA_RETURN, .answer = returned_as_asked},
    {"returns TRUE", OWN = PAGELAW_VA_RETURN, .answer = returned_true},
    {"base told unrounded", OWN = PAGELAW_NT_BASE_ROUND, .answer = native_commit_unrounded},
    {"ignored", OWN = PAGELAW_VP_GUARD, .answer = protected_unguarded},
    {"refused", OWN = PAGELAW_VP_GUARD, .answer = guard_refused},
    {"not by VirtualAlloc", OWN = PAGELAW_GUARD_WHO, .answer = allocated_unguarded},
    {"not by VirtualProtect", OWN = PAGELAW_GUARD_WHO, .answer = protected_unguarded},
    {"given later", OWN = PAGELAW_PR_CACHE_PRIVATE, .answer = caching_as_asked},
};

const struct kinds kinds_of_deeds = {list, sizeof list / sizeof *list};
