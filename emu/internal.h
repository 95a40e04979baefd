/* What the parts of the model share. */
#ifndef EMU_INTERNAL_H
#define EMU_INTERNAL_H

#include "contents.h"
#include "heap.h"
#include "pagelaw/constants.h"
#include "pagelaw/model.h"
#include "runs.h"
#include "space.h"

/* Invariants: those of space.h and runs.h; `charge` is the sum of all runs; no page that is not
 * committed has contents. */
struct pagelaw_model {
    const struct pagelaw_profile *profile;
    struct pagelaw_heap heap;
    struct space space;
    struct contents contents;
    uint64_t charge, commit_limit;      /* bytes */
    uint64_t choice_lowest, choice_end; /* where the system chooses: [lowest, end) */
    uint32_t last_error;
    struct run_stock runs;
};

static inline bool profile_has(const struct pagelaw_model *model, enum pagelaw_quirk quirk)
{
    return (model->profile->quirks & (uint32_t)quirk) != 0;
}

/* Address arithmetic in the profile's pages; none of it wraps for addresses in the user range. */
static inline uint64_t page_down(const struct pagelaw_model *model, uint64_t address)
{
    return address & ~(uint64_t)(model->profile->page_size - 1);
}

static inline uint64_t page_up(const struct pagelaw_model *model, uint64_t address)
{
    return page_down(model, address + model->profile->page_size - 1);
}

static inline uint64_t granule_of(const struct pagelaw_model *model, uint64_t address)
{
    return address & ~(uint64_t)(model->profile->granule - 1);
}

/* ---- Building a plan ---- */

/* The call fails with `status` by `rule`; nothing changes, and `atomic` is the rule that says so.
 */
void plan_refuse(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status,
                 enum pagelaw_rule atomic);

/* One more status that the law allows, and which the model would not give itself. */
void plan_allow(struct pagelaw_plan *plan, uint32_t status);

/* A status that the model gives itself before the one it would have given, which stays allowed. */
void plan_prefer(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status);

/* A check of a call's arguments. True if it refuses, and then it has filled the plan, which was
 * fresh. It must bear any call, whatever the checks before it said. */
typedef bool plan_check(const struct pagelaw_model *model, const struct pagelaw_call *call,
                        struct pagelaw_plan *plan);

/* Makes the checks in their order: the first that refuses answers, what the others would have
 * answered is noted. True if one refused. */
bool plan_checks(const struct pagelaw_model *model, const struct pagelaw_call *call,
                 struct pagelaw_plan *plan, plan_check *const *checks, unsigned count);

/* Notes a rule that is broken as well, and its status; what there is no room for is left out. */
void plan_note_rule(struct pagelaw_plan *plan, enum pagelaw_rule rule, uint32_t status);

/* Notes what a check that comes later would have answered. */
void plan_note(struct pagelaw_plan *plan, const struct pagelaw_plan *later);

/* A plan that changes nothing and succeeds, so far. */
void plan_begin(struct pagelaw_plan *plan);

/* Whether the model's own answer is success. */
static inline bool plan_succeeds(const struct pagelaw_plan *plan)
{
    return plan->status[0] == STATUS_SUCCESS;
}

/* What a plan becomes under Windows 98, which is known by its documents and books alone, and under
 * the documents alone; `call` is as the program made it. */
void plan_for_9x(const struct pagelaw_model *model, const struct pagelaw_call *call,
                 struct pagelaw_plan *plan);
void plan_for_documents(const struct pagelaw_model *model, struct pagelaw_plan *plan);

/* The call as Windows 98 understands it: without what it does not know. */
struct pagelaw_call call_for_9x(const struct pagelaw_call *call);

/* The rule that a protection breaks, or PAGELAW_NO_RULE. PAGELAW_PR_SCOPE: it is not for us to say.
 */
enum pagelaw_rule protection_fault(uint32_t protect);

/* PAGE_GUARD with a caching modifier: one document forbids it, another allows it. */
bool protection_disputed(uint32_t protect);

/* PAGE_WRITECOPY or PAGE_EXECUTE_WRITECOPY. */
bool protection_is_write_copy(uint32_t protect);

/* A release that is about placeholders: with MEM_COALESCE_PLACEHOLDERS or
 * MEM_PRESERVE_PLACEHOLDER. It is not for us to say what it does, nor whether it takes a size. */
static inline bool is_placeholder_free(uint32_t type)
{
    return (type & 3) != 0 && (type & ~3u) == MEM_RELEASE;
}

void plan_nt_allocate(struct pagelaw_model *model, const struct pagelaw_call *call,
                      struct pagelaw_plan *plan);
void plan_nt_free(struct pagelaw_model *model, const struct pagelaw_call *call,
                  struct pagelaw_plan *plan);
void plan_nt_protect(struct pagelaw_model *model, const struct pagelaw_call *call,
                     struct pagelaw_plan *plan);
void plan_nt_query(struct pagelaw_model *model, const struct pagelaw_call *call,
                   struct pagelaw_plan *plan);

/* ---- Changing the space; all of it works on the stock and cannot fail ---- */

/* Fills the stock for one change. False if the heap gives nothing. */
bool stock_fill(struct pagelaw_model *model);

/* A new allocation, whose range is free, all of it reserved. */
void space_reserve(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect);

/* Frees [base, end), which lies in one allocation; what is left of that on either side becomes an
 * allocation of its own. The pages' contents stay. */
void space_release(struct pagelaw_model *model, uint64_t base, uint64_t end);

/* Commits, or decommits, [base, end), which lies in one allocation. Contents stay. */
void space_commit(struct pagelaw_model *model, uint64_t base, uint64_t end, uint32_t protect);
void space_decommit(struct pagelaw_model *model, uint64_t base, uint64_t end);

/* What a query of a page says. */
void space_query(const struct pagelaw_model *model, uint64_t address,
                 struct pagelaw_region *region);

#endif
