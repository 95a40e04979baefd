/* What becomes of a result: reports on standard output, and in files. */
#ifndef MAIN_RESULT_OUT_H
#define MAIN_RESULT_OUT_H

#include <stdbool.h>

#include "report_options.h"
#include "result.h"
#include "subject.h"

/* Writes a result to the files that were asked for. The path of the one that has the full text is
 * kept, "" if there is none. False if one of them could not be written, which was complained about.
 */
bool result_save(const struct report_options *options, const struct result *result,
                 char text_path[OWN_PATH_MAX]);

/* The same, and the report on standard output. False if one of them could
 * not be written, which was complained about. */
bool result_out(const struct report_options *options, const struct result *result);

#endif
