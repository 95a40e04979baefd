/* `pagelaw explore`. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "exploration.h"
#include "folder.h"
#include "interrupt.h"
#include "result_baseline.h"
#include "save_lasting.h"
#include "suite/terminal.h"

static void clear_progress(const struct exploration *exploration)
{
    if (exploration->progress)
        fputs("\r\033[K", stderr);
}

static void show_progress(void *user)
{
    const struct exploration *exploration = user;
    const struct explored *explored = &exploration->explored;
    if (!exploration->progress)
        return;
    if (explored->extent.sequences == 0)
        fprintf(stderr, "\r\033[K%" PRIu64 " states", explored->extent.scope.states);
    else
        fprintf(stderr, "\r\033[K%" PRIu64 " sequences, %" PRIu64 " calls, %zu findings",
                explored->extent.sequences, explored->extent.calls, explored->finding_count);
}

static bool write_text(const void *what, FILE *out)
{
    return fputs(what, out) >= 0;
}

/* What was found is written at once: an interruption costs nothing. */
static bool keep_finding(void *user, size_t index)
{
    struct exploration *exploration = user;
    const struct explore_finding *finding = &exploration->explored.findings[index];
    clear_progress(exploration);
    fprintf(stderr, "found: %s, %s, in %u calls\n",
            finding->rule[0] != '\0' ? finding->rule : "no rule", finding->what, finding->calls);
    if (!exploration->keeps)
        return false;
    if (save_lasting(finding->path, write_text, finding->text))
        return true;
    complain("%s: %s", finding->path, strerror(errno));
    exploration->unwritten = true;
    return false;
}

static int conclude(struct exploration *exploration, bool ran, const char *error)
{
    clear_progress(exploration);
    if (!ran)
        complain("%s", error);
    int status = exploration_report(exploration);
    if (exploration->explored.gave_up)
        complain("the subject hangs again and again: it was not explored to the end");
    if (exploration->explored.interrupted)
        complain("interrupted: what was found by then is in the report");
    if (!ran || exploration->unwritten || exploration->explored.extent.calls == 0 ||
        exploration->explored.interrupted)
        return STATUS_CANNOT_RUN;
    return status;
}

int command_explore(int argc, char **argv)
{
    static struct exploration exploration;
    char error[512];
    struct explore_options *options = &exploration.options;
    *options = (struct explore_options){.pages = 1,
                                        .granules = 1,
                                        .random_pages = 3,
                                        .random_granules = 2,
                                        .folder = "explored",
                                        .states_max = 100000,
                                        .timeout_ms = 10000,
                                        .start_timeout_ms = SUBJECT_START_MS,
                                        .stop = &interrupt_asked,
                                        .save = save_lasting,
                                        .found = keep_finding,
                                        .progress = show_progress,
                                        .user = &exploration};
    exploration.subject_name = "native";
    int status = exploration_read_options(&exploration, argc, argv);
    if (status != 0)
        return status < 0 ? 0 : status;
    if (options->random)
        fprintf(stderr, "seed %" PRIu64 "\n", options->seed);
    if (exploration.keeps && !folder_make(options->folder)) {
        complain("%s: %s", options->folder, strerror(errno));
        return STATUS_CANNOT_RUN;
    }
    exploration.began = time(NULL);
    exploration.progress = terminal_shows_progress();
    status = subject_start(&exploration.subject, "explore", exploration.subject_name,
                           exploration.profile_name);
    if (status == 0)
        status = result_baseline_open(&exploration.baseline, &exploration.report,
                                      exploration.subject.info.system);
    if (status != 0)
        return status;
    options->subject = &exploration.subject.chosen.subject;
    options->info = &exploration.subject.info;
    options->profile = exploration.subject.profile;
    interrupt_catch();
    bool ran = explore_run(options, &exploration.explored, error, sizeof error);
    interrupt_release();
    status = conclude(&exploration, ran, error);
    explored_free(&exploration.explored);
    baseline_free(exploration.baseline);
    return status;
}
