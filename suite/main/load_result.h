/* Result files from the command line. */
#ifndef MAIN_LOAD_RESULT_H
#define MAIN_LOAD_RESULT_H

#include "read_result.h"

/* A result file, read; NULL if it cannot be, which was complained about. The caller frees it with
 * result_free. */
struct result *load_result(const char *path);

#endif
