/* The rule book: its shape, and that every rule has scenarios or a reason why not. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/profile.h"
#include "pagelaw/rules.h"
#include "suite/builtin.h"
#include "suite/scenario.h"

#define WORD_MAX 64

static const struct pagelaw_rule_info *info_of(int rule)
{
    return pagelaw_rule_info((enum pagelaw_rule)rule);
}

/* ---- The scenarios ---- */

/* How many built-in scenarios name each rule. */
static void count_scenarios(unsigned counts[PAGELAW_RULE_END])
{
    memset(counts, 0, PAGELAW_RULE_END * sizeof *counts);
    for (size_t i = 0; i < builtin_scenario_count; i++) {
        const struct builtin_scenario *builtin = &builtin_scenarios[i];
        struct scenario_error error;
        struct scenario *scenario =
            scenario_parse(builtin->path, builtin->text, builtin->length, &error);
        cr_assert_not_null(scenario, "%s: %s", builtin->path, error.message);
        for (unsigned j = 0; j < scenario->rule_count; j++) {
            enum pagelaw_rule rule = pagelaw_rule_find(scenario->rules[j]);
            cr_expect_neq(rule, PAGELAW_NO_RULE, "%s names %s", builtin->path, scenario->rules[j]);
            counts[rule]++;
        }
        scenario_free(scenario);
    }
}

Test(rules, have_scenarios_or_a_reason_why_not)
{
    unsigned counts[PAGELAW_RULE_END];
    count_scenarios(counts);
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const struct pagelaw_rule_info *info = info_of(rule);
        cr_expect(counts[rule] != 0 || info->uncovered != NULL,
                  "%s has neither a scenario nor a reason", info->id);
        cr_expect(counts[rule] == 0 || info->uncovered == NULL,
                  "%s has %u scenarios and a reason why it has none", info->id, counts[rule]);
    }
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

Test(scenarios, are_many_and_short)
{
    cr_assert_geq(builtin_scenario_count, 500);
    for (size_t i = 0; i < builtin_scenario_count; i++) {
        const struct builtin_scenario *builtin = &builtin_scenarios[i];
        cr_expect_leq(count_lines(builtin->text), 40, "%s", builtin->path);
    }
}

/* ---- What the book says ---- */

static void check_prose(const char *id, const char *what, const char *text)
{
    if (text == NULL)
        return;
    size_t length = strlen(text);
    cr_expect(length > 10 && text[length - 1] == '.', "%s, %s: \"%s\"", id, what, text);
    cr_expect_null(strstr(text, "  "), "%s, %s: two spaces", id, what);
}

Test(rules, tell_their_reasons_and_contradictions_in_sentences)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const struct pagelaw_rule_info *info = info_of(rule);
        check_prose(info->id, "uncovered", info->uncovered);
        check_prose(info->id, "contradiction", info->contradiction);
        cr_expect(info->versions == NULL || strlen(info->versions) > 5, "%s", info->id);
    }
}

/* A word of capitals with a dash, "VA-COMMIT-NULL", that is not the name of a document. */
static bool is_id(const char *word)
{
    for (const char *c = word; *c != '\0'; c++) {
        if (!isupper((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-')
            return false;
    }
    return strchr(word, '-') != NULL && strncmp(word, "MS-", 3) != 0;
}

static void check_word(const char *id, const char *word)
{
    cr_expect(!is_id(word) || pagelaw_rule_find(word) != PAGELAW_NO_RULE, "%s: no rule %s", id,
              word);
    cr_expect(strncmp(word, "windows-", 8) != 0 || pagelaw_profile_find(word) != NULL,
              "%s: no profile %s", id, word);
}

static void check_words(const char *id, const char *text)
{
    static const char marks[] = " .,;:()[]`'";
    for (text += strspn(text, marks); *text != '\0'; text += strspn(text, marks)) {
        char word[WORD_MAX];
        size_t length = strcspn(text, marks);
        cr_assert_lt(length, sizeof word, "%s", text);
        memcpy(word, text, length);
        word[length] = '\0';
        check_word(id, word);
        text += length;
    }
}

Test(rules, name_only_rules_and_profiles_that_there_are)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const struct pagelaw_rule_info *info = info_of(rule);
        if (info->contradiction != NULL)
            check_words(info->id, info->contradiction);
        if (info->uncovered != NULL)
            check_words(info->id, info->uncovered);
    }
}

Test(rules, of_one_area_stand_together)
{
    const char *areas[64];
    size_t count = 0;
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const char *area = pagelaw_rule_area((enum pagelaw_rule)rule);
        cr_assert_gt(strlen(area), 0, "%s", info_of(rule)->id);
        if (count != 0 && strcmp(areas[count - 1], area) == 0)
            continue;
        for (size_t i = 0; i < count; i++)
            cr_expect_str_neq(areas[i], area, "%s comes twice", area);
        cr_assert_lt(count, sizeof areas / sizeof *areas);
        areas[count++] = area;
    }
    cr_assert_gt(count, 5);
}

Test(rules, know_what_is_outside_the_book)
{
    size_t count = 0;
    const struct pagelaw_outside *outside;
    for (; (outside = pagelaw_outside_at(count)) != NULL; count++) {
        cr_expect_gt(strlen(outside->subject), 5);
        cr_expect_gt(strlen(outside->facts), 20, "%s", outside->subject);
        check_prose(outside->subject, "reason", outside->reason);
    }
    cr_assert_gt(count, 5);
    cr_assert_null(pagelaw_outside_at(count + 1));
}
