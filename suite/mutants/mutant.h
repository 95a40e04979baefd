/* Mutants: the model as a subject, with one rule of the law broken in one way.
 *
 * A mutant is driven through the model's public interface: the model plans a call, the mutant
 * changes what is answered or what is done, and that is carried out. Whatever is done is a plan of
 * the model too, of another call, so that a mutant does wrong things but never impossible ones.
 * The judge plans for itself and stays sound. */
#ifndef MUTANTS_MUTANT_H
#define MUTANTS_MUTANT_H

#include "pagelaw/model.h"

/* For the tables: a kind that strikes where it says itself, and the rule that it breaks. */
#define OWN SITE_OWN, .rule

struct mutant;

/* An answer in the making: the model's own at first. */
struct answer {
    struct pagelaw_model *model;
    const struct mutant *mutant;
    struct pagelaw_call call; /* as the program made it */
    struct pagelaw_plan plan; /* what the law says of it */

    uint32_t status;     /* STATUS_SUCCESS, or the failure that the call reports */
    uint32_t error;      /* the last error that a Win32 function sets if it fails */
    bool sets_error;     /* whether it is set; a native call sets none */
    uint64_t value;      /* the Win32 function's return value if it succeeds */
    uint64_t base, size; /* as the native call writes them back */
    uint32_t old_protect;
    bool writes_old_protect;
    struct pagelaw_region region; /* of a query that succeeds */

    struct pagelaw_call deeds[2]; /* what is done to the model instead of the call, in order */
    unsigned deed_count;
    struct page_list {
        uint64_t pages[64];
        unsigned count;
    } stamped; /* the pages that are filled with `stamp` in the end */
    uint8_t stamp;
    uint64_t charge; /* the commit charge before the call */
};

/* One byte touched: what is raised, and what is done. */
struct touched {
    struct pagelaw_model *model;
    const struct mutant *mutant;
    enum pagelaw_access access;
    uint64_t address;
    struct pagelaw_touch law;
    struct pagelaw_exception raised; /* code 0: nothing */
    bool disarms;                    /* the guard page, if it is one */
    uint64_t stored_at;              /* where a write goes */
    struct pagelaw_call deed;        /* done afterwards, if `has_deed` */
    bool has_deed;
};

/* Where a kind of mutant strikes. */
enum site {
    SITE_REFUSED, /* calls that fail, and whose plan names the rule for the aspect */
    SITE_DONE,    /* calls that succeed, likewise */
    SITE_TOLD,    /* queries that succeed, likewise */
    SITE_PARTIAL, /* calls that fail by the rule `first` and by this rule change nothing */
    SITE_ORDER,   /* calls that fail by `first` where `later` would refuse them as well */
    SITE_TOUCH,   /* touches that the rule decides */
    SITE_BOUND,   /* calls at the boundary that the rule draws */
    SITE_OWN,     /* wherever the kind itself says */
    SITE_END
};

/* A boundary is moved by judging a call as if it were another one. */
enum bound_field { BOUND_ADDRESS, BOUND_SIZE, BOUND_ZERO_BITS };
enum bound_unit { BOUND_ONE, BOUND_PAGE, BOUND_GRANULE };
struct bound {
    enum bound_field field;
    enum bound_unit unit;
    int sign;
};

/* The shapes of the calls that a rule decides: what a success does, what a failure was to do, and
 * whether there is a native one. A kind makes sense for some only. */
enum shape {
    SHAPE_RESERVES = 1 << PAGELAW_RESERVES,
    SHAPE_RESERVES_AND_COMMITS = 1 << PAGELAW_RESERVES_AND_COMMITS,
    SHAPE_COMMITS = 1 << PAGELAW_COMMITS,
    SHAPE_DECOMMITS = 1 << PAGELAW_DECOMMITS,
    SHAPE_RELEASES = 1 << PAGELAW_RELEASES,
    SHAPE_PROTECTS = 1 << PAGELAW_PROTECTS,
    SHAPE_RESETS = 1 << PAGELAW_RESETS,
    SHAPE_FAILED_PROTECT = 1 << (8 + PAGELAW_NT_PROTECT),
    SHAPE_NATIVE = 1 << 12,
    /* of these: */
    SHAPES_NEW = SHAPE_RESERVES | SHAPE_RESERVES_AND_COMMITS,
    SHAPES_COMMIT = SHAPE_RESERVES_AND_COMMITS | SHAPE_COMMITS,
    SHAPES_INSIDE = SHAPE_COMMITS | SHAPE_DECOMMITS | SHAPE_RELEASES | SHAPE_PROTECTS,
    SHAPES_VISIBLE = SHAPES_NEW | SHAPES_INSIDE,
    SHAPES_WITH_PROTECT = SHAPES_COMMIT | SHAPE_PROTECTS
};

/* A way to break a rule. The functions return false if they changed nothing that the law forbids.
 */
struct kind {
    const char *name;
    enum site site;
    enum pagelaw_aspect aspect;          /* of REFUSED, DONE and TOLD */
    unsigned shapes;                     /* that it makes sense for; 0: all */
    enum pagelaw_rule rule;              /* of OWN */
    struct bound bound;                  /* of BOUND */
    bool (*call)(struct answer *answer); /* before the call is planned */
    bool (*answer)(struct answer *answer);
    bool (*limit)(const struct answer *answer, uint64_t *limit); /* after the call */
    bool (*touch)(struct touched *touched);
    bool (*info)(struct pagelaw_system_info *info);
    bool (*last_error)(uint32_t *error); /* as GetLastError tells it */
    bool deaf;                           /* SetLastError does nothing */
};

struct mutant {
    enum pagelaw_rule rule; /* the one that is broken */
    const struct kind *kind;
    enum pagelaw_rule first, later; /* of ORDER, and `first` of PARTIAL */
    uint32_t row;                   /* of the error table: the status whose error is another */
    uint32_t profiles;              /* a bit for each profile in which the suite gets there */
};

/* The kinds, all of them. */
struct kinds {
    const struct kind *list;
    size_t count;
};
extern const struct kinds kinds_of_refusals, kinds_of_deeds, kinds_of_contents, kinds_of_queries,
    kinds_of_touches, kinds_of_bounds, kinds_of_their_own, kinds_of_answers, kinds_of_errors;

/* A rule that draws a boundary: in what, and by which units it may be missed, a bit for each. */
struct boundary {
    enum pagelaw_rule rule;
    unsigned address, size, zero_bits;
};

/* The boundary at `index`, or NULL past the last. */
const struct boundary *boundary_at(size_t index);

#endif
