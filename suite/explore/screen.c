/* Making sequences on a backend, with the model beside it. */
#include "screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "screening.h"
#include "suite/heap.h"
#include "suite/trace.h"

static bool find_hole(struct screen *screen)
{
    screen->hole =
        screen->backend->virtual_alloc(0, screen->alphabet->hole, MEM_RESERVE, PAGE_NOACCESS);
    return screen->hole != 0 && screen->backend->virtual_free(screen->hole, 0, MEM_RELEASE) != 0;
}

/* Frees what the model, and then what the subject, says is in the hole; if it still is not free a
 * new one is taken. */
static bool clean_up(struct screen *screen)
{
    const struct backend *backend = screen->backend;
    uint64_t end = screen->hole + screen->alphabet->hole, last = 0;
    if (!screen->own_known)
        screen_take_own_map(screen);
    for (unsigned i = 0; i < screen->own.count; i++) {
        uint64_t base = screen->own.regions[i].allocation_base;
        if (base != 0 && base != last)
            backend->virtual_free(base, 0, MEM_RELEASE);
        last = base;
    }
    pagelaw_end_process(screen->model, NULL);
    screen->own_known = screen->was_reset = false;
    struct subject_region got = {0};
    for (int tries = 0; backend->virtual_query != NULL && tries < 32; tries++) {
        if (backend->virtual_query(screen->hole, &got,
                                   pagelaw_mbi_size(screen->info->pointer_bytes)) == 0)
            break;
        if (got.state == MEM_FREE && got.base + got.size >= end)
            return true;
        uint64_t next = got.base + got.size;
        if (got.state == MEM_FREE &&
            backend->virtual_query(next, &got, pagelaw_mbi_size(screen->info->pointer_bytes)) == 0)
            break;
        if (got.allocation_base == 0 || !backend->virtual_free(got.allocation_base, 0, MEM_RELEASE))
            break;
    }
    return backend->virtual_query == NULL || find_hole(screen);
}

static const char *take_index(const char *at, const char *end, unsigned *index)
{
    unsigned value = 0;
    while (at < end && *at == ' ')
        at++;
    for (; at < end && *at != ' ' && *at != '\n'; at++)
        value = value * 16 + (unsigned)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
    *index = value;
    return at;
}

static void tell(const struct line_sink *sink, const char *record, uint64_t one, uint64_t two,
                 const uint32_t *three)
{
    char line[96];
    int length = snprintf(line, sizeof line, "%s %" PRIx64 " %" PRIx64, record, one, two);
    if (three != NULL)
        length += snprintf(line + length, sizeof line - (size_t)length, " %" PRIx32, *three);
    line[length++] = '\n';
    sink->line(sink->user, line, (size_t)length);
}

/* Notes an act of a sequence, and whether the last one went the same way up to here. */
static void tread(struct screen *screen, unsigned step, unsigned index)
{
    bool same = step < screen->way_length && screen->way[step] == index;
    screen->is_trodden = same && (step == 0 || screen->is_trodden);
    if (screen->is_trodden || step >= SCREEN_WAY_MAX)
        return;
    screen->way[step] = index;
    screen->way_length = step + 1;
}

static const char *run_sequence(struct screen *screen, const char *at, const char *end,
                                uint64_t number, uint64_t *acts, const struct line_sink *sink)
{
    unsigned index, step = 0;
    bool same = true;
    while (at < end && *at != '\n' && same) {
        at = take_index(at, end, &index);
        if (index >= screen->alphabet->count)
            break;
        screen->aside = false;
        tread(screen, step, index);
        same = screen_make_act(screen, &screen->alphabet->acts[index]);
        if (!same) {
            tell(sink, screen->aside ? "aside" : "odd", number, step, &screen->look);
            same = screen->aside;
            screen->way_length = 0;
        }
        step++;
    }
    *acts += step;
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    return line_end == NULL ? end : line_end + 1;
}

