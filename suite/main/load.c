/* Finding, reading and parsing scenarios. */
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "pagelaw/rules.h"
#include "suite/builtin.h"

#define DEPTH_MAX 16 /* of folders in folders */
#define PATH_MAX_BYTES 4096

/* ---- Keeping ---- */

static void loaded_free(struct loaded *loaded)
{
    scenario_free(loaded->scenario);
    free(loaded->text);
}

static void add_loaded(struct load *load, struct loaded loaded)
{
    if (load->count == load->capacity) {
        size_t capacity = load->capacity == 0 ? 64 : load->capacity * 2;
        struct loaded *all = realloc(load->all, capacity * sizeof *all);
        if (all == NULL) {
            complain("out of memory: %s is left out", loaded.scenario->path);
            loaded_free(&loaded);
            load->bad++;
            return;
        }
        load->all = all;
        load->capacity = capacity;
    }
    load->all[load->count++] = loaded;
}

/* The line of a scenario's `rules`: blanks and comments may come before it. */
static int rules_line(const char *text, size_t length)
{
    int line = 1;
    size_t at = 0;
    while (at < length) {
        while (at < length && (text[at] == ' ' || text[at] == '\t'))
            at++;
        if (length - at > 5 && memcmp(text + at, "rules", 5) == 0)
            break;
        const char *end = memchr(text + at, '\n', length - at);
        at = end == NULL ? length : (size_t)(end - text) + 1;
        line++;
    }
    return line;
}

/* Every rule that a scenario names must be in the book. */
static bool rules_are_known(const struct runner_item *item)
{
    const struct scenario *scenario = item->scenario;
    for (unsigned i = 0; i < scenario->rule_count; i++) {
        if (pagelaw_rule_find(scenario->rules[i]) == PAGELAW_NO_RULE) {
            complain("%s:%d: unknown rule %s; %s", scenario->path,
                     rules_line(item->text, item->length), scenario->rules[i],
                     rule_advice(scenario->rules[i]));
            return false;
        }
    }
    return true;
}

/* Parses a text; takes over `owned`, which is NULL for a built-in one. */
static void add_text(struct load *load, const char *path, const char *text, size_t length,
                     char *owned)
{
    struct scenario_error error;
    struct scenario *scenario = scenario_parse(path, text, length, &error);
    if (scenario == NULL) {
        complain("%s:%d:%d: %s", path, error.line, error.column, error.message);
        free(owned);
        load->bad++;
        return;
    }
    struct loaded loaded = {.scenario = scenario,
                            .text = owned,
                            .item = {.scenario = scenario, .text = text, .length = length}};
    if (!rules_are_known(&loaded.item)) {
        loaded_free(&loaded);
        load->bad++;
        return;
    }
    add_loaded(load, loaded);
}

/* ---- Files and folders ---- */

static void add_file(struct load *load, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(SCENARIO_TEXT_MAX + 2);
    if (file == NULL || text == NULL) {
        complain("%s: %s", path, file == NULL ? strerror(errno) : "out of memory");
        load->bad++;
        free(text);
        if (file != NULL)
            fclose(file);
        return;
    }
    size_t length = fread(text, 1, SCENARIO_TEXT_MAX + 1, file);
    text[length] = '\0';
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) {
        complain("%s: cannot be read", path);
        load->bad++;
        free(text);
        return;
    }
    add_text(load, path, text, length, text);
}

static bool ends_in_va(const char *name)
{
    size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, ".va") == 0;
}

static void add_folder(struct load *load, const char *path, int depth);

static void add_path(struct load *load, const char *path, bool named, int depth)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        complain("%s: %s", path, strerror(errno));
        load->bad++;
    } else if (S_ISDIR(status.st_mode)) {
        add_folder(load, path, depth + 1);
    } else if (named || ends_in_va(path)) {
        add_file(load, path);
    }
}

static void add_folder(struct load *load, const char *path, int depth)
{
    DIR *folder = depth > DEPTH_MAX ? NULL : opendir(path);
    if (folder == NULL) {
        complain("%s: %s", path, depth > DEPTH_MAX ? "folders are too deep" : strerror(errno));
        load->bad++;
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char below[PATH_MAX_BYTES];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        add_path(load, below, false, depth);
    }
    closedir(folder);
}

