/* Windows programs on the emulation layer, as a person compiles them: by the installed headers and
 * archive alone, without a change and without a warning. */
#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "started.h"

#define LIMIT_S 120
#define COMMAND_BYTES 1024

/* A shell that compiles $source and runs it. Each compiler that is asked for is there but clang,
 * whose place zig's own takes where it is not. */
#define COMPILE                                                                                    \
    "LC_ALL=C; export LC_ALL; "                                                                    \
    "$compiler $flags -Wall -Wextra -Wpedantic -Werror \"$source\" "                               \
    "-I\"$PAGELAW_PREFIX\"/include/pagelaw/win32 -I\"$PAGELAW_PREFIX\"/include "                   \
    "\"$PAGELAW_PREFIX\"/lib/libpagelaw.a "                                                        \
    "-lpthread -o program && exec ./program 'some body'"

/* What some distributions' compilers do unasked. */
#define FORTIFIED "-std=c++17 -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"

struct program {
    const char *source, *words; /* what it prints: a file */
};

static const struct program programs_in_c[] = {
    {"native/examples/in_advance.c", "suite/tests/windows/array.txt"},
    {"native/examples/on_demand.c", "suite/tests/windows/array.txt"},
    {"suite/tests/windows/alone.c", "suite/tests/windows/alone.txt"},
    {"suite/tests/windows/exceptions.c", "suite/tests/windows/exceptions.txt"},
    {"suite/tests/windows/forks.c", "suite/tests/windows/forks.txt"},
    {"suite/tests/windows/formats.c", "suite/tests/windows/formats.txt"},
    {"suite/tests/windows/guard.c", "suite/tests/windows/guard.txt"},
    {"suite/tests/windows/jumps.c", "suite/tests/windows/jumps.txt"},
    {"suite/tests/windows/wide.c", "suite/tests/windows/wide.txt"},
};
static const struct program programs_in_cxx[] = {
    {"suite/tests/windows/exceptions_cxx.cpp", "suite/tests/windows/exceptions.txt"},
    {"suite/tests/windows/walk.cpp", "suite/tests/windows/walk.txt"},
};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static char *read_file(const char *path)
{
    char *text = calloc(1, 4096);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s cannot be read", path);
    cr_assert_lt(fread(text, 1, 4095, file), 4095);
    fclose(file);
    return text;
}

static void drop_returns(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
}

static void check_output(const char *command, const char *folder, const char *words)
{
    struct start start = {.command = command, .folder = folder, .limit_s = LIMIT_S};
    char *wanted = read_file(words);
    struct started started = start_and_wait(&start);
    drop_returns(started.out);
    cr_expect_eq(started.status, 0, "%s: status %d: %s%s", command, started.status, started.out,
                 started.err);
    cr_expect_str_eq(started.out, wanted, "%s: %s", command, started.err);
    started_free(&started);
    free(wanted);
}

static void set_source(const char *path)
{
    char *whole = realpath(path, NULL);
    cr_assert_not_null(whole, "there is no %s", path);
    setenv("source", whole, 1);
    free(whole);
}

static void check_programs(const char *compiler, const char *flags, const struct program *programs,
                           size_t count)
{
    folder_make();
    setenv("compiler", compiler, 1);
    setenv("flags", flags, 1);
    for (size_t i = 0; i < count; i++) {
        set_source(programs[i].source);
        check_output(COMPILE, folder_path(), programs[i].words);
    }
    folder_remove();
}

static bool has(const char *program)
{
    char command[COMMAND_BYTES];
    snprintf(command, sizeof command, "command -v %s > /dev/null", program);
    return system(command) == 0;
}

/* The clang that zig has is always there. Its Debug mode stops a program that divides by zero or
 * touches NULL, which is what some of these are for: it is off here. */
static const char *clang(void)
{
    static char command[COMMAND_BYTES];
    if (has("clang"))
        return "clang";
    cr_assert_not_null(getenv("PAGELAW_ZIG"), "PAGELAW_ZIG must name zig");
    snprintf(command, sizeof command, "%s cc -fno-sanitize=undefined", getenv("PAGELAW_ZIG"));
    return command;
}

