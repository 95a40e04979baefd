/* `pagelaw record`. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "record.h"

static const char help[] =
    "usage: pagelaw record [OPTION...] --output FILE -- PROGRAM [ARGUMENT...]\n"
    "\n"
    "Runs a program and records its calls of the memory API in FILE, for `pagelaw judge FILE`:\n"
    "of programs in Wine, \"pagelaw record --output notepad.trace -- wine notepad\", and of "
    "programs\n"
    "that are linked with Pagelaw's emulation layer.\n"
    "\n"
    "  --output FILE  where to; a file that is there already is not written over\n"
    "  --relay        have Wine tell how calls ended that failed, and zero bits: ten times slower\n"
    "\n"
    "Exit status: 0 recorded, 2 nothing was. What the program ended with is told.\n";

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"relay", no_argument, NULL, 'r'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int record(char *const *argv, const char *path, bool with_relay)
{
    struct record_counts counts;
    char error[512];
    record_occupy_standard();
    FILE *file = fopen(path, "abx");
    if (file == NULL) {
        complain("%s: %s", path, strerror(errno));
        return STATUS_CANNOT_RUN;
    }
    bool ran = record_run(argv, file, path, with_relay, &counts, error, sizeof error);
    bool empty = fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0;
    bool written = fclose(file) == 0;
    if (ran && !empty && written) {
        fprintf(stderr, "%s ended with status %d; pagelaw judge %s judges what it did\n", argv[0],
                counts.status, path);
        return STATUS_NO_DIFFERENCE;
    }
    if (!ran)
        complain("%s", error);
    else if (!written)
        complain("%s: %s", path, strerror(errno));
    else
        complain("%s told nothing of its calls: is it a program of Wine, or linked with "
                 "libpagelaw.a?",
                 argv[0]);
    if (empty)
        remove(path);
    return STATUS_CANNOT_RUN;
}

int command_record(int argc, char **argv)
{
    const char *path = NULL;
    bool with_relay = false;
    int option;
    while ((option = getopt_long(argc, argv, "+h", long_options, NULL)) != -1) {
        if (option == 'o') {
            path = optarg;
        } else if (option == 'r') {
            with_relay = true;
        } else if (option == 'h') {
            fputs(help, stdout);
            return 0;
        } else {
            return option_error("record", argv);
        }
    }
    if (path == NULL)
        return usage_error("record", "--output is missing: where shall the trace go?");
    if (optind == argc)
        return usage_error("record", "found no program, wanted one to run");
    return record(argv + optind, path, with_relay);
}
