/* The options by which `check` and `explore` say what becomes of their result. */
#include "report_options.h"

#include <string.h>

#include "baseline.h"
#include "commands.h"

/* One of the names between commas. Twice the same counts once. */
static int add_format(struct report_options *options, const char *command, const char *name,
                      size_t length)
{
    for (unsigned i = 0; i < REPORT_FORMAT_END; i++) {
        const char *word = report_format_word((enum report_format)i);
        if (strlen(word) != length || memcmp(word, name, length) != 0)
            continue;
        for (unsigned j = 0; j < options->format_count; j++) {
            if (options->formats[j] == i)
                return 0;
        }
        options->formats[options->format_count++] = (enum report_format)i;
        return 0;
    }
    return usage_error(command,
                       "--format: found \"%.*s\", wanted text, json, junit, tap, markdown or html, "
                       "or several of them with commas between",
                       (int)(length < 60 ? length : 60), name);
}

static int read_formats(struct report_options *options, const char *command, const char *text)
{
    for (;;) {
        size_t length = strcspn(text, ",");
        int status = add_format(options, command, text, length);
        if (status != 0 || text[length] == '\0')
            return status;
        text += length + 1;
    }
}

static int read_version(struct report_options *options, const char *command, const char *text)
{
    options->subject_version = text;
    if (baseline_is_version(text))
        return 0;
    return usage_error(command, "--subject-version: found \"%s\", wanted numbers between dots: 8.0",
                       text);
}

/* A folder's name would make hidden files in it. */
static int read_output(struct report_options *options, const char *command, const char *text)
{
    size_t length = strlen(text), dots = 0;
    options->output = text;
    while (dots < length && text[length - 1 - dots] == '.')
        dots++;
    char before = length == dots ? '\0' : text[length - dots - 1];
    if (length == 0)
        return usage_error(command, "--output: found \"\", wanted a path");
    if (dots <= 2 && (before == '/' || before == '\\' || length == dots))
        return usage_error(command,
                           "--output: found \"%s\", a folder; wanted the name of the files too: "
                           "result, or result.json",
                           text);
    return 0;
}

int report_options_take(struct report_options *options, const char *command, int option,
                        const char *value, bool *taken)
{
    *taken = true;
    switch (option) {
    case 'f':
        return read_formats(options, command, value);
    case 'F':
        options->full = true;
        return 0;
    case 'o':
        return read_output(options, command, value);
    case 'b':
        options->baseline = value;
        return 0;
    case 'B':
        options->rebaseline = value;
        return 0;
    case 'V':
        return read_version(options, command, value);
    default:
        *taken = false;
        return 0;
    }
}

int report_options_check(const struct report_options *options, const char *command)
{
    if (options->baseline != NULL && options->rebaseline != NULL)
        return usage_error(command, "--baseline and --rebaseline: one of them is enough, for "
                                    "--rebaseline reads its file first");
    if (options->format_count > 1 && options->output == NULL)
        return usage_error(command, "--format: of several formats only the first goes to standard "
                                    "output; --output PATH says where the others go");
    return 0;
}
