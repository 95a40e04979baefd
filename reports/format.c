/* The formats of a report, in a table. */
#include "reports.h"

#include <assert.h>

#include "save.h"

static const struct {
    const char *word, *ending;
    bool (*write)(const struct result *result, FILE *out); /* NULL: text, which has a style */
} formats[REPORT_FORMAT_END] = {
    [REPORT_TEXT] = {"text", ".txt", NULL},
    [REPORT_JSON] = {"json", ".json", report_json},
    [REPORT_JUNIT] = {"junit", ".xml", report_junit},
    [REPORT_TAP] = {"tap", ".tap", report_tap},
    [REPORT_MARKDOWN] = {"markdown", ".md", report_markdown},
    [REPORT_HTML] = {"html", ".html", report_html},
};

const char *report_format_word(enum report_format format)
{
    assert(format < REPORT_FORMAT_END);
    return formats[format].word;
}

const char *report_format_ending(enum report_format format)
{
    assert(format < REPORT_FORMAT_END);
    return formats[format].ending;
}

bool report_write(enum report_format format, const struct result *result,
                  const struct report_style *style, FILE *out)
{
    assert(format < REPORT_FORMAT_END);
    return format == REPORT_TEXT ? report_text(result, style, out)
                                 : formats[format].write(result, out);
}

struct report {
    enum report_format format;
    const struct result *result;
    const struct report_style *style;
};

static bool write_report(const void *what, FILE *out)
{
    const struct report *report = what;
    return report_write(report->format, report->result, report->style, out);
}

bool report_save(const char *path, enum report_format format, const struct result *result,
                 const struct report_style *style)
{
    const struct report report = {format, result, style};
    return save_file(path, write_report, &report);
}
