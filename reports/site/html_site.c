/* All pages of the site as HTML. */
#include <string.h>

#include "assets.h"
#include "html.h"

/* One file; false if it is not there whole. */
static bool write_text(const struct site_output *output, const char *name, const char *text)
{
    FILE *file = output->open(output->user, name);
    if (file == NULL)
        return false;
    fputs(text, file);
    return output->close(output->user, file, name);
}

static bool write_page(const struct site *site, const struct site_output *output, const char *name,
                       void (*put)(FILE *out, const struct site *site))
{
    FILE *file = output->open(output->user, name);
    if (file == NULL)
        return false;
    put(file, site);
    return output->close(output->user, file, name);
}

static bool write_rule(const struct site *site, const struct site_output *output, size_t rule)
{
    char name[128];
    snprintf(name, sizeof name, "rules/%s.html", site->rules[rule].page);
    FILE *file = output->open(output->user, name);
    if (file == NULL)
        return false;
    html_rule(file, site, rule);
    return output->close(output->user, file, name);
}

static bool write_changes(const struct site *site, const struct site_output *output)
{
    static const char name[] = "changes.html";
    FILE *file = output->open(output->user, name);
    if (file == NULL)
        return false;
    bool put = html_changes(file, site);
    return output->close(output->user, file, name) && put;
}

/* The style sheet wants to know how many columns there are. */
static bool write_style(const struct site *site, const struct site_output *output)
{
    static const char name[] = "site.css";
    FILE *file = output->open(output->user, name);
    if (file == NULL)
        return false;
    fprintf(file, "%s:root { --subjects: %zu; }\n", site_css, site->subject_count);
    return output->close(output->user, file, name);
}

bool site_write_html(const struct site *site, const struct site_output *output)
{
    for (size_t i = 0; i < site->rule_count; i++) {
        if (!write_rule(site, output, i))
            return false;
    }
    return write_style(site, output) && write_text(output, "site.js", site_js) &&
           write_changes(site, output) && write_page(site, output, "about.html", html_about) &&
           write_page(site, output, "index.html", html_matrix);
}
