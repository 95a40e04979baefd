/* The parts that the short and the full text are made of. */
#ifndef REPORTS_PARTS_H
#define REPORTS_PARTS_H

#include "groups.h"
#include "page.h"
#include "result.h"
#include "tally.h"

/* What ran on what, under which profile and why. */
void part_header(struct page *page, const struct result *result);

/* A line that begins a section: words, how many scenarios, dashes up to the width. */
void part_heading(struct page *page, enum ink ink, const char *words, const char *between,
                  size_t scenarios);

/* The same of something else: "2 entries". */
void part_heading_of(struct page *page, enum ink ink, const char *words, const char *between,
                     const char *count);

/* A line that says how many are not shown, if any. */
void part_more(struct page *page, size_t count, size_t shown);

/* The title of a scenario, as a headline. */
void part_title(struct page *page, const struct result_scenario *scenario);

/* Where a step is, the call, what came back, and each rule that it breaks. The one whose id is
 * `headline` has been told above and only its source is missing; then the scenario's title is told
 * here. Otherwise `headline` is NULL. */
void part_difference(struct page *page, const struct result_scenario *scenario,
                     const struct result_difference *difference, const char *headline);

/* A line that says where a scenario is; `line` is 0 if nothing is known of a step. */
void part_place(struct page *page, const struct result_scenario *scenario, int line);

/* "path:line", and how many columns that takes. */
void part_where(struct page *page, const struct result_scenario *scenario, int line);
unsigned part_where_columns(const struct result_scenario *scenario, int line);

/* The step at which a scenario ended before its time, the last one, from which nothing came back;
 * NULL if there is none. */
const struct result_difference *part_end(const struct result_scenario *scenario);

/* Why a scenario ended as it did, if that is known. */
void part_reason(struct page *page, const struct result_scenario *scenario);

/* The command that runs a scenario again. */
void part_again(struct page *page, const struct result *result,
                const struct result_scenario *scenario);

/* Scenarios by area and verdict. */
void part_table(struct page *page, const struct tally *tally);

/* How far an exploration came; nothing of a suite. */
void part_extent(struct page *page, const struct result *result);

/* The counts and the time in a sentence. */
void part_summary(struct page *page, const struct result *result, const struct tally *tally);

/* How many differences have which standing. */
struct standings {
    size_t counts[STANDING_END];
};
struct standings standings_of(const struct result *result);

/* Whether all of it is as the baseline says. */
bool difference_is_known(const struct result_difference *difference);

/* The entries of the baseline that no longer hold, and in a full text those that are of older
 * versions; and the counts in a sentence. Nothing if there was no baseline. */
void part_entries(struct page *page, const struct result_baseline *baseline, bool full);
void part_beside(struct page *page, const struct result *result);

/* How a verdict is shown. */
enum ink part_verdict_ink(enum verdict verdict);

/* The two kinds of text between header and table. False if memory ran out. */
bool short_body(struct page *page, const struct result *result, const struct tally *tally);
bool full_body(struct page *page, const struct result *result, const struct tally *tally);

#endif
