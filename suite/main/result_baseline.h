/* The baseline that a result is held against. */
#ifndef MAIN_RESULT_BASELINE_H
#define MAIN_RESULT_BASELINE_H

#include <stdbool.h>

#include "baseline.h"
#include "report_options.h"

/* Reads the baseline that the options name, before anything is run; *baseline is NULL if they name
 * none. `system` is what the subject says it is. 0, or the exit status of an error that was
 * complained about. */
int result_baseline_open(struct baseline **baseline, const struct report_options *options,
                         const char *system);

/* Holds a result against the baseline; first, if --rebaseline is asked for, takes the result into
 * it and writes its file. False if something failed that was complained about; else baselined_free
 * it. The baseline has to outlive *baselined. */
bool result_baseline_take(struct baseline *baseline, const struct report_options *options,
                          const struct result *result, struct baselined *baselined);

#endif
