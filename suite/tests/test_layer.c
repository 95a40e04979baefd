/* The emulation layer in a program's whole life: in a shared library, in children, with bad
 * pointers, at the end of what the host gives. (Before main: thread_stress.c.) */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/commit_limit.h"
#include "posix/host.h"
#include "posix/layer.h"
#include "pagelaw/constants.h"
#include "pagelaw/layer.h"
#include "started.h"

#define PAGE 0x1000u
#define MB ((uint64_t)1 << 20)
#define GB ((uint64_t)1 << 30)
#define BASIC_SIZE 48u

TestSuite(layer, .timeout = 120);

static void *pointer(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static uint64_t commit(uint64_t size, uint32_t protect)
{
    uint64_t base = layer_virtual_alloc(0, size, MEM_RESERVE | MEM_COMMIT, protect);
    cr_assert_neq(base, 0, "error %u", layer_get_last_error());
    return base;
}

static uint32_t state_of(uint64_t address)
{
    struct pagelaw_region region;
    cr_assert_eq(layer_virtual_query(address, &region, BASIC_SIZE), BASIC_SIZE);
    return region.state;
}

/* ---- Pointers for outputs ---- */

/* A pointer that may not be written fails the call, as in Windows, and changes nothing. */
static void check_bad_pointer(uint64_t bad)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE), size = PAGE, at = base;
    layer_set_last_error(0);
    cr_expect_eq(layer_virtual_protect(base, PAGE, PAGE_READONLY, pointer(bad)), 0);
    cr_expect_eq(layer_get_last_error(), ERROR_NOACCESS);
    *(char *)pointer(base) = 1;
    cr_expect_eq(layer_virtual_query(base, pointer(bad), BASIC_SIZE), 0);
    cr_expect_eq(layer_get_last_error(), ERROR_NOACCESS);
    cr_expect_eq(layer_nt_query(base, pointer(bad), BASIC_SIZE), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(layer_nt_protect(&at, &size, PAGE_READONLY, pointer(bad)),
                 STATUS_ACCESS_VIOLATION);
    cr_expect_eq(layer_nt_free(pointer(bad), &size, MEM_RELEASE), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(layer_nt_free(&at, pointer(bad), MEM_RELEASE), STATUS_ACCESS_VIOLATION);
    cr_expect_eq(layer_nt_free(&at, pointer(bad), 0x1234), STATUS_INVALID_PARAMETER_4);
    cr_expect_eq(layer_nt_allocate(&at, 0, pointer(bad), MEM_COMMIT, PAGE_READWRITE),
                 STATUS_ACCESS_VIOLATION);
    cr_expect_eq(layer_nt_allocate(&at, 0, pointer(bad), MEM_COMMIT, 0x3),
                 STATUS_INVALID_PAGE_PROTECTION);
    cr_expect_eq(layer_nt_allocate(&at, 0, pointer(bad), 0x8, PAGE_READWRITE),
                 STATUS_INVALID_PARAMETER_5);
    cr_expect_eq(at, base);
    cr_expect_eq(size, PAGE);
}

Test(layer, outputs_that_cannot_be_written_fail_the_call)
{
    uint64_t kept = commit(2 * PAGE, PAGE_READWRITE);
    uint64_t reserved = layer_virtual_alloc(0, PAGE, MEM_RESERVE, PAGE_READWRITE);
    uint64_t outside = layer_virtual_alloc(0x10000000, PAGE, MEM_RESERVE, PAGE_READWRITE);
    uint32_t old;
    cr_assert(layer_virtual_protect(kept + PAGE, PAGE, PAGE_NOACCESS, &old));
    check_bad_pointer(0);
    check_bad_pointer(8);
    check_bad_pointer(reserved);
    check_bad_pointer(outside);
    check_bad_pointer(commit(PAGE, PAGE_READONLY));
    check_bad_pointer(commit(PAGE, PAGE_READWRITE | PAGE_GUARD));
    check_bad_pointer(kept + PAGE - 2);
    check_bad_pointer(reserved + GB); /* free, and in the arena */
}

Test(layer, an_output_within_the_range_itself_is_not_written_where_it_cannot_be)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE), size = PAGE, at = base;
    cr_expect(layer_virtual_protect(base, PAGE, PAGE_NOACCESS, pointer(base + 16)));
    cr_expect(layer_virtual_protect(base, PAGE, PAGE_READWRITE, &(uint32_t){0}));
    cr_expect_eq(*(uint32_t *)pointer(base + 16), 0);
    memcpy(pointer(base), &size, sizeof size);
    cr_expect_eq(layer_nt_free(&at, pointer(base), MEM_DECOMMIT), STATUS_SUCCESS);
    cr_expect_eq(state_of(base), MEM_RESERVE);
}

