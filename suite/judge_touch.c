/* Judging a touch: the bytes, or the exception. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "judging.h"
#include "pagelaw/constants.h"
#include "text.h"

/* What a step touches: `size` bytes from `address`, and of a write what it stores. */
struct touching {
    enum pagelaw_access access;
    uint64_t address, size;
    const uint8_t *pattern;
    size_t pattern_size;
    uint8_t value;
};

static struct touching touching_of(const struct judging *judging)
{
    struct touching touching = {.access = PAGELAW_READ,
                                .address = judge_argument(judging, 0, 0),
                                .size = judge_argument(judging, 1, 1)};
    if (judging->step->operation == OP_EXECUTE) {
        touching.access = PAGELAW_EXECUTE;
        touching.size = 1;
    } else if (judging->step->operation == OP_WRITE) {
        touching.access = PAGELAW_WRITE;
        touching.value = (uint8_t)judge_argument(judging, 1, 0);
        touching.size = judge_argument(judging, 2, 1);
    } else if (judging->step->operation == OP_CODE) {
        touching.access = PAGELAW_WRITE;
        touching.pattern = pagelaw_return_code(pagelaw_model_profile(judging->model)->processor,
                                               &touching.pattern_size);
        touching.size = touching.pattern_size;
    }
    return touching;
}

static uint8_t stored_byte(const struct touching *touching, uint64_t offset)
{
    return touching->pattern != NULL ? touching->pattern[offset % touching->pattern_size]
                                     : touching->value;
}

/* ---- The exception ---- */

/* Finds the first byte that cannot be touched. True if there is one. */
static bool stops(const struct judging *judging, const struct touching *touching,
                  struct pagelaw_touch *touch, uint64_t *reach)
{
    uint64_t page_size = pagelaw_model_profile(judging->model)->page_size;
    const struct subject_exception *seen = &judging->observed->exception;
    for (*reach = 0; *reach < touching->size;) {
        uint64_t address = touching->address + *reach;
        pagelaw_touch(judging->model, touching->access, address, touch);
        bool other_way = touch->either && seen->code == STATUS_ACCESS_VIOLATION &&
                         seen->access == touching->access && seen->address == address;
        if (other_way)
            touch->exception.code = STATUS_ACCESS_VIOLATION;
        if (touch->exception.code != 0)
            return true;
        *reach += page_size - address % page_size;
    }
    *reach = touching->size;
    return false;
}

static void print_exception(const struct judging *judging, uint32_t code, uint32_t access,
                            uint64_t address, struct text *text)
{
    char words[WORDS_MAX];
    const char *how = access == PAGELAW_READ      ? "read"
                      : access == PAGELAW_WRITE   ? "write"
                      : access == PAGELAW_EXECUTE ? "execute"
                                                  : "?";
    if (code == 0)
        text_add(text, "no exception");
    else if (code == STATUS_ACCESS_VIOLATION)
        text_add(text, "ACCESS_VIOLATION %s ", how);
    else if (code == STATUS_GUARD_PAGE_VIOLATION)
        text_add(text, "GUARD_PAGE_VIOLATION %s ", how);
    else
        text_add(text, "exception 0x%08" PRIX32 " %s ", code, how);
    if (code != 0)
        text_add(text, "%s", judge_address(judging, address, words));
}

static void find_exception(struct judging *judging, enum pagelaw_rule rule,
                           const struct pagelaw_exception *want)
{
    char allowed[WORDS_MAX], observed[WORDS_MAX];
    const struct subject_exception *got = &judging->observed->exception;
    struct text allowed_text = text_begin(allowed, sizeof allowed);
    struct text observed_text = text_begin(observed, sizeof observed);
    print_exception(judging, want->code, (uint32_t)want->access, want->address, &allowed_text);
    print_exception(judging, got->code, got->access, got->address, &observed_text);
    judge_find(judging, rule, "exception", allowed, observed);
}

/* Compares exceptions; true if they are the same. */
static bool same_exception(struct judging *judging, const struct pagelaw_touch *touch, bool stopped)
{
    struct pagelaw_exception want = touch->exception;
    const struct subject_exception *got = &judging->observed->exception;
    if (!stopped)
        want = (struct pagelaw_exception){.code = 0};
    if (want.code != got->code) {
        find_exception(judging, touch->rule, &want);
        return false;
    }
    bool same_access =
        (uint32_t)want.access == got->access || (touch->or_read && got->access == PAGELAW_READ);
    if (want.code == 0 || (want.address == got->address && same_access))
        return true;
    find_exception(judging, PAGELAW_EXC_AV_INFO, &want);
    return false;
}

/* ---- The bytes ---- */

