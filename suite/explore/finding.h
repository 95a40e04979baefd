/* From what was odd to a finding: judged, grouped by what is broken, shrunk. */
#ifndef EXPLORE_FINDING_H
#define EXPLORE_FINDING_H

#include "trier.h"

struct finder;
struct finder *finder_create(const struct explore_options *options, struct explored *explored,
                             const struct alphabet *alphabet);
void finder_free(struct finder *finder);

/* Takes a story whose last act was odd, and how it looked. Judges it unless enough that looked the
 * same were; a bug that was not found before is shrunk, kept, and told. False, with words in
 * `error`, if the subject cannot be had. */
bool finder_take(struct finder *finder, const struct story *story, uint32_t look, char *error,
                 size_t capacity);

/* Judges stories, each in a process of its own, as what cannot be screened has to be; what differs
 * is shrunk and kept. */
#define FINDER_AT_ONCE 128
bool finder_judge(struct finder *finder, const struct story *stories, size_t count, char *error,
                  size_t capacity);

/* Whether stories that look so, or nearly so, were judged often enough. */
bool finder_is_tired_of(const struct finder *finder, uint32_t look);

/* Which operations the subject has. */
bool finder_probe(struct finder *finder, bool has[OPERATION_END], char *error, size_t capacity);

/* Fills in path, text and scenario of a finding. False, with words in `error`, if it is none: if
 * memory is short these are the caller's. */
bool finding_make_scenario(struct explore_finding *finding, const struct story *story,
                           const struct verdict_of *of, const struct trier *trier,
                           const struct explored *explored, char *error, size_t capacity);

#endif
