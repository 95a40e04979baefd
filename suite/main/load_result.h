/* Result files from the command line. */
#ifndef MAIN_LOAD_RESULT_H
#define MAIN_LOAD_RESULT_H

#include <stdbool.h>

#include "read_result.h"
#include "result.h"

/* A result file, read; NULL if it cannot be, which was complained about. The caller frees it with
 * result_free. */
struct result *load_result(const char *path);

/* Says what is wrong with a file; `what` it is meant to be: "the result". */
void complain_of_file(const char *path, const char *what, const struct read_error *error);

/* Whether any scenario came so far that its verdict says something of the subject. */
bool result_has_checked(const struct result *result);

/* The exit status that a whole result stands for. */
int status_of_result(const struct result *result);

#endif