static void find_byte(struct judging *judging, uint64_t address, uint8_t got)
{
    char what[WORDS_MAX + 32], place[WORDS_MAX], allowed[32], observed[32];
    uint8_t want = pagelaw_byte(judging->model, address);
    bool was_reset = want != 0 && pagelaw_byte_allowed(judging->model, address, 0);
    snprintf(what, sizeof what, "byte at %s", judge_address(judging, address, place));
    snprintf(allowed, sizeof allowed, was_reset ? "0x%02X or 0x00" : "0x%02X", want);
    snprintf(observed, sizeof observed, "0x%02X", got);
    judge_find(judging,
               was_reset   ? PAGELAW_VA_RESET_EFFECT
               : want == 0 ? PAGELAW_ST_ZERO
                           : PAGELAW_ST_CONTENTS,
               what, allowed, observed);
}

/* Pages that were wrong in one byte may be in others: what the run holds is not known from here. */
static void forget_run(struct judging *judging, uint64_t address)
{
    struct pagelaw_region region;
    if (!pagelaw_look(judging->model, address, UINT64_MAX, &region))
        return;
    uint64_t size = region.size < TRACE_READ_MAX ? region.size : TRACE_READ_MAX;
    if (!pagelaw_forget(judging->model, region.base, size))
        judging->out_of_memory = true;
}

static void judge_bytes(struct judging *judging, const struct touching *touching)
{
    const struct trace_step *observed = judging->observed;
    uint64_t offset = 0;
    for (unsigned i = 0; i < observed->run_count && offset < touching->size; i++) {
        uint64_t address = touching->address + offset, count = observed->runs[i].count;
        if (count > touching->size - offset)
            count = touching->size - offset;
        uint64_t good =
            pagelaw_bytes_allowed(judging->model, address, observed->runs[i].value, count);
        if (good < count) {
            find_byte(judging, address + good, observed->runs[i].value);
            forget_run(judging, address + good);
            return;
        }
        offset += count;
    }
}

static void store(struct judging *judging, const struct touching *touching, uint64_t count)
{
    uint8_t bytes[4096];
    struct pagelaw_exception exception;
    for (uint64_t offset = 0; offset < count;) {
        size_t part = count - offset < sizeof bytes ? (size_t)(count - offset) : sizeof bytes;
        size_t done;
        for (size_t i = 0; i < part; i++)
            bytes[i] = stored_byte(touching, offset + i);
        if (!pagelaw_access(judging->model, PAGELAW_WRITE, touching->address + offset, bytes, part,
                            &done, &exception)) {
            judging->out_of_memory = true;
            return;
        }
        offset += part;
    }
}

/* ---- The touch ---- */

/* A guard page was hit: it is disarmed, and no other page is. */
static void judge_guard(struct judging *judging, uint64_t address)
{
    uint64_t page_size = pagelaw_model_profile(judging->model)->page_size;
    struct pagelaw_plan plan = {
        .effect = PAGELAW_PROTECTS,
        .affected_base = address - address % page_size,
        .affected_size = page_size,
        .rule = {
            [PAGELAW_PROTECT] = PAGELAW_GUARD_ONE_SHOT, [PAGELAW_SIZE] = PAGELAW_GUARD_PER_PAGE}};
    if (!pagelaw_consume_guard(judging->model, address))
        judging->out_of_memory = true;
    else if (judging->finding_count == 0)
        judge_map(judging, &plan);
}

void judge_touch(struct judging *judging)
{
    struct touching touching = touching_of(judging);
    struct pagelaw_touch touch = {.rule = PAGELAW_ST_COMMITTED};
    uint64_t reach;
    if (touching.size > TRACE_READ_MAX) {
        judging->unspecified = true; /* no harness makes it, whatever the trace says */
        return;
    }
    bool stopped = stops(judging, &touching, &touch, &reach);
    if (judging->listener->touch != NULL)
        judging->listener->touch(judging->listener->user, judging->index, &touch);
    if (!same_exception(judging, &touch, stopped)) {
        judging->guard_due = stopped && touch.exception.code == STATUS_GUARD_PAGE_VIOLATION;
        judging->guard = touch.exception.address;
        if (touching.access == PAGELAW_WRITE)
            pagelaw_forget(judging->model, touching.address, touching.size);
        return;
    }
    if (touching.access == PAGELAW_WRITE)
        store(judging, &touching, reach);
    else if (touching.access == PAGELAW_READ)
        judge_bytes(judging, &touching);
    if (stopped && touch.exception.code == STATUS_GUARD_PAGE_VIOLATION)
        judge_guard(judging, touch.exception.address);
    else if (judging->finding_count == 0)
        judge_map(judging, NULL);
}
