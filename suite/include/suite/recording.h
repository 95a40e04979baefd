/* Calls that were recorded elsewhere, judged one after the other.
 *
 * A recording knows less than a trace of our own: which pages were in use before it began, how
 * some calls ended, what was written back. What is known is held against the model; what is not is
 * counted, with the reason, and never guessed. An allocation of which too little is known is
 * *lost*: the model forgets it, and calls on it are not judged until it is made anew. */
#ifndef SUITE_RECORDING_H
#define SUITE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pagelaw/model.h"
#include "result.h"

/* What is known of how a call ended: bits. */
enum recorded_known {
    KNOWN_END = 1,        /* whether it succeeded */
    KNOWN_STATUS = 2,     /* the NTSTATUS of a failure */
    KNOWN_ERROR = 4,      /* the last error of a failure */
    KNOWN_BASE = 8,       /* the address that came back */
    KNOWN_SIZE = 16,      /* the size that was written back */
    KNOWN_OLD = 32,       /* the old protection that was written */
    KNOWN_ROWS = 64,      /* the pages of the whole allocation, as they are after the call */
    KNOWN_MODIFIERS = 128 /* in these rows PAGE_NOCACHE and PAGE_WRITECOMBINE can be seen */
};

#define RECORDED_BYTES_MAX 16

/* A call or a touch, and how it ended. */
struct recorded {
    uint64_t process;
    size_t line;        /* of the recording, from 1 */
    const char *beyond; /* why the law cannot judge it, whatever it is; NULL: it can */

    bool is_touch;
    struct pagelaw_call call; /* of a call */
    unsigned known;
    bool success;
    uint32_t status, error;
    uint64_t base, size;
    uint32_t old_protect;
    struct pagelaw_region region; /* of a query that succeeded */
    unsigned region_known;        /* which of its fields are known: 1 << enum pagelaw_aspect */
    const struct pagelaw_region *rows;
    size_t row_count;
    bool is_view; /* the rows are those of a section's view */

    enum pagelaw_access access; /* of a touch, and what it raised */
    uint64_t address, touch_size;
    struct pagelaw_exception exception;
    struct recorded_bytes {
        uint8_t value;
        uint64_t count;
    } bytes[RECORDED_BYTES_MAX]; /* that were written or read, if they are known */
    unsigned byte_count;         /* rows of equal bytes; 0: they are not known */
};

/* Why calls could not be judged, and how many. */
struct recording_unseen {
    const char *reason;
    uint64_t count;
};

#define RECORDING_REASONS_MAX 16
#define RECORDING_TOLD_MAX 4096

struct recording_counts {
    uint64_t calls, agree, differ, unseen; /* touches among them */
    uint64_t untold; /* differences beyond the first RECORDING_TOLD_MAX: counted only */
    struct recording_unseen reasons[RECORDING_REASONS_MAX];
    unsigned reason_count;
};

struct recording;

/* `path` names the recording in the results. With `sees_all` every allocation of the processes is
 * in the recording: what it does not show is free. NULL if memory is short. */
struct recording *recording_begin(const char *path, const struct pagelaw_profile *profile,
                                  bool sees_all);
void recording_free(struct recording *recording);

/* Judges one event. False if memory is short. */
bool recording_take(struct recording *recording, const struct recorded *event);

/* Counts something that the law has no word on, with the reason. */
void recording_skip(struct recording *recording, const char *reason);

/* From now on the pages of [base, base + size) are known to be free in that process. */
bool recording_is_free(struct recording *recording, uint64_t process, uint64_t base, uint64_t size);

/* Takes over what the recording shows of a whole allocation without a call: rows of pages, end to
 * end. `is_view`: it is a view of a section. False if memory is short. */
bool recording_adopt(struct recording *recording, uint64_t process,
                     const struct pagelaw_region *rows, size_t row_count, bool is_view);

/* The model of a process, for a reader who has to choose what the recording leaves open. NULL if
 * memory is short. */
struct pagelaw_model *recording_model(struct recording *recording, uint64_t process);

void recording_count(const struct recording *recording, struct recording_counts *counts);

/* A scenario for each process, in the order of their first lines; steps are calls, line numbers
 * those of the recording, and steps that agree are counted only. They live as long as the
 * recording; the array is the caller's to free. NULL if memory is short. */
struct result_scenario *recording_results(struct recording *recording, size_t *count);

/* ---- Readers --------------------------------------------------------------------------------- */

/* A trace in the scenario language, with or without a header: its pins are what came back. False,
 * with the reason in `error`, if it cannot be read or memory is short. */
struct scenario_error;
bool recording_read_story(struct recording *recording, const char *text, size_t length,
                          struct scenario_error *error);

/* How much of a file the readers made nothing of. */
struct recording_skipped {
    size_t lines;         /* that are no business of theirs */
    size_t damaged;       /* that look as if they were, and cannot be read */
    size_t first_damaged; /* line number; 0: none */
};

/* Wine's log, by WINEDEBUG=+pid,+virtual or more channels: lines without their '\n'. */
struct wine_reader;
struct wine_reader *wine_reader_begin(struct recording *recording);
bool wine_reader_line(struct wine_reader *reader, const char *line, size_t length);
/* Hands over what was still open. */
bool wine_reader_end(struct wine_reader *reader, struct recording_skipped *skipped);

/* What the emulation layer recorded, by PAGELAW_TRACE: lines without their '\n'. Process numbers
 * are decimal in the results from then on. */
struct layer_reader;
struct layer_reader *layer_reader_begin(struct recording *recording);
bool layer_reader_line(struct layer_reader *reader, const char *line, size_t length);
bool layer_reader_end(struct layer_reader *reader, struct recording_skipped *skipped);

/* Whether a line is one of the layer's. */
bool is_layer_line(const char *line, size_t length);

/* Whether a line is one of Wine's log. */
bool is_wine_line(const char *line, size_t length);

#endif
