/* What came of all mutants: counted, and printed. */
#include "score.h"

#include <string.h>

#include "pagelaw/rules.h"
#include "reasons.h"

static enum fate fate_of(const struct score *score, size_t index)
{
    const struct trial *trial = &score->trials[index];
    if (trial->killed || !trial->ended)
        return FATE_KILLED;
    if (!trial->struck)
        return FATE_NOT_REACHED;
    return reason_equivalent(&score->mutants->all[index]) != NULL ? FATE_EQUIVALENT : FATE_SURVIVED;
}

void score_count(struct score *score)
{
    for (size_t i = 0; i < score->mutants->count; i++) {
        const struct trial *trial = &score->trials[i];
        enum fate fate = fate_of(score, i);
        score->by_rule[score->mutants->all[i].rule][fate]++;
        score->all[fate]++;
        score->named += trial->killed && trial->blamed == score->mutants->all[i].rule;
        score->dead += !trial->ended;
    }
}

double score_percent(const struct score *score)
{
    unsigned reached = score->all[FATE_KILLED] + score->all[FATE_SURVIVED];
    return reached == 0 ? 0 : 100.0 * score->all[FATE_KILLED] / reached;
}

/* ---- Mutants ---- */

static const char *id_of(enum pagelaw_rule rule)
{
    return pagelaw_rule_info(rule)->id;
}

static void print_mutant(const struct mutant *mutant, FILE *out)
{
    fprintf(out, "  %s: %s", id_of(mutant->rule), mutant->kind->name);
    if (mutant->kind->site == SITE_REFUSED && mutant->kind->aspect != PAGELAW_ANSWER)
        fputs(", of a call that fails", out);
    if (mutant->kind->site == SITE_ORDER)
        fprintf(out, ", %s before %s", id_of(mutant->later), id_of(mutant->first));
    else if (mutant->first != PAGELAW_NO_RULE)
        fprintf(out, ", of a call that %s refuses", id_of(mutant->first));
    if (mutant->row != 0)
        fprintf(out, " for status 0x%08X", (unsigned)mutant->row);
    fputc('\n', out);
}

static void print_killer(const struct score *score, const struct trial *trial, FILE *out)
{
    if (!trial->ended) {
        fputs("      its process died or hung\n", out);
        return;
    }
    fprintf(out, "      %s:%d", score->suite->items[trial->scenario].scenario->path, trial->line);
    if (trial->blamed != PAGELAW_NO_RULE)
        fprintf(out, " by %s", id_of(trial->blamed));
    fprintf(out, " as %s\n", pagelaw_profile_at(trial->profile)->name);
}

static void print_fate(const struct score *score, enum fate fate, const char *title, FILE *out)
{
    fprintf(out, "\n%s: %u\n", title, score->all[fate]);
    for (size_t i = 0; i < score->mutants->count; i++) {
        const struct mutant *mutant = &score->mutants->all[i];
        if (fate_of(score, i) != fate)
            continue;
        print_mutant(mutant, out);
        if (fate == FATE_KILLED)
            print_killer(score, &score->trials[i], out);
        if (fate == FATE_EQUIVALENT)
            fprintf(out, "      %s\n", reason_equivalent(mutant));
    }
}

/* ---- Rules ---- */

static bool is_broken(const struct score *score, enum pagelaw_rule rule)
{
    return score->by_rule[rule][FATE_KILLED] + score->by_rule[rule][FATE_SURVIVED] != 0;
}

static const char *why_not(const struct score *score, enum pagelaw_rule rule)
{
    const char *reason = reason_unreachable(rule);
    if (reason != NULL)
        return reason;
    if (pagelaw_rule_info(rule)->uncovered != NULL)
        return pagelaw_rule_info(rule)->uncovered;
    if (score->reach->open[rule] != 0)
        return "Only calls that no source settles come to it.";
    return score->by_rule[rule][FATE_NOT_REACHED] != 0 ? "What it says leaves every answer open."
                                                       : "No scenario comes to it.";
}

static void print_rules(const struct score *score, FILE *out)
{
    fputs("\nrule                      killed  survived  not reached  equivalent\n", out);
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const unsigned *count = score->by_rule[rule];
        fprintf(out, "%-24s %7u %9u %12u %11u\n", id_of((enum pagelaw_rule)rule),
                count[FATE_KILLED], count[FATE_SURVIVED], count[FATE_NOT_REACHED],
                count[FATE_EQUIVALENT]);
    }
}

/* How many rules no mutant breaks for this reason. */
static unsigned count_reason(const struct score *score, const char *reason)
{
    unsigned count = 0;
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++)
        count += !is_broken(score, (enum pagelaw_rule)rule) &&
                 strcmp(why_not(score, (enum pagelaw_rule)rule), reason) == 0;
    return count;
}

/* Each reason once, with the number of its rules: where its first rule stands. */
static void print_reasons(const struct score *score, FILE *out)
{
    for (int i = PAGELAW_NO_RULE + 1; i < PAGELAW_RULE_END; i++) {
        enum pagelaw_rule rule = (enum pagelaw_rule)i;
        bool first = !is_broken(score, rule);
        for (int j = PAGELAW_NO_RULE + 1; j < i && first; j++)
            first = is_broken(score, (enum pagelaw_rule)j) ||
                    strcmp(why_not(score, rule), why_not(score, (enum pagelaw_rule)j)) != 0;
        if (first)
            fprintf(out, "  %2u  %s\n", count_reason(score, why_not(score, rule)),
                    why_not(score, rule));
    }
}

static unsigned print_unbroken(const struct score *score, FILE *out)
{
    unsigned count = 0;
    for (int i = PAGELAW_NO_RULE + 1; i < PAGELAW_RULE_END; i++) {
        enum pagelaw_rule rule = (enum pagelaw_rule)i;
        if (is_broken(score, rule))
            continue;
        count++;
        if (out != NULL)
            fprintf(out, "  %s: %s\n", id_of(rule), why_not(score, rule));
    }
    return count;
}

void score_print(const struct score *score, bool full, FILE *out)
{
    unsigned rules = PAGELAW_RULE_END - 1, unbroken = print_unbroken(score, NULL);
    fprintf(out,
            "%u of %u rules broken in %u ways that the suite reaches: %u killed, %u survived\n",
            rules - unbroken, rules, score->all[FATE_KILLED] + score->all[FATE_SURVIVED],
            score->all[FATE_KILLED], score->all[FATE_SURVIVED]);
    fprintf(out, "Score %.1f %%, wanted %.0f %%. The difference named the broken rule in %u.\n",
            score_percent(score), SCORE_LEAST, score->named);
    if (score->dead != 0)
        fprintf(out, "The processes of %u mutants died or hung.\n", score->dead);
    if (full)
        print_rules(score, out);
    print_fate(score, FATE_SURVIVED, "Survived", out);
    if (full || score->all[FATE_EQUIVALENT] != 0)
        print_fate(score, FATE_EQUIVALENT, "Equivalent to the sound model, not counted", out);
    fprintf(out, "\nRules that no mutant breaks: %u\n", unbroken);
    if (!full) {
        print_reasons(score, out);
        return;
    }
    print_unbroken(score, out);
    print_fate(score, FATE_NOT_REACHED, "Mutants that never did what the law forbids, not counted",
               out);
    print_fate(score, FATE_KILLED, "Killed", out);
}
