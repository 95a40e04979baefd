/* `mutants REPORT [RULE...]`: breaks the model rule by rule, and tells what the suite sees of it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pagelaw/rules.h"
#include "score.h"
#include "suite/terminal.h"

#define SECONDS_MAX 30 /* of a processor, for one mutant */

enum { STATUS_HOLDS = 0, STATUS_TOO_LOW = 1, STATUS_CANNOT_RUN = 2 };

static int complain(const char *words, const char *more)
{
    fprintf(stderr, "mutants: %s%s\n", words, more);
    return STATUS_CANNOT_RUN;
}

/* Only the mutants of the rules that are named, if any is. False if one is no rule. */
static bool keep_rules(struct mutant_list *mutants, int count, char **ids)
{
    bool kept[PAGELAW_RULE_END] = {false};
    size_t left = 0;
    for (int i = 0; i < count; i++) {
        enum pagelaw_rule rule = pagelaw_rule_find(ids[i]);
        if (rule == PAGELAW_NO_RULE)
            return false;
        kept[rule] = true;
    }
    for (size_t i = 0; i < mutants->count && count != 0; i++) {
        if (kept[mutants->all[i].rule])
            mutants->all[left++] = mutants->all[i];
    }
    mutants->count = count != 0 ? left : mutants->count;
    return true;
}

/* Makes the folders that the path lies in; whether they are there shows when the file is opened. */
static void make_folders(const char *path)
{
    char folder[PATH_MAX];
    for (const char *end = strchr(path + 1, '/'); end != NULL; end = strchr(end + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(end - path), path);
        mkdir(folder, 0777);
    }
}

static bool save(const struct score *score, const char *path)
{
    make_folders(path);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    score_print(score, true, file);
    return fclose(file) == 0;
}

static int report(struct score *score, const char *path)
{
    score_count(score);
    score_print(score, false, stdout);
    if (!save(score, path))
        return complain("the report could not be written: ", path);
    printf("\nThe whole report is in %s\n", path);
    return score_percent(score) >= SCORE_LEAST ? STATUS_HOLDS : STATUS_TOO_LOW;
}

static int run(struct suite *suite, int argc, char **argv)
{
    static struct reach reach;
    struct mutant_list mutants;
    struct trial sound;
    if (!trial_of_the_sound(suite, &reach, &sound))
        return complain("the sound model itself differs: ",
                        suite->items[sound.scenario].scenario->path);
    if (!mutants_list(&mutants, &reach) || !keep_rules(&mutants, argc - 2, argv + 2))
        return complain("out of memory, or no such rule", "");
    struct trial *trials = pool_run(suite, &mutants, SECONDS_MAX, terminal_shows_progress());
    if (trials == NULL)
        return complain("the trials could not be run", "");
    static struct score score;
    score = (struct score){.suite = suite, .mutants = &mutants, .trials = trials, .reach = &reach};
    int status = report(&score, argv[1]);
    trials_free(trials, mutants.count);
    mutants_free(&mutants);
    return status;
}

int main(int argc, char **argv)
{
    struct suite suite;
    char error[512];
    if (argc < 2)
        return complain("usage: mutants REPORT [RULE...]", "");
    if (!suite_load(&suite, error, sizeof error))
        return complain(error, "");
    int status = run(&suite, argc, argv);
    suite_free(&suite);
    return status;
}
