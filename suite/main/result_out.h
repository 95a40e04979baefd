/* What becomes of a result: reports on standard output, and in files. */
#ifndef MAIN_RESULT_OUT_H
#define MAIN_RESULT_OUT_H

#include <stdbool.h>

#include "report_options.h"
#include "result.h"

/* Writes a result to the files that were asked for, and the report on standard output. False if one
 * of them could not be written, which was complained about. */
bool result_out(const struct report_options *options, const struct result *result);

#endif
