/* This machine's backend by its own interface: touches are exact, crashes stay crashes, and memory
 * behaves as the law says. (POSIX; the scenarios hold the backend to the rest.) */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "native.h"
#include "pagelaw/constants.h"

#define PAGE 0x1000u
#define GRANULE 0x10000u
#define BASIC_SIZE 48u

static const struct backend *const native = &backend_native;
static struct subject_info subject;

static void start(void)
{
    char error[200] = "";
    cr_assert(native->start(&subject, error, sizeof error), "%s", error);
}

TestSuite(native, .init = start, .timeout = 30);

static uint64_t commit(uint64_t size, uint32_t protect)
{
    uint64_t base = native->virtual_alloc(0, size, MEM_RESERVE | MEM_COMMIT, protect);
    cr_assert_neq(base, 0, "error %u", native->get_last_error());
    return base;
}

static void protect(uint64_t base, uint64_t size, uint32_t value)
{
    uint32_t old;
    cr_assert(native->virtual_protect(base, size, value, &old));
}

static uint8_t read_byte(uint64_t address)
{
    struct subject_exception exception;
    uint8_t byte = native->read(address, &exception);
    cr_assert_eq(exception.code, 0);
    return byte;
}

static void write_byte(uint64_t address, uint8_t value)
{
    struct subject_exception exception;
    native->write(address, value, &exception);
    cr_assert_eq(exception.code, 0);
}

static struct subject_exception touch(uint32_t access, uint64_t address)
{
    struct subject_exception exception;
    if (access == 0)
        native->read(address, &exception);
    else if (access == 1)
        native->write(address, 1, &exception);
    else
        native->execute(address, &exception);
    return exception;
}

static void expect(uint32_t access, uint64_t address, uint32_t code)
{
    struct subject_exception exception = touch(access, address);
    cr_expect_eq(exception.code, code, "access %u: %08x, not %08x", access, exception.code, code);
    cr_expect_eq(exception.access, code == 0 ? 0 : access);
    cr_expect_eq(exception.address, code == 0 ? 0 : address);
}

static struct subject_region query(uint64_t address)
{
    struct subject_region region;
    cr_assert_eq(native->virtual_query(address, &region, BASIC_SIZE), BASIC_SIZE);
    return region;
}

/* ---- Touches --------------------------------------------------------------------------------- */

static const struct {
    uint32_t protect;
    bool readable, writable, executable;
} rights[] = {
    {PAGE_NOACCESS, false, false, false},       {PAGE_READONLY, true, false, false},
    {PAGE_READWRITE, true, true, false},        {PAGE_EXECUTE_READ, true, false, true},
    {PAGE_EXECUTE_READWRITE, true, true, true},
};

static uint64_t commit_code(void)
{
    size_t length;
    const uint8_t *code = native->return_code(&length);
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    for (uint64_t at = 0; at < PAGE; at++)
        write_byte(base + at, code[at % length]);
    return base;
}

Test(native, each_access_under_each_protection)
{
    static const uint32_t offsets[] = {0, 4, 0x7FC, PAGE - 4};
    uint64_t base = commit_code();
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        protect(base, PAGE, rights[i].protect);
        for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++) {
            uint64_t at = base + offsets[k];
            expect(8, at, rights[i].executable ? 0 : STATUS_ACCESS_VIOLATION);
            expect(0, at, rights[i].readable ? 0 : STATUS_ACCESS_VIOLATION);
            if (rights[i].writable)
                write_byte(at, read_byte(at));
            else
                expect(1, at, STATUS_ACCESS_VIOLATION);
        }
    }
}

Test(native, reserved_and_free_pages_cannot_be_touched)
{
    uint64_t base = native->virtual_alloc(0, PAGE, MEM_RESERVE, PAGE_EXECUTE_READWRITE);
    static const uint32_t accesses[] = {0, 1, 8};
    for (size_t i = 0; i < 3; i++) {
        expect(accesses[i], base + 1, STATUS_ACCESS_VIOLATION);
        expect(accesses[i], base + PAGE, STATUS_ACCESS_VIOLATION);
        expect(accesses[i], base + GRANULE - 1, STATUS_ACCESS_VIOLATION);
        expect(accesses[i], 0, STATUS_ACCESS_VIOLATION);
    }
}

Test(native, thousands_of_faults_in_a_row)
{
    uint64_t base = native->virtual_alloc(0, 16 * PAGE, MEM_RESERVE, PAGE_READWRITE);
    for (uint64_t i = 0; i < 20000; i++)
        expect(i % 2, base + i * 7 % (16 * PAGE), STATUS_ACCESS_VIOLATION);
}

Test(native, a_fault_outside_the_touches_still_kills, .signal = SIGSEGV)
{
    volatile uint8_t *byte =
        (uint8_t *)(uintptr_t)native->virtual_alloc(0, PAGE, MEM_RESERVE, PAGE_READWRITE);
    expect(0, (uintptr_t)byte, STATUS_ACCESS_VIOLATION);
    *byte = 1;
}

