/* `pagelaw check`: load, run, judge, report. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "again.h"
#include "check_options.h"
#include "commands.h"
#include "interrupt.h"
#include "load.h"
#include "load_result.h"
#include "result_baseline.h"
#include "result_out.h"
#include "pagelaw/profile.h"
#include "pagelaw/rules.h"
#include "suite/judge.h"
#include "suite/terminal.h"
#include "subject.h"
#include "version.h"

#define WORDS_MAX 512

struct check {
    struct check_options options;
    struct load load;
    struct baseline *baseline; /* NULL: none */
    struct started_subject subject;
    char *command; /* that runs a scenario again */
    char date[32];
    struct result_suite suite;
    char hash[17];                 /* of the suite */
    size_t *order;                 /* the index in `load` of each item as it runs */
    struct judgement **judgements; /* by index in `load` */
    size_t done;
    bool progress; /* shown on the terminal */
    uint64_t began_us;
};

static uint64_t now_us(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- Before the run ---- */

static int nothing_to_run(const struct check *check, const char *why, const char *of)
{
    if (check->load.bad == 0)
        complain("no scenario is left to run: none %s %s", why, of);
    return STATUS_CANNOT_RUN;
}

static int load_scenarios(struct check *check)
{
    for (size_t i = 0; i < check->options.rule_count; i++) {
        if (pagelaw_rule_find(check->options.rules[i]) == PAGELAW_NO_RULE)
            return usage_error("check", "--rule: there is no rule %s; %s", check->options.rules[i],
                               rule_advice(check->options.rules[i]));
    }
    if (check->options.scenario_count == 0)
        load_add(&check->load, NULL);
    for (int i = 0; i < check->options.scenario_count; i++)
        load_add(&check->load, check->options.scenarios[i]);
    if (check->options.rule_count != 0)
        load_keep_rules(&check->load, check->options.rules, check->options.rule_count);
    load_finish(&check->load);
    return check->load.count != 0 ? 0 : nothing_to_run(check, "names", "the rule asked for");
}

/* What the run is of, and its part of that. */
static int choose_shard(struct check *check)
{
    const struct check_options *options = &check->options;
    snprintf(check->hash, sizeof check->hash, "%016" PRIx64, load_hash(&check->load));
    check->suite = (struct result_suite){.hash = check->hash,
                                         .scenario_count = check->load.count,
                                         .shard = options->shard,
                                         .shard_count = options->shard_count};
    if (options->shard_count != 0)
        load_keep_shard(&check->load, options->shard, options->shard_count);
    if (check->load.count != 0)
        return 0;
    complain("no scenario is left to run: there are fewer than %u", options->shard);
    return STATUS_CANNOT_RUN;
}

static int start_subject(struct check *check)
{
    int status =
        subject_start(&check->subject, "check", check->options.subject, check->options.profile);
    if (status != 0)
        return status;
    status =
        result_baseline_open(&check->baseline, &check->options.report, check->subject.info.system);
    if (status != 0)
        return status;
    load_keep_profile(&check->load, check->subject.profile->name);
    if (check->load.count == 0)
        return nothing_to_run(check, "is for", check->subject.profile->name);
    return choose_shard(check);
}

/* ---- The run ---- */

/* A small generator for the order of the scenarios (splitmix64). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static void shuffle(size_t *order, size_t count, uint64_t seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(next_random(&seed) % i);
        size_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static void show_progress(const struct check *check)
{
    if (check->progress)
        fprintf(stderr, "\r%zu of %zu", check->done, check->load.count);
}

static void take_trace(void *user, size_t item, struct trace *trace)
{
    struct check *check = user;
    size_t index = check->order[item];
    const struct scenario *scenario = check->load.all[index].scenario;
    struct judgement *judgement =
        judge_trace(scenario, trace, &check->subject.info, check->subject.profile);
    if (judgement != NULL && judge_transcript(judgement, scenario, trace, &check->subject.info))
        judgement->result.text = check->load.all[index].item.text;
    check->judgements[index] = judgement;
    trace_free(trace);
    check->done++;
    show_progress(check);
}

static bool run_items(struct check *check, struct runner_item *items)
{
    char error[WORDS_MAX];
    for (size_t i = 0; i < check->load.count; i++)
        check->order[i] = i;
    if (check->options.has_seed)
        shuffle(check->order, check->load.count, check->options.seed);
    for (size_t i = 0; i < check->load.count; i++)
        items[i] = check->load.all[check->order[i]].item;
    struct runner_options options = {.jobs = check->options.jobs,
                                     .timeout_ms = (unsigned)(check->options.timeout * 1000) + 1,
                                     .start_timeout_ms = SUBJECT_START_MS,
                                     .done = take_trace,
                                     .user = check,
                                     .stop = &interrupt_asked};
    interrupt_catch();
    bool ran = runner_run(&check->subject.chosen.subject, items, check->load.count, &options, error,
                          sizeof error);
    interrupt_release();
    if (check->progress)
        fputs("\r\033[K", stderr);
    if (!ran)
        complain("%s", error);
    return ran;
}

static bool run(struct check *check)
{
    size_t count = check->load.count;
    struct runner_item *items = calloc(count, sizeof *items);
    check->order = calloc(count, sizeof *check->order);
    check->judgements = calloc(count, sizeof(struct judgement *));
    bool ran = items != NULL && check->order != NULL && check->judgements != NULL;
    if (!ran)
        complain("out of memory");
    else
        ran = run_items(check, items);
    free(items);
    return ran;
}

/* ---- The result ---- */

static void spell_date(char *buffer, size_t capacity)
{
    time_t now = time(NULL);
    const struct tm *utc = gmtime(&now);
    if (utc == NULL || strftime(buffer, capacity, "%Y-%m-%dT%H:%M:%SZ", utc) == 0)
        *buffer = '\0';
}

/* Puts together what was judged; the scenarios stay in the order of their paths. */
static bool build_result(struct check *check, struct result *result,
                         struct result_scenario **scenarios)
{
    size_t count = 0;
    *scenarios = calloc(check->load.count, sizeof **scenarios);
    check->command = again_command(program_name(), check->options.subject, check->options.profile);
    if (*scenarios == NULL || check->command == NULL)
        return false;
    for (size_t i = 0; i < check->load.count; i++) {
        if (check->judgements[i] != NULL)
            (*scenarios)[count++] = check->judgements[i]->result;
    }
    spell_date(check->date, sizeof check->date);
    *result = (struct result){.version = PAGELAW_VERSION,
                              .subject = check->options.subject,
                              .backend = check->subject.info.backend,
                              .processor = check->subject.info.processor,
                              .system = check->subject.info.system,
                              .profile = check->subject.profile->name,
                              .profile_reason = check->subject.profile_reason,
                              .command = check->command,
                              .scenarios = *scenarios,
                              .scenario_count = count,
                              .interrupted = count != check->load.count,
                              .host_date = check->date,
                              .host_microseconds = now_us() - check->began_us,
                              .suite = check->suite};
    return true;
}

/* The report is only of what ran: here the rest. */
static int conclude(const struct check *check, const struct result *result, bool ran)
{
    bool reported = result->scenario_count != 0 && result_out(&check->options.report, result);
    if (interrupt_asked)
        complain("interrupted: %zu of %zu scenarios were run", result->scenario_count,
                 check->load.count);
    if (check->load.bad != 0)
        complain("%zu of what was to run could not be read, and %s not in the report",
                 check->load.bad, check->load.bad == 1 ? "is" : "are");
    bool whole = ran && check->load.bad == 0 && !result->interrupted;
    if (whole && !result_has_checked(result)) {
        complain("nothing was checked: the subject supports none of it");
        whole = false;
    }
    return reported && whole ? status_of_result(result) : STATUS_CANNOT_RUN;
}

/* Reports a result, beside the baseline if there is one. */
static int conclude_beside(struct check *check, const struct result *result, bool ran)
{
    struct baselined baselined;
    if (check->baseline == NULL)
        return conclude(check, result, ran);
    if (!result_baseline_take(check->baseline, &check->options.report, result, &baselined))
        return conclude(check, result, false);
    int status = conclude(check, &baselined.result, ran);
    baselined_free(&baselined);
    return status;
}

static int finish(struct check *check, bool ran)
{
    struct result result;
    struct result_scenario *scenarios = NULL;
    int status = STATUS_CANNOT_RUN;
    if (check->judgements != NULL && build_result(check, &result, &scenarios))
        status = conclude_beside(check, &result, ran);
    for (size_t i = 0; check->judgements != NULL && i < check->load.count; i++)
        judgement_free(check->judgements[i]);
    free(scenarios);
    free(check->command);
    free(check->judgements);
    free(check->order);
    return status;
}

int command_check(int argc, char **argv)
{
    static struct check check;
    int status = check_options_read(&check.options, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    check.began_us = now_us();
    check.progress = terminal_shows_progress();
    if ((status = load_scenarios(&check)) != 0 || (status = start_subject(&check)) != 0) {
        load_free(&check.load);
        baseline_free(check.baseline);
        return status;
    }
    status = finish(&check, run(&check));
    load_free(&check.load);
    baseline_free(check.baseline);
    return status;
}
