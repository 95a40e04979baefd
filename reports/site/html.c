/* HTML: the writing of text, and what all pages have around them. */
#include "html.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "markup.h"

/* ---- Text ---- */

void html_part(FILE *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length && text[at] != '\0';)
        at += markup_put_next(out, text + at);
}

void html_put(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            fputc(*format, out);
            continue;
        }
        format++;
        if (*format == 's') {
            markup_put(out, va_arg(arguments, const char *));
        } else if (*format == 'u') {
            fprintf(out, "%zu", va_arg(arguments, size_t));
        } else {
            fputc('%', out);
        }
    }
    va_end(arguments);
}

/* ---- Prose ---- */

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (isupper((unsigned char)text[length]) || isdigit((unsigned char)text[length]) ||
           (length != 0 && text[length] == '-'))
        length++;
    while (length != 0 && text[length - 1] == '-')
        length--;
    return length;
}

static size_t put_word(FILE *out, const struct site *site, const char *root, const char *text,
                       size_t length)
{
    const struct site_rule *rule = site_rule_find(site, text, length);
    if (rule != NULL)
        html_put(out, "<a href=\"%srules/%s.html\">%s</a>", root, rule->page, rule->id);
    else
        html_part(out, text, length);
    return length;
}

void html_rule_link(FILE *out, const struct site *site, const char *folder, const char *id)
{
    const struct site_rule *rule = site_rule_find(site, id, strlen(id));
    if (rule == NULL)
        html_put(out, "%s", id);
    else
        html_put(out, "<a href=\"%s%s.html\">%s</a>", folder, rule->page, id);
}

void html_prose(FILE *out, const struct site *site, const char *root, const char *text)
{
    while (*text != '\0') {
        size_t length = word_length(text);
        const char *end = *text == '`' ? strchr(text + 1, '`') : NULL;
        if (length != 0) {
            text += put_word(out, site, root, text, length);
        } else if (end != NULL) {
            fputs("<code>", out);
            html_part(out, text + 1, (size_t)(end - text - 1));
            fputs("</code>", out);
            text = end + 1;
        } else {
            text += markup_put_next(out, text);
        }
    }
}

void html_subject(FILE *out, const struct site_subject *subject)
{
    const char *profile = subject->result->profile;
    size_t length = strlen(subject->label), tail = strlen(profile) + 2;
    bool ends = length > tail && strcmp(subject->label + length - tail + 2, profile) == 0;
    html_part(out, subject->label, ends ? length - tail : length);
    if (ends || strstr(subject->label, profile) == NULL)
        html_put(out, " <small>%s</small>", profile);
}

/* ---- Around a page ---- */

static void put_link(FILE *out, const struct html_page *page, const char *name, const char *word)
{
    html_put(out, "<li><a href=\"%s%s\"", page->root, name);
    if (strcmp(page->name, name) == 0)
        fputs(" aria-current=\"page\"", out);
    html_put(out, ">%s</a>\n", word);
}

void html_begin(FILE *out, const struct html_page *page)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "script-src 'self' file:; style-src 'self' file:; base-uri 'none'; "
          "form-action 'none'\">\n",
          out);
    html_put(out,
             "<title>%s \xe2\x80\x93 Pagelaw</title>\n"
             "<link rel=\"stylesheet\" href=\"%ssite.css\">\n"
             "<script src=\"%ssite.js\" defer></script>\n"
             "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
             "<header class=\"top\"><nav aria-label=\"Site\"><a class=\"brand\" "
             "href=\"%sindex.html\">Pagelaw</a>\n<ul>\n",
             page->title, page->root, page->root, page->root);
    put_link(out, page, "index.html", "Matrix");
    put_link(out, page, "changes.html", "What changed");
    put_link(out, page, "about.html", "How to read it");
    html_put(out, "</ul></nav></header>\n<main id=\"main\" tabindex=\"-1\">\n<h1>%s</h1>\n",
             page->heading == NULL ? page->title : page->heading);
}

void html_end(FILE *out, const struct site *site)
{
    html_put(out, "</main>\n<footer><p>Made by Pagelaw %s from %u result file",
             site->input->book->version, site->subject_count);
    fputs(site->subject_count == 1 ? ".</p></footer>\n" : "s.</p></footer>\n", out);
}
