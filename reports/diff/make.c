/* What changed between two results. */
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "report_diff.h"
#include "tally.h"

/* The findings of a result in the order in which its entries count them; NULL for the end of a
 * scenario. */
struct findings {
    const struct result_finding **all;
    size_t count;
};

/* One of the two results, with what is looked up in it. */
struct side {
    const struct result *result;
    struct entries entries;
    struct findings findings;
    const struct result_scenario **scenarios; /* by path */
    size_t *partner;
};

struct diff_memory {
    struct side then, now;
    struct change *changes;
    struct uncompared *uncompared;
};

static bool collect_findings(struct findings *findings, const struct result *result, size_t count)
{
    findings->all = calloc(count + 1, sizeof *findings->all);
    if (findings->all == NULL)
        return false;
    for (size_t i = 0; i < result->scenario_count; i++) {
        const struct result_scenario *scenario = &result->scenarios[i];
        for (unsigned j = 0; j < scenario->difference_count; j++) {
            for (unsigned k = 0; k < scenario->differences[j].finding_count; k++)
                findings->all[findings->count++] = &scenario->differences[j].findings[k];
        }
        findings->count += scenario_has_ended(scenario);
    }
    return true;
}

static bool side_make(struct side *side, const struct result *result)
{
    side->result = result;
    if (!entries_of_result(&side->entries, result) ||
        !collect_findings(&side->findings, result, side->entries.count))
        return false;
    side->scenarios = scenarios_by_path(result);
    side->partner = calloc(side->entries.count + 1, sizeof *side->partner);
    return side->scenarios != NULL && side->partner != NULL;
}

static void side_free(struct side *side)
{
    entries_free(&side->entries);
    free(side->findings.all);
    free(side->scenarios);
    free(side->partner);
}

static const struct result_scenario *find(const struct side *side, const char *path)
{
    return scenario_find(side->scenarios, side->result->scenario_count, path);
}

/* ---- Differences ---- */

static void add_change(struct result_diff *diff, struct diff_memory *memory, enum change_kind kind,
                       const struct listed *then, const struct listed *now)
{
    const struct result_finding *finding = now != NULL ? memory->now.findings.all[now->origin]
                                                       : memory->then.findings.all[then->origin];
    memory->changes[diff->change_count++] =
        (struct change){.kind = kind,
                        .then = then != NULL ? &then->entry : NULL,
                        .now = now != NULL ? &now->entry : NULL,
                        .allowed = finding != NULL ? finding->allowed : "",
                        .rule = finding != NULL ? &finding->rule : NULL};
    diff->counts[kind]++;
}

/* What only one of them has is a change if the other one came that far. */
static void compare_entries(struct result_diff *diff, struct diff_memory *memory)
{
    const struct entries *then = &memory->then.entries, *now = &memory->now.entries;
    for (size_t i = 0; i < then->count; i++) {
        const struct listed *entry = &then->all[i];
        size_t partner = memory->then.partner[i];
        if (partner != ENTRY_ALONE) {
            const struct listed *other = &now->all[partner];
            if (strcmp(entry->entry.value, other->entry.value) == 0)
                diff->same++;
            else
                add_change(diff, memory, CHANGE_VALUE, entry, other);
        } else if (entry_is_judged(&entry->entry, find(&memory->now, entry->entry.path))) {
            add_change(diff, memory, CHANGE_GONE, entry, NULL);
        }
    }
    for (size_t i = 0; i < now->count; i++) {
        const struct listed *entry = &now->all[i];
        if (memory->now.partner[i] == ENTRY_ALONE &&
            entry_is_judged(&entry->entry, find(&memory->then, entry->entry.path)))
            add_change(diff, memory, CHANGE_APPEARED, NULL, entry);
    }
}

static int by_rule(const void *a, const void *b)
{
    const struct result_entry *one = change_entry(a), *other = change_entry(b);
    int order = strcmp(one->rule, other->rule);
    if (order == 0)
        order = entry_compare_keys(one, other);
    if (order == 0)
        order = strcmp(one->value, other->value);
    return order;
}

/* ---- Scenarios ---- */

