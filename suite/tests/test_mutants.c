/* The mutants: that what `zig build mutate` counts is so. A part of the suite is enough. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "pagelaw/rules.h"
#include "pool.h"
#include "reasons.h"
#include "score.h"

#define FOLDER "release/"

static struct suite all, part;
static struct reach reach;
static struct mutant_list mutants;

/* Keeps the scenarios of the folder alone. */
static void open_part(void)
{
    char error[512];
    struct trial sound;
    cr_assert(suite_load(&all, error, sizeof error), "%s", error);
    part.items = calloc(all.count, sizeof *part.items);
    for (size_t i = 0; i < all.count; i++) {
        if (strncmp(all.items[i].scenario->path, FOLDER, strlen(FOLDER)) == 0)
            part.items[part.count++] = all.items[i];
    }
    cr_assert_geq(part.count, 10);
    cr_assert(trial_of_the_sound(&part, &reach, &sound));
    cr_assert(mutants_list(&mutants, &reach));
}

static void close_part(void)
{
    mutants_free(&mutants);
    free(part.items);
    suite_free(&all);
}

TestSuite(mutants, .init = open_part, .fini = close_part, .timeout = 120);

static const struct mutant *mutant_of(enum pagelaw_rule rule, const char *kind)
{
    for (size_t i = 0; i < mutants.count; i++) {
        if (mutants.all[i].rule == rule && strcmp(mutants.all[i].kind->name, kind) == 0)
            return &mutants.all[i];
    }
    cr_assert_fail("no mutant \"%s\" of %s", kind, pagelaw_rule_info(rule)->id);
    return NULL;
}

/* ---- Kinds that are none, for the tests ---- */

static bool does_nothing(struct answer *answer)
{
    (void)answer;
    return false;
}

/* Says that it did what the law forbids, and did nothing: no suite can see that. */
static bool only_says_so(struct answer *answer)
{
    (void)answer;
    return true;
}

static bool dies(struct answer *answer)
{
    (void)answer;
    _Exit(99); /* no signal: Criterion would take it for its own test's */
}

static const struct kind nothing = {"does nothing", SITE_OWN, .answer = does_nothing};
static const struct kind unseen = {"is not seen", SITE_OWN, .answer = only_says_so};
static const struct kind deadly = {"dies", SITE_OWN, .answer = dies};

static struct mutant made_up(const struct kind *kind)
{
    return (struct mutant){.rule = PAGELAW_VF_RELEASE_WHOLE, .kind = kind, .profiles = UINT32_MAX};
}

/* ---- Trials ---- */

/* A rule's own scenarios kill its mutant, and what is found names the rule. */
Test(mutants, a_dropped_check_is_seen_and_named)
{
    struct trial trial = {.ended = false};
    trial_run(&part, mutant_of(PAGELAW_VF_RELEASE_SIZE_ZERO, "check dropped"), &trial);
    cr_assert(trial.ended && trial.struck && trial.killed);
    cr_assert_eq(trial.blamed, PAGELAW_VF_RELEASE_SIZE_ZERO);
    cr_assert_gt(trial.line, 0);
    cr_assert_not_null(strstr(part.items[trial.scenario].scenario->path, FOLDER));
}

Test(mutants, another_error_and_a_boundary_are_seen)
{
    static const struct {
        enum pagelaw_rule rule;
        const char *kind;
    } rows[] = {
        {PAGELAW_VF_RELEASE_SIZE_ZERO, "another error"},
        {PAGELAW_VF_RELEASE_SIZE_ZERO, "size taken for 1 byte shorter"},
        {PAGELAW_VF_RELEASE_BASE, "address taken for 1 page lower"},
        {PAGELAW_VF_NOT_ALLOCATED, "another error"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trial trial = {.ended = false};
        trial_run(&part, mutant_of(rows[i].rule, rows[i].kind), &trial);
        cr_expect(trial.struck && trial.killed, "row %zu", i);
    }
}

Test(mutants, one_that_does_nothing_is_not_reached)
{
    struct mutant mutant = made_up(&nothing);
    struct trial trial = {.ended = false};
    trial_run(&part, &mutant, &trial);
    cr_assert(trial.ended && !trial.struck && !trial.killed);
}

/* ---- The score ---- */

static void read_back(FILE *file, char *text, size_t capacity)
{
    rewind(file);
    text[fread(text, 1, capacity - 1, file)] = 0;
    fclose(file);
}

Test(mutants, each_fate_is_counted_and_listed)
{
    static char text[65536];
    struct mutant some[] = {*mutant_of(PAGELAW_VF_RELEASE_SIZE_ZERO, "check dropped"),
                            made_up(&nothing), made_up(&unseen), made_up(&deadly)};
    struct mutant_list list = {.all = some, .count = sizeof some / sizeof *some};
    struct trial *trials = pool_run(&part, &list, 60, false);
    cr_assert_not_null(trials);
    struct score score = {.suite = &part, .mutants = &list, .trials = trials, .reach = &reach};
    score_count(&score);
    cr_expect_eq(score.all[FATE_KILLED], 2); /* who dies is seen as well */
    cr_expect_eq(score.dead, 1);
    cr_expect_eq(score.all[FATE_SURVIVED], 1);
    cr_expect_eq(score.all[FATE_NOT_REACHED], 1);
    cr_expect_float_eq(score_percent(&score), 66.7, 0.1);
    FILE *out = tmpfile();
    cr_assert_not_null(out);
    score_print(&score, true, out);
    read_back(out, text, sizeof text);
    cr_expect_not_null(strstr(text, "\nSurvived: 1\n  VF-RELEASE-WHOLE: is not seen\n"));
    cr_expect_not_null(strstr(text, "VF-RELEASE-SIZE-ZERO: check dropped\n      " FOLDER));
    cr_expect_not_null(strstr(text, "VF-RELEASE-WHOLE: dies\n      its process died or hung\n"));
    trials_free(trials, list.count);
}

/* A reason for a mutant that is not there would excuse nothing. */
Test(mutants, known_reasons_are_of_this_suite)
{
    struct trial sound;
    struct mutant_list every;
    static struct reach whole;
    unsigned excused = 0;
    cr_assert(trial_of_the_sound(&all, &whole, &sound));
    cr_assert(mutants_list(&every, &whole));
    for (size_t i = 0; i < every.count; i++)
        excused += reason_equivalent(&every.all[i]) != NULL;
    cr_expect_eq(excused, 2);
    mutants_free(&every);
}
