/* The reports of a result: on standard output, and in files. */
#include "result_out.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "subject.h"
#include "suite/terminal.h"

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* The format whose file the path names by its ending, or REPORT_FORMAT_END. */
static enum report_format format_of(const char *path)
{
    unsigned format = 0;
    while (format < REPORT_FORMAT_END &&
           !ends_in(path, report_format_ending((enum report_format)format)))
        format++;
    return (enum report_format)format;
}

static bool is_asked_for(const struct report_options *options, enum report_format format)
{
    for (unsigned i = 0; i < options->format_count; i++) {
        if (options->formats[i] == format)
            return true;
    }
    return format == REPORT_TEXT || format == REPORT_JSON;
}

static bool save(const char *path, enum report_format format, const struct result *result)
{
    const struct report_style style = {.full = true, .width = 100};
    errno = 0;
    if (report_save(path, format, result, &style))
        return true;
    complain("%s: the report could not be written: %s", path,
             errno != 0 ? strerror(errno) : "out of memory");
    return false;
}

/* Writes the files. Of the full text the path is kept, "" if there is none. */
static bool save_all(const struct report_options *options, const struct result *result,
                     char *text_path, size_t capacity)
{
    bool saved = true;
    enum report_format only = format_of(options->output);
    for (unsigned i = 0; i < REPORT_FORMAT_END; i++) {
        enum report_format format = (enum report_format)i;
        char path[OWN_PATH_MAX];
        if (only != REPORT_FORMAT_END ? only != format : !is_asked_for(options, format))
            continue;
        snprintf(path, sizeof path, "%s%s", options->output,
                 only == format ? "" : report_format_ending(format));
        bool here = save(path, format, result);
        if (here && format == REPORT_TEXT)
            snprintf(text_path, capacity, "%s", path);
        saved = saved && here;
    }
    return saved;
}

bool result_out(const struct report_options *options, const struct result *result)
{
    char text_path[OWN_PATH_MAX] = "";
    bool saved = options->output == NULL || save_all(options, result, text_path, sizeof text_path);
    struct report_style style = {.full = options->full,
                                 .width = terminal_width(),
                                 .colour = terminal_colour(),
                                 .full_path = *text_path == '\0' ? NULL : text_path};
    bool written = report_write(options->formats[0], result, &style, stdout);
    if (!written && !ferror(stdout))
        complain("out of memory: there is no report on standard output");
    return written && saved;
}
