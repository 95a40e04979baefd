/* Where what is saved to a path goes on the system at hand. */
#ifndef REPORTS_SAVE_PLACE_H
#define REPORTS_SAVE_PLACE_H

#include <stdbool.h>
#include <stdio.h>

struct save_place {
    char *path;    /* to where links lead */
    bool in_place; /* a device or a pipe: a file must not take its place */
    bool is_there;
    unsigned mode, owner, group; /* of the file that is there */
};

/* False: errno says why nothing can be saved there; else save_place_free. A directory, and a file
 * that may not be written to, are such. */
bool save_place_find(struct save_place *place, const char *path);
void save_place_free(struct save_place *place);

/* Makes the file that is written for it one of the same rights, as far as that is allowed. */
void save_place_dress(const struct save_place *place, FILE *file);

/* Renames a file, in the place of one that may be there. False: errno says why. */
bool save_place_take(const struct save_place *place, const char *from);

/* Signals that would end the program between the two wait until the second. */
void save_signals_hold(void);
void save_signals_release(void);

#endif
