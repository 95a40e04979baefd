/* Making what differs as short and as simple as it can be. */
#include <string.h>

#include "pagelaw/constants.h"
#include "trier.h"

#define ROUNDS_MAX 40

static bool is_same(const struct verdict_of *one, const struct verdict_of *other)
{
    return one->verdict >= VERDICT_DIFFER && strcmp(one->rule, other->rule) == 0 &&
           (one->rule[0] != '\0' || one->verdict == other->verdict);
}

/* Tries them; the first that shows the same becomes the story. */
static bool adopt_first(struct trier *trier, struct story *story, struct verdict_of *of,
                        size_t count, bool *better, char *error, size_t capacity)
{
    *better = false;
    if (count == 0)
        return true;
    if (!trier_run(trier, trier->tries, count, error, capacity))
        return false;
    for (size_t i = 0; i < count && !*better; i++) {
        if (!is_same(&trier->verdicts[i], of))
            continue;
        *of = trier->verdicts[i];
        *story = trier->tries[i];
        if (story->count != 0)
            story->count = of->act + 1; /* what comes after says nothing */
        *better = true;
    }
    return true;
}

/* Large pieces first, then single acts, the newest first. The last act is the one that shows it. */
static size_t shorter_ones(struct trier *trier, const struct story *story)
{
    size_t count = 0;
    unsigned before = story->count - 1;
    for (unsigned piece = before; piece > 0; piece /= 2) {
        for (unsigned at = before; at >= piece && count < TRIES_MAX; at -= piece) {
            struct story *try = &trier->tries[count++];
            *try = *story;
            memmove(&try->acts[at - piece], &try->acts[at],
                    (story->count - at) * sizeof *try->acts);
            try->count -= piece;
        }
    }
    return count;
}

static void add_try(struct trier *trier, size_t *count, const struct story *story, unsigned at,
                    struct act act)
{
    if (*count == TRIES_MAX || memcmp(&act, &story->acts[at], sizeof act) == 0)
        return;
    trier->tries[*count] = *story;
    trier->tries[(*count)++].acts[at] = act;
}

/* Each argument simpler by itself; only what becomes less is simpler, so that it comes to an end.
 */
static size_t simpler_ones(struct trier *trier, const struct story *story)
{
    uint64_t page = trier->alphabet->page;
    size_t count = 0;
    for (unsigned i = 0; i < story->count; i++) {
        const struct act *old = &story->acts[i];
        const uint64_t places[] = {0, page, old->address / page * page};
        const uint64_t sizes[] = {page, 2 * page};
        struct act act = *old;
        bool ranged = operation_info(old->operation)->arguments[1] == ARGUMENT_SIZE &&
                      old->operation != OP_VIRTUAL_QUERY && old->operation != OP_NT_QUERY;
        for (size_t j = 0; j < 3; j++, act = *old)
            if (old->anchor == ANCHOR_HOLE && places[j] < old->address) {
                act.address = places[j];
                add_try(trier, &count, story, i, act);
            }
        for (size_t j = 0; ranged && j < 2; j++, act = *old)
            if (old->size > sizes[j]) {
                act.size = sizes[j];
                add_try(trier, &count, story, i, act);
            }
        if (old->type == (MEM_RESERVE | MEM_COMMIT)) {
            act.type = MEM_RESERVE;
            add_try(trier, &count, story, i, act);
            act = *old;
        }
        if (old->protect != PAGE_READWRITE && old->protect != 0) {
            act.protect = PAGE_READWRITE;
            add_try(trier, &count, story, i, act);
        }
    }
    return count;
}

bool trier_shrink(struct trier *trier, struct story *story, struct verdict_of *of, char *error,
                  size_t capacity)
{
    bool better = true;
    for (int round = 0; better && round < ROUNDS_MAX; round++) {
        size_t count = shorter_ones(trier, story);
        if (!adopt_first(trier, story, of, count, &better, error, capacity))
            return false;
        if (better)
            continue;
        count = simpler_ones(trier, story);
        if (!adopt_first(trier, story, of, count, &better, error, capacity))
            return false;
    }
    return true;
}
