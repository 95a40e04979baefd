/* `pagelaw repro`. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "load.h"
#include "subject.h"
#include "suite/repro.h"

static const char help[] =
    "usage: pagelaw repro [--profile NAME] SCENARIO\n"
    "\n"
    "Prints a stand-alone C program for windows.h that shows the case of a scenario: a file, or\n"
    "one that is built in (\"reserve/base-rounds-down.va\"). Compiled and run, it prints PASS, or\n"
    "what it wanted and what it saw, and exits with status 0 or 1.\n"
    "\n"
    "  --profile NAME  which Windows's law it holds the calls to (default: windows-11-x64)\n"
    "\n"
    "With MinGW:                 x86_64-w64-mingw32-gcc case.c -lntdll\n"
    "with Visual C++:            cl case.c ntdll.lib\n"
    "over the emulation layer:   cc -I include/pagelaw/win32 case.c -L lib -lpagelaw\n"
    "\n"
    "Exit status: 0 printed, 2 it could not be done as asked.\n";

static const struct option long_options[] = {
    {"profile", required_argument, NULL, 'p'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int print_one(const struct load *load, const char *name,
                     const struct pagelaw_profile *profile)
{
    char error[512];
    if (load->count != 1) {
        complain("%s: found %zu scenarios, wanted one", name, load->count);
        return STATUS_CANNOT_RUN;
    }
    char *program = repro_print(load->all[0].scenario, profile, error, sizeof error);
    if (program == NULL) {
        complain("%s: %s", name, error);
        return STATUS_CANNOT_RUN;
    }
    fputs(program, stdout);
    free(program);
    return 0;
}

static int load_and_print(const char *name, const struct pagelaw_profile *profile)
{
    struct load load = {.count = 0};
    load_add(&load, name);
    load_finish(&load);
    int status = load.bad != 0 ? STATUS_CANNOT_RUN : print_one(&load, name, profile);
    load_free(&load);
    return status;
}

int command_repro(int argc, char **argv)
{
    const char *name = NULL;
    const struct pagelaw_profile *profile;
    int option;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == '?')
            return option_error("repro", argv);
        if (option == 'h') {
            fputs(help, stdout);
            return 0;
        }
        name = optarg;
    }
    if (optind + 1 != argc)
        return usage_error("repro", "found %d scenarios, wanted one", argc - optind);
    int status = subject_profile(name, &profile);
    return status != 0 ? status : load_and_print(argv[optind], profile);
}
