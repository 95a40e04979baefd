/* Ports that do what a port should not: none harms the run. Each is the reference port with a few
 * lines more, built here by the system's compiler. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "started.h"

#define WORDS 3
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

TestSuite(port, .init = folder_make, .fini = folder_remove, .timeout = 120);

/* Builds a port of this source, runs part of the suite on it. */
static struct started run(const char *source, const char *options)
{
    char command[2048], root[1024];
    folder_write("port.c", source);
    cr_assert_not_null(getcwd(root, sizeof root));
    snprintf(command, sizeof command,
             "cc -w -shared -fPIC -I\"%s/native/ports\" -o port.so port.c -lpthread || exit 99; "
             "exec \"$PAGELAW\" check --subject port:port.so %s",
             root, options);
    struct start start = {.command = command, .folder = folder_path(), .limit_s = 100};
    struct started started = start_and_wait(&start);
    cr_assert_not(started.late, "it did not end: %s", source);
    cr_assert_neq(started.status, 99, "%s: %s", source, started.err);
    return started;
}

struct row {
    const char *source;
    int status;
    const char *out[WORDS], *err[WORDS];
};

static void check_words(const char *source, const char *output, const char *const *words)
{
    for (int i = 0; i < WORDS && words[i] != NULL; i++)
        cr_assert_not_null(strstr(output, words[i]), "%s\n\"%s\" is not in: %s", source, words[i],
                           output);
}

static void check_rows(const struct row *rows, size_t count, const char *options)
{
    for (size_t i = 0; i < count; i++) {
        struct started started = run(rows[i].source, options);
        cr_assert_eq(started.status, rows[i].status, "%s\nstatus %d: %s%s", rows[i].source,
                     started.status, started.out, started.err);
        check_words(rows[i].source, started.out, rows[i].out);
        check_words(rows[i].source, started.err, rows[i].err);
        started_free(&started);
    }
}

#define REFERENCE                                                                                  \
    "#include \"reference.c\"\n#include <stdio.h>\n#include <signal.h>\n#include <unistd.h>\n"
#define AT_START REFERENCE "__attribute__((constructor)) static void at_start(void) { "
#define WITHOUT(name) "#define " name " no_" name "\n" REFERENCE

/* ---- What is exported ------------------------------------------------------------------------ */

Test(port, what_is_not_exported_is_unsupported)
{
    static const struct row rows[] = {
        {WITHOUT("VirtualProtect"),
         0,
         {"the subject has no VirtualProtect", "No differences"},
         {0}},
        {WITHOUT("VirtualQuery"), 0, {"the subject has no VirtualQuery", "No differences"}, {0}},
        {WITHOUT("GetSystemInfo"), 0, {"without GetSystemInfo", "No differences"}, {0}},
        {WITHOUT("GetLastError"), 0, {"the subject has no GetLastError", "No differences"}, {0}},
        {WITHOUT("SetLastError"), 0, {"without SetLastError", "No differences"}, {0}},
        {WITHOUT("PortCommitLimit"), 0, {"the subject has no commit_limit"}, {0}},
    };
    check_rows(rows, COUNT(rows), "");
}

Test(port, without_its_hook_every_fault_is_an_access_violation)
{
    static const struct row rows[] = {
        {WITHOUT("PortFault"), 1, {"without PortFault", "GUARD-ONE-SHOT"}, {0}},
    };
    check_rows(rows, COUNT(rows), "access guard");
    struct started started = run(WITHOUT("PortFault"), "access");
    cr_assert_eq(started.status, 0, "%s", started.out);
    started_free(&started);
}

Test(port, with_the_native_functions_they_are_tried)
{
    static const struct row rows[] = {
        {REFERENCE
         "int32_t NtQueryVirtualMemory(void *process, const void *address, int32_t class,\n"
         "    MEMORY_BASIC_INFORMATION *information, size_t length, size_t *written)\n"
         "{ return process != (void *)-1 || class != 0 ? -1\n"
         "    : VirtualQuery(address, information, length) != 0 ? 0\n"
         "    : length < 48 ? 0xC0000004 : 0xC000000D; }",
         0,
         {"1 unsupported, 5 unspecified"},
         {0}},
    };
    check_rows(rows, COUNT(rows), "query");
}

