/* The versions of a subject, and ranges of them. */
#ifndef REPORTS_VERSIONS_H
#define REPORTS_VERSIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Numbers between dots, "10.0.19045"; what is not there is 0. */
#define VERSION_PARTS 4

struct subject_version {
    unsigned parts[VERSION_PARTS];
    unsigned count; /* of parts that were said; 0: nothing is known of it */
};

#define VERSION_TEXT_MAX 48

/* The version at the start of a text: "8.0 as Windows 6.1" has 8.0. Returns what follows it; NULL
 * if there is none. */
const char *version_read(struct subject_version *version, const char *text);

/* Spells it as it was said. Returns `text`. */
const char *version_spell(const struct subject_version *version, char text[VERSION_TEXT_MAX]);

/* What a subject says it is, taken apart: the name ends before the first word that begins with a
 * digit, and that is the version. Returns how many bytes of the text are the name. */
unsigned version_of_system(struct subject_version *version, const char *system);

/* Less than 0 if the first is older, more if it is newer. */
int version_compare(const struct subject_version *one, const struct subject_version *other);

enum range_place {
    RANGE_HOLDS,   /* the version is in the range */
    RANGE_BEFORE,  /* older than all of it */
    RANGE_PAST,    /* newer than all of it */
    RANGE_UNKNOWN, /* there are bounds, and the version is not known */
    RANGE_WRONG    /* the text is no range */
};

/* Where a version lies to a range: bounds, all of which hold, each ">=", ">", "<=", "<" or "=" and
 * a version. "" holds all versions. */
enum range_place range_find(const char *range, const struct subject_version *version);

/* Whether the bounds contradict each other, so that no version is in the range. */
bool range_is_empty(const char *range);

/* Whether versions older than this are in a range that is bounded below and has this one. */
bool range_is_older(const char *range, const struct subject_version *version);

/* Writes the lower bounds of a range, and that it ends before a version. False if there is no
 * room. */
bool range_close(const char *range, const struct subject_version *version, char *closed,
                 size_t capacity);

#endif
