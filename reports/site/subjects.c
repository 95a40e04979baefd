/* The subjects, each under a short name that no other has. */
#include <string.h>

#include "glyph.h"
#include "site.h"
#include "tally.h"

#define LABEL_GLYPHS 32
#define LABEL_BYTES 128

/* What a system says of itself goes on after these. */
static const char *const ends[] = {" as Windows ", " (", ", ", NULL};

static size_t end_of_name(const char *system)
{
    size_t length = strlen(system);
    for (size_t i = 0; ends[i] != NULL; i++) {
        const char *end = strstr(system, ends[i]);
        if (end != NULL && end != system && (size_t)(end - system) < length)
            length = (size_t)(end - system);
    }
    return length;
}

/* The first glyphs of a name: a bad character is shown by its escape, so there is room for that. */
static void copy_name(char *label, const char *name, size_t length)
{
    size_t filled = 0, glyphs = 0;
    struct glyph glyph;
    for (size_t at = 0; at < length; glyphs++) {
        size_t taken = glyph_next(name + at, &glyph);
        if (glyphs == LABEL_GLYPHS) {
            strcpy(label + filled, "\xe2\x80\xa6");
            return;
        }
        if (at + taken > length)
            break;
        memcpy(label + filled, name + at, taken);
        filled += taken;
        at += taken;
    }
    label[filled] = '\0';
}

/* What the model plays, or NULL of other subjects. */
static const char *played(const struct result *result)
{
    if (strcmp(result->subject, "model") == 0)
        return result->profile;
    return strncmp(result->subject, "model:", 6) == 0 ? result->subject + 6 : NULL;
}

static void name_model(char *label, const char *plays, const char *held_to)
{
    char part[LABEL_BYTES];
    copy_name(part, plays, strlen(plays));
    if (strcmp(plays, "documented") == 0 && strcmp(held_to, plays) != 0)
        snprintf(label, LABEL_BYTES, "the documents");
    else
        snprintf(label, LABEL_BYTES, "model: %.110s", part);
}

/* By the host's name: its version says little there. */
static void name_layer(char *label, const char *host)
{
    char part[LABEL_BYTES];
    copy_name(part, host, strcspn(host, " "));
    snprintf(label, LABEL_BYTES, "layer on %.110s", part);
}

/* What was only looked for differences is no column beside the others without a word. */
static void mark_explored(char *label, const struct result *result)
{
    size_t length = strlen(label);
    if (tally_is_of_exploration(result))
        snprintf(label + length, LABEL_BYTES - length, ", explored");
}

static void name_subject(char *label, const struct result *result)
{
    static const char layer[] = "Pagelaw's emulation layer on ";
    const char *system = *result->system != '\0' ? result->system : result->subject;
    if (played(result) != NULL)
        name_model(label, played(result), result->profile);
    else if (strncmp(system, layer, sizeof layer - 1) == 0)
        name_layer(label, system + sizeof layer - 1);
    else
        copy_name(label, system, end_of_name(system));
}

/* ---- Telling apart those of one name ---- */

static const char *processor_of(const struct result *result)
{
    return result->processor;
}

static const char *profile_of(const struct result *result)
{
    return result->profile;
}

static const char *system_of(const struct result *result)
{
    return result->system;
}

static const char *date_of(const struct result *result)
{
    return result->host_date;
}

static const char *version_of(const struct result *result)
{
    return result->version;
}

/* In the order in which a reader wants to know. */
static const char *(*const traits[])(const struct result *) = {
    processor_of, profile_of, version_of, date_of, system_of,
};

/* Adds a trait to all labels of a name where it tells some of them apart. Uses that labels that
 * were the same are so still, bytes and all. */
static void add_trait(struct site *site, char (*labels)[LABEL_BYTES],
                      const char *(*trait)(const struct result *), const bool *named)
{
    char before[SITE_SUBJECTS_MAX][LABEL_BYTES];
    memcpy(before, labels, site->subject_count * sizeof before[0]);
    for (size_t i = 0; i < site->subject_count; i++) {
        bool tells = false;
        const char *own = trait(site->subjects[i].result);
        for (size_t j = 0; j < site->subject_count && !named[i]; j++)
            tells = tells || (strcmp(before[i], before[j]) == 0 &&
                              strcmp(own, trait(site->subjects[j].result)) != 0);
        if (!tells)
            continue;
        char part[LABEL_BYTES], grown[2 * LABEL_BYTES + 2];
        copy_name(part, own, strlen(own));
        snprintf(grown, sizeof grown, "%s, %s", before[i], part);
        grown[LABEL_BYTES - 1] = '\0';
        memcpy(labels[i], grown, LABEL_BYTES);
    }
}

static void mark_named(const struct site *site, char (*labels)[LABEL_BYTES], bool *named)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        named[i] = true;
        for (size_t j = 0; j < site->subject_count; j++)
            named[i] = named[i] && (i == j || strcmp(labels[i], labels[j]) != 0);
    }
}

bool site_add_subjects(struct site *site)
{
    const struct site_input *input = site->input;
    size_t count = input->result_count;
    char(*labels)[LABEL_BYTES] = site_take(site, count + 1, sizeof *labels);
    site->subjects = site_take(site, count + 1, sizeof *site->subjects);
    if (labels == NULL || site->subjects == NULL)
        return false;
    site->subject_count = count;
    bool named[SITE_SUBJECTS_MAX];
    for (size_t i = 0; i < count; i++) {
        site->subjects[i] = (struct site_subject){input->results[i], labels[i]};
        name_subject(labels[i], input->results[i]);
        mark_explored(labels[i], input->results[i]);
    }
    for (size_t i = 0; i < sizeof traits / sizeof traits[0]; i++) {
        mark_named(site, labels, named);
        add_trait(site, labels, traits[i], named);
    }
    mark_named(site, labels, named);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(labels[i]) > LABEL_BYTES - 12 ? LABEL_BYTES - 12 : strlen(labels[i]);
        if (!named[i])
            snprintf(labels[i] + length, LABEL_BYTES - length, " #%zu", i + 1);
    }
    return true;
}
