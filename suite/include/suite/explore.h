/* Exploring: sequences that nobody wrote, made on a subject and held against the model. */
#ifndef SUITE_EXPLORE_H
#define SUITE_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "suite/judge.h"
#include "suite/run.h"

/* Saves a file that is whole or as it was before, as `write` writes it; false, and errno, if it
 * cannot be. */
typedef bool explore_save(const char *path, bool (*write)(const void *what, FILE *out),
                          const void *what);

/* How, and how far. A limit of 0 is none. */
struct explore_options {
    const struct subject *subject;
    const struct subject_info *info;
    const struct pagelaw_profile *profile;
    bool exhaustive;          /* every transition of a small scope, */
    unsigned pages, granules; /* of its hole: what the acts are about, and how large it is; */
    bool within;              /* no allocation reaches beyond what the acts are about; */
    bool every_protection;    /* not just a few; */
    bool random;              /* then sequences at random */
    unsigned random_pages, random_granules;
    uint64_t seed;  /* of random */
    unsigned depth; /* of a state, in calls from the empty hole */
    size_t states_max;
    uint64_t sequences_max;
    double seconds;
    double random_seconds;  /* from the first sequence at random on, instead */
    unsigned shard, shards; /* from 1; both 0: all of it */
    unsigned start_timeout_ms, timeout_ms;
    const volatile int *stop;
    const char *crossed_path; /* NULL, or the file that keeps which transitions were crossed */
    const char *folder;       /* in which the findings are said to lie */
    explore_save *save;       /* of the two files */
    const char *corpus_path;  /* NULL, or the file that keeps what reached something new */
    /* Called with each finding as soon as it is shrunk. Whether it is in a file from now on. */
    bool (*found)(void *user, size_t index);
    /* Called now and then. */
    void (*progress)(void *user);
    void *user;
};

/* One bug: the scenario that shows it in the fewest calls, and how it was judged. */
struct explore_finding {
    char *text, *path;
    struct scenario *scenario;
    struct judgement *judgement;
    struct trace *trace;
    char rule[64];      /* that is broken, or "" where the subject crashed or hung */
    char what[256];     /* which outcome */
    unsigned calls;     /* of the scenario, the hole not counted */
    uint64_t sequences; /* that looked like it, so far */
};

#define EXPLORE_BARS_MAX 16

struct explored {
    struct explore_finding *findings;
    size_t finding_count;
    struct result_exploration extent;
    struct result_bar bars[EXPLORE_BARS_MAX]; /* of its scope */
    uint64_t microseconds;                    /* that it took */
    uint64_t screening_us;                    /* that the agent took */
    uint64_t allowed; /* of what was judged, other than the model's own answer and still right */
    bool unkept;      /* something was found that is in no file */
    bool interrupted;
    bool gave_up;  /* the subject hung too often */
    uint64_t hash; /* of what was explored, and in which way; the same for each shard of it */
};

/* False, with words in `error`, if the subject no longer starts or memory is short; what was found
 * by then is there. Free it with explored_free. */
bool explore_run(const struct explore_options *options, struct explored *explored, char *error,
                 size_t capacity);
void explored_free(struct explored *explored);

#endif