static void run_all(struct screen *screen, const char *at, const char *end,
                    const struct line_sink *sink)
{
    uint64_t sequences = 0, acts = 0;
    bool holed = find_hole(screen);
    while (at < end && holed) {
        at = run_sequence(screen, at, end, sequences++, &acts, sink);
        holed = clean_up(screen);
    }
    tell(sink, "screened", sequences, acts, NULL);
}

/* ---- How it looks ---------------------------------------------------------------------------- */

uint32_t screen_look(uint32_t what, uint32_t operation, uint32_t rule, uint64_t values)
{
    uint32_t hash = (uint32_t)((values * 0x9E3779B97F4A7C15u) >> 51);
    return what << 26 | (operation & 31) << 21 | (rule & 255) << 13 | hash;
}

uint32_t screen_look_what(uint32_t look)
{
    return look >> 26;
}

uint32_t screen_look_class(uint32_t look)
{
    return look >> 13;
}

/* ---- The request ----------------------------------------------------------------------------- */

bool screen_asked(const char *text, size_t length)
{
    return length > strlen(SCREEN_WORD) && memcmp(text, SCREEN_WORD, strlen(SCREEN_WORD)) == 0;
}

/* "screen", the profile's name, the bytes of the hole and of its part that the acts are about, each
 * act, "go", and the sequences. Returns where they begin, or NULL: then *number is of the line,
 * from 0, that is not so. */
static const char *read_head(const char *text, const char *end, struct alphabet *alphabet,
                             const struct pagelaw_profile **profile, unsigned *number)
{
    char line[128];
    for (*number = 0; text < end; ++*number) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        size_t length = line_end == NULL ? 0 : (size_t)(line_end - text);
        if (length == 0 || length >= sizeof line)
            return NULL;
        memcpy(line, text, length);
        line[length] = '\0';
        text = line_end + 1;
        if (strcmp(line, "go") == 0)
            return *profile != NULL && alphabet->hole != 0 ? text : NULL;
        if (*number == 1 && (*profile = pagelaw_profile_find(line)) == NULL)
            return NULL;
        if (*number == 2)
            alphabet->hole = strtoull(line, NULL, 16);
        else if (*number == 3)
            alphabet->span = strtoull(line, NULL, 16);
        else if (*number > 3 && (alphabet->count == ACTS_MAX ||
                                 !act_read(&alphabet->acts[alphabet->count++], line)))
            return NULL;
    }
    return NULL;
}

bool screen_is_whole(const char *text, size_t length, char *why, size_t capacity)
{
    const struct pagelaw_profile *profile = NULL;
    struct alphabet *alphabet = calloc(1, sizeof *alphabet);
    unsigned number = 0;
    bool whole =
        alphabet != NULL && read_head(text, text + length, alphabet, &profile, &number) != NULL;
    if (alphabet == NULL)
        snprintf(why, capacity, "out of memory");
    else if (!whole)
        snprintf(why, capacity, "line %u of what is to be screened: wanted %s", number + 1,
                 number == 1   ? "a profile's name"
                 : number <= 3 ? "a number of bytes"
                               : "an act, or go");
    free(alphabet);
    return whole;
}

void screen_run(const char *text, size_t length, const struct backend *backend,
                const struct subject_info *info, const struct line_sink *sink)
{
    const struct pagelaw_profile *profile = NULL;
    struct screen *screen = calloc(1, sizeof *screen);
    struct alphabet *alphabet = calloc(1, sizeof *alphabet);
    if (screen == NULL || alphabet == NULL)
        abort();
    unsigned number;
    const char *begin = read_head(text, text + length, alphabet, &profile, &number);
    if (begin == NULL)
        abort();
    alphabet->page = profile->page_size;
    *screen = (struct screen){.backend = backend,
                              .info = info,
                              .alphabet = alphabet,
                              .model = pagelaw_model_create(profile, &suite_heap)};
    if (screen->model == NULL)
        abort();
    run_all(screen, begin, text + length, sink);
    pagelaw_model_destroy(screen->model);
    free(alphabet);
    free(screen);
}