Test(native, a_guard_page_outside_the_touches_still_kills, .signal = SIGSEGV)
{
    volatile uint8_t *byte = (uint8_t *)(uintptr_t)commit(PAGE, PAGE_READWRITE | PAGE_GUARD);
    *byte = 1;
}

Test(native, a_signal_that_was_sent_still_kills, .signal = SIGSEGV)
{
    raise(SIGSEGV);
}

static void leave(int signal)
{
    (void)signal;
    _exit(42);
}

Test(handlers, the_handler_before_ours_gets_what_is_not_ours, .exit_code = 42)
{
    signal(SIGSEGV, leave);
    start();
    volatile uint8_t *byte =
        (uint8_t *)(uintptr_t)native->virtual_alloc(0, PAGE, MEM_RESERVE, PAGE_READWRITE);
    *byte = 1;
}

Test(native, a_host_that_disagrees_with_the_model_cannot_hang_us)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    mprotect((void *)(uintptr_t)base, PAGE, PROT_NONE);
    expect(0, base + 9, STATUS_ACCESS_VIOLATION);
    expect(1, base + 9, STATUS_ACCESS_VIOLATION);
    mprotect((void *)(uintptr_t)base, PAGE, PROT_READ | PROT_WRITE);
    expect(1, base + 9, 0);
}

/* ---- Guard pages ----------------------------------------------------------------------------- */

Test(native, a_guard_fires_once_and_for_the_touched_page_only)
{
    static const uint32_t accesses[] = {0, 1, 8};
    uint64_t base = commit(4 * PAGE, PAGE_READWRITE);
    for (size_t i = 0; i < 3; i++) {
        protect(base, 4 * PAGE, PAGE_READWRITE | PAGE_GUARD);
        expect(accesses[i], base + PAGE + 0x123, STATUS_GUARD_PAGE_VIOLATION);
        expect(1, base + PAGE + 0x123, 0);
        cr_expect_eq(query(base + PAGE).protect, PAGE_READWRITE);
        cr_expect_eq(query(base + PAGE).size, PAGE);
        expect(0, base + PAGE - 1, STATUS_GUARD_PAGE_VIOLATION);
        expect(0, base + 2 * PAGE, STATUS_GUARD_PAGE_VIOLATION);
        expect(0, base + 3 * PAGE, STATUS_GUARD_PAGE_VIOLATION);
    }
}

Test(native, beneath_a_guard_is_the_protection)
{
    uint64_t base = commit(PAGE, PAGE_READONLY | PAGE_GUARD);
    expect(1, base, STATUS_GUARD_PAGE_VIOLATION);
    expect(1, base, STATUS_ACCESS_VIOLATION);
    expect(0, base, 0);
}

Test(native, a_system_call_into_a_guard_page_fails_and_disarms_nothing)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE | PAGE_GUARD);
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_expect_eq(write(ends[1], (void *)(uintptr_t)base, 1), -1);
    expect(0, base, STATUS_GUARD_PAGE_VIOLATION);
}

struct race {
    uint64_t page;
    atomic_int ready, violations, others;
};

static void *run_into_guard(void *user)
{
    struct race *race = user;
    atomic_fetch_add(&race->ready, 1);
    while (atomic_load(&race->ready) < 2)
        continue;
    struct subject_exception exception = touch(1, race->page + 5);
    if (exception.code == STATUS_GUARD_PAGE_VIOLATION)
        atomic_fetch_add(&race->violations, 1);
    else if (exception.code != 0)
        atomic_fetch_add(&race->others, 1);
    return NULL;
}

Test(native, two_threads_on_one_guard_page_see_one_violation)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    for (int round = 0; round < 500; round++) {
        struct race race = {.page = base};
        pthread_t other;
        protect(base, PAGE, PAGE_READWRITE | PAGE_GUARD);
        cr_assert_eq(pthread_create(&other, NULL, run_into_guard, &race), 0);
        run_into_guard(&race);
        pthread_join(other, NULL);
        cr_assert_eq(race.violations, 1);
        cr_assert_eq(race.others, 0);
    }
}

/* ---- Contents -------------------------------------------------------------------------------- */

Test(native, contents_survive_changes_of_protection)
{
    uint64_t base = commit(2 * PAGE, PAGE_READWRITE);
    write_byte(base + 77, 0x61);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        protect(base, 2 * PAGE, rights[i].protect);
        protect(base, PAGE, PAGE_READONLY | PAGE_GUARD);
        protect(base, 2 * PAGE, PAGE_READONLY);
        cr_expect_eq(read_byte(base + 77), 0x61);
    }
    cr_assert_eq(native->virtual_alloc(base, PAGE, MEM_COMMIT, PAGE_READWRITE), base);
    cr_expect_eq(read_byte(base + 77), 0x61);
}

