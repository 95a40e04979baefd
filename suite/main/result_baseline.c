/* The baseline that a result is held against: before the run it is read, after it what came back is
 * held against it, or taken into it. */
#include "result_baseline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "load_result.h"
#include "suite/terminal.h"

static bool exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file != NULL)
        fclose(file);
    return file != NULL || errno != ENOENT;
}

static struct baseline *load(const char *path)
{
    struct read_error error;
    struct baseline *baseline = baseline_load(path, &error);
    if (baseline == NULL)
        complain_of_file(path, "the baseline", &error);
    return baseline;
}

int result_baseline_open(struct baseline **baseline, const struct report_options *options,
                         const char *system)
{
    const char *path = options->baseline != NULL ? options->baseline : options->rebaseline;
    const char *subject;
    *baseline = NULL;
    if (path == NULL)
        return 0;
    *baseline = options->rebaseline != NULL && !exists(path) ? baseline_new(path) : load(path);
    if (*baseline == NULL)
        return STATUS_CANNOT_RUN;
    if (baseline_is_of(*baseline, system, &subject))
        return 0;
    complain(
        "%s: this is the baseline of \"%s\", and the subject is \"%s\"; each subject has a file "
        "of its own",
        path, subject, system);
    baseline_free(*baseline);
    *baseline = NULL;
    return STATUS_CANNOT_RUN;
}

/* What the file had, or nothing if it is not there yet. */
static struct baseline *load_old(const char *path)
{
    return exists(path) ? load(path) : baseline_new(path);
}

static bool write_changes(const struct baseline *old, const struct baseline *baseline,
                          const struct report_options *options)
{
    const struct report_style style = {.colour = terminal_colour(), .width = terminal_width()};
    FILE *out = options->formats[0] == REPORT_TEXT ? stdout : stderr;
    size_t changes, unexplained = baseline_unexplained(baseline);
    if (!baseline_write_changes(old, baseline, &style, &changes, out))
        return false;
    fprintf(out, "%s: %zu %s came or went.\n", options->rebaseline, changes,
            changes == 1 ? "entry" : "entries");
    if (unexplained != 0)
        fprintf(out, "%zu %s no reason yet: write it there, after the word \"reason\".\n",
                unexplained, unexplained == 1 ? "has" : "have");
    fputc('\n', out);
    return true;
}

/* A run that was cut short would take out what it did not come to. */
static bool rebaseline(struct baseline *baseline, const struct report_options *options,
                       const struct result *result)
{
    char date[11] = "";
    if (result->interrupted) {
        complain("%s: the run was interrupted, so the baseline stays as it was",
                 options->rebaseline);
        return false;
    }
    snprintf(date, sizeof date, "%.10s", result->host_date);
    struct baseline *old = load_old(options->rebaseline);
    if (old == NULL)
        return false;
    errno = 0;
    bool done = baseline_update(baseline, result, options->subject_version, date) &&
                baseline_save(baseline, options->rebaseline) &&
                write_changes(old, baseline, options);
    if (!done)
        complain("%s: the baseline could not be written: %s", options->rebaseline,
                 errno != 0 ? strerror(errno) : "out of memory");
    baseline_free(old);
    return done;
}

bool result_baseline_take(struct baseline *baseline, const struct report_options *options,
                          const struct result *result, struct baselined *baselined)
{
    if (options->rebaseline != NULL && !rebaseline(baseline, options, result))
        return false;
    if (baseline_apply(baseline, result, options->subject_version, baselined))
        return true;
    complain("out of memory: the result is not held against the baseline");
    return false;
}
