/* The full text: every scenario that did not simply agree, with its transcript. */
#include "parts.h"

#include <limits.h>
#include <string.h>

/* Through the last difference. It has no frame and is not wrapped, so that it can be pasted back as
 * a scenario. */
static void put_transcript(struct page *page, const struct result_scenario *scenario)
{
    if (scenario->difference_count == 0)
        return;
    const struct result_difference *last = &scenario->differences[scenario->difference_count - 1];
    const char *text = last->transcript != NULL ? last->transcript : scenario->transcript;
    unsigned lines = last->transcript != NULL ? UINT_MAX : last->transcript_lines;
    page_put(page, INK_QUIET, "  what came back, step by step:");
    page_end_line(page);
    page_margin(page, "    ");
    for (; lines > 0 && *text != '\0'; lines--) {
        size_t length = strcspn(text, "\n");
        page_put_part(page, INK_PLAIN, text, length);
        page_end_line(page);
        text += length + (text[length] == '\n');
    }
    page_margin(page, "");
}

static void put_scenario(struct page *page, const struct result *result,
                         const struct result_scenario *scenario)
{
    page_blank(page);
    part_title(page, scenario);
    for (unsigned i = 0; i < scenario->difference_count; i++)
        part_difference(page, scenario, &scenario->differences[i], NULL);
    if (scenario->difference_count == 0)
        part_place(page, scenario, 0);
    part_reason(page, scenario);
    part_again(page, result, scenario);
    put_transcript(page, scenario);
}

static void put_verdict(struct page *page, const struct result *result, enum verdict verdict,
                        size_t count)
{
    if (count == 0)
        return;
    part_heading(page, part_verdict_ink(verdict), report_verdict_word(verdict), ": ", count);
    for (size_t i = 0; i < result->scenario_count; i++) {
        if (result->scenarios[i].verdict == verdict)
            put_scenario(page, result, &result->scenarios[i]);
    }
}

static void put_reason(struct page *page, const struct group *group)
{
    page_blank(page);
    page_flow(page, INK_STRONG, group->items[0].key);
    page_end_line(page);
    page_margin(page, "  ");
    for (size_t i = 0; i < group->item_count; i++) {
        part_where(page, group->items[i].scenario, 0);
        page_end_line(page);
    }
    page_margin(page, "");
}

static void put_reasons(struct page *page, const struct groups *groups)
{
    if (groups->group_count == 0)
        return;
    part_heading(page, INK_DOUBT, report_verdict_word(VERDICT_UNSUPPORTED), ": ",
                 groups->scenario_count);
    for (size_t i = 0; i < groups->group_count; i++)
        put_reason(page, &groups->groups[i]);
}

static void put_unspecified(struct page *page, const struct result *result, size_t count)
{
    if (count == 0)
        return;
    part_heading(page, INK_PLAIN, report_verdict_word(VERDICT_UNSPECIFIED), ": ", count);
    page_blank(page);
    page_margin(page, "  ");
    for (size_t i = 0; i < result->scenario_count; i++) {
        if (result->scenarios[i].verdict != VERDICT_UNSPECIFIED)
            continue;
        part_where(page, &result->scenarios[i], 0);
        page_end_line(page);
    }
    page_margin(page, "");
}

bool full_body(struct page *page, const struct result *result, const struct tally *tally)
{
    static const enum verdict told[] = {VERDICT_CRASHED, VERDICT_TIMED_OUT, VERDICT_DIFFER,
                                        VERDICT_KNOWN};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        put_verdict(page, result, told[i], tally->counts[told[i]]);
    struct groups groups;
    if (!groups_by_reason(&groups, result, VERDICT_UNSUPPORTED))
        return false;
    put_reasons(page, &groups);
    groups_destroy(&groups);
    put_unspecified(page, result, tally->counts[VERDICT_UNSPECIFIED]);
    return true;
}
