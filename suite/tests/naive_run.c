/* Carrying steps out on the model and on the oracle. */
#include "naive_steps.h"

#include <inttypes.h>
#include <string.h>

#include "naive_compare.h"
#include "pagelaw/constants.h"

#define LAST_ERROR 0xDEADBEEFu
#define POISON 0xFEEDu
#define TOUCH_MAX (0x10000 + 2)

bool bench_open(struct bench *bench, const struct world *world)
{
    const struct pagelaw_profile *profile = world->profile;
    struct pagelaw_heap heap = strict_heap_open(&bench->heap);
    uint64_t size = world->page_count * profile->page_size;
    uint64_t origin = world->high ? profile->address_max + 1 - size : profile->address_min;
    bench->fault[0] = 0;
    bench->steps = 0;
    bench->model = pagelaw_model_create(world->played, &heap);
    if (bench->model == NULL)
        return bench_differs(bench, "no model");
    pagelaw_model_set_choice_range(bench->model, origin, origin + size - 1);
    pagelaw_set_last_error(bench->model, LAST_ERROR);
    naive_init(&bench->naive, profile, origin, world->page_count);
    bench->naive.last_error = LAST_ERROR;
    return true;
}

void bench_close(struct bench *bench)
{
    pagelaw_model_destroy(bench->model);
    if (bench->heap.fault != NULL)
        bench_differs(bench, "%s", bench->heap.fault);
    if (bench->heap.blocks != 0)
        bench_differs(bench, "%zu blocks are left behind", bench->heap.blocks);
}

static bool in_window(const struct naive *naive, uint64_t base, uint64_t size)
{
    return size <= naive->origin + naive->page_count * naive->profile->page_size - base;
}

static bool run_choice(struct bench *bench, const struct naive_step *step)
{
    struct naive_answer answer;
    struct pagelaw_plan plan;
    bool allowed;
    naive_decide(&bench->naive, &step->call, &answer);
    pagelaw_plan(bench->model, &step->call, &plan);
    if (answer.chosen && !in_window(&bench->naive, step->address, answer.size))
        return true;
    if (!answer.chosen || !answer.succeeds || plan.status[0] != STATUS_SUCCESS)
        return bench_same_law(bench, &plan, &answer);
    allowed = naive_may_choose(&bench->naive, &answer, step->address);
    if (!bench_same(bench, "choice", pagelaw_choice_allowed(bench->model, &plan, step->address),
                    allowed))
        return false;
    if (allowed) {
        pagelaw_apply(bench->model, &plan, step->address);
        naive_succeed(&bench->naive, &answer, step->address);
    }
    return true;
}

static bool read_back(struct bench *bench, const struct naive_step *step, uint64_t i, uint8_t byte)
{
    uint64_t address = step->address + i;
    if (step->access == PAGELAW_WRITE) {
        naive_write(&bench->naive, address, (uint8_t)(step->value + i));
        return true;
    }
    if (step->access == PAGELAW_EXECUTE)
        return true;
    return naive_byte_allowed(&bench->naive, address, byte) ||
           bench_differs(bench, "read %02x at %" PRIx64, byte, address);
}

static bool run_access(struct bench *bench, const struct naive_step *step)
{
    static uint8_t bytes[TOUCH_MAX];
    struct pagelaw_exception exception = {0};
    size_t done = POISON;
    uint64_t i, count = step->access == PAGELAW_EXECUTE ? 1 : step->size;
    uint32_t code = 0;
    enum pagelaw_access told = step->access;
    if (told == PAGELAW_EXECUTE && (bench->naive.profile->quirks & PAGELAW_QUIRK_NO_DEP) != 0)
        told = PAGELAW_READ; /* EXC-AV-INFO */
    for (i = 0; i < step->size; i++)
        bytes[i] = (uint8_t)(step->value + (step->access == PAGELAW_WRITE ? i : 0));
    if (!pagelaw_access(bench->model, step->access, step->address, bytes, (size_t)step->size, &done,
                        &exception))
        return bench_differs(bench, "no room");
    for (i = 0; i < count; i++) {
        bool either;
        code = naive_touch(&bench->naive, step->access, step->address + i, &either);
        if (either && i == done && exception.code != 0)
            code = STATUS_ACCESS_VIOLATION;
        if (code != 0)
            break;
        if (i < done && !read_back(bench, step, i, bytes[i]))
            return false;
    }
    if (code == 0)
        exception.address = step->address + i, exception.access = told;
    return bench_same(bench, "exception address", exception.address, step->address + i) &&
           bench_same(bench, "exception access", exception.access, told) &&
           bench_same(bench, "exception", exception.code, code) &&
           bench_same(bench, "bytes touched", done, i) &&
           bench_same_contents(bench,
                               step->address / bench->naive.profile->page_size *
                                   bench->naive.profile->page_size,
                               step->value);
}

