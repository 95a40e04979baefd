/* The result of a run: what the judge hands to the reports. Plain data, no code; all strings are
 * UTF-8, owned by whoever made the result, and stay until it is freed.
 *
 * Addresses in texts are symbolic ("h + 8K"), so that a run gives the same result twice; the
 * real numbers are in the fields named host_. */
#ifndef RESULT_H
#define RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fixed words; of a scenario, the gravest of its steps in this order. */
enum verdict {
    VERDICT_AGREE,       /* every step came back as the law allows */
    VERDICT_UNSPECIFIED, /* agrees, but for steps that no source settles */
    VERDICT_UNSUPPORTED, /* the subject lacks something that a step needs */
    VERDICT_KNOWN,       /* differs as its baseline says */
    VERDICT_DIFFER,      /* came back as the law does not allow */
    VERDICT_CRASHED,     /* the scenario's process died */
    VERDICT_TIMED_OUT,   /* it did not end in time */
    VERDICT_END
};

struct result_rule {
    const char *id, *grade, *sentence, *source;
};

/* One difference as a baseline has it: where, which rule, and exactly what came back. What is not
 * stated is "". */
struct result_entry {
    const char *path; /* of the scenario */
    unsigned step;    /* from 0 */
    const char *call; /* as written; "" if the scenario ended before its first step */
    const char *rule; /* its id; "" of a scenario that crashed or timed out */
    const char *what; /* as of a finding; or "crashed", "timed out" */
    const char *value;
    const char *versions; /* of the subject, in which it is so: ">= 8.0 < 10.0"; "": all */
    const char *reason, *link;
    const char *date; /* when it was seen first: "2026-11-25" */
};

/* What the baseline of a run says of a difference. */
enum standing {
    STANDING_NONE, /* there was no baseline */
    STANDING_NEW,
    STANDING_KNOWN, /* differs exactly as its entry says */
    STANDING_DRIFT, /* differs, but in another way than its entry says */
    STANDING_END
};

/* One thing that came back wrong. */
struct result_finding {
    const char *what;     /* "return value", "last error", "BaseAddress", "map: State", ... */
    const char *allowed;  /* what the law allows, in words of the language */
    const char *observed; /* what came back */
    struct result_rule rule;
    enum standing standing;
    const struct result_entry
        *entry; /* what the baseline has there, if known or drift; else NULL */
};

/* A row of pages that a query tells the same of, in words of the language. */
struct result_region {
    const char *start, *size; /* where it begins: "h + 8K" */
    const char *state, *protect, *allocation_base, *allocation_protect, *type;
};

/* The ranges that the run watches, row after row. Nothing is known of what lies between them. */
struct result_map {
    bool known; /* else there are no rows, and that says nothing */
    const struct result_region *regions;
    unsigned region_count;
};

/* A step that differs, with the likeliest cause first; or, with no finding, the step from which the
 * scenario did not come back: then it is the last. */
struct result_difference {
    unsigned step; /* from 0 */
    int line;
    const char *call;      /* as written */
    const char *host_call; /* with its real numbers */
    const struct result_finding *findings;
    unsigned finding_count;
    unsigned transcript_lines;        /* of the scenario's transcript, through this step */
    struct result_map before;         /* as the subject showed it, and the model had it */
    struct result_map after_allowed;  /* as the law says it is after the step */
    struct result_map after_observed; /* as the subject shows it */
    const char *transcript; /* of what led here, where the scenario's is not told whole; or NULL */
};

struct result_scenario {
    const char *path, *title, *area;
    enum verdict verdict;
    const char
        *reason; /* why unsupported, crashed, timed out; else NULL. All others are never NULL */
    unsigned steps, steps_agree, steps_unspecified;
    const struct result_difference *differences;
    unsigned difference_count;
    uint64_t host_microseconds;
    const char *text;         /* the scenario's file, as it is */
    const char *transcript;   /* all steps with what came back, in the scenario language */
    const char *const *rules; /* ids that the scenario names */
    unsigned rule_count;
    const char *const *sources; /* as the scenario states them */
    unsigned source_count;
    enum standing standing; /* of how it ended, if it crashed or timed out; else STANDING_NONE */
    const struct result_entry *entry;
};

/* Which scenarios the run was of: two results are of one suite if these are equal. */
struct result_suite {
    const char *hash;            /* of the paths and texts of all of them, as hexadecimal digits */
    size_t scenario_count;       /* before a shard was chosen */
    unsigned shard, shard_count; /* this is part `shard` of so many, from 1; both 0: all of it */
};

/* What a baseline says beyond the differences of the run. */
struct result_baseline {
    const char *path;                 /* of its file; NULL: there was none */
    const struct result_entry *fixed; /* what no longer differs: these entries must go */
    size_t fixed_count;
    const struct result_entry *expired; /* what was said of older versions of the subject only */
    size_t expired_count;
};

/* A rule by which the subject does otherwise, and so is never where the model is after such steps.
 */
struct result_bar {
    const char *rule;
    uint64_t transitions;
};

#define RESULT_BARS_MAX 1000

/* A small scope of which every transition is wanted. A shard has its part of the transitions. */
struct result_scope {
    unsigned pages, granules; /* of the hole: what the calls are about, and how large it is */
    const char *within;       /* "within" if no allocation reaches beyond the pages, else "full" */
    const char *protections;  /* "few" or "all" */
    unsigned depth;           /* of a state, in calls from the empty hole; 0: no limit */
    bool whole;               /* no state was left out */
    uint64_t states, transitions, crossed;
    uint64_t states_reached, transitions_reached; /* by ways on which the subject is as the model */
    uint64_t unsettled;                           /* steps that no source settles, not made */
    const struct result_bar *bars;                /* on each way to the other states */
    size_t bar_count;                             /* at most RESULT_BARS_MAX */
};

/* Sequences at random. */
struct result_sample {
    unsigned pages, granules;
    uint64_t seed;
    uint64_t states; /* of the model, that they came to */
};

/* How far an exploration came. */
struct result_exploration {
    uint64_t sequences, calls;
    uint64_t odd;    /* sequences that did not come back as the model itself answers */
    bool exhaustive; /* there is a scope */
    bool random;     /* there is a sample */
    struct result_scope scope;
    struct result_sample sample;
};

struct result {
    const char *version; /* of Pagelaw */
    const char *subject; /* as given on the command line */
    const char *backend, *processor;
    const char *system; /* what the subject says it is; a host field */
    const char *profile, *profile_reason;
    const char *command; /* "pagelaw check --subject ..." without scenarios, to run again */
    const struct result_scenario *scenarios; /* in the order of their paths */
    size_t scenario_count;
    bool interrupted;      /* ended early; what is here is whole */
    const char *host_date; /* ISO 8601, UTC */
    uint64_t host_microseconds;
    struct result_suite suite;
    struct result_baseline baseline;
    const struct result_exploration *exploration; /* NULL: the run was of a suite */
};

#endif
