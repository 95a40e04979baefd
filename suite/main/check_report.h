/* The reports of `pagelaw check`. */
#ifndef MAIN_CHECK_REPORT_H
#define MAIN_CHECK_REPORT_H

#include <stdbool.h>

#include "check_options.h"
#include "result.h"

/* Writes a result in the formats, and to the files, that were asked for. False if one of them could
 * not be written, which was complained about. */
bool check_report(const struct check_options *options, const struct result *result);

#endif
