/* A trace: what came back from each step of a scenario.
 *
 * The executor makes it, the wire carries it, the judge reads it. */
#ifndef SUITE_TRACE_H
#define SUITE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/backend.h"
#include "suite/scenario.h"

#define TRACE_RUNS_MAX 16             /* rows of equal bytes of one read */
#define TRACE_READ_MAX (1u << 24)     /* bytes of one read or write */
#define TRACE_OUTPUT_FILL 0xDEADBEEFu /* what an old-protection variable holds before the call */

/* How `problem` says of a hole that its range was reserved, and could not be released again. */
#define TRACE_NOT_RELEASED "is not free after its release"

/* Ranges whose map is taken after each step: the holes, and each allocation at an address that the
 * system chose, in whole granules, in the order of their steps. */
#define TRACE_WATCHES_MAX 32
#define TRACE_REGIONS_MAX 4096 /* of one map */

struct trace_watch {
    uint64_t base, size; /* bytes */
    unsigned step;       /* the step that began it */
};

enum trace_state {
    TRACE_NOT_REACHED,
    TRACE_ANNOUNCED, /* begun, and never ended */
    TRACE_DONE,
    TRACE_UNSUPPORTED, /* the subject has no such function */
    TRACE_IMPOSSIBLE   /* the harness could not make the step, `problem` says why */
};

struct trace_step {
    enum trace_state state;
    uint64_t value;       /* what the function returned: address, BOOL, byte count, NTSTATUS; hole's
                             address */
    uint32_t error;       /* the last error afterwards, of a Win32 step */
    bool no_error;        /* the subject has no GetLastError: `error` says nothing */
    uint64_t base, size;  /* *BaseAddress and *RegionSize afterwards, of an Nt step */
    uint32_t old_protect; /* the output variable afterwards, of a protect */
    struct subject_region region; /* of a query; zero if it failed */
    struct subject_info info;     /* of GetSystemInfo: its four numbers */
    struct subject_exception exception;
    uint64_t touched; /* bytes that were read or written before an exception, or all */
    struct {
        uint8_t value;
        uint64_t count;
    } runs[TRACE_RUNS_MAX]; /* of a read */
    unsigned run_count;
    bool runs_cut; /* the read gave more runs than fit */
    char problem[SUBJECT_TEXT_MAX];

    /* The map of every watch after the step, one after the other, each covering its watch. Equal to
     * the map of the step before if `map_same`; then `regions` points to that one's. */
    const struct subject_region *regions;
    unsigned region_count;
    bool has_map;         /* false if the subject has no VirtualQuery, or the query failed */
    unsigned watch_count; /* of the trace's watches, how many were there after this step */
};

enum trace_end {
    TRACE_COMPLETE,
    TRACE_CRASHED, /* the process died; `why` has the signal or the exit status */
    TRACE_TIMED_OUT,
    TRACE_REFUSED, /* the agent would not run the program; `why` says so */
    TRACE_GARBLED  /* the agent's answer was not in the wire's language; `why` has the line */
};

struct trace {
    struct trace_step *steps; /* one for each step of the scenario */
    unsigned step_count;
    struct trace_watch watches[TRACE_WATCHES_MAX];
    unsigned watch_count;
    enum trace_end end;
    char why[256];
    uint64_t microseconds; /* from the request to the end */
};

#endif
