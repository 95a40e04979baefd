/* What the kinds of mutants do to an answer. */
#ifndef MUTANTS_ANSWER_H
#define MUTANTS_ANSWER_H

#include "mutant.h"

/* Plans the call and answers as the model would. */
void answer_begin(struct answer *answer);

static inline bool answer_is_native(const struct answer *answer)
{
    return answer->call.function <= PAGELAW_NT_QUERY;
}

static inline bool answer_is_query(const struct answer *answer)
{
    return answer->call.function == PAGELAW_NT_QUERY ||
           answer->call.function == PAGELAW_VIRTUAL_QUERY;
}

/* Whether the plan itself is success. */
bool plan_is_success(const struct pagelaw_plan *plan);

/* The native function that is the same as a Win32 one. */
enum pagelaw_function native_function(enum pagelaw_function function);

uint64_t page_of(const struct answer *answer);
uint64_t granule_of(const struct answer *answer);

/* What a query of the page says. */
struct pagelaw_region region_at(struct pagelaw_model *model, uint64_t address);

/* The pages of the allocation that holds the address; false if there is none. */
bool allocation_range(struct pagelaw_model *model, uint64_t address, uint64_t *base,
                      uint64_t *size);

/* Answers with a failure, or with success, and does nothing. False if the law allows that. */
bool answer_fail(struct answer *answer, uint32_t status);
bool answer_succeed(struct answer *answer);

/* The native call that does to the same pages what the call does. */
struct pagelaw_call answer_deed(const struct answer *answer);

/* Does `deed` instead of the call. False if the model would refuse it. */
bool answer_redo(struct answer *answer, struct pagelaw_call deed);

/* Does the same to [base, base + size) instead. False if that is no other range or cannot be had.
 */
bool answer_redo_at(struct answer *answer, uint64_t base, uint64_t size);

/* Adds to `list`, as far as there is room, the pages of [base, base + size) that are committed, or
 * that are not. */
void list_pages(struct pagelaw_model *model, struct page_list *list, uint64_t base, uint64_t size,
                bool committed);

/* Fills a committed page with a byte, or with `bytes`, whatever its protection. */
void fill_page(struct pagelaw_model *model, uint64_t page, uint8_t byte, const uint8_t *bytes);

/* Carries out what the answer says is done. */
void answer_carry_out(struct answer *answer);

#endif
