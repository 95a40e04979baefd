/* The naive oracle: a process's address space as an array of pages, written from the law alone.
 * Comments name the rules of the book (emu/include/pagelaw/rules.def).
 *
 * It knows a window of pages in the user range; everything outside is free and stays so. Each page
 * says for itself which allocation it is in and what it holds, and every question is answered by
 * walking the pages one by one: slow, and easy to see through. */
#ifndef TESTS_NAIVE_H
#define TESTS_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pagelaw/model.h"

#define NAIVE_PAGES 1024 /* the most that a window may have */
#define NAIVE_PROBES 4   /* the bytes of a page that are watched */
#define NAIVE_GUESSES 6
#define NAIVE_STATUSES 8

struct naive_page {
    unsigned allocation; /* its number, never given twice; 0 if the page is free */
    uint32_t allocation_protect;
    bool committed;
    uint32_t protect;
    bool anything;  /* nobody knows what the page holds */
    bool was_reset; /* since it was committed */
    bool droppable; /* and was not written since: at any time it may become zeros */
    unsigned count; /* otherwise it holds one of so many guesses */
    uint8_t guess[NAIVE_GUESSES][NAIVE_PROBES];
};

struct naive {
    const struct pagelaw_profile *profile;
    uint64_t origin; /* where the window begins, on a granule */
    size_t page_count;
    unsigned allocations; /* how many numbers were given */
    uint64_t commit_limit;
    uint32_t last_error;
    struct naive_page pages[NAIVE_PAGES];
};

/* What the law allows a call to do. Every status in the set is allowed; the last of them is what
 * the order of the checks ends with, the others are what some source allows instead. */
struct naive_answer {
    uint32_t status[NAIVE_STATUSES];
    unsigned count;
    bool open;            /* no source settles the call */
    bool any_failure;     /* it fails, and no source says how */
    bool of_nt;           /* what decides it is told of Windows NT, and not of Windows 98 */
    bool protects_shared; /* it is a protect, refused for an address above the highest */

    /* What success does to the pages of [start, end), which lie in the window. */
    bool succeeds; /* STATUS_SUCCESS is in the set */
    bool reserves, commits, protects, decommits, releases, resets;
    uint64_t start, end;
    bool chosen;      /* start is what the system is to choose; lowest or highest fit is proposed */
    uint64_t ceiling; /* for a chosen one: the end of where it may lie */

    uint32_t protect;    /* what pages get, without their allocation's modifiers */
    uint64_t base, size; /* what success writes back */
    uint32_t old_protect;
    bool old_on_failure; /* a failure writes PAGE_NOACCESS as the old protection */
    struct pagelaw_region region;
};

void naive_init(struct naive *naive, const struct pagelaw_profile *profile, uint64_t origin,
                size_t page_count);

/* What the call may do. Changes nothing. */
void naive_decide(const struct naive *naive, const struct pagelaw_call *call,
                  struct naive_answer *answer);

/* Does what success does, at `start` if the system was to choose. */
void naive_succeed(struct naive *naive, const struct naive_answer *answer, uint64_t start);

/* Ends the process: everything is free. */
void naive_end(struct naive *naive, struct pagelaw_returned *returned);

/* Whether a chosen allocation may begin at `start`. */
bool naive_may_choose(const struct naive *naive, const struct naive_answer *answer, uint64_t start);

bool naive_status_allowed(const struct naive_answer *answer, uint32_t status);
bool naive_error_allowed(const struct naive_answer *answer, uint32_t error);

/* What a query of an address in the user range says. */
void naive_query(const struct naive *naive, uint64_t address, struct pagelaw_region *region);

uint64_t naive_charge(const struct naive *naive);

/* The page of an address, or NULL outside the window. */
struct naive_page *naive_at(struct naive *naive, uint64_t address);

/* What touching one byte raises: 0, STATUS_ACCESS_VIOLATION, or STATUS_GUARD_PAGE_VIOLATION, which
 * disarms the page. Where sources differ (reading PAGE_EXECUTE, executing data on some systems) a
 * touch may go either way: `*either`. */
uint32_t naive_touch(struct naive *naive, enum pagelaw_access access, uint64_t address,
                     bool *either);

/* The byte was written. */
void naive_write(struct naive *naive, uint64_t address, uint8_t value);

/* Which of the probes lies at that offset of a page, or NAIVE_PROBES. */
unsigned naive_probe_of(const struct naive *naive, uint64_t address);
uint64_t naive_probe_offset(const struct naive *naive, unsigned probe);

/* Whether the byte may read as `value`, where it is a probe. */
bool naive_byte_allowed(const struct naive *naive, uint64_t address, uint8_t value);

/* The byte did read as `value`, which was allowed. */
void naive_saw(struct naive *naive, uint64_t address, uint8_t value);

#endif
