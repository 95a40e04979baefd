/* Asking an agent to screen sequences, and finding the one that it did not outlive. */
#include "screener.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "screen.h"
#include "wire.h"

#define GRACE_MS 2000

struct screener {
    const struct subject *subject;
    const struct pagelaw_profile *profile;
    unsigned start_timeout_ms, timeout_ms;
    struct process *process;
    uint64_t id;
    char line[WIRE_LINE_MAX];
    size_t line_length;
    char bytes[1 << 14];
    size_t length, taken;
    char *request;
    struct aside asides[ASIDES_MAX];
    size_t aside_count;
    unsigned hangs, hangs_before; /* in all, and before this run */
    const volatile int *stop;
};

/* ---- Batches --------------------------------------------------------------------------------- */

bool batch_begin(struct batch *batch)
{
    if (batch->count + 2 > batch->capacity) {
        size_t capacity = batch->capacity == 0 ? 1024 : 2 * batch->capacity;
        size_t *begins = realloc(batch->begins, capacity * sizeof *begins);
        if (begins == NULL)
            return false;
        batch->begins = begins;
        batch->capacity = capacity;
    }
    batch->begins[batch->count++] = batch->act_count;
    batch->begins[batch->count] = batch->act_count;
    return true;
}

bool batch_add(struct batch *batch, unsigned act)
{
    if (batch->act_count == batch->act_capacity) {
        size_t capacity = batch->act_capacity == 0 ? 4096 : 2 * batch->act_capacity;
        unsigned *acts = realloc(batch->acts, capacity * sizeof *acts);
        if (acts == NULL)
            return false;
        batch->acts = acts;
        batch->act_capacity = capacity;
    }
    batch->acts[batch->act_count++] = act;
    batch->begins[batch->count] = batch->act_count;
    return true;
}

size_t batch_length(const struct batch *batch, size_t sequence)
{
    return batch->begins[sequence + 1] - batch->begins[sequence];
}

void batch_clear(struct batch *batch)
{
    batch->count = batch->act_count = 0;
}

void batch_free(struct batch *batch)
{
    free(batch->acts);
    free(batch->begins);
}

/* ---- The agent ------------------------------------------------------------------------------- */

struct screener *screener_create(const struct subject *subject,
                                 const struct pagelaw_profile *profile, unsigned start_timeout_ms,
                                 unsigned timeout_ms, const volatile int *stop)
{
    struct screener *screener = calloc(1, sizeof *screener);
    char *request = malloc(WIRE_LINE_MAX + SCENARIO_TEXT_MAX);
    if (screener == NULL || request == NULL) {
        free(screener);
        free(request);
        return NULL;
    }
    *screener = (struct screener){.subject = subject,
                                  .profile = profile,
                                  .start_timeout_ms = start_timeout_ms,
                                  .timeout_ms = timeout_ms,
                                  .stop = stop,
                                  .request = request};
    return screener;
}

static void dismiss(struct screener *screener, unsigned patience_ms)
{
    char how[256];
    if (screener->process == NULL)
        return;
    process_hang_up(screener->process);
    process_end(screener->process, patience_ms, how, sizeof how);
    screener->process = NULL;
}

void screener_free(struct screener *screener)
{
    if (screener == NULL)
        return;
    dismiss(screener, 500);
    free(screener->request);
    free(screener);
}

static bool is_stopped(const struct screener *screener)
{
    return screener->stop != NULL && *screener->stop;
}

/* The next line without its '\n', in screener->line. False: the output closed, or it is late. */
static bool next_line(struct screener *screener, uint64_t deadline)
{
    screener->line_length = 0;
    for (;;) {
        while (screener->taken < screener->length) {
            char c = screener->bytes[screener->taken++];
            if (c == '\n')
                return true;
            if (screener->line_length == sizeof screener->line)
                return false;
            screener->line[screener->line_length++] = c;
        }
        bool closed = false;
        uint64_t now = process_clock_us();
        if (now >= deadline || is_stopped(screener))
            return false;
        process_wait(&screener->process, 1, (unsigned)((deadline - now) / 1000 + 1));
        screener->taken = 0;
        screener->length =
            process_take(screener->process, screener->bytes, sizeof screener->bytes, &closed);
        if (closed && screener->length == 0)
            return false;
    }
}

