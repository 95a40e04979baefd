/* What the parts of the judge share. */
#ifndef SUITE_JUDGING_H
#define SUITE_JUDGING_H

#include "arena.h"
#include "pagelaw/model.h"
#include "print_address.h"
#include "suite/judge.h"

#define FINDINGS_MAX 12 /* of one step; more say nothing new */
#define WORDS_MAX 512   /* bytes of one allowed or observed text */

/* A judgement with the arena that its texts live in. */
struct owned_judgement {
    struct judgement judgement;
    struct arena arena;
};

struct judging {
    struct arena *arena;
    const struct scenario *scenario;
    const struct trace *trace;
    const struct subject_info *info;
    struct pagelaw_model *model;
    const struct judge_listener *listener;
    unsigned index; /* of the step */
    const struct step *step;
    const struct trace_step *observed;
    struct environment environment; /* before the step */
    struct result_finding findings[FINDINGS_MAX];
    unsigned finding_count;
    bool unspecified;   /* the step is one that no source settles */
    unsigned undefined; /* aspects of what comes back that no source binds */
    bool strayed; /* a step before this one differed or was left out: the pins' story is over */
    /* What the subject's queries say otherwise though the pages are as they must be: said once.
     * Bits of enum pagelaw_aspect, [0] of free pages, [1] of others; `found` is of this step. */
    unsigned told[2], found[2];
    bool applied;   /* the model has done this step */
    bool guard_due; /* a touch should have disarmed the guard page at `guard` */
    uint64_t guard;
    bool lost;             /* a call did what it must not, and there is no map to go on from */
    bool alternative;      /* allowed by law, though not what the model itself would answer */
    bool last_error_known; /* what GetLastError must say */
    uint32_t last_error;
    bool last_error_other;                    /* it is of an answer that is an alternative */
    struct result_map before, allowed, shown; /* of a step that differs, as judge_draw made them */
    unsigned drawn;                           /* how many steps have been drawn */
    bool out_of_memory;
};

/* The value of an argument, or `otherwise` if it was not given. */
uint64_t judge_argument(const struct judging *judging, unsigned index, uint64_t otherwise);

/* Whether the subject says that the whole pages of this address are in a range it has shown us. */
bool judge_knows(const struct judging *judging, uint64_t address, uint64_t *end);

/* Makes the model what the subject shows of itself, in every watch. */
void judge_adopt_map(struct judging *judging);

#define ASPECT(name) (1u << PAGELAW_##name)

/* The aspects of a page of which the subject says something else than a query's plan, but for those
 * in which its queries are known to, and those that no source binds. Notes them. */
unsigned judge_page(struct judging *judging, const struct subject_region *got,
                    const struct pagelaw_plan *query);

/* Notes aspects of pages of a state that this step found to be told otherwise. */
void judge_note(struct judging *judging, uint32_t state, unsigned aspects);

/* Whether the subject's queries are known to tell that aspect of such pages otherwise. */
bool judge_told(const struct judging *judging, uint32_t state, unsigned aspect);

/* Whether all that was noted in this step can be but the words of queries, the pages being as they
 * must be. Then it is known from now on. */
bool judge_learn(struct judging *judging);

/* ---- Findings ---- */

void judge_find(struct judging *judging, enum pagelaw_rule rule, const char *what,
                const char *allowed, const char *observed);

struct place judge_place(const struct judging *judging);

/* An address as a reader sees it, the same in every run; the buffer is the caller's, of WORDS_MAX
 * bytes. The real numbers are in the call's own. */
const char *judge_address(const struct judging *judging, uint64_t address, char *buffer);

/* The same, by the step's own target too. */
const char *judge_location(const struct judging *judging, uint64_t address, char *buffer);

/* Draws the watched ranges before and after a step that differs, before the model adopts what the
 * subject shows. */
void judge_draw(struct judging *judging);

/* The regions that a step shows of one watch: they lie in its list one after the other. */
struct part {
    const struct trace_watch *watch;
    const struct subject_region *regions;
    unsigned count;
};

/* Finds the regions of the watch that begins at *next in `of`'s list, and moves on. */
struct part judge_next_part(const struct judging *judging, const struct trace_step *of,
                            unsigned watch, unsigned *next);

/* Whether the regions lie one after the other and fill the watch, in whole pages that the model
 * has: the subject's own limits may be wider. Else they say nothing. */
bool judge_is_sound(const struct judging *judging, const struct part *part);

/* What a query of the page must say, by the model, with its rules where nothing better is known. */
void judge_ask(struct pagelaw_model *model, uint64_t address, struct pagelaw_plan *plan);

/* The call that the step makes. */
struct pagelaw_call judge_call_of(const struct judging *judging, enum pagelaw_function function);

/* ---- The judges of each kind of step ---- */

void judge_call(struct judging *judging, enum pagelaw_function function);
void judge_system_info(struct judging *judging);
void judge_touch(struct judging *judging);
void judge_hole(struct judging *judging);
void judge_map(struct judging *judging, const struct pagelaw_plan *plan);

/* Holds the step against the pin that is for the profile. */
const struct pin *judge_pin_of(const struct judging *judging);
void judge_pin(struct judging *judging, const struct pin *pin);

#endif
