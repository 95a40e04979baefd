/* `thread_stress`: the emulation layer from many threads at once, for the thread sanitizer. Built
 * apart from the tests, with nothing but the layer and the model. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "native.h"
#include "pagelaw/constants.h"
#include "pagelaw/layer.h"

#define PAGE 0x1000u
#define PAGES 8
#define THREADS 8
#define ROUNDS 200
#define RACES 1000
#define FORKS 20
#define BASIC_SIZE 48u

static const struct backend *const native = &backend_native;

static void check(int line, bool good)
{
    if (good)
        return;
    fprintf(stderr, "thread_stress.c:%d: error %u\n", line, (unsigned)native->get_last_error());
    _exit(1);
}

#define CHECK(...) check(__LINE__, (__VA_ARGS__))

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static uint32_t code_of(bool writes, uint64_t address)
{
    struct subject_exception exception = {0};
    if (writes)
        native->write(address, 0x5A, &exception);
    else
        native->read(address, &exception);
    return exception.code;
}

/* ---- Before main and after it ---- */

static uint64_t early;

__attribute__((constructor(101))) static void allocate_early(void)
{
    early = native->virtual_alloc(0, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

__attribute__((destructor)) static void release_late(void)
{
    CHECK(native->virtual_free(early, 0, MEM_RELEASE));
}

/* ---- Each thread for itself ---- */

/* One page through all that can be done with it. */
static void use_page(uint64_t page, uint64_t random)
{
    uint32_t old = 0, wanted = (random & 1) != 0 ? PAGE_READONLY : PAGE_READWRITE;
    struct subject_region region;
    CHECK(native->virtual_alloc(page, PAGE, MEM_COMMIT, wanted) == page);
    CHECK(code_of(false, page) == 0);
    CHECK(code_of(true, page) == (wanted == PAGE_READONLY ? STATUS_ACCESS_VIOLATION : 0));
    CHECK(native->virtual_protect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &old) && old == wanted);
    CHECK(code_of(true, page + random % PAGE) == STATUS_GUARD_PAGE_VIOLATION);
    CHECK(code_of(true, page) == 0);
    CHECK(native->virtual_query(page, &region, BASIC_SIZE) == BASIC_SIZE);
    CHECK(region.state == MEM_COMMIT && region.protect == PAGE_READWRITE);
    CHECK(native->virtual_free(page, PAGE, MEM_DECOMMIT));
    CHECK(code_of(false, page) == STATUS_ACCESS_VIOLATION);
}

static void *work(void *user)
{
    uint64_t seed = (uintptr_t)user;
    uint32_t mark = (uint32_t)seed;
    native->set_last_error(mark);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t base = native->virtual_alloc(0, PAGES * PAGE, MEM_RESERVE, PAGE_READWRITE);
        CHECK(base != 0);
        use_page(base + next(&seed) % PAGES * PAGE, next(&seed));
        CHECK(native->get_last_error() == mark);
        CHECK(native->virtual_free(base, PAGE, MEM_RELEASE) == 0);
        CHECK(native->get_last_error() == ERROR_INVALID_PARAMETER);
        native->set_last_error(mark);
        CHECK(native->virtual_free(base, 0, MEM_RELEASE));
    }
    return NULL;
}

/* ---- Two on one guard page ---- */

static struct {
    uint64_t page;
    atomic_int round, violations, done;
} race;

static void run_into_guard(void)
{
    uint32_t code = code_of(true, race.page + 5);
    CHECK(code == 0 || code == STATUS_GUARD_PAGE_VIOLATION);
    if (code != 0)
        atomic_fetch_add(&race.violations, 1);
    atomic_fetch_add(&race.done, 1);
}

static void *follow(void *user)
{
    (void)user;
    for (int round = 1; round <= RACES; round++) {
        while (atomic_load(&race.round) < round)
            sched_yield();
        run_into_guard();
    }
    return NULL;
}

static void race_for_guards(void)
{
    uint32_t old;
    pthread_t other;
    race.page = native->virtual_alloc(0, PAGE, MEM_COMMIT, PAGE_READWRITE);
    CHECK(race.page != 0);
    CHECK(pthread_create(&other, NULL, follow, NULL) == 0);
    for (int round = 1; round <= RACES; round++) {
        CHECK(native->virtual_protect(race.page, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
        atomic_store(&race.done, 0);
        atomic_store(&race.violations, 0);
        atomic_store(&race.round, round);
        run_into_guard();
        while (atomic_load(&race.done) < 2)
            sched_yield();
        CHECK(atomic_load(&race.violations) == 1);
    }
    pthread_join(other, NULL);
}

/* ---- Forks while the others work ---- */

static void fork_a_child(void)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        uint64_t base = native->virtual_alloc(0, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        bool good = base != 0 && code_of(true, base) == 0 &&
                    native->virtual_free(base, 0, MEM_RELEASE) != 0;
        _exit(good ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    char error[200];
    struct subject_info info;
    pthread_t threads[THREADS];
    CHECK(early != 0 && native->start(&info, error, sizeof error));
    uint64_t before = pagelaw_layer_commit_charge();
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, work, (void *)(i + 100)) == 0);
    for (int i = 0; i < FORKS; i++)
        fork_a_child();
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK(pagelaw_layer_commit_charge() == before);
    race_for_guards();
    puts("no thread disturbed another");
    return 0;
}