Test(native, decommitted_pages_come_back_as_zeros)
{
    uint64_t base = commit(3 * PAGE, PAGE_READWRITE);
    for (uint64_t page = 0; page < 3; page++)
        write_byte(base + page * PAGE, 0x61);
    cr_assert(native->virtual_free(base + PAGE, PAGE, MEM_DECOMMIT));
    expect(0, base + PAGE, STATUS_ACCESS_VIOLATION);
    cr_assert_eq(native->virtual_alloc(base + PAGE, 1, MEM_COMMIT, PAGE_READWRITE), base + PAGE);
    cr_expect_eq(read_byte(base), 0x61);
    cr_expect_eq(read_byte(base + PAGE), 0);
    cr_expect_eq(read_byte(base + 2 * PAGE), 0x61);
}

Test(native, released_pages_are_gone_and_come_back_as_zeros)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    write_byte(base, 0x61);
    cr_assert(native->virtual_free(base, 0, MEM_RELEASE));
    expect(0, base, STATUS_ACCESS_VIOLATION);
    cr_expect_eq(query(base).state, MEM_FREE);
    cr_assert_eq(native->virtual_alloc(base, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), base);
    cr_expect_eq(read_byte(base), 0);
}

Test(native, reset_pages_hold_what_they_held_or_zeros)
{
    uint64_t base = commit(2 * PAGE, PAGE_READWRITE);
    write_byte(base, 0x61);
    cr_assert_eq(native->virtual_alloc(base, 2 * PAGE, MEM_RESET, PAGE_READWRITE), base);
    uint8_t byte = read_byte(base);
    cr_expect(byte == 0x61 || byte == 0);
    write_byte(base, 0x62);
    cr_expect_eq(read_byte(base), 0x62);
}

/* ---- The process ----------------------------------------------------------------------------- */

static void *fail_a_call(void *user)
{
    cr_expect_eq(native->get_last_error(), 0);
    native->virtual_free(0x10000, 1, MEM_RELEASE);
    *(uint32_t *)user = native->get_last_error();
    return NULL;
}

Test(native, each_thread_has_its_last_error)
{
    uint32_t error = 0;
    pthread_t other;
    native->set_last_error(1234);
    cr_assert_eq(pthread_create(&other, NULL, fail_a_call, &error), 0);
    pthread_join(other, NULL);
    cr_expect_eq(error, ERROR_INVALID_PARAMETER);
    cr_expect_eq(native->get_last_error(), 1234);
}

static void *churn(void *user)
{
    uint64_t seed = (uintptr_t)user;
    for (int round = 0; round < 300; round++) {
        uint64_t base = commit(4 * PAGE, PAGE_READWRITE);
        uint64_t at = base + (seed = seed * 6364136223846793005u + 1) % (4 * PAGE);
        write_byte(at, (uint8_t)seed);
        cr_assert_eq(read_byte(at), (uint8_t)seed);
        cr_assert(native->virtual_free(base, 0, MEM_DECOMMIT));
        expect(0, at, STATUS_ACCESS_VIOLATION);
        cr_assert(native->virtual_free(base, 0, MEM_RELEASE));
    }
    return NULL;
}

Test(native, threads_do_not_disturb_each_other)
{
    pthread_t threads[4];
    for (uintptr_t i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, churn, (void *)(i + 1)), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

Test(native, a_forked_child_has_the_memory_and_goes_on)
{
    uint64_t base = commit(PAGE, PAGE_READWRITE);
    int status = -1;
    write_byte(base, 0x61);
    pid_t child = fork();
    if (child == 0) {
        struct subject_exception exception = touch(0, base + PAGE);
        bool same = read_byte(base) == 0x61 && exception.code == STATUS_ACCESS_VIOLATION;
        _exit(same && native->virtual_free(base, 0, MEM_RELEASE) ? 7 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_expect_eq(read_byte(base), 0x61);
}

Test(native, it_says_what_it_is)
{
    struct subject_info again;
    memset(&again, 0, sizeof again);
    native->get_system_info(&again);
    cr_expect_str_eq(subject.backend, "posix");
    cr_expect(strstr(subject.system, "windows-11-x64") != NULL, "%s", subject.system);
    cr_expect_eq(subject.pointer_bytes, 8);
    cr_expect_eq(again.page_size, PAGE);
    cr_expect_eq(again.granule, GRANULE);
    cr_expect_eq(again.address_max, subject.address_max);
}

Test(native, the_commit_limit_is_kept)
{
    cr_assert(native->set_commit_limit(4 * PAGE));
    uint64_t base = commit(3 * PAGE, PAGE_READWRITE);
    cr_expect_eq(native->virtual_alloc(0, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE), 0);
    cr_expect_eq(native->get_last_error(), ERROR_COMMITMENT_LIMIT);
    cr_assert(native->virtual_free(base, 0, MEM_RELEASE));
    cr_expect_neq(native->virtual_alloc(0, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE), 0);
}
