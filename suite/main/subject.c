/* From `--subject NAME` to the agent that is started for it. */
#include "subject.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "suite/judge.h"
#include "suite/terminal.h"

static void choose_command(struct chosen_subject *chosen, const char *command)
{
    for (int i = 0; i < 2; i++)
        chosen->argv[i] = (char *)terminal_shell[i];
    chosen->argv[2] = (char *)command;
}

static void choose_own(struct chosen_subject *chosen, const char *backend, const char *profile)
{
    char *argv[] = {chosen->own, "agent",         "--backend", (char *)backend,
                    "--profile", (char *)profile, NULL};
    memcpy(chosen->argv, argv, sizeof argv);
    if (profile == NULL)
        chosen->argv[4] = NULL;
}

/* Under a profile of its own, whatever it is judged by. */
static int choose_model(struct chosen_subject *chosen, const char *profile_name)
{
    const struct pagelaw_profile *profile;
    int status = subject_profile(profile_name, &profile);
    if (status == 0)
        choose_own(chosen, "model", profile->name);
    return status;
}

int subject_choose(struct chosen_subject *chosen, const char *command, const char *name,
                   const struct pagelaw_profile *profile)
{
    *chosen = (struct chosen_subject){.subject = {.spoken = name}};
    chosen->subject.argv = chosen->argv;
    if (strncmp(name, "exec:", 5) == 0) {
        if (name[5] == '\0')
            return usage_error(command, "--subject exec: is without a command");
        choose_command(chosen, name + 5);
        return 0;
    }
    if (!own_path(chosen->own, sizeof chosen->own)) {
        complain("cannot tell where this program's own file is");
        return STATUS_CANNOT_RUN;
    }
    if (strcmp(name, "model") == 0)
        choose_own(chosen, "model", profile->name);
    else if (strncmp(name, "model:", 6) == 0)
        return choose_model(chosen, name + 6);
    else if (strcmp(name, "native") == 0)
        choose_own(chosen, "native", NULL);
    else if (strncmp(name, "port:", 5) == 0 && name[5] != '\0')
        choose_own(chosen, name, NULL);
    else if (strcmp(name, "port:") == 0)
        return usage_error(command, "--subject port: is without a file");
    else
        return usage_error(
            command, "--subject: found \"%s\", wanted native, model, port:FILE or exec:COMMAND",
            name);
    return 0;
}

/* ---- Starting it, and the profile ---- */

int subject_profile(const char *name, const struct pagelaw_profile **profile)
{
    *profile = pagelaw_profile_find(name != NULL ? name : "windows-11-x64");
    if (*profile != NULL)
        return 0;
    complain("there is no \"%s\"; the profiles are:", name);
    for (size_t i = 0; pagelaw_profile_at(i) != NULL; i++)
        fprintf(stderr, "  %s\n", pagelaw_profile_at(i)->name);
    return STATUS_CANNOT_RUN;
}

/* Of other pages or pointers the model could say nothing. */
static int check_shape(const struct pagelaw_profile *profile, const struct subject_info *info)
{
    if (profile->pointer_bytes == info->pointer_bytes && profile->page_size == info->page_size &&
        profile->granule == info->granule)
        return 0;
    complain("%s cannot judge this subject: the bytes of a pointer, a page and a granule are "
             "%" PRIu32 ", %" PRIu32 " and %" PRIu32 " there, and the subject's %" PRIu32
             ", %" PRIu32 " and %" PRIu32,
             profile->name, profile->pointer_bytes, profile->page_size, profile->granule,
             info->pointer_bytes, info->page_size, info->granule);
    return STATUS_CANNOT_RUN;
}

/* The documents know address spaces of two sizes: meant is that of the subject. */
static const struct pagelaw_profile *documents_for(const struct subject_info *info,
                                                   const struct pagelaw_profile *asked_for)
{
    const struct pagelaw_profile *other;
    if ((asked_for->quirks & PAGELAW_QUIRK_DOCUMENTS_ONLY) == 0)
        return asked_for;
    for (size_t i = 0; (other = pagelaw_profile_at(i)) != NULL; i++) {
        if ((other->quirks & PAGELAW_QUIRK_DOCUMENTS_ONLY) != 0 &&
            other->address_max == info->address_max)
            return other;
    }
    return asked_for;
}

/* Once the subject has said what it is: its own version chooses, unless the user has. */
static int settle_profile(struct started_subject *started, bool asked_for)
{
    if (asked_for) {
        snprintf(started->profile_reason, sizeof started->profile_reason, "asked for by --profile");
        started->profile = documents_for(&started->info, started->profile);
        return check_shape(started->profile, &started->info);
    }
    started->profile =
        judge_profile(&started->info, started->profile_reason, sizeof started->profile_reason);
    if (started->profile != NULL)
        return check_shape(started->profile, &started->info);
    complain("%s; --profile chooses one", started->profile_reason);
    return STATUS_CANNOT_RUN;
}

int subject_start(struct started_subject *started, const char *command, const char *name,
                  const char *profile_name)
{
    char error[512];
    int status = subject_profile(profile_name, &started->profile);
    if (status == 0)
        status = subject_choose(&started->chosen, command, name, started->profile);
    if (status != 0)
        return status;
    if (!runner_probe(&started->chosen.subject, SUBJECT_START_MS, &started->info, error,
                      sizeof error)) {
        complain("%s", error);
        return STATUS_CANNOT_RUN;
    }
    return settle_profile(started, profile_name != NULL);
}
