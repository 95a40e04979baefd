/* How far an exploration came, in sentences. */
#include "extent.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reports.h"
#include "words.h"

/* Goes on with a line; what it has no room for is left out. */
static void put(char *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(char *line, const char *format, ...)
{
    size_t length = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + length, sizeof((struct extent_words *)0)->lines[0] - length, format,
              arguments);
    va_end(arguments);
}

static double percent(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : 100.0 * (double)part / (double)all;
}

static const char *which_states(const struct result_scope *scope)
{
    if (!scope->whole)
        return " as far as the bounds allow";
    return strcmp(scope->within, "within") == 0 ? ", all that lie within the pages"
                                                : ", all there are";
}

static void tell_reach(const struct result_scope *scope, char *line)
{
    put(line,
        "%" PRIu64 " states are reached, of their transitions %" PRIu64
        " were crossed (%.2f %%); on each way to the others the subject does otherwise:",
        scope->states_reached, scope->crossed, percent(scope->crossed, scope->transitions_reached));
    for (size_t i = 0; i < scope->bar_count; i++)
        put(line, "%s %s in %" PRIu64 " transitions", i == 0 ? "" : ",", scope->bars[i].rule,
            scope->bars[i].transitions);
}

static void tell_scope(const struct result_scope *scope, struct extent_words *words)
{
    char *line = words->lines[words->count++];
    put(line, "exhaustively: %s, %s, scope %s, protections %s",
        words_count(scope->pages, "page").text, words_count(scope->granules, "granule").text,
        scope->within, scope->protections);
    if (scope->depth != 0)
        put(line, ", depth %u", scope->depth);
    put(words->lines[words->count++], "%s%s", words_count(scope->states, "state").text,
        which_states(scope));
    put(words->lines[words->count++],
        "%" PRIu64 " transitions, %" PRIu64 " crossed (%.2f %%); %" PRIu64
        " are settled by no source",
        scope->transitions, scope->crossed, percent(scope->crossed, scope->transitions),
        scope->unsettled);
    if (scope->states_reached != scope->states)
        tell_reach(scope, words->lines[words->count++]);
}

void extent_tell(const struct result *result, struct extent_words *words)
{
    const struct result_exploration *extent = result->exploration;
    *words = (struct extent_words){.count = 0};
    if (extent == NULL)
        return;
    if (extent->exhaustive)
        tell_scope(&extent->scope, words);
    if (extent->random)
        put(words->lines[words->count++],
            "at random: %s, %s, seed %" PRIu64 "; %" PRIu64 " states of the model were seen",
            words_count(extent->sample.pages, "page").text,
            words_count(extent->sample.granules, "granule").text, extent->sample.seed,
            extent->sample.states);
    put(words->lines[words->count++],
        "%s, %s; %" PRIu64 " sequences not as the model itself answers",
        words_count(extent->sequences, "sequence").text, words_count(extent->calls, "call").text,
        extent->odd);
}

void report_extent(const struct result *result, FILE *out)
{
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++)
        fprintf(out, "%s\n", words.lines[i]);
}