/* ---- Children ---- */

Test(layer, children_of_children_go_on_by_themselves)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    int status;
    pid_t child = fork();
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0)
            _exit(layer_virtual_free(base, 0, MEM_RELEASE) && state_of(base) == MEM_FREE ? 0 : 1);
        waitpid(grandchild, &status, 0);
        _exit(status == 0 && state_of(base) == MEM_COMMIT ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    cr_assert_eq(state_of(base), MEM_COMMIT);
}

Test(layer, threads_forks_and_races_under_the_thread_sanitizer)
{
    cr_assert_not_null(getenv("PAGELAW_STRESS"), "it must name the program thread_stress");
    struct start start = {.command = "TSAN_OPTIONS=report_thread_leaks=0 exec \"$PAGELAW_STRESS\"",
                          .limit_s = 120};
    struct started started = start_and_wait(&start);
    cr_assert_eq(started.status, 0, "%s%.4000s", started.out, started.err);
    cr_assert_not_null(strstr(started.out, "no thread disturbed another"));
    started_free(&started);
}

/* ---- The commit limit ---- */

/* What is written to standard error meanwhile goes to the buffer. */
static int begin_hearing(void)
{
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    fclose(file);
    return kept;
}

static void end_hearing(int kept, char *buffer, size_t capacity)
{
    ssize_t length = pread(STDERR_FILENO, buffer, capacity - 1, 0);
    dup2(kept, STDERR_FILENO);
    close(kept);
    cr_assert_geq(length, 0);
    buffer[length] = '\0';
}

static void check_environment(const char *text, uint64_t limit, const char *complaint)
{
    char said[512];
    setenv("PAGELAW_COMMIT_LIMIT", text, 1);
    int kept = begin_hearing();
    uint64_t found = commit_limit_from_environment();
    end_hearing(kept, said, sizeof said);
    cr_expect_eq(found, limit, "%s", text);
    cr_expect(complaint == NULL ? *said == '\0' : strstr(said, complaint) != NULL, "%s: %s", text,
              said);
}

