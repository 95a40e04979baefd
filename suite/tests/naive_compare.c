/* Comparing the model with the oracle: all that can be seen of the two. */
#include "naive_compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "pagelaw/constants.h"

/* The first difference stays. */
bool bench_differs(struct bench *bench, const char *format, ...)
{
    va_list arguments;
    if (bench->fault[0] != 0)
        return false;
    va_start(arguments, format);
    vsnprintf(bench->fault, sizeof bench->fault, format, arguments);
    va_end(arguments);
    return false;
}

bool bench_same(struct bench *bench, const char *what, uint64_t model, uint64_t oracle)
{
    if (model == oracle)
        return true;
    return bench_differs(bench, "%s: model %" PRIx64 ", oracle %" PRIx64, what, model, oracle);
}

bool bench_same_region(struct bench *bench, const struct pagelaw_region *model,
                       const struct pagelaw_region *oracle)
{
    return bench_same(bench, "BaseAddress", model->base, oracle->base) &&
           bench_same(bench, "AllocationBase", model->allocation_base, oracle->allocation_base) &&
           bench_same(bench, "AllocationProtect", model->allocation_protect,
                      oracle->allocation_protect) &&
           bench_same(bench, "RegionSize", model->size, oracle->size) &&
           bench_same(bench, "State", model->state, oracle->state) &&
           bench_same(bench, "Protect", model->protect, oracle->protect) &&
           bench_same(bench, "Type", model->type, oracle->type);
}

static bool same_query(struct bench *bench, uint64_t address, uint64_t *next)
{
    struct pagelaw_region model = {0}, oracle;
    naive_query(&bench->naive, address, &oracle);
    *next = oracle.base + oracle.size;
    if (pagelaw_nt_query(bench->model, address, 48, &model) != STATUS_SUCCESS)
        return bench_differs(bench, "no answer to a query of %" PRIx64, address);
    if (bench_same_region(bench, &model, &oracle))
        return true;
    snprintf(bench->fault + strlen(bench->fault), sizeof bench->fault - strlen(bench->fault),
             " (query of %" PRIx64 ")", address);
    return false;
}

static bool same_space(struct bench *bench)
{
    uint64_t next, address = 0;
    while (address <= bench->naive.profile->address_max) {
        if (!same_query(bench, address, &next))
            return false;
        address = next;
    }
    return true;
}

/* Whether the model's own bytes of the page are together one of the guesses. */
static bool guessed(struct bench *bench, uint64_t address, const struct naive_page *page)
{
    for (unsigned i = 0; i < page->count; i++) {
        unsigned probe = 0;
        while (probe < NAIVE_PROBES &&
               pagelaw_byte(bench->model, address + naive_probe_offset(&bench->naive, probe)) ==
                   page->guess[i][probe])
            probe++;
        if (probe == NAIVE_PROBES)
            return true;
    }
    return false;
}

/* A value that the byte cannot have is refused. */
static bool refuses_others(struct bench *bench, uint64_t address, uint8_t value)
{
    while (naive_byte_allowed(&bench->naive, address, value))
        value++;
    if (!pagelaw_byte_allowed(bench->model, address, value))
        return true;
    return bench_differs(bench, "byte at %" PRIx64 " may be %02x by the model", address, value);
}

bool bench_same_contents(struct bench *bench, uint64_t address, uint8_t other)
{
    const struct naive_page *page = naive_at(&bench->naive, address);
    if (page == NULL || !page->committed || page->anything)
        return true;
    if (!guessed(bench, address, page))
        return bench_differs(bench, "contents of the page at %" PRIx64, address);
    for (unsigned probe = 0; probe < NAIVE_PROBES; probe++) {
        uint64_t at = address + naive_probe_offset(&bench->naive, probe);
        if (!refuses_others(bench, at, other))
            return false;
    }
    return true;
}

static bool same_all_contents(struct bench *bench)
{
    uint32_t page = bench->naive.profile->page_size;
    for (size_t i = 0; i < bench->naive.page_count; i++) {
        if (!bench_same_contents(bench, bench->naive.origin + i * page, (uint8_t)i))
            return false;
    }
    return true;
}

bool bench_same_everything(struct bench *bench)
{
    const char *broken = pagelaw_check_invariants(bench->model);
    uint64_t next, page = bench->steps * 7 % bench->naive.page_count;
    if (broken != NULL)
        return bench_differs(bench, "invariant: %s", broken);
    if (bench->heap.fault != NULL)
        return bench_differs(bench, "%s", bench->heap.fault);
    page = bench->naive.origin + page * bench->naive.profile->page_size;
    return bench_same(bench, "charge", pagelaw_model_charge(bench->model),
                      naive_charge(&bench->naive)) &&
           bench_same(bench, "last error", pagelaw_get_last_error(bench->model),
                      bench->naive.last_error) &&
           same_space(bench) && same_query(bench, page, &next) &&
           ((bench->steps % 8 != 0 && !bench->thorough) || same_all_contents(bench));
}
