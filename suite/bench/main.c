/* The numbers to hold, measured: bench PAGELAW MODE IN-WINE PAGELAW.EXE, the program to time, how
 * all was built, a program for Windows that measures there, and the program to time for Windows.
 *
 * Exit status 0 whatever comes out, 2 if it could not be measured. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: bench PAGELAW MODE IN-WINE PAGELAW.EXE (`./zigw build bench` runs it)\n",
              stderr);
        return 2;
    }
    if (access(argv[1], X_OK) != 0)
        bench_cannot(argv[1], strerror(errno));
    printf("Built as %s. Medians of turns, A B A B: of processor time, and of `pagelaw check` of\n"
           "wall time.\n\n",
           argv[2]);
    bench_print_heading();
    bench_model();
    bench_layer();
    bench_wine(argv[3]);
    bench_judge();
    bench_suite(argv[1]);
    bench_explore(argv[1], argv[4]);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fputs("bench: standard output could not be written\n", stderr);
    return 2;
}