/* ---- What is no port ------------------------------------------------------------------------- */

Test(port, what_cannot_be_opened_is_said)
{
    static const struct {
        const char *make, *file, *words;
    } rows[] = {
        {":", "nothing.so", "it cannot be opened: No such file"},
        {"mkdir folder", "folder", "it is no shared library"},
        {"mkfifo fifo", "fifo", "it is no shared library"},
        {":", "/dev/zero", "it is no shared library"},
        {": > empty", "empty", "it is no shared library"},
        {"echo hello > text", "text", "it is no shared library"},
        {"cp \"$PAGELAW\" program", "program", "it cannot be opened"},
        {"head -c 300 \"$PAGELAW\" > cut", "cut", "it cannot be opened"},
        {"head -c 300 \"$PAGELAW\" > other; printf '\\267' | dd of=other bs=1 seek=18 conv=notrunc",
         "other", "it is a library for another processor"},
        {"echo 'int missing(void); int use(void) { return missing(); }' > a.c; "
         "cc -w -shared -fPIC -o lacks a.c",
         "lacks", "undefined symbol: missing"},
        {"echo 'void *VirtualAlloc(void) { return 0; }' > b.c; cc -shared -fPIC -o half b.c",
         "half", "it does not export VirtualFree"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char command[1024];
        snprintf(command, sizeof command,
                 "(%s) 2> /dev/null; exec \"$PAGELAW\" check --subject port:%s reserve",
                 rows[i].make, rows[i].file);
        struct start start = {.command = command, .folder = folder_path()};
        struct started started = start_and_wait(&start);
        cr_assert_eq(started.status, 2, "%s: status %d", rows[i].file, started.status);
        cr_assert_str_empty(started.out);
        cr_assert_not_null(strstr(started.err, rows[i].words), "%s: %s", rows[i].file, started.err);
        started_free(&started);
    }
}

Test(port, a_port_that_cannot_start_is_said)
{
    static const struct row rows[] = {
        {AT_START "_exit(0); }", 2, {0}, {"its process ended as it was started: exit status 0"}},
        {AT_START "exit(3); }", 2, {0}, {"exit status 3"}},
        {AT_START "for (int i = 3; i < 1000; i++) close(i); }",
         2,
         {0},
         {"it closed files that it"}},
        {AT_START "fputs(\"no luck\\n\", stderr); abort(); }", 2, {0}, {"SIGABRT", "\"no luck\""}},
        {AT_START "abort(); }", 2, {0}, {"SIGABRT"}},
        {AT_START "*(volatile char *)8 = 1; }", 2, {0}, {"SIGSEGV"}},
        {AT_START "kill(getpid(), SIGKILL); }", 2, {0}, {"SIGKILL"}},
    };
    check_rows(rows, COUNT(rows), "reserve");
}

/* ---- What does no harm ----------------------------------------------------------------------- */

Test(port, what_a_constructor_does_is_its_own_affair)
{
    static const struct row rows[] = {
        {AT_START "puts(\"end 0 ok\"); printf(\"~\"); fflush(stdout); write(1, \"~~~\\n\", 4); }",
         0,
         {0},
         {0}},
        {AT_START "close(0); close(1); close(2); }", 0, {0}, {0}},
        {AT_START "chdir(\"/\"); }", 0, {0}, {0}},
        {AT_START "sigset_t all; sigfillset(&all); pthread_sigmask(SIG_SETMASK, &all, NULL); }",
         0,
         {0},
         {0}},
        {AT_START "signal(SIGSEGV, SIG_IGN); signal(SIGBUS, SIG_IGN); signal(SIGCHLD, SIG_IGN); }",
         0,
         {0},
         {0}},
        {AT_START "setsid(); setpgid(0, 0); }", 0, {0}, {0}},
        {"#define fork no_fork\n" AT_START "}", 0, {0}, {0}},
        {AT_START "if (vfork() == 0) _exit(1); }", 0, {0}, {0}},
    };
    check_rows(rows, COUNT(rows), "reserve access guard");
}

Test(port, its_threads_are_its_own_affair)
{
    static const struct row rows[] = {
        {REFERENCE
         "static void *work(void *user) { for (;;) { void *p = VirtualAlloc(0, 4096,\n"
         "    MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE); VirtualFree(p, 0, MEM_RELEASE);\n"
         "    usleep(200); } }\n"
         "__attribute__((constructor)) static void at_start(void)\n"
         "{ pthread_t thread; for (int i = 0; i < 3; i++)\n"
         "    pthread_create(&thread, NULL, work, NULL); usleep(1000); }",
         0,
         {0},
         {0}},
    };
    check_rows(rows, COUNT(rows), "access commit");
}

/* It has faults of its own, in its calls, which its own handler must get; and none of ours. */
static const char own_handler[] =
    REFERENCE "#include <setjmp.h>\n"
              "static sigjmp_buf back;\n"
              "static int faults;\n"
              "static void mine(int number) { faults++; siglongjmp(back, 1); }\n"
              "int32_t NtProtectVirtualMemory(void *process, void **base, size_t *size,\n"
              "    uint32_t protect, uint32_t *old)\n"
              "{ if (sigsetjmp(back, 1) == 0) { *(volatile char *)8 = 1; }\n"
              "  return faults == 1 ? 0 : 0xC0000001; }\n"
              "__attribute__((constructor)) static void at_start(void) { signal(SIGSEGV, mine); }";

Test(port, a_handler_of_its_own_serves_its_own_faults)
{
    struct started started;
    folder_write("own.va", "scenario \"own\"\nrules VP-VALUE\nsource \"none\"\n"
                           "h = hole(64K)\n"
                           "read(h) => ACCESS_VIOLATION read h\n"
                           "NtProtectVirtualMemory(h, 4K, PAGE_READONLY) => ?\n"
                           "read(h) => ACCESS_VIOLATION read h\n");
    started = run(own_handler, "--full own.va");
    cr_assert_eq(started.status, 0, "%s%s", started.out, started.err);
    cr_assert_not_null(strstr(started.out, "No differences"), "%s", started.out);
    started_free(&started);
}

/* ---- What costs a scenario, and no more ------------------------------------------------------ */

#define IN_PROTECT(lines)                                                                          \
    "#define VirtualProtect usual\n" REFERENCE "#undef VirtualProtect\n"                           \
    "PORT_EXPORT BOOL VirtualProtect(void *address, size_t size, DWORD protect, DWORD *old)\n"     \
    "{ " lines " return usual(address, size, protect, old); }"

Test(port, what_a_call_does_costs_its_scenario)
{
    static const struct row rows[] = {
        {IN_PROTECT("exit(0);"), 1, {"exit status 0", "agree"}, {0}},
        {IN_PROTECT("fprintf(stderr, \"not\\nso\\n\"); abort();"), 1, {"SIGABRT", "\"so\""}, {0}},
        {IN_PROTECT("puts(\"plain\"); fflush(stdout); abort();"),
         1,
         {"last words", "\"plain\""},
         {0}},
        {IN_PROTECT("abort();"), 1, {"SIGABRT", "agree"}, {0}},
        {IN_PROTECT("*(volatile char *)8 = 1;"), 1, {"SIGSEGV", "agree"}, {0}},
        {IN_PROTECT("raise(SIGALRM);"), 1, {"signal 14", "agree"}, {0}},
        {IN_PROTECT("for (int i = 3; i < 1000; i++) close(i);"),
         1,
         {"it closed files that it"},
         {0}},
        {IN_PROTECT("if (fork() == 0) for (;;) pause();"), 0, {"agree"}, {0}},
        {IN_PROTECT("fork();"), 1, {"agree"}, {0}},
    };
    check_rows(rows, COUNT(rows), "access protect/to-the-same-value");
}

Test(port, a_call_that_hangs_costs_its_scenario)
{
    static const struct row rows[] = {
        {IN_PROTECT("for (;;) pause();"), 1, {"agree"}, {0}},
        {IN_PROTECT("pthread_mutex_lock(&lock); "), 1, {"agree"}, {0}},
    };
    check_rows(rows, COUNT(rows), "--timeout 0.3 release protect/to-the-same-value");
}

#define FAULT_IS(lines)                                                                            \
    "#define PortFault usual\n" REFERENCE "#undef PortFault\n"                                     \
    "PORT_EXPORT uint32_t PortFault(void *address, uint32_t access) { " lines "; }"

Test(port, a_hook_may_do_what_it_likes)
{
    static const struct row rows[] = {
        {FAULT_IS("return usual(address, access)"), 0, {"No differences"}, {0}},
        {FAULT_IS("return 0"), 1, {"GUARD-ONE-SHOT"}, {0}},
        {FAULT_IS("return 0xE0000001"), 1, {"0xE0000001"}, {0}},
        {FAULT_IS("abort()"), 1, {"SIGABRT"}, {0}},
        {FAULT_IS("return *(volatile char *)8"), 1, {"SIGSEGV"}, {0}},
        {FAULT_IS("char big[1 << 20]; for (int i = 0; i < sizeof big; i++) "
                  "((volatile char *)big)[i] = 1; return 0"),
         1,
         {"SIGSEGV"},
         {0}},
    };
    check_rows(rows, COUNT(rows), "guard");
}

/* ---- What its functions say ------------------------------------------------------------------ */

#define INFO_IS(lines)                                                                             \
    "#define GetSystemInfo usual\n" REFERENCE "#undef GetSystemInfo\n"                             \
    "PORT_EXPORT void GetSystemInfo(SYSTEM_INFO *info) { usual(info); " lines "; }"

Test(port, system_information_that_is_wrong_is_a_difference)
{
    static const struct row rows[] = {
        {INFO_IS("info->dwAllocationGranularity = 4096"), 1, {"SYS-GRAN-64K"}, {0}},
        {INFO_IS("info->dwPageSize = 0"), 1, {"PageSize"}, {0}},
        {INFO_IS("info->lpMaximumApplicationAddress = 0"), 1, {"SYS-MAX"}, {0}},
    };
    check_rows(rows, COUNT(rows), "query/system-info query/granularity-is-64k");
}

/* A query that cuts free memory into pieces, or has no word for it, is wrong; holes are there. */
#define QUERY_IS(lines)                                                                            \
    "#define VirtualQuery usual\n" REFERENCE "#undef VirtualQuery\n"                               \
    "PORT_EXPORT size_t VirtualQuery(const void *address, MEMORY_BASIC_INFORMATION *info,\n"       \
    "    size_t length) { size_t written = usual(address, info, length); " lines                   \
    "; return written; }"

Test(port, holes_need_no_query_that_is_right)
{
    static const struct row rows[] = {
        {QUERY_IS("if (written && info->State == MEM_FREE) info->RegionSize = 4096"),
         1,
         {"RegionSize"},
         {0}},
        {QUERY_IS("if (written && info->State == MEM_FREE) info->RegionSize = 0"),
         1,
         {"query"},
         {0}},
        {QUERY_IS("if (written && info->State == MEM_FREE) written = 0"), 1, {"query"}, {0}},
        {QUERY_IS("written = 0"), 1, {"VQ-RETURN"}, {0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct started started = run(rows[i].source, "query");
        cr_assert_eq(started.status, rows[i].status, "%s", started.err);
        check_words(rows[i].source, started.out, rows[i].out);
        cr_assert_null(strstr(started.out, "is not free after its release"), "%s", started.out);
        started_free(&started);
    }
}
