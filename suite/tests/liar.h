/* Subjects that lie: the model as a backend, with one thing wrong that ports get wrong. */
#ifndef TESTS_LIAR_H
#define TESTS_LIAR_H

#include "suite/backend.h"

enum lie {
    HONEST,

    /* VirtualAlloc, NtAllocateVirtualMemory */
    RESERVE_AT_PAGE,        /* a reserve rounds its base to a page */
    RESERVE_SIZE_ALONE,     /* and its size without looking at the base */
    RESERVE_WHOLE_GRANULES, /* a size is rounded up to granules */
    CHOICE_OFF_GRANULE,     /* the system chooses an address between granules */
    CHOICE_TAKEN,           /* the system chooses the address that it chose before */
    COMMIT_TOO_LATE,        /* MEM_RESERVE | MEM_COMMIT only reserves */
    TAIL_TAKEN,             /* the rest of a granule is reserved by itself */
    RECOMMIT_IGNORED,       /* committed pages keep their protection */
    RECOMMIT_ZEROES,        /* committed pages lose their contents */
    COMMIT_ALLOCATES,       /* a commit of free pages reserves them */
    COMMIT_BY_PAGES,        /* across allocations, and until one fails */
    COMMIT_UNLIMITED,       /* the commit limit is ignored */
    COMMIT_STARTS_FULL,     /* committed pages are not zero */
    RESET_DECOMMITS,
    RESET_SPOILS,           /* after a reset pages hold neither what they held nor zeros */
    RESERVE_GUARD_REFUSED,  /* no lie: one source forbids it */
    ALLOC_ERROR_5,          /* VirtualAlloc fails with ERROR_ACCESS_DENIED */
    ALLOC_ERROR_0,          /* or with no error at all */
    NT_ALLOCATE_PLAIN,      /* no lie: STATUS_INVALID_PARAMETER without its number */
    NT_ALLOCATE_CONFLICT,   /* every failure is STATUS_CONFLICTING_ADDRESSES */
    NT_ALLOCATE_NOT_MAPPED, /* every failure is STATUS_NOT_MAPPED_VIEW */
    NT_ALLOCATE_TOUCHES,    /* base and size are rounded though the call fails */

    /* VirtualFree, NtFreeVirtualMemory */
    RELEASE_ANY_SIZE,     /* the size is ignored */
    RELEASE_PART,         /* only the size is released */
    RELEASE_INSIDE,       /* the address is rounded to the base */
    RELEASE_KEEPS,        /* a release only decommits */
    DECOMMIT_PAST_END,    /* what is behind the allocation's end is ignored */
    DECOMMIT_KEEPS_BYTES, /* and the next commit shows them */
    DECOMMIT_NOTHING,
    DECOMMIT_ZERO_NOTHING, /* a size of 0 is nothing, not all */
    DECOMMIT_ONCE,         /* reserved pages cannot be decommitted */
    NT_FREE_SIZE_KEPT,     /* the size is written back as it was given */
    NT_FREE_TOUCHES,       /* the base is rounded though the call fails */

    /* VirtualProtect, NtProtectVirtualMemory */
    PROTECT_RESERVED, /* succeeds without effect */
    PROTECT_BY_PAGES, /* across allocations, and until one fails */
    PROTECT_NULL_OLD, /* needs no pointer */
    PROTECT_DROPS_GUARD,
    OLD_OF_LAST, /* the old protection of the last page */
    OLD_WITHOUT_GUARD,
    OLD_NOT_ON_FAILURE,    /* nothing is written when the call fails */
    NT_PROTECT_KEEPS_BASE, /* the base is written back as it was given */

    /* VirtualQuery, NtQueryVirtualMemory, GetSystemInfo, the last error */
    QUERY_SCANS_BACK, /* to the first equal page */
    QUERY_MERGES,     /* goes on in an equal allocation */
    QUERY_SPLITS,     /* every page is a region */
    QUERY_SIZE_0,
    QUERY_ABOVE_MAX, /* succeeds above the highest address */
    QUERY_RETURNS_TRUE,
    QUERY_RESERVED_NOACCESS, /* reserved pages have PAGE_NOACCESS */
    QUERY_FREE_PROTECT_0,
    QUERY_FREE_HAS_BASE,      /* free pages have an AllocationBase */
    QUERY_ALLOCATION_PROTECT, /* AllocationProtect follows VirtualProtect */
    QUERY_MAPPED,             /* Type is MEM_MAPPED */
    QUERY_HIDES_GUARD,
    QUERY_BASE_IS_RUN, /* AllocationBase is where the region begins */
    INFO_PAGE,
    INFO_GRANULE,
    INFO_MIN,
    INFO_MAX,
    ERROR_READ_ONCE, /* GetLastError clears it */
    ERROR_BY_NT,     /* a native call sets it */
    NT_QUERY_STATUS, /* STATUS_ACCESS_VIOLATION above the highest address */

    /* Touches */
    GUARD_STAYS,        /* is not disarmed */
    GUARD_ALL,          /* the neighbours are disarmed as well */
    GUARD_IS_VIOLATION, /* is reported as an access violation */
    GUARD_SILENT,       /* is disarmed without an exception */
    ACCESS_ALWAYS_READ,
    FAULT_AT_PAGE,  /* the address is the page's */
    READ_NOACCESS,  /* succeeds */
    READ_AS_FF,     /* reads wrongly: no byte is zero */
    WRITE_READONLY, /* succeeds */
    WRITE_LOST,     /* a write is forgotten */
    EXECUTE_DATA,   /* succeeds */
    LIE_END
};

/* The model, to be started by its own `start`, with that one lie. What a lie remembers begins
 * anew. */
struct backend liar(enum lie lie);

/* The part that liar_tales.c has: what is told, not what is done. */
extern const struct backend liar_tales[LIE_END];

#endif