Test(layer, the_environment_sets_the_commit_limit)
{
    static const char *const wrong[] = {"",    "x",   "-1",        "1.5G",
                                        "4 K", "4KB", "16777216T", "18446744073709551616"};
    check_environment("0", 0, NULL);
    check_environment("4096", 4096, NULL);
    check_environment("64K", 64 * 1024, NULL);
    check_environment("256M", 256 * MB, NULL);
    check_environment("2G", 2 * GB, NULL);
    check_environment("18446744073709551615", UINT64_MAX, NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check_environment(wrong[i], UINT64_MAX, "wanted a number of bytes such as");
    unsetenv("PAGELAW_COMMIT_LIMIT");
    cr_expect_eq(commit_limit_from_environment(), UINT64_MAX);
}

Test(layer, a_limit_of_the_environment_holds)
{
    static const char scenario[] =
        "scenario \"x\"\nrules SYS-COMMIT-LIMIT\nsource \"x\"\n"
        "VirtualAlloc(NULL, 1M, MEM_COMMIT, PAGE_READWRITE) => above NULL\n"
        "VirtualAlloc(NULL, 1M, MEM_COMMIT, PAGE_READWRITE) => NULL 1455\n";
    struct start start = {.command = "PAGELAW_COMMIT_LIMIT=1M exec \"$PAGELAW\" check limit.va"};
    folder_make();
    folder_write("limit.va", scenario);
    start.folder = folder_path();
    struct started limited = start_and_wait(&start);
    cr_expect_not_null(strstr(limited.out, "came back  NULL ERROR_COMMITMENT_LIMIT"), "%s%s",
                       limited.out, limited.err);
    started_free(&limited);
    folder_remove();
}

Test(layer, a_call_sets_the_commit_limit)
{
    uint64_t charge = pagelaw_layer_commit_charge();
    cr_assert(pagelaw_layer_set_commit_limit(charge + PAGE));
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    cr_expect_eq(pagelaw_layer_commit_charge(), charge + PAGE);
    cr_expect_eq(layer_virtual_alloc(0, PAGE, MEM_COMMIT, PAGE_READWRITE), 0);
    cr_expect_eq(layer_get_last_error(), ERROR_COMMITMENT_LIMIT);
    cr_expect_neq(layer_virtual_alloc(0, 16 * GB, MEM_RESERVE, PAGE_READWRITE), 0);
    cr_assert(layer_virtual_free(base, 0, MEM_RELEASE));
    cr_expect_eq(pagelaw_layer_commit_charge(), charge);
    cr_expect_neq(layer_virtual_alloc(0, PAGE, MEM_COMMIT, PAGE_READWRITE), 0);
}

/* ---- What the host gives ---- */

/* A number of /proc/self/status, which are in KB, in bytes. */
static uint64_t bytes_of_process(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long kilobytes = 0;
    cr_assert_not_null(file);
    while (kilobytes == 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kilobytes = strtoul(line + strlen(name), NULL, 10);
    fclose(file);
    return kilobytes * 1024;
}

/* In a child, under a limit of the host's. */
static int in_child(__rlimit_resource_t resource, uint64_t bytes, int (*run)(void))
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {bytes, bytes};
        _exit(setrlimit(resource, &limit) == 0 ? run() : 99);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

/* A commit that the host refuses is a commit limit, and the reservation is as it was. */
static int commit_too_much(void)
{
    uint64_t base = layer_virtual_alloc(0, GB, MEM_RESERVE, PAGE_READWRITE);
    if (base == 0 || layer_virtual_alloc(base, GB, MEM_COMMIT, PAGE_READWRITE) != 0)
        return 1;
    if (layer_get_last_error() != ERROR_COMMITMENT_LIMIT)
        return 2;
    if (layer_virtual_alloc(base, PAGE, MEM_COMMIT, PAGE_READWRITE) != base)
        return 3;
    *(char *)pointer(base) = 1;
    return layer_virtual_free(base, 0, MEM_RELEASE) ? 0 : 4;
}

Test(layer, out_of_memory_is_the_commit_limit)
{
    commit(PAGE, PAGE_READWRITE);
    cr_expect_eq(in_child(RLIMIT_DATA, bytes_of_process("VmData:") + 64 * MB, commit_too_much), 0);
}

static uint64_t outside; /* 4 GB that are free, outside the arena */

static uint64_t find_outside(void)
{
    void *hole = mmap(NULL, 5 * GB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(hole, MAP_FAILED);
    munmap(hole, 5 * GB);
    return ((uintptr_t)hole / MB + 1) * MB;
}

/* More addresses are needed than the host gives. */
static int reserve_outside(void)
{
    if (layer_virtual_alloc(outside, 4 * GB, MEM_RESERVE, PAGE_READWRITE) != 0)
        return 1;
    if (layer_get_last_error() != ERROR_NOT_ENOUGH_MEMORY)
        return 2;
    return layer_virtual_alloc(0, GB, MEM_RESERVE, PAGE_READWRITE) != 0 ? 0 : 3;
}

Test(layer, out_of_addresses_is_out_of_memory)
{
    commit(PAGE, PAGE_READWRITE);
    outside = find_outside();
    cr_expect_eq(in_child(RLIMIT_AS, bytes_of_process("VmSize:") + GB, reserve_outside), 0);
}

static int commit_every_other_page(void)
{
    uint64_t pages = 80000;
    uint64_t base = layer_virtual_alloc(0, pages * PAGE, MEM_RESERVE, PAGE_READWRITE), page = 0;
    for (int round = 0; round < 2; round++) {
        while (page < pages &&
               layer_virtual_alloc(base + page * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != 0)
            page += 2;
    }
    return page >= pages ? 77 : layer_get_last_error() == ERROR_NOT_ENOUGH_MEMORY ? 0 : 1;
}

Test(layer, out_of_mappings_is_said_once_with_what_helps)
{
    char said[512];
    int kept = begin_hearing();
    int status = in_child(RLIMIT_CORE, 0, commit_every_other_page);
    end_hearing(kept, said, sizeof said);
    if (status == 77)
        cr_skip_test("this host allows that many mappings");
    cr_assert_eq(status, 0);
    const char *word = strstr(said, "vm.max_map_count");
    cr_assert_not_null(word, "%s", said);
    cr_assert_null(strstr(word + 1, "vm.max_map_count"), "%s", said);
}

/* ---- Narrow hosts ---- */

static uint64_t widest; /* that the host maps at once */

static void *map_narrowly(void *address, size_t size, int protection, int flags, int file,
                          off_t offset)
{
    return size > widest ? MAP_FAILED : mmap(address, size, protection, flags, file, offset);
}

/* Runs before the layer has been opened: in a program of its own. */
Test(layer, the_arena_is_as_wide_as_the_host_lets_it_be)
{
    struct host_calls real = host_calls;
    const struct pagelaw_profile *profile = layer_profile();
    static const uint64_t widths[] = {GB, (uint64_t)1 << 37, (uint64_t)1 << 45};
    host_calls.map = map_narrowly;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct arena arena;
        widest = widths[i];
        cr_assert(arena_open(&arena, profile), "%zu", i);
        cr_expect(arena.end - arena.base <= widest &&
                  arena.end - arena.base >= widest / 4 - PAGE * 32);
        munmap(pointer(arena.base), arena.end - arena.base);
    }
    widest = GB / 2;
    cr_expect_not(arena_open(&(struct arena){0}, profile));
    host_calls = real;
}

/* ---- Memory given back ---- */

static size_t resident(uint64_t base, size_t pages)
{
    unsigned char there[256];
    size_t count = 0;
    cr_assert_eq(mincore(pointer(base), pages * PAGE, there), 0);
    for (size_t i = 0; i < pages; i++)
        count += there[i] & 1;
    return count;
}

Test(layer, decommitted_pages_give_their_memory_back)
{
    uint64_t base = commit(256 * PAGE, PAGE_READWRITE);
    memset(pointer(base), 1, 256 * PAGE);
    cr_expect_eq(resident(base, 256), 256);
    cr_assert(layer_virtual_free(base + 64 * PAGE, 128 * PAGE, MEM_DECOMMIT));
    cr_expect_eq(resident(base, 256), 128);
    cr_assert(layer_virtual_free(base, 0, MEM_RELEASE));
    cr_expect_eq(resident(base, 256), 0);
}

/* ---- Names ---- */

static const char names[] =
    "#include <windows.h>\n"
    "int arena_open, tree_add, fault_start, layer_open, space_add, host_calls, library_open;\n"
    "int main(void) { return VirtualAlloc(NULL, 1, MEM_COMMIT, PAGE_READWRITE) == NULL; }\n";

Test(layer, its_own_names_are_in_nobodys_way)
{
    struct start start = {.command =
                              "gcc names.c -o names -I\"$PAGELAW_PREFIX/include/pagelaw/win32\" "
                              "\"$PAGELAW_PREFIX/lib/libpagelaw.a\" -lpthread && exec ./names",
                          .limit_s = 60};
    folder_make();
    folder_write("names.c", names);
    start.folder = folder_path();
    struct started started = start_and_wait(&start);
    cr_expect_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
    folder_remove();
}

/* ---- A shared library ---- */

static const char library[] =
    "#include <stddef.h>\n#include <stdint.h>\n"
    "#include <pagelaw/layer.h>\n"
    "void *VirtualAlloc(void *, size_t, uint32_t, uint32_t);\n"
    "static char *early;\n"
    "__attribute__((constructor)) static void begin(void)\n"
    "{ early = VirtualAlloc(0, 4096, 0x3000, 4); }\n"
    "int works(void) { *early = 1; return pagelaw_layer_commit_charge() == 4096; }\n";

static const char user[] = "#include <dlfcn.h>\n"
                           "int main(void) {\n"
                           "    void *library = dlopen(\"./library.so\", RTLD_NOW);\n"
                           "    int (*works)(void) = library ? dlsym(library, \"works\") : 0;\n"
                           "    return works && works() ? 0 : 1;\n"
                           "}\n";

Test(layer, it_may_be_part_of_a_shared_library)
{
    struct start start = {
        .command =
            "gcc -fPIC -shared -o library.so library.c -I\"$PAGELAW_PREFIX/include\" "
            "-Wl,--whole-archive \"$PAGELAW_PREFIX/lib/libpagelaw.a\" -Wl,--no-whole-archive "
            "-lpthread && "
            "gcc -o user user.c && exec ./user",
        .limit_s = 60};
    cr_assert_not_null(getenv("PAGELAW_PREFIX"), "it must name what Pagelaw is installed in");
    folder_make();
    folder_write("library.c", library);
    folder_write("user.c", user);
    start.folder = folder_path();
    struct started started = start_and_wait(&start);
    cr_expect_eq(started.status, 0, "%s%s", started.out, started.err);
    started_free(&started);
    folder_remove();
}
