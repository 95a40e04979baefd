/* All pages of the site as HTML. */
#include "assets.h"
#include "html.h"

/* The style sheet wants to know how many columns there are. */
static bool put_style(const void *what, FILE *out)
{
    const struct site *site = what;
    fprintf(out, "%s:root { --subjects: %zu; }\n", site_css, site->subject_count);
    return !ferror(out);
}

static bool put_script(const void *what, FILE *out)
{
    (void)what;
    fputs(site_js, out);
    return !ferror(out);
}

static bool put_changes(const void *site, FILE *out)
{
    return html_changes(out, site) && !ferror(out);
}

static bool put_about(const void *site, FILE *out)
{
    html_about(out, site);
    return !ferror(out);
}

static bool put_matrix(const void *site, FILE *out)
{
    html_matrix(out, site);
    return !ferror(out);
}

/* The first page comes last: where it is, all is. */
bool site_write_html(const struct site *site, const struct site_output *output)
{
    static const struct {
        const char *name;
        bool (*put)(const void *site, FILE *out);
    } files[] = {{"site.css", put_style},
                 {"site.js", put_script},
                 {"changes.html", put_changes},
                 {"about.html", put_about},
                 {"index.html", put_matrix}};
    if (!site_save_rules(site, output, ".html", html_rule))
        return false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!output->save(output->user, files[i].name, files[i].put, site))
            return false;
    }
    return true;
}
