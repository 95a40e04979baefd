/* The short text: what a screen or two can hold, by rule. */
#include "parts.h"

#include <string.h>

#include "words.h"

#define ENDED_MAX 2       /* scenarios that crashed, or timed out, told with a call */
#define ENDED_LINES_MAX 6 /* further ones, a line each */
#define RULES_MAX 4       /* rules told with a call */
#define RULE_LINES_MAX 12 /* further ones, a line each */
#define OTHERS_MAX 3      /* scenarios of a rule beyond the first, a line each */
#define REASONS_MAX 12

/* ---- Crashed and timed out ------------------------------------------------------------------- */

static void put_ended(struct page *page, const struct result *result,
                      const struct result_scenario *scenario)
{
    const struct result_difference *end = part_end(scenario);
    page_blank(page);
    part_title(page, scenario);
    if (end != NULL)
        part_difference(page, scenario, end, NULL);
    else
        part_place(page, scenario, 0);
    part_reason(page, scenario);
    part_again(page, result, scenario);
}

static void put_ended_line(struct page *page, const struct result_scenario *scenario)
{
    const struct result_difference *end = part_end(scenario);
    part_where(page, scenario, end != NULL ? end->line : 0);
    page_put(page, INK_PLAIN, "  ");
    page_cut(page, INK_PLAIN, scenario->reason != NULL ? scenario->reason : "");
    page_end_line(page);
}

static void put_verdict(struct page *page, const struct result *result, enum verdict verdict,
                        size_t count)
{
    if (count == 0)
        return;
    part_heading(page, part_verdict_ink(verdict), report_verdict_word(verdict), ": ", count);
    size_t shown = 0;
    for (size_t i = 0; i < result->scenario_count && shown < ENDED_MAX + ENDED_LINES_MAX; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        if (scenario->verdict != verdict)
            continue;
        if (shown == ENDED_MAX)
            page_blank(page);
        if (shown < ENDED_MAX)
            put_ended(page, result, scenario);
        else
            put_ended_line(page, scenario);
        shown++;
    }
    part_more(page, count, shown);
}

/* ---- Differences by rule --------------------------------------------------------------------- */

/* A scenario's further differences by the same rule add nothing. */
static bool is_shown(const struct group *group, size_t i)
{
    return i > 0 && group->items[i].scenario != group->items[i - 1].scenario;
}

/* Where, and what came back; of what, if that is not the same as in the scenario told above. */
static void put_other(struct page *page, const struct group_item *item,
                      const struct group_item *told, unsigned column)
{
    const struct result_finding *finding = &item->difference->findings[0];
    part_where(page, item->scenario, item->difference->line);
    page_tab(page, column);
    if (strcmp(finding->what, told->difference->findings[0].what) != 0) {
        page_put(page, INK_PLAIN, finding->what);
        page_put(page, INK_PLAIN, ": ");
    }
    page_cut(page, INK_WRONG, finding->observed);
    page_end_line(page);
}

static unsigned widest_place(const struct group *group)
{
    unsigned width = 0;
    size_t shown = 0;
    for (size_t i = 0; i < group->item_count && shown < OTHERS_MAX; i++) {
        const struct group_item *item = &group->items[i];
        if (!is_shown(group, i))
            continue;
        unsigned columns = part_where_columns(item->scenario, item->difference->line);
        width = columns > width ? columns : width;
        shown++;
    }
    return width;
}

static void put_others(struct page *page, const struct group *group)
{
    if (group->scenario_count == 1)
        return;
    page_margin(page, "         ");
    page_first(page, "      =  ");
    page_put(page, INK_PLAIN, "also broken in, with what came back:");
    page_end_line(page);
    unsigned column = 9 + widest_place(group) + 2;
    size_t shown = 0;
    for (size_t i = 0; i < group->item_count && shown < OTHERS_MAX; i++) {
        if (!is_shown(group, i))
            continue;
        put_other(page, &group->items[i], group->items, column);
        shown++;
    }
    part_more(page, group->scenario_count - 1, shown);
    page_margin(page, "");
}

static void put_group(struct page *page, const struct result *result, const struct group *group)
{
    const struct group_item *item = &group->items[0];
    page_blank(page);
    page_put(page, INK_WRONG, item->key);
    page_put(page, INK_STRONG, ": ");
    page_flow(page, INK_STRONG, item->rule->sentence);
    page_end_line(page);
    part_difference(page, item->scenario, item->difference, item->key);
    part_again(page, result, item->scenario);
    put_others(page, group);
}

static void put_group_line(struct page *page, const struct group *group)
{
    page_put(page, INK_WRONG, group->items[0].key);
    page_put(page, INK_PLAIN, ", ");
    page_put(page, INK_PLAIN, words_count(group->scenario_count, "scenario").text);
    page_put(page, INK_PLAIN, ": ");
    page_cut(page, INK_PLAIN, group->items[0].rule->sentence);
    page_end_line(page);
}

static void put_groups(struct page *page, const struct result *result, const struct groups *groups)
{
    if (groups->group_count == 0)
        return;
    struct words rules = words_count(groups->group_count, "rule");
    part_heading(page, INK_WRONG, rules.text, " broken in ", groups->scenario_count);
    size_t shown = 0;
    for (; shown < groups->group_count && shown < RULES_MAX; shown++)
        put_group(page, result, &groups->groups[shown]);
    if (shown < groups->group_count)
        page_blank(page);
    for (; shown < groups->group_count && shown < RULES_MAX + RULE_LINES_MAX; shown++)
        put_group_line(page, &groups->groups[shown]);
    part_more(page, groups->group_count, shown);
}

/* ---- Unsupported ----------------------------------------------------------------------------- */

static void put_reasons(struct page *page, const struct groups *groups)
{
    if (groups->group_count == 0)
        return;
    part_heading(page, INK_DOUBT, report_verdict_word(VERDICT_UNSUPPORTED), ": ",
                 groups->scenario_count);
    size_t shown = 0;
    for (; shown < groups->group_count && shown < REASONS_MAX; shown++) {
        page_put_right(page, 5, INK_DOUBT, words_number(groups->groups[shown].item_count).text);
        page_tab(page, 7);
        page_flow(page, INK_PLAIN, groups->groups[shown].items[0].key);
        page_end_line(page);
    }
    part_more(page, groups->group_count, shown);
}

bool short_body(struct page *page, const struct result *result, const struct tally *tally)
{
    struct groups groups;
    put_verdict(page, result, VERDICT_CRASHED, tally->counts[VERDICT_CRASHED]);
    put_verdict(page, result, VERDICT_TIMED_OUT, tally->counts[VERDICT_TIMED_OUT]);
    if (!groups_by_rule(&groups, result))
        return false;
    put_groups(page, result, &groups);
    groups_destroy(&groups);
    if (!groups_by_reason(&groups, result, VERDICT_UNSUPPORTED))
        return false;
    put_reasons(page, &groups);
    groups_destroy(&groups);
    return true;
}
