/* The cells of the matrix: what the scenarios of a rule say of a subject. */
#include <string.h>

#include "site.h"

static bool names(const struct result_scenario *scenario, const char *id)
{
    for (unsigned i = 0; i < scenario->rule_count; i++) {
        if (strcmp(scenario->rules[i], id) == 0)
            return true;
    }
    return false;
}

/* What of a scenario's differences is by the rule: unknown ones weigh more. */
static enum cell_kind kind_of_findings(const struct result_scenario *scenario, const char *id)
{
    enum cell_kind kind = CELL_NONE;
    for (unsigned i = 0; i < scenario->difference_count; i++) {
        const struct result_difference *difference = &scenario->differences[i];
        for (unsigned f = 0; f < difference->finding_count; f++) {
            const struct result_finding *finding = &difference->findings[f];
            if (strcmp(finding->rule.id, id) != 0)
                continue;
            if (finding->standing != STANDING_KNOWN && scenario->verdict != VERDICT_KNOWN)
                return CELL_DIFFER;
            kind = CELL_KNOWN;
        }
    }
    return kind;
}

static enum cell_kind kind_of(const struct result_scenario *scenario, const char *id)
{
    enum cell_kind kind = kind_of_findings(scenario, id);
    if (!names(scenario, id) || (kind != CELL_NONE && scenario->verdict < VERDICT_CRASHED))
        return kind;
    if (scenario->verdict == VERDICT_DIFFER || scenario->verdict == VERDICT_KNOWN)
        return CELL_ELSEWHERE;
    return cell_of_verdict(scenario->verdict);
}

/* Which of two kinds says more: what went wrong before what went well, and that before the rest. */
static unsigned weight(enum cell_kind kind)
{
    static const unsigned weights[] = {
        [CELL_NONE] = 0,        [CELL_UNSUPPORTED] = 1, [CELL_ELSEWHERE] = 2,
        [CELL_UNSPECIFIED] = 3, [CELL_AGREE] = 4,       [CELL_KNOWN] = 5,
        [CELL_DIFFER] = 6,      [CELL_CRASHED] = 7,     [CELL_TIMED_OUT] = 8,
    };
    return weights[kind];
}

static struct site_cell cell_of(const struct site *site, const struct site_rule *rule,
                                size_t subject)
{
    struct site_cell cell = {.kind = CELL_NONE};
    for (size_t i = 0; i < rule->scenario_count; i++) {
        const struct result_scenario *on = site->scenarios[rule->scenarios[i]].on[subject];
        enum cell_kind kind = on == NULL ? CELL_NONE : kind_of(on, rule->id);
        if (kind == CELL_NONE)
            continue;
        cell.total++;
        if (weight(kind) > weight(cell.kind)) {
            cell.kind = kind;
            cell.count = 0;
            cell.scenario = i;
        }
        if (kind == cell.kind)
            cell.count++;
    }
    return cell;
}

/* Whether a difference of this subject says that a document is wrong: of a Windows it does on a
 * documented rule, and of the model of one that is held to the documents alone. */
static bool refutes(const struct result *result, const struct site_rule *rule)
{
    if (strcmp(result->backend, "model") == 0)
        return strncmp(result->subject, "model:windows-", 14) == 0 &&
               strncmp(result->profile, "documented", 10) == 0;
    return strncmp(result->system, "Windows ", 8) == 0 && strcmp(result->backend, "win32") == 0 &&
           strcmp(rule->grade, "documented") == 0;
}

static void fill_rule(const struct site *site, struct site_rule *rule)
{
    for (size_t i = 0; i < site->subject_count; i++) {
        rule->cells[i] = cell_of(site, rule, i);
        if (!cell_differs(&rule->cells[i]))
            continue;
        rule->differing++;
        if (refutes(site->subjects[i].result, rule))
            rule->refuted = true;
    }
    for (size_t i = 0; i < rule->scenario_count; i++)
        rule->apart = rule->apart || site->scenarios[rule->scenarios[i]].behaviour_count > 1;
}

void site_fill_cells(struct site *site)
{
    for (size_t i = 0; i < site->rule_count; i++)
        fill_rule(site, &site->rules[i]);
}