static void add_uncompared(struct result_diff *diff, struct diff_memory *memory, const char *path,
                           const char *why)
{
    memory->uncompared[diff->uncompared_count++] = (struct uncompared){path, why};
}

static bool is_unsupported(const struct result_scenario *scenario)
{
    return scenario->verdict == VERDICT_UNSUPPORTED;
}

static bool both_explored(const struct result_diff *diff)
{
    return tally_is_of_exploration(diff->then) && tally_is_of_exploration(diff->now);
}

static void compare_scenarios(struct result_diff *diff, struct diff_memory *memory)
{
    const bool explored = both_explored(diff);
    for (size_t i = 0; i < diff->then->scenario_count; i++) {
        const struct result_scenario *then = memory->then.scenarios[i];
        const struct result_scenario *now = find(&memory->now, then->path);
        if (now == NULL)
            add_uncompared(diff, memory, then->path,
                           explored ? "only the old exploration found it"
                                    : "it is in the old result only");
        else if (is_unsupported(then) != is_unsupported(now))
            add_uncompared(diff, memory, then->path,
                           is_unsupported(now) ? "it is unsupported in the new result only"
                                               : "it is unsupported in the old result only");
    }
    for (size_t i = 0; i < diff->now->scenario_count; i++) {
        const struct result_scenario *now = memory->now.scenarios[i];
        if (find(&memory->then, now->path) == NULL)
            add_uncompared(diff, memory, now->path,
                           explored ? "only the new exploration found it"
                                    : "it is in the new result only");
    }
}

static bool same_suite(const struct result_suite *then, const struct result_suite *now)
{
    return strcmp(then->hash, now->hash) == 0 && then->scenario_count == now->scenario_count;
}

static bool make(struct result_diff *diff, struct diff_memory *memory)
{
    size_t scenarios = diff->then->scenario_count + diff->now->scenario_count;
    if (!side_make(&memory->then, diff->then) || !side_make(&memory->now, diff->now))
        return false;
    size_t entries = memory->then.entries.count + memory->now.entries.count;
    memory->changes = calloc(entries + 1, sizeof *memory->changes);
    memory->uncompared = calloc(scenarios + 1, sizeof *memory->uncompared);
    if (memory->changes == NULL || memory->uncompared == NULL)
        return false;
    entries_match(&memory->then.entries, &memory->now.entries, memory->then.partner,
                  memory->now.partner);
    compare_entries(diff, memory);
    qsort(memory->changes, diff->change_count, sizeof *memory->changes, by_rule);
    compare_scenarios(diff, memory);
    diff->changes = memory->changes;
    diff->uncompared = memory->uncompared;
    return true;
}

bool result_diff_make(struct result_diff *diff, const struct result *then, const struct result *now)
{
    struct diff_memory *memory = calloc(1, sizeof *memory);
    *diff = (struct result_diff){.then = then,
                                 .now = now,
                                 .same_suite = same_suite(&then->suite, &now->suite),
                                 .same_profile = strcmp(then->profile, now->profile) == 0,
                                 .memory = memory};
    if (memory != NULL && make(diff, memory))
        return true;
    result_diff_free(diff);
    return false;
}

void result_diff_free(struct result_diff *diff)
{
    struct diff_memory *memory = diff->memory;
    if (memory != NULL) {
        side_free(&memory->then);
        side_free(&memory->now);
        free(memory->changes);
        free(memory->uncompared);
        free(memory);
    }
    *diff = (struct result_diff){.memory = NULL};
}

const struct result_entry *change_entry(const struct change *change)
{
    return change->now != NULL ? change->now : change->then;
}

const char *diff_note(const struct result_diff *diff)
{
    if (both_explored(diff))
        return "Both are explorations: in each is what it found, and what only one of them found "
               "the other may not have come to.";
    if (tally_is_of_exploration(diff->then) || tally_is_of_exploration(diff->now))
        return "One of the two is an exploration: in it is what it found, and not what agreed.";
    return NULL;
}

const char *change_word(enum change_kind kind)
{
    static const char *const words[CHANGE_END] = {
        [CHANGE_APPEARED] = "appeared", [CHANGE_VALUE] = "changed", [CHANGE_GONE] = "gone"};
    return words[kind];
}
