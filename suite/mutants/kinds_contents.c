/* Mutants of what pages hold. */
#include "answer.h"
#include "kept.h"
#include "pagelaw/constants.h"

#define JUNK 0xCC

static uint64_t first_of(const struct answer *answer)
{
    return answer->plan.base_freedom == PAGELAW_CHOSEN ? answer->plan.base
                                                       : answer->plan.affected_base;
}

static bool commits(const struct answer *answer)
{
    return plan_is_success(&answer->plan) && (answer->plan.effect == PAGELAW_COMMITS ||
                                              answer->plan.effect == PAGELAW_RESERVES_AND_COMMITS);
}

static bool not_zeroed(struct answer *answer)
{
    answer->stamp = JUNK;
    if (commits(answer))
        list_pages(answer->model, &answer->stamped, first_of(answer), answer->plan.affected_size,
                   false);
    return answer->stamped.count != 0;
}

static bool last_page_not_zeroed(struct answer *answer)
{
    uint64_t page = page_of(answer);
    answer->stamp = JUNK;
    if (commits(answer))
        list_pages(answer->model, &answer->stamped,
                   first_of(answer) + answer->plan.affected_size - page, page, false);
    return answer->stamped.count != 0;
}

static bool holds_something(struct pagelaw_model *model, uint64_t page)
{
    for (uint32_t i = 0; i < pagelaw_model_profile(model)->page_size; i++) {
        if (pagelaw_byte(model, page + i) != 0)
            return true;
    }
    return false;
}

/* The pages of a range that hold something hold zeros in the end. */
static bool lose(struct answer *answer, uint64_t base, uint64_t size)
{
    bool lost = false;
    list_pages(answer->model, &answer->stamped, base, size, true);
    for (unsigned i = 0; i < answer->stamped.count; i++)
        lost |= holds_something(answer->model, answer->stamped.pages[i]);
    return lost;
}

static bool takes_nothing(const struct answer *answer)
{
    return commits(answer) || answer->plan.effect == PAGELAW_PROTECTS;
}

static bool contents_lost(struct answer *answer)
{
    return takes_nothing(answer) && lose(answer, first_of(answer), answer->plan.affected_size);
}

static bool next_page_loses(struct answer *answer)
{
    return lose(answer, first_of(answer) + answer->plan.affected_size, page_of(answer));
}

static bool page_before_loses(struct answer *answer)
{
    return lose(answer, first_of(answer) - page_of(answer), page_of(answer));
}

static bool junk_after_reset(struct answer *answer)
{
    answer->stamp = JUNK;
    if (answer->plan.effect == PAGELAW_RESETS)
        list_pages(answer->model, &answer->stamped, first_of(answer), answer->plan.affected_size,
                   true);
    return answer->stamped.count != 0;
}

/* The next commit finds what the pages held when they were taken away. */
static bool contents_stay(struct answer *answer)
{
    struct page_list taken = {.count = 0};
    if (answer->plan.effect != PAGELAW_DECOMMITS && answer->plan.effect != PAGELAW_RELEASES)
        return false;
    list_pages(answer->model, &taken, first_of(answer), answer->plan.affected_size, true);
    for (unsigned i = 0; i < taken.count; i++)
        kept_add(answer->model, taken.pages[i]);
    return false; /* it shows when they are given back */
}

static bool refusal_loses(struct answer *answer)
{
    uint64_t page = page_of(answer);
    return lose(answer, answer->call.address / page * page, page);
}

static const struct kind list[] = {
    {"new pages hold junk", SITE_DONE, PAGELAW_CONTENTS, SHAPES_COMMIT, .answer = not_zeroed},
    {"last new page holds junk", SITE_DONE, PAGELAW_CONTENTS, SHAPES_COMMIT,
     .answer = last_page_not_zeroed},
    {"contents lost", SITE_DONE, PAGELAW_CONTENTS, SHAPE_COMMITS | SHAPE_PROTECTS,
     .answer = contents_lost},
    {"next page loses its contents", SITE_DONE, PAGELAW_CONTENTS, SHAPES_INSIDE,
     .answer = next_page_loses},
    {"page before loses its contents", SITE_DONE, PAGELAW_CONTENTS, SHAPES_INSIDE,
     .answer = page_before_loses},
    {"junk after the reset", SITE_DONE, PAGELAW_CONTENTS, SHAPE_RESETS, .answer = junk_after_reset},
    {"contents come back", SITE_DONE, PAGELAW_CONTENTS, SHAPE_DECOMMITS | SHAPE_RELEASES,
     .answer = contents_stay},
    {"contents lost", SITE_REFUSED, PAGELAW_CONTENTS, .answer = refusal_loses},
    {"new pages hold junk", OWN = PAGELAW_VA_ZEROED, .answer = not_zeroed},
    {"contents come back", OWN = PAGELAW_ST_GONE, .answer = contents_stay},
};

const struct kinds kinds_of_contents = {list, sizeof list / sizeof *list};
