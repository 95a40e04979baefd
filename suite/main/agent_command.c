/* `pagelaw agent`. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "native.h"
#include "pagelaw/profile.h"
#include "suite/model_backend.h"
#include "suite/run.h"

static const char help[] =
    "usage: pagelaw agent [--backend native|model|port:FILE] [--profile NAME]\n"
    "\n"
    "Serves a backend on standard input and output, in the wire of suite/WIRE.md, until the input\n"
    "ends. `pagelaw check --subject exec:COMMAND` starts it. --profile says what the model "
    "plays.\n";

static const struct option long_options[] = {
    {"backend", required_argument, NULL, 'b'},
    {"profile", required_argument, NULL, 'p'},
    {"once", no_argument, NULL, '1'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int choose_profile(const struct pagelaw_profile **profile, const char *name)
{
    *profile = pagelaw_profile_find(name);
    return *profile != NULL ? 0 : usage_error("agent", "--profile: there is no \"%s\"", name);
}

static int choose_backend(const struct backend **backend, const char *name)
{
    if (strcmp(name, "native") == 0)
        *backend = &backend_native;
    else if (strcmp(name, "model") == 0)
        *backend = &model_backend;
    else if (strncmp(name, "port:", 5) == 0 && name[5] != '\0')
        *backend = backend_port(name + 5);
    else
        return usage_error("agent", "--backend: found \"%s\", wanted native, model or port:FILE",
                           name);
    return 0;
}

int command_agent(int argc, char **argv)
{
    const struct backend *backend = &backend_native;
    const struct pagelaw_profile *profile = pagelaw_profile_find("windows-11-x64");
    bool once = false;
    int option, status = 0;
    while (status == 0 && (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == 'b') {
            status = choose_backend(&backend, optarg);
        } else if (option == 'p') {
            status = choose_profile(&profile, optarg);
        } else if (option == '1') {
            once = true;
        } else if (option == 'h') {
            fputs(help, stdout);
            return 0;
        } else {
            status = option_error("agent", argv);
        }
    }
    if (status == 0 && optind < argc)
        status = usage_error("agent", "found \"%s\", wanted nothing more", argv[optind]);
    if (status != 0)
        return status;
    if (backend == &model_backend)
        backend = model_backend_for(profile);
    return once ? agent_serve_once(backend) : agent_serve(backend);
}
