/* What the parts of judging a recording share. */
#ifndef RECORDING_RECORDED_H
#define RECORDING_RECORDED_H

#include "arena.h"
#include "hash.h"
#include "ranges.h"
#include "suite/recording.h"

#define WORDS_MAX 512
#define FINDINGS_MAX 8   /* of one call */
#define HISTORY_MAX 4096 /* calls of a process that are remembered, for transcripts */

/* A call that was made: what it was about, and its text. */
struct remembered {
    uint64_t base, end; /* the bytes that it was about; both 0: none that are known */
    char *text;
};

struct process {
    UT_hash_handle hh;
    uint64_t id;
    struct pagelaw_model *model;
    struct ranges free_ranges; /* that were said to be free */
    struct ranges views;       /* of sections, in the model as any allocation */
    uint64_t calls, agree, differ, unseen;
    struct remembered *history; /* a ring, once it has all its room */
    size_t history_count;       /* of all, also of those that are forgotten */
    size_t history_capacity;    /* HISTORY_MAX at most */
    struct result_difference *differences;
    unsigned difference_count, difference_capacity;
};

struct recording {
    const char *path;
    const struct pagelaw_profile *profile;
    bool sees_all;
    bool decimal;              /* how process numbers are told */
    struct arena arena;        /* of what the results point to */
    struct process *processes; /* in the order in which they came */
    struct recording_counts counts;
    bool out_of_memory;
};

/* One event under judgement. */
struct hearing {
    struct recording *recording;
    struct process *process;
    const struct recorded *event;
    struct pagelaw_plan plan;
    struct result_finding findings[FINDINGS_MAX];
    unsigned finding_count;
    const char *unseen; /* why it is not judged */
};

/* ---- What is known of the pages: reach.c ---- */

enum reach {
    REACH_KNOWN,     /* all that the call depends on is known */
    REACH_ARGUMENTS, /* its arguments alone decide */
    REACH_PLACE,     /* a reserve: only whether the place is free is not known */
    REACH_UNKNOWN
};
enum reach reach_of(struct hearing *hearing);

/* Whether the byte lies in an allocation of the model, or is known to be free. */
bool reach_byte(const struct hearing *hearing, uint64_t address);

/* Forgets the allocation that holds the address. */
void reach_lose(struct hearing *hearing, uint64_t address);

/* Whether the bytes from the address on are free is known no longer. */
void reach_lose_free(struct hearing *hearing, uint64_t address, uint64_t size);

/* Makes the model what the rows say. */
void reach_adopt(struct hearing *hearing);

/* Whether the address lies in what is known to be a view of a section. */
bool reach_is_view(const struct hearing *hearing, uint64_t address);

/* Whether the model has the allocation that the rows show, with the same ends. */
bool reach_has_rows(const struct hearing *hearing);

/* Forgets all allocations that the rows of a new one lie on: they ended unseen. */
void reach_lose_rows(struct hearing *hearing);

/* What the model says of a page. */
struct pagelaw_region reach_region(const struct hearing *hearing, uint64_t address);

/* ---- Findings and texts: findings.c ---- */

void find(struct hearing *hearing, enum pagelaw_rule rule, const char *what, const char *allowed,
          const char *observed);
const char *keep_text(struct recording *recording, const char *text);

/* The event in the words of the language, with numbers for addresses, and how it ended. */
void event_format(const struct recorded *event, bool with_outcome, char *buffer, size_t capacity);

void count_unseen(struct recording_counts *counts, const char *reason);

/* Notes the event in the history, and its findings as a difference if there are any. */
void conclude(struct hearing *hearing);

/* ---- compare.c ---- */

void compare_call(struct hearing *hearing);

#endif
