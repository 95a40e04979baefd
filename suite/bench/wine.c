/* The emulation layer beside Wine, where that is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "bench.h"

#define NOT_INSTALLED 127 /* as suite/wine.sh says it */

static const struct {
    const char *word, *what;
    enum bench_layer_number number;
} rows[] = {
    {"reserve", "layer: reserve, release of 64 KB", BENCH_LAYER_RESERVE},
    {"commit", "layer: commit, decommit of 64 KB", BENCH_LAYER_COMMIT},
    {"query", "layer: VirtualQuery, one of 100,000 at random", BENCH_LAYER_QUERY},
};

static void print_row(const char *word, double ns, unsigned others)
{
    char beside[32];
    snprintf(beside, sizeof beside, others == 0 ? "Wine" : "Wine, one of %u", others);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double own = bench_layer_ns[rows[i].number];
        struct bench_row row = {.what = rows[i].what, .beside = beside, .hold = BENCH_TOLD};
        row.times = bench_medians(&own, &ns, 1);
        if (strcmp(word, rows[i].word) == 0)
            bench_print_row(&row);
    }
}

void bench_wine(const char *program)
{
    char command[4096], word[16];
    double ns;
    unsigned others;
    bench_progress("Wine");
    snprintf(command, sizeof command, "exec sh suite/wine.sh '%s' 2> /dev/null", program);
    FILE *output = popen(command, "r");
    if (output == NULL)
        bench_cannot("Wine", "the shell cannot be started");
    while (fscanf(output, "%15s %lf %u", word, &ns, &others) == 3)
        print_row(word, ns, others);
    int status = pclose(output);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_INSTALLED)
        bench_note("Wine is not installed, and so is not measured");
    else if (status != 0)
        bench_cannot("Wine", "its program did not run to its end");
}