/* ---- Built in ---- */

/* Whether a built-in scenario is named by its path, with or without ".va", or by a folder of it. */
static bool names_builtin(const char *argument, const char *path)
{
    size_t length = strlen(argument);
    while (length > 0 && argument[length - 1] == '/')
        length--;
    if (strncmp(path, argument, length) != 0)
        return false;
    return path[length] == '\0' || path[length] == '/' || strcmp(path + length, ".va") == 0;
}

static size_t add_builtin(struct load *load, const char *argument)
{
    size_t found = 0;
    for (size_t i = 0; i < builtin_scenario_count; i++) {
        const struct builtin_scenario *builtin = &builtin_scenarios[i];
        if (argument != NULL && !names_builtin(argument, builtin->path))
            continue;
        add_text(load, builtin->path, builtin->text, builtin->length, NULL);
        found++;
    }
    return found;
}

void load_add(struct load *load, const char *argument)
{
    struct stat status;
    if (argument != NULL && stat(argument, &status) == 0) {
        size_t before = load->count + load->bad;
        add_path(load, argument, true, 0);
        if (load->count + load->bad == before) {
            complain("%s: there is no .va file in it", argument);
            load->bad++;
        }
    } else if (add_builtin(load, argument) == 0) {
        complain("%s: no such file or folder, and no built-in scenario of that name",
                 argument == NULL ? "no scenarios" : argument);
        load->bad++;
    }
}

/* ---- Choosing ---- */

static bool names_rule(const struct scenario *scenario, char *const *rules, size_t rule_count)
{
    for (unsigned i = 0; i < scenario->rule_count; i++) {
        for (size_t j = 0; j < rule_count; j++) {
            if (strcmp(scenario->rules[i], rules[j]) == 0)
                return true;
        }
    }
    return false;
}

void load_keep_rules(struct load *load, char *const *rules, size_t rule_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->count; i++) {
        if (names_rule(load->all[i].scenario, rules, rule_count))
            load->all[kept++] = load->all[i];
        else
            loaded_free(&load->all[i]);
    }
    load->count = kept;
}

void load_keep_profile(struct load *load, const char *profile)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->count; i++) {
        if (scenario_is_for(load->all[i].scenario, profile))
            load->all[kept++] = load->all[i];
        else
            loaded_free(&load->all[i]);
    }
    load->count = kept;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct loaded *)a)->scenario->path,
                  ((const struct loaded *)b)->scenario->path);
}

void load_finish(struct load *load)
{
    size_t kept = 0;
    if (load->count > 1)
        qsort(load->all, load->count, sizeof *load->all, by_path);
    for (size_t i = 0; i < load->count; i++) {
        if (kept != 0 && by_path(&load->all[kept - 1], &load->all[i]) == 0)
            loaded_free(&load->all[i]);
        else
            load->all[kept++] = load->all[i];
    }
    load->count = kept;
}

/* FNV-1a, 64 bits; the bytes' end is told from what follows by one more byte. */
static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i <= length; i++) {
        hash ^= i < length ? (unsigned char)bytes[i] : 0;
        hash *= 0x100000001B3u;
    }
    return hash;
}

uint64_t load_hash(const struct load *load)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < load->count; i++) {
        const struct runner_item *item = &load->all[i].item;
        hash = hash_bytes(hash, item->scenario->path, strlen(item->scenario->path));
        hash = hash_bytes(hash, item->text, item->length);
    }
    return hash;
}

void load_keep_shard(struct load *load, unsigned shard, unsigned shard_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->count; i++) {
        if (i % shard_count == shard - 1)
            load->all[kept++] = load->all[i];
        else
            loaded_free(&load->all[i]);
    }
    load->count = kept;
}

void load_free(struct load *load)
{
    for (size_t i = 0; i < load->count; i++)
        loaded_free(&load->all[i]);
    free(load->all);
    *load = (struct load){.count = 0};
}