static bool run_see(struct bench *bench, const struct naive_step *step)
{
    const struct naive_page *page = naive_at(&bench->naive, step->address);
    bool allowed;
    if (!page->committed || page->anything)
        return true;
    allowed = naive_byte_allowed(&bench->naive, step->address, step->value);
    if (!bench_same(bench, "byte allowed",
                    pagelaw_byte_allowed(bench->model, step->address, step->value), allowed))
        return false;
    if (allowed)
        naive_saw(&bench->naive, step->address, step->value);
    return true;
}

static bool run_forget(struct bench *bench, const struct naive_step *step)
{
    uint64_t page = bench->naive.profile->page_size;
    if (!pagelaw_forget(bench->model, step->address, step->size))
        return bench_differs(bench, "no room");
    for (uint64_t at = step->address / page * page; at < step->address + step->size; at += page) {
        struct naive_page *forgotten = naive_at(&bench->naive, at);
        if (forgotten != NULL)
            forgotten->anything = forgotten->committed;
    }
    return true;
}

/* The subject did what the model did not see; its regions tell. */
static bool run_diverge(struct bench *bench, const struct naive_step *step)
{
    static struct naive_page before[NAIVE_PAGES];
    static struct pagelaw_region regions[NAIVE_PAGES];
    struct naive *naive = &bench->naive;
    uint64_t page = naive->profile->page_size, end = naive->origin + naive->page_count * page;
    struct naive_answer answer;
    size_t count = 0;
    memcpy(before, naive->pages, sizeof before);
    naive_decide(naive, &step->call, &answer);
    if (answer.open || !answer.succeeds)
        return true;
    naive_succeed(naive, &answer, answer.start);
    for (size_t i = 0; i < naive->page_count; i++) {
        if (memcmp(&before[i], &naive->pages[i], sizeof before[i]) != 0)
            naive->pages[i].anything = naive->pages[i].committed;
    }
    for (uint64_t at = naive->origin; at < end; at += regions[count++].size) {
        naive_query(naive, at, &regions[count]);
        if (regions[count].base + regions[count].size > end)
            regions[count].size = end - at;
    }
    return pagelaw_resync(bench->model, naive->origin, end - naive->origin, regions, count) ||
           bench_differs(bench, "no room");
}

static bool run_call(struct bench *bench, const struct naive_step *step)
{
    return bench_run_call(bench, &step->call);
}

static bool run_limit(struct bench *bench, const struct naive_step *step)
{
    bench->naive.commit_limit = step->size;
    pagelaw_model_set_commit_limit(bench->model, step->size);
    return true;
}

static bool run_end(struct bench *bench, const struct naive_step *step)
{
    struct pagelaw_returned model, oracle;
    (void)step;
    bench->ends++;
    pagelaw_end_process(bench->model, &model);
    naive_end(&bench->naive, &oracle);
    return bench_same(bench, "allocations returned", model.allocations, oracle.allocations) &&
           bench_same(bench, "bytes returned", model.reserved_bytes, oracle.reserved_bytes) &&
           bench_same(bench, "charge returned", model.committed_bytes, oracle.committed_bytes);
}

bool bench_run(struct bench *bench, const struct naive_step *step)
{
    static bool (*const runs[])(struct bench *, const struct naive_step *) = {
        [STEP_CALL] = run_call,   [STEP_CHOICE] = run_choice, [STEP_ACCESS] = run_access,
        [STEP_SEE] = run_see,     [STEP_FORGET] = run_forget, [STEP_DIVERGE] = run_diverge,
        [STEP_LIMIT] = run_limit, [STEP_END] = run_end,
    };
    bench->steps++;
    return runs[step->kind](bench, step) && bench_same_everything(bench);
}
