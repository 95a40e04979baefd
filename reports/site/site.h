/* What all pages of the site tell from: rules, scenarios and subjects brought together.
 *
 * A subject is one result. A scenario is what results tell under one path and title. What a rule
 * is to a subject is a cell of the matrix. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "report_site.h"

#define SITE_NONE ((size_t)-1)
#define SITE_DIFFERENCES_MAX 64 /* of a scenario, that are told */

/* Of a rule on a subject, the gravest of the scenarios that exercise it. */
enum cell_kind {
    CELL_NONE, /* no scenario of the run exercises it */
    CELL_AGREE,
    CELL_UNSPECIFIED, /* agrees, as far as any source settles it */
    CELL_ELSEWHERE,   /* all of them broke another rule */
    CELL_UNSUPPORTED,
    CELL_KNOWN, /* differs, as the subject's baseline says */
    CELL_DIFFER,
    CELL_CRASHED,
    CELL_TIMED_OUT,
    CELL_END
};

struct site_cell {
    enum cell_kind kind;
    size_t count, total; /* scenarios of that kind, and all that exercise the rule */
    size_t scenario;     /* the first of that kind: an index of the rule's list */
};

struct site_subject {
    const struct result *result;
    const char *label; /* short, and different for each */
};

/* What subjects did in a scenario: those of one transcript are one behaviour. */
struct site_scenario {
    const char *path, *title;
    const struct result_scenario **on; /* by subject; NULL: it did not run there */
    size_t *behaviour;                 /* by subject, from 0; SITE_NONE */
    size_t behaviour_count;
    bool differs; /* on any subject */
};

struct site_rule {
    const char *id, *area, *grade, *sentence, *source;
    const char *versions, *contradiction, *uncovered; /* or NULL */
    const char *page;                                 /* its name, without folder and ending */
    size_t *scenarios;                                /* of site.scenarios, by path */
    size_t scenario_count;
    struct site_cell *cells; /* by subject */
    size_t differing;        /* subjects that differ */
    bool apart;              /* some scenario of it went in more than one way */
    bool refuted;            /* Windows was seen to do otherwise than a document says */
};

struct site {
    const struct site_input *input;
    struct site_subject *subjects;
    size_t subject_count;
    struct site_rule *rules; /* the book's in its order, then those that it has not, by id */
    size_t rule_count;
    struct site_rule **by_id;
    struct site_scenario *scenarios; /* by path and title */
    size_t scenario_count;
    struct site_block *blocks; /* the memory of all this */
};

/* False if memory ran out, or, with words in `error`, if the results cannot be told of. */
bool site_create(struct site *site, const struct site_input *input, char *error, size_t capacity);
void site_destroy(struct site *site);

/* Memory that stays until site_destroy, zeroed; NULL if there is none. */
void *site_take(struct site *site, size_t count, size_t size);

/* The parts of site_create, in this order. */
bool site_add_subjects(struct site *site);
bool site_add_scenarios(struct site *site);
bool site_add_rules(struct site *site, char *error, size_t capacity);
void site_fill_cells(struct site *site);

const struct site_rule *site_rule_find(const struct site *site, const char *id, size_t length);
struct site_scenario *site_scenario_find(const struct site *site, const char *path,
                                         const char *title);

bool cell_differs(const struct site_cell *cell); /* known differences are such too */
const char *cell_word(enum cell_kind kind);      /* "differs" */
const char *cell_sign(enum cell_kind kind);      /* one character, so that colour is not needed */
const char *cell_class(enum cell_kind kind);     /* in the style sheet */
enum cell_kind cell_of_verdict(enum verdict verdict);

/* Whether the rule is the first of its area. */
bool site_begins_area(const struct site *site, size_t rule);

/* What has to be known of the results before they are compared. */
bool site_mixes_suites(const struct site *site); /* of one profile */
bool site_mixes_profiles(const struct site *site);
bool site_mixes_versions(const struct site *site); /* of Pagelaw */

/* Whether two subjects were judged alike: the same verdict, differences, findings. */
bool site_judged_alike(const struct result_scenario *one, const struct result_scenario *other);

/* Whether an earlier subject of the same behaviour was judged alike. */
bool site_is_told(const struct site_scenario *scenario, size_t subject);

/* What a scenario is called by: its title, or, if that is empty, its path. */
const char *site_title(const struct site_scenario *scenario);

/* The text of a scenario on a subject; of a scenario that ran nowhere, the built-in one's. */
const char *site_text(const struct site *site, const struct site_scenario *scenario);

/* A page for each rule, "rules/ID" and the ending. False if one is not there whole. */
bool site_save_rules(const struct site *site, const struct site_output *output, const char *ending,
                     void (*put)(FILE *out, const struct site *site, size_t rule));

/* The pages. */
bool site_write_html(const struct site *site, const struct site_output *output);
bool site_write_markdown(const struct site *site, const struct site_output *output);

#endif
