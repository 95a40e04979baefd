/* What the parts of the oracle share. */
#ifndef TESTS_NAIVE_PARTS_H
#define TESTS_NAIVE_PARTS_H

#include "naive.h"

/* ---- Questions to the array of pages ---- */

uint64_t naive_page_down(const struct naive *naive, uint64_t address);
uint64_t naive_page_up(const struct naive *naive, uint64_t address);
uint64_t naive_window_end(const struct naive *naive);
uint64_t naive_user_end(const struct naive *naive);

/* The page of an address; outside the window, a free one. */
const struct naive_page *naive_look(const struct naive *naive, uint64_t address);

bool naive_all_free(const struct naive *naive, uint64_t start, uint64_t end);
bool naive_all_committed(const struct naive *naive, uint64_t start, uint64_t end);

/* Whether every page of the range is in the allocation of the first. */
bool naive_in_one_allocation(const struct naive *naive, uint64_t start, uint64_t end);

/* The bounds of the allocation that holds the address. */
uint64_t naive_allocation_start(const struct naive *naive, uint64_t address);
uint64_t naive_allocation_end(const struct naive *naive, uint64_t address);

/* What a page shows that gets a protection: PAGE_NOCACHE is its allocation's
 * (VP-CACHE-KEPT). */
uint32_t naive_with_cache_of(const struct naive_page *page, uint32_t protect);

/* ---- Answers ---- */

#define NAIVE_ALL_PROTECTIONS 0x7FFu

bool naive_has(const struct naive *naive, enum pagelaw_quirk quirk);

/* Some source allows that status. */
void naive_may(struct naive_answer *answer, uint32_t status);

bool naive_legal_protection(uint32_t protect);
bool naive_is_write_copy(uint32_t protect);

/* PAGE_GUARD with a caching modifier: one document forbids it, another allows it
 * (CX-GUARD-MODS). */
bool naive_disputed(uint32_t protect);

/* Whether [address, address + size) leaves the user range; the address lies in it. */
bool naive_past_user_end(const struct naive *naive, uint64_t address, uint64_t size);

/* Windows 98: the call as it understands it, and what that makes of the answer. */
void naive_understand_98(struct pagelaw_call *call);
void naive_decide_98(const struct naive *naive, const struct pagelaw_call *call,
                     struct naive_answer *answer);

void naive_decide_allocate(const struct naive *naive, const struct pagelaw_call *call,
                           struct naive_answer *answer);

#endif
