/* From `--subject NAME` to the agent that is started for it. */
#include "subject.h"

#include <string.h>

#include "commands.h"
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

int subject_choose(struct chosen_subject *chosen, const char *name,
                   const struct pagelaw_profile *profile)
{
    *chosen = (struct chosen_subject){.subject = {.spoken = name}};
    chosen->subject.argv = chosen->argv;
    if (strncmp(name, "exec:", 5) == 0) {
        if (name[5] == '\0')
            return usage_error("check", "--subject exec: is without a command");
        choose_command(chosen, name + 5);
        return 0;
    }
    if (!own_path(chosen->own, sizeof chosen->own)) {
        complain("cannot tell where this program's own file is");
        return STATUS_CANNOT_RUN;
    }
    if (strcmp(name, "model") == 0)
        choose_own(chosen, "model", profile->name);
    else if (strcmp(name, "native") == 0)
        choose_own(chosen, "native", NULL);
    else
        return usage_error("check", "--subject: found \"%s\", wanted native, model or exec:COMMAND",
                           name);
    return 0;
}
