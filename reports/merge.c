/* Shards of one run into one result. */
#include "merge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

struct merge {
    const struct result *const *results;
    const char *const *names;
    size_t count;
    char *error;
    size_t capacity;
};

struct merge_memory {
    struct result_exploration extent;
    struct result_bar bars[RESULT_BARS_MAX];
    struct result_scenario *scenarios;
    struct result_entry *fixed, *expired;
};

static bool fail(const struct merge *merge, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(const struct merge *merge, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(merge->error, merge->capacity, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- What has to be the same ---- */

static bool same_text(const struct merge *merge, size_t other, const char *what, const char *mine,
                      const char *others)
{
    if (strcmp(mine, others) == 0)
        return true;
    return fail(merge, "%s has the %s \"%.80s\", %s \"%.80s\": they are not parts of one run",
                merge->names[0], what, mine, merge->names[other], others);
}

static bool same_run(const struct merge *merge, size_t i)
{
    const struct result *mine = merge->results[0], *other = merge->results[i];
    if (!same_text(merge, i, "subject", mine->subject, other->subject) ||
        !same_text(merge, i, "backend", mine->backend, other->backend) ||
        !same_text(merge, i, "processor", mine->processor, other->processor) ||
        !same_text(merge, i, "profile", mine->profile, other->profile) ||
        !same_text(merge, i, "version of Pagelaw", mine->version, other->version) ||
        !same_text(merge, i, "suite", mine->suite.hash, other->suite.hash))
        return false;
    if (mine->suite.scenario_count != other->suite.scenario_count ||
        mine->suite.shard_count != other->suite.shard_count)
        return fail(merge,
                    "%s is of %u shards of %zu scenarios, %s of %u of %zu: they are not parts "
                    "of one run",
                    merge->names[0], mine->suite.shard_count, mine->suite.scenario_count,
                    merge->names[i], other->suite.shard_count, other->suite.scenario_count);
    return true;
}

/* Sets `from` to which result each shard is in, counted from 1. */
static bool place_shards(const struct merge *merge, size_t *from)
{
    for (size_t i = 0; i < merge->count; i++) {
        unsigned shard = merge->results[i]->suite.shard;
        if (shard == 0)
            return fail(merge, "%s is no shard: it is of the whole suite", merge->names[i]);
        if (from[shard] != 0)
            return fail(merge, "%s and %s are both shard %u", merge->names[from[shard] - 1],
                        merge->names[i], shard);
        from[shard] = i + 1;
    }
    return true;
}

static bool name_missing(const struct merge *merge, const size_t *from, unsigned shard_count)
{
    char list[128] = "";
    size_t length = 0, missing = 0;
    for (unsigned i = 1; i <= shard_count; i++) {
        if (from[i] != 0)
            continue;
        missing++;
        if (length + 12 < sizeof list)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%u",
                                       missing == 1 ? "" : ", ", i);
    }
    return fail(merge, "%zu of %u shards %s missing: %s", missing, shard_count,
                missing == 1 ? "is" : "are", list);
}

static bool check_all(const struct merge *merge, bool partial)
{
    unsigned shard_count = merge->results[0]->suite.shard_count;
    for (size_t i = 1; i < merge->count; i++) {
        if (!same_run(merge, i))
            return false;
    }
    if (shard_count > MERGE_MAX)
        return fail(merge, "%s is one of %u shards, wanted at most %d", merge->names[0],
                    shard_count, MERGE_MAX);
    size_t *from = calloc((size_t)shard_count + 1, sizeof *from);
    if (from == NULL)
        return fail(merge, "out of memory");
    bool good = place_shards(merge, from);
    if (good && merge->count != shard_count && !partial)
        good = name_missing(merge, from, shard_count);
    free(from);
    return good;
}

/* ---- Together ---- */

static int by_path(const void *a, const void *b)
{
    const struct result_scenario *one = a, *other = b;
    int order = strcmp(one->path, other->path);
    return order != 0 ? order : strcmp(one->title, other->title);
}

static int by_story(const struct result_scenario *one, const struct result_scenario *other)
{
    int order = strcmp(one->text, other->text);
    if (order == 0)
        order = strcmp(one->transcript, other->transcript);
    return order != 0 ? order : (int)one->verdict - (int)other->verdict;
}

static int by_story_and_path(const void *a, const void *b)
{
    int order = by_story(a, b);
    return order != 0 ? order : by_path(a, b);
}

/* Shards of an exploration may find the same: the path alone tells which of them did. */
static void keep_each_finding_once(struct result_scenario *scenarios, size_t *count)
{
    size_t kept = 0;
    qsort(scenarios, *count, sizeof *scenarios, by_story_and_path);
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || by_story(&scenarios[kept - 1], &scenarios[i]) != 0)
            scenarios[kept++] = scenarios[i];
    *count = kept;
}

static bool each_once(const struct merge *merge, const struct result *result)
{
    for (size_t i = 1; i < result->scenario_count; i++) {
        const struct result_scenario *scenarios = result->scenarios;
        if (by_path(&scenarios[i - 1], &scenarios[i]) == 0)
            return fail(merge, "the scenario %.200s is in two of the shards", scenarios[i].path);
    }
    return true;
}

static void add_entries(struct result_entry *to, size_t *count, const struct result_entry *from,
                        size_t from_count)
{
    if (from_count != 0)
        memcpy(to + *count, from, from_count * sizeof *to);
    *count += from_count;
}

static uint64_t greater(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

/* A sum that is too large for a number is the largest there is: no part of it is larger then. */
static void add(uint64_t *sum, uint64_t number)
{
    *sum = number > UINT64_MAX - *sum ? UINT64_MAX : *sum + number;
}

static void add_bar(struct merge_memory *memory, const struct result_bar *bar)
{
    struct result_scope *scope = &memory->extent.scope;
    size_t i = 0;
    while (i < scope->bar_count && strcmp(memory->bars[i].rule, bar->rule) != 0)
        i++;
    if (i == RESULT_BARS_MAX)
        return;
    if (i == scope->bar_count)
        memory->bars[scope->bar_count++] = (struct result_bar){bar->rule, 0};
    add(&memory->bars[i].transitions, bar->transitions);
}

/* All shards walk the same states, if none was interrupted then, and each has transitions of its
 * own. A shard takes for reached what only others can know not to be: the most that one did not
 * reach are the nearest to the truth. */
static void add_scope(struct merge_memory *memory, const struct result_scope *part, bool first)
{
    struct result_scope *scope = &memory->extent.scope;
    if (first) {
        *scope = *part;
        scope->bars = memory->bars;
        scope->bar_count = 0;
    } else {
        scope->whole = scope->whole && part->whole;
        uint64_t missed =
            greater(scope->states - scope->states_reached, part->states - part->states_reached);
        scope->states = greater(scope->states, part->states);
        scope->states_reached = scope->states - missed;
        add(&scope->transitions, part->transitions);
        add(&scope->transitions_reached, part->transitions_reached);
        add(&scope->crossed, part->crossed);
        add(&scope->unsettled, part->unsettled);
    }
    for (size_t i = 0; i < part->bar_count; i++)
        add_bar(memory, &part->bars[i]);
}

/* How many states of the model all parts saw at random no part knows: at least the most that one
 * did. */
static void add_extent(struct merge_memory *memory, const struct result_exploration *part)
{
    struct result_exploration *extent = &memory->extent;
    add(&extent->sequences, part->sequences);
    add(&extent->calls, part->calls);
    add(&extent->odd, part->odd);
    if (part->exhaustive)
        add_scope(memory, &part->scope, !extent->exhaustive);
    extent->exhaustive = extent->exhaustive || part->exhaustive;
    uint64_t states = greater(extent->sample.states, part->sample.states);
    if (part->random)
        extent->sample = part->sample;
    extent->sample.states = states;
    extent->random = extent->random || part->random;
}

static void add_result(struct merged *merged, struct merge_memory *memory,
                       const struct result *part)
{
    struct result *result = &merged->result;
    if (part->scenario_count != 0)
        memcpy(memory->scenarios + result->scenario_count, part->scenarios,
               part->scenario_count * sizeof *part->scenarios);
    result->scenario_count += part->scenario_count;
    result->interrupted = result->interrupted || part->interrupted;
    add(&result->host_microseconds, part->host_microseconds);
    if (strcmp(part->host_date, result->host_date) < 0)
        result->host_date = part->host_date;
    if (result->exploration != NULL)
        add_extent(memory, part->exploration);
    if (result->baseline.path == NULL)
        result->baseline.path = part->baseline.path;
    add_entries(memory->fixed, &result->baseline.fixed_count, part->baseline.fixed,
                part->baseline.fixed_count);
    /* Each shard tells all entries that have expired. */
    if (result->baseline.expired_count == 0)
        add_entries(memory->expired, &result->baseline.expired_count, part->baseline.expired,
                    part->baseline.expired_count);
}

/* Of a part that does not say how far it came the whole cannot say it either. */
static bool all_tell_extent(const struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++)
        if (merge->results[i]->exploration == NULL)
            return false;
    return true;
}

static struct merge_memory *take_memory(const struct merge *merge)
{
    size_t scenarios = 0, fixed = 0, expired = 0;
    for (size_t i = 0; i < merge->count; i++) {
        scenarios += merge->results[i]->scenario_count;
        fixed += merge->results[i]->baseline.fixed_count;
        expired += merge->results[i]->baseline.expired_count;
    }
    struct merge_memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return NULL;
    memory->scenarios = calloc(scenarios + 1, sizeof *memory->scenarios);
    memory->fixed = calloc(fixed + 1, sizeof *memory->fixed);
    memory->expired = calloc(expired + 1, sizeof *memory->expired);
    return memory;
}

static bool put_together(const struct merge *merge, struct merged *merged)
{
    struct merge_memory *memory = merged->memory = take_memory(merge);
    if (memory == NULL || memory->scenarios == NULL || memory->fixed == NULL ||
        memory->expired == NULL)
        return fail(merge, "out of memory");
    merged->result = *merge->results[0];
    merged->result.scenario_count = 0;
    merged->result.host_microseconds = 0;
    merged->result.interrupted = merge->count < merged->result.suite.shard_count;
    merged->result.scenarios = memory->scenarios;
    merged->result.baseline =
        (struct result_baseline){.path = NULL, .fixed = memory->fixed, .expired = memory->expired};
    merged->result.exploration = all_tell_extent(merge) ? &memory->extent : NULL;
    merged->result.suite.shard = merged->result.suite.shard_count = 0;
    for (size_t i = 0; i < merge->count; i++)
        add_result(merged, memory, merge->results[i]);
    if (tally_is_of_exploration(&merged->result))
        keep_each_finding_once(memory->scenarios, &merged->result.scenario_count);
    qsort(memory->scenarios, merged->result.scenario_count, sizeof *memory->scenarios, by_path);
    return each_once(merge, &merged->result);
}

bool merge_results(struct merged *merged, const struct result *const *results,
                   const char *const *names, size_t count, bool partial, char *error,
                   size_t capacity)
{
    const struct merge merge = {results, names, count, error, capacity};
    *merged = (struct merged){.memory = NULL};
    if (count == 0)
        return fail(&merge, "there is nothing to merge");
    if (check_all(&merge, partial) && put_together(&merge, merged))
        return true;
    merged_free(merged);
    return false;
}

void merged_free(struct merged *merged)
{
    struct merge_memory *memory = merged->memory;
    if (memory != NULL) {
        free(memory->scenarios);
        free(memory->fixed);
        free(memory->expired);
        free(memory);
    }
    *merged = (struct merged){.memory = NULL};
}
