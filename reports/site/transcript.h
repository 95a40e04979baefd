/* Transcripts as steps, each a line with those that go on with it. */
#ifndef SITE_TRANSCRIPT_H
#define SITE_TRANSCRIPT_H

#include <stdbool.h>

#include "site.h"

#define TRANSCRIPT_BYTES_MAX ((size_t)64 << 10) /* what is beyond is said to be left out */

/* One line, and the step that it is of. */
struct transcript_line {
    const char *text;
    size_t length;
    unsigned number; /* from 1 */
    size_t step;     /* from 0 */
    bool begins;     /* the step */
};

/* The next line of a text; `line` begins as zeros with `text` in its place. False at the end. */
bool transcript_next(struct transcript_line *line);

/* One step with all its lines. */
struct transcript_step {
    const char *text;
    size_t length;
    unsigned lines; /* of the transcript, through this step */
};

/* The next step of a text; `step` begins as zeros with `text` in its place. False at the end. */
bool transcript_next_step(struct transcript_step *step);

/* Whether two texts tell of the same: where lines were broken, and which address the system chose
 * where it was free to, is no matter. */
bool transcript_alike(const char *one, size_t one_length, const char *other, size_t other_length);

/* The one that stands for a behaviour: the first subject of it. SITE_NONE if there is none. */
size_t behaviour_first(const struct site *site, const struct site_scenario *scenario,
                       size_t behaviour);

/* What is shown of it: the transcript, or of an older format what led to a difference. */
const char *transcript_of(const struct result_scenario *scenario);

#endif
