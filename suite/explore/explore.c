/* Exploring: every transition of a small scope, or sequences at random. */
#include "suite/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exploring.h"
#include "process.h"

void explored_free(struct explored *explored)
{
    for (size_t i = 0; i < explored->finding_count; i++) {
        struct explore_finding *finding = &explored->findings[i];
        judgement_free(finding->judgement);
        trace_free(finding->trace);
        scenario_free(finding->scenario);
        free(finding->text);
        free(finding->path);
    }
    free(explored->findings);
    *explored = (struct explored){.finding_count = 0};
}

bool exploring_is_stopped(const struct exploring *exploring)
{
    return exploring->options->stop != NULL && *exploring->options->stop;
}

double exploring_seconds(const struct exploring *exploring)
{
    return (double)(process_clock_us() - exploring->began) / 1e6;
}

bool exploring_is_over(const struct exploring *exploring)
{
    const struct explore_options *options = exploring->options;
    return exploring_is_stopped(exploring) ||
           (exploring->seconds > 0 && exploring_seconds(exploring) >= exploring->seconds) ||
           (options->sequences_max != 0 &&
            exploring->explored->extent.sequences >= options->sequences_max) ||
           screener_has_given_up(exploring->screener);
}

static bool screening_is_over(void *user)
{
    return exploring_is_over(user);
}

bool exploring_screen(struct exploring *exploring)
{
    struct batch *batch = &exploring->batch;
    struct odd *odd = realloc(exploring->odd, (batch->count + 1) * sizeof *odd);
    if (odd == NULL)
        return false;
    exploring->odd = odd;
    uint64_t began = process_clock_us();
    struct screening screening = {
        .batch = batch, .odd = odd, .is_over = screening_is_over, .user = exploring};
    if (!screener_run(exploring->screener, &screening, exploring->error, exploring->capacity))
        return false;
    exploring->explored->screening_us += process_clock_us() - began;
    exploring->explored->gave_up = screener_has_given_up(exploring->screener);
    batch->count = screening.done;
    struct result_exploration *extent = &exploring->explored->extent;
    extent->sequences += batch->count;
    for (size_t i = 0; i < batch->count; i++) {
        bool whole = odd[i].step == ODD_NOTHING || odd[i].step >= batch_length(batch, i);
        extent->calls += whole ? batch_length(batch, i) : odd[i].step + 1;
        extent->odd += odd[i].step != ODD_NOTHING;
    }
    if (exploring->options->progress != NULL)
        exploring->options->progress(exploring->options->user);
    return true;
}

#define SAVE_EVERY_US 1000000u
#define SAVE_SHARE 100u /* that saving takes of the time: one part of so many, at most */

void exploring_save_now_and_then(struct exploring *exploring, void (*save)(void *user), void *user)
{
    uint64_t began = process_clock_us();
    if (began < exploring->save_due)
        return;
    save(user);
    uint64_t ended = process_clock_us(), pause = SAVE_SHARE * (ended - began);
    exploring->save_due = ended + (pause > SAVE_EVERY_US ? pause : SAVE_EVERY_US);
}

static bool begin(struct exploring *exploring)
{
    const struct explore_options *options = exploring->options;
    exploring->finder = finder_create(options, exploring->explored, exploring->alphabet);
    exploring->screener =
        screener_create(options->subject, options->profile, options->start_timeout_ms,
                        options->timeout_ms, options->stop);
    return exploring->finder != NULL && exploring->screener != NULL;
}

static void add_hash(uint64_t *hash, const char *words)
{
    for (const char *c = words; *c != '\0'; c++)
        *hash = (*hash ^ (uint8_t)*c) * 1099511628211u;
}

/* What is explored, and in which way; not how long, nor which part of it. */
static void hash_scope(struct exploring *exploring, const struct scope *scope)
{
    const struct explore_options *options = exploring->options;
    const struct alphabet *alphabet = exploring->alphabet;
    uint64_t *hash = &exploring->explored->hash;
    char line[256];
    snprintf(line, sizeof line, "%s %" PRIu64 " %" PRIu64 " %d %" PRIu64 " %u %zu\n",
             options->profile->name, alphabet->hole, alphabet->span, scope->wide,
             scope->wide ? options->seed : 0, scope->wide ? 0 : options->depth,
             scope->wide ? 0 : options->states_max);
    add_hash(hash, line);
    for (unsigned i = 0; i < alphabet->count; i++) {
        struct text text = text_begin(line, sizeof line);
        act_write(&text, &alphabet->acts[i]);
        add_hash(hash, line);
    }
}

/* The alphabet of a way of exploring, without what the subject has not. */
static bool spell(struct exploring *exploring, const struct scope *scope)
{
    bool has[OPERATION_END];
    alphabet_fill(exploring->alphabet, exploring->options->profile, scope);
    if (!finder_probe(exploring->finder, has, exploring->error, exploring->capacity))
        return false;
    for (int i = 0; i < OPERATION_END; i++)
        if (!has[i])
            alphabet_drop(exploring->alphabet, (enum operation)i);
    exploring->has_limit = has[OP_COMMIT_LIMIT];
    hash_scope(exploring, scope);
    return true;
}

static bool go(struct exploring *exploring)
{
    const struct explore_options *options = exploring->options;
    const struct scope all = {.pages = options->pages,
                              .granules = options->granules,
                              .within = options->within,
                              .every_protection = options->every_protection};
    const struct scope wide = {.pages = options->random_pages,
                               .granules = options->random_granules,
                               .every_protection = true,
                               .wide = true};
    bool done = true;
    if (options->exhaustive)
        done = spell(exploring, &all) && explore_all(exploring);
    batch_clear(&exploring->batch);
    if (options->random_seconds > 0) {
        exploring->began = process_clock_us();
        exploring->seconds = options->random_seconds;
    }
    if (done && options->random)
        done = spell(exploring, &wide) && explore_at_random(exploring);
    return done;
}

/* What is wanted; how much of it is done is counted later. */
static void set_extent(struct explored *explored, const struct explore_options *options)
{
    struct result_exploration *extent = &explored->extent;
    extent->exhaustive = options->exhaustive;
    extent->random = options->random;
    if (options->exhaustive)
        extent->scope =
            (struct result_scope){.pages = options->pages,
                                  .granules = options->granules,
                                  .within = options->within ? "within" : "full",
                                  .protections = options->every_protection ? "all" : "few",
                                  .depth = options->depth,
                                  .bars = explored->bars};
    if (options->random)
        extent->sample = (struct result_sample){.pages = options->random_pages,
                                                .granules = options->random_granules,
                                                .seed = options->seed};
}

bool explore_run(const struct explore_options *options, struct explored *explored, char *error,
                 size_t capacity)
{
    uint64_t began = process_clock_us();
    struct exploring exploring = {.options = options,
                                  .explored = explored,
                                  .error = error,
                                  .capacity = capacity,
                                  .began = began,
                                  .seconds = options->seconds,
                                  .alphabet = calloc(1, sizeof *exploring.alphabet)};
    *explored = (struct explored){.hash = 14695981039346656037u};
    set_extent(explored, options);
    snprintf(error, capacity, "out of memory");
    exploring.batch.alphabet = exploring.alphabet;
    bool done = exploring.alphabet != NULL && begin(&exploring) && go(&exploring);
    explored->microseconds = process_clock_us() - began;
    explored->interrupted = options->stop != NULL && *options->stop;
    screener_free(exploring.screener);
    finder_free(exploring.finder);
    batch_free(&exploring.batch);
    free(exploring.odd);
    free(exploring.alphabet);
    return done;
}