Test(sdk, c_by_gcc_without_optimization)
{
    check_programs("gcc", "-std=c11 -O0", programs_in_c, COUNT(programs_in_c));
}

Test(sdk, c_by_gcc_optimized)
{
    check_programs("gcc", "-std=c11 -O2", programs_in_c, COUNT(programs_in_c));
}

Test(sdk, c_by_clang_without_optimization)
{
    check_programs(clang(), "-std=c11 -O0", programs_in_c, COUNT(programs_in_c));
}

Test(sdk, c_by_clang_optimized)
{
    check_programs(clang(), "-std=c11 -O2", programs_in_c, COUNT(programs_in_c));
}

Test(sdk, cxx_by_gcc)
{
    check_programs("g++", "-std=c++17 -O0", programs_in_cxx, COUNT(programs_in_cxx));
    check_programs("g++", "-std=c++17 -O2", programs_in_cxx, COUNT(programs_in_cxx));
    check_programs("g++", FORTIFIED, programs_in_cxx, COUNT(programs_in_cxx));
}

Test(sdk, cxx_by_clang)
{
    if (!has("clang++")) {
        fputs("clang++ is not installed: nothing was tested with it\n", stderr);
        return;
    }
    check_programs("clang++", "-std=c++17 -O0", programs_in_cxx, COUNT(programs_in_cxx));
    check_programs("clang++", "-std=c++17 -O2", programs_in_cxx, COUNT(programs_in_cxx));
    check_programs("clang++", FORTIFIED, programs_in_cxx, COUNT(programs_in_cxx));
}

/* The model's own headers, without the SDK. */
Test(sdk, the_model_in_cxx)
{
    static const struct program model[] = {
        {"suite/tests/windows/model.cpp", "suite/tests/windows/model.txt"}};
    check_programs("g++", "-std=c++17 -O2", model, COUNT(model));
}

/* A program that nobody catches dies as from any fault, and says why. */
Test(sdk, an_unhandled_exception_says_what_it_is)
{
    folder_make();
    folder_write("program.c", "#include <windows.h>\n"
                              "int main(void) { volatile char *p = VirtualAlloc(0, 4096, "
                              "MEM_RESERVE, PAGE_NOACCESS); p[5] = 1; return 0; }\n");
    setenv("compiler", "gcc", 1);
    setenv("flags", "-O2", 1);
    setenv("source", "program.c", 1);
    struct start start = {.command = COMPILE, .folder = folder_path(), .limit_s = LIMIT_S};
    struct started started = start_and_wait(&start);
    cr_expect_eq(started.status, -1, "status %d: %s", started.status, started.err);
    cr_expect_not_null(strstr(started.err, "unhandled exception 0xC0000005, access violation: "
                                           "write at 0x"),
                       "%s", started.err);
    cr_expect_not_null(strstr(started.err, "05; the page is reserved, not committed"), "%s",
                       started.err);
    started_free(&started);
    folder_remove();
}

/* Built for Windows, and run by Wine: the same output. */
Test(sdk, examples_print_the_same_on_windows)
{
    static const struct program examples[] = {
        {"native/examples/in_advance.c", "suite/tests/windows/array.txt"},
        {"native/examples/on_demand.c", "suite/tests/windows/array.txt"},
    };
    struct start look = {.command = "exec sh suite/wine.sh", .limit_s = LIMIT_S};
    struct started looked = start_and_wait(&look);
    if (getenv("PAGELAW_NO_WINE") != NULL || looked.status != 0) {
        fputs("Wine is not to be had: nothing was tested on it\n", stderr);
        return;
    }
    folder_make();
    setenv("folder", folder_path(), 1);
    for (size_t i = 0; i < COUNT(examples); i++) {
        set_source(examples[i].source);
        check_output("\"$PAGELAW_ZIG\" cc -target x86_64-windows-gnu -fms-extensions -O2 "
                     "\"$source\" -o \"$folder/program.exe\" && "
                     "exec sh suite/wine.sh \"$folder/program.exe\"",
                     NULL, examples[i].words);
    }
    folder_remove();
}