static bool start(struct screener *screener, char *error, size_t capacity)
{
    struct wire_greeting greeting = {.next = 0};
    uint64_t deadline = process_clock_us() + (uint64_t)screener->start_timeout_ms * 1000;
    screener->length = screener->taken = 0;
    screener->process = process_start(screener->subject->argv, error, capacity);
    while (screener->process != NULL && next_line(screener, deadline)) {
        enum wire_greeted greeted =
            wire_read_greeting(&greeting, screener->line, screener->line_length, error, capacity);
        if (greeted == WIRE_READY)
            return true;
        if (greeted == WIRE_BAD)
            return false;
    }
    if (screener->process != NULL)
        snprintf(error, capacity, "it no longer starts");
    dismiss(screener, 0);
    return false;
}

/* ---- A request ------------------------------------------------------------------------------- */

static size_t write_request(struct screener *screener, const struct batch *batch, size_t first,
                            size_t count)
{
    struct text text = text_begin(screener->request + WIRE_LINE_MAX, SCENARIO_TEXT_MAX);
    text_add(&text, SCREEN_WORD "%s\n%" PRIx64 "\n%" PRIx64 "\n", screener->profile->name,
             batch->alphabet->hole, batch->alphabet->span);
    for (unsigned i = 0; i < batch->alphabet->count; i++)
        act_write(&text, &batch->alphabet->acts[i]);
    text_add(&text, "go\n");
    char *out = text.buffer + text.length;
    for (size_t i = first; i < first + count; i++) {
        for (size_t j = batch->begins[i]; j < batch->begins[i + 1]; j++) {
            static const char digits[] = "0123456789abcdef";
            unsigned act = batch->acts[j];
            for (int shift = act >= 0x100 ? (act >= 0x1000 ? 12 : 8) : 4; shift >= 0; shift -= 4)
                *out++ = digits[act >> shift & 15];
            *out++ = ' ';
        }
        *out++ = '\n';
    }
    return (size_t)(out - text.buffer);
}

const struct aside *screener_asides(const struct screener *screener, size_t *count)
{
    *count = screener->aside_count;
    return screener->asides;
}

static void add_aside(struct screener *screener, size_t sequence, struct odd odd)
{
    for (size_t i = 0; i < screener->aside_count; i++)
        if (screener->asides[i].odd.look == odd.look)
            return;
    if (screener->aside_count < ASIDES_MAX)
        screener->asides[screener->aside_count++] = (struct aside){sequence, odd};
}

/* Whether the sequence has the step: an agent may say anything. */
static bool has_step(const struct batch *batch, size_t sequence, uint64_t step)
{
    return step < batch_length(batch, sequence);
}

static void hear(struct screener *screener, const struct batch *batch, struct odd *odd,
                 size_t first, size_t count)
{
    struct wire_scan scan = wire_scan(screener->line, screener->line_length);
    uint64_t sequence, step, look;
    bool aside = wire_take_record(&scan, "aside");
    if (!aside)
        scan = wire_scan(screener->line, screener->line_length);
    if ((aside || wire_take_record(&scan, "odd")) &&
        wire_take_number(&scan, count - 1, &sequence) &&
        wire_take_number(&scan, UINT32_MAX, &step) && wire_take_number(&scan, UINT32_MAX, &look) &&
        has_step(batch, first + (size_t)sequence, step)) {
        struct odd heard = {(uint32_t)step, (uint32_t)look};
        if (aside)
            add_aside(screener, first + (size_t)sequence, heard);
        else
            odd[first + sequence] = heard;
    }
}

