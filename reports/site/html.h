/* HTML: the only way by which text reaches a page. */
#ifndef SITE_HTML_H
#define SITE_HTML_H

#include <stdio.h>

#include "site.h"

/* Writes the format as it is, which has to be a literal, but for
 *   %s  a text: escaped, for an element or for an attribute in double quotes
 *   %u  a number: size_t
 * and %% for %. */
void html_put(FILE *out, const char *format, ...);

/* Prose: as %s, but `code` between its signs becomes code and ids of rules become links. `root` is
 * where the site's folder lies from the page: "" or "../". */
void html_prose(FILE *out, const struct site *site, const char *root, const char *text);

/* The id of a rule, with a link if the site has it; `folder` is where its pages lie: "" or
 * "rules/". */
void html_rule_link(FILE *out, const struct site *site, const char *folder, const char *id);

/* The first `length` bytes of a text, as %s. */
void html_part(FILE *out, const char *text, size_t length);

/* A subject's name, with the profile that it was held to. */
void html_subject(FILE *out, const struct site_subject *subject);

struct html_page {
    const char *title;
    const char *root;
    const char *name;    /* of the file: the link to it is marked in the navigation */
    const char *heading; /* NULL: the title */
};

void html_begin(FILE *out, const struct html_page *page);
void html_end(FILE *out, const struct site *site);

/* The pages. */
void html_matrix(FILE *out, const struct site *site);
void html_rule(FILE *out, const struct site *site, size_t rule);
/* False if memory ran out. */
bool html_changes(FILE *out, const struct site *site);
void html_about(FILE *out, const struct site *site);

/* The scenarios of a rule's page. */
void html_scenario(FILE *out, const struct site *site, const struct site_rule *rule, size_t number);

/* What subjects of one behaviour did; `behaviour` from 0. */
void html_behaviour(FILE *out, const struct site *site, const struct site_scenario *scenario,
                    size_t number, size_t behaviour);

/* The address space around a step. */
void html_map(FILE *out, const struct result_difference *difference);

#endif