enum answer { ANSWER_OK, ANSWER_CRASHED, ANSWER_HUNG, ANSWER_GONE };

static enum answer hear_answer(struct screener *screener, const struct batch *batch,
                               struct odd *odd, size_t first, size_t count)
{
    uint64_t id, deadline = process_clock_us() + ((uint64_t)screener->timeout_ms + GRACE_MS) * 1000;
    while (next_line(screener, deadline)) {
        if (!wire_read_end(screener->line, screener->line_length, &id)) {
            hear(screener, batch, odd, first, count);
            continue;
        }
        if (id != screener->id)
            return ANSWER_GONE;
        const char *end = screener->line + screener->line_length;
        const char *how = memchr(screener->line + 4, ' ', screener->line_length - 4);
        size_t length = how == NULL ? 0 : (size_t)(end - how);
        return length >= 3 && memcmp(how, " ok", 3) == 0        ? ANSWER_OK
               : length >= 8 && memcmp(how, " timeout", 8) == 0 ? ANSWER_HUNG
                                                                : ANSWER_CRASHED;
    }
    return ANSWER_GONE;
}

static enum answer ask(struct screener *screener, const struct batch *batch, struct odd *odd,
                       size_t first, size_t count)
{
    struct wire_line line;
    size_t length = write_request(screener, batch, first, count);
    wire_make_request(&line, ++screener->id, length, screener->timeout_ms);
    char *begin = screener->request + WIRE_LINE_MAX - line.length;
    memcpy(begin, line.text, line.length);
    for (size_t i = first; i < first + count; i++)
        odd[i] = (struct odd){ODD_NOTHING, 0};
    if (!process_send(screener->process, begin, line.length + length))
        return ANSWER_GONE;
    return hear_answer(screener, batch, odd, first, count);
}

bool screener_has_given_up(const struct screener *screener)
{
    return screener->hangs >= HANGS_MAX;
}

static bool goes_on(const struct screener *screener, const struct screening *screening)
{
    return !is_stopped(screener) && !screener_has_given_up(screener) &&
           (screener->hangs == screener->hangs_before || !screening->is_over(screening->user));
}

/* Halves what does not end well until one sequence is left. Sequences are done in their order. */
static bool run_part(struct screener *screener, struct screening *screening, size_t first,
                     size_t count, char *error, size_t capacity)
{
    const struct batch *batch = screening->batch;
    if (!goes_on(screener, screening))
        return true;
    if (screener->process == NULL && !start(screener, error, capacity))
        return false;
    enum answer answer = ask(screener, batch, screening->odd, first, count);
    if (answer == ANSWER_GONE)
        dismiss(screener, 0);
    if (is_stopped(screener))
        return true;
    if (answer != ANSWER_OK && count > 1) {
        size_t half = count / 2;
        return run_part(screener, screening, first, half, error, capacity) &&
               (screening->done < first + half ||
                run_part(screener, screening, first + half, count - half, error, capacity));
    }
    if (answer != ANSWER_OK)
        screening->odd[first] = (struct odd){(uint32_t)batch_length(batch, first) - 1,
                                             answer == ANSWER_CRASHED ? LOOK_CRASHED : LOOK_HUNG};
    screener->hangs += answer == ANSWER_HUNG || answer == ANSWER_GONE;
    screening->done = first + count;
    return true;
}

bool screener_run(struct screener *screener, struct screening *screening, char *error,
                  size_t capacity)
{
    const struct batch *batch = screening->batch;
    screener->aside_count = 0;
    screener->hangs_before = screener->hangs;
    screening->done = 0;
    for (size_t first = 0; first < batch->count && screening->done == first;) {
        size_t count = 0;
        while (
            first + count < batch->count &&
            (count == 0 || batch->begins[first + count + 1] - batch->begins[first] <= BATCH_ACTS))
            count++;
        if (!run_part(screener, screening, first, count, error, capacity))
            return false;
        first += count;
    }
    return true;
}
