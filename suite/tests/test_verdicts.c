/* The rule that each call names as the one that decides, in a space that has something of all. */
#include <criterion/criterion.h>

#include "internal.h"
#include "pagelaw/constants.h"
#include "strict_heap.h"

#define K 1024u
#define PAGE 0x1000u
#define GRANULE 0x10000u
#define R 0x1000000u        /* 16 pages; 0 to 3 committed, 4 to 15 reserved */
#define S (R + GRANULE)     /* one page, committed, PAGE_NOCACHE; it touches R */
#define FREE (R + 0x100000) /* free */
#define MAX 0x7FFFFFFEFFFFu
#define RW PAGE_READWRITE

static struct strict_heap heap;
static struct pagelaw_model *model;

static void set_up(void)
{
    struct pagelaw_heap opened = strict_heap_open(&heap);
    model = pagelaw_model_create(pagelaw_profile_find("windows-11-x64"), &opened);
    pagelaw_virtual_alloc(model, R, GRANULE, MEM_RESERVE, RW);
    pagelaw_virtual_alloc(model, R, 4 * PAGE, MEM_COMMIT, RW);
    pagelaw_virtual_alloc(model, S, PAGE, MEM_RESERVE | MEM_COMMIT, RW | PAGE_NOCACHE);
}

static void tear_down(void)
{
    pagelaw_model_destroy(model);
}

TestSuite(verdicts, .init = set_up, .fini = tear_down);

struct row {
    enum pagelaw_function function;
    uint64_t address, size;
    uint32_t type, protect;
    enum pagelaw_aspect aspect;
    enum pagelaw_rule rule;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pagelaw_plan plan;
        const struct pagelaw_call call = {.function = rows[i].function,
                                          .address = rows[i].address,
                                          .size = rows[i].size,
                                          .type = rows[i].type,
                                          .protect = rows[i].protect};
        enum pagelaw_rule rule;
        pagelaw_plan(model, &call, &plan);
        rule = plan.rule[rows[i].aspect];
        cr_assert_eq(rule, rows[i].rule, "row %zu: %s, not %s", i, pagelaw_rule_info(rule)->id,
                     pagelaw_rule_info(rows[i].rule)->id);
    }
}

#define CHECK(rows) check(rows, sizeof rows / sizeof *rows)
#define ALLOC PAGELAW_VIRTUAL_ALLOC
#define FREE_CALL PAGELAW_VIRTUAL_FREE
#define NT_FREE PAGELAW_NT_FREE
#define PROTECT PAGELAW_NT_PROTECT
#define QUERY PAGELAW_NT_QUERY
#define ANSWER PAGELAW_ANSWER

Test(verdicts, allocations_that_fail)
{
    static const struct row rows[] = {
        {ALLOC, R, PAGE, 0, RW, ANSWER, PAGELAW_VA_TYPE_REQUIRED},
        {ALLOC, 0, PAGE, MEM_TOP_DOWN, RW, ANSWER, PAGELAW_VA_TYPE_REQUIRED},
        {ALLOC, R, PAGE, MEM_COMMIT | MEM_FREE, RW, ANSWER, PAGELAW_VA_TYPE_UNKNOWN},
        {ALLOC, R, PAGE, MEM_RESET | MEM_COMMIT, RW, ANSWER, PAGELAW_VA_RESET_ALONE},
        {ALLOC, R, PAGE, MEM_RESET | MEM_RESET_UNDO, RW, ANSWER, PAGELAW_VA_RESET_ALONE},
        {ALLOC, R, PAGE, MEM_RESET, 0, ANSWER, PAGELAW_VA_RESET_PROT},
        {ALLOC, R, PAGE, MEM_RESET, 3, ANSWER, PAGELAW_PR_ONE_BASE},
        {ALLOC, 0, PAGE, MEM_RESERVE, 0, ANSWER, PAGELAW_PR_RESERVE_VALUE},
        {ALLOC, R, PAGE, MEM_COMMIT, 0, ANSWER, PAGELAW_PR_ONE_BASE},
        {ALLOC, R, PAGE, MEM_COMMIT, 6, ANSWER, PAGELAW_PR_ONE_BASE},
        {ALLOC, R, PAGE, MEM_COMMIT, PAGE_GUARD, ANSWER, PAGELAW_PR_MODIFIER_NEEDS_BASE},
        {ALLOC, R, PAGE, MEM_COMMIT, 0x101, ANSWER, PAGELAW_PR_GUARD_NOACCESS},
        {ALLOC, R, PAGE, MEM_COMMIT, 0x201, ANSWER, PAGELAW_PR_NOCACHE_COMBO},
        {ALLOC, R, PAGE, MEM_COMMIT, 0x304, ANSWER, PAGELAW_PR_NOCACHE_COMBO},
        {ALLOC, R, PAGE, MEM_COMMIT, 0x401, ANSWER, PAGELAW_PR_WC_COMBO},
        {ALLOC, R, PAGE, MEM_COMMIT, 0x800 | RW, ANSWER, PAGELAW_PR_SCOPE},
        {ALLOC, 0x1000, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_LOW_ADDRESS},
        {PAGELAW_NT_ALLOCATE, 0x1000, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_NT_LOW_ADDRESS},
        {ALLOC, MAX + 1, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_ABOVE_MAX},
        {ALLOC, MAX, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_PAST_END},
        {ALLOC, R, 0, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_SIZE_ZERO},
        {ALLOC, R, PAGE, MEM_COMMIT, PAGE_WRITECOPY, ANSWER, PAGELAW_VA_PROT_NO_WRITECOPY},
        {ALLOC, 0, PAGE, MEM_COMMIT, PAGE_WRITECOPY, ANSWER, PAGELAW_VA_PROT_NO_WRITECOPY},
        {ALLOC, R + PAGE, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_NO_DOUBLE_RESERVE},
        {ALLOC, S + PAGE, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_TAIL_LOST},
        {ALLOC, 0, MAX - 0xFFFE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_NO_ROOM},
        {ALLOC, FREE, PAGE, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_COMMIT_NEEDS_RESERVE},
        {ALLOC, S, 2 * PAGE, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_COMMIT_NEEDS_RESERVE},
        {ALLOC, S - PAGE, 2 * PAGE, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_ONE_ALLOCATION},
        {ALLOC, S - PAGE, 2 * PAGE, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_RANGE},
        {ALLOC, 0, PAGE, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_NULL},
        {ALLOC, S - PAGE, 2 * PAGE, MEM_COMMIT, RW, PAGELAW_STATE, PAGELAW_VA_ALL_OR_NOTHING},
        {PAGELAW_NT_ALLOCATE, R, 0, MEM_COMMIT, RW, PAGELAW_SIZE, PAGELAW_NT_UNTOUCHED},
    };
    CHECK(rows);
}

Test(verdicts, allocations_that_succeed)
{
    static const struct row rows[] = {
        {ALLOC, FREE, PAGE, MEM_RESERVE, RW, ANSWER, PAGELAW_VA_RESERVE},
        {ALLOC, FREE, PAGE, MEM_RESERVE, RW, PAGELAW_PROTECT, PAGELAW_MBI_RESERVED_PROTECT},
        {ALLOC, FREE, PAGE, MEM_RESERVE | MEM_COMMIT, RW, ANSWER, PAGELAW_VA_RESERVE_COMMIT},
        {ALLOC, 0, PAGE, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_COMMIT_NULL},
        {ALLOC, FREE + 1, PAGE, MEM_RESERVE, RW, PAGELAW_BASE, PAGELAW_VA_ALIGN_BASE},
        {ALLOC, FREE + 1, PAGE, MEM_RESERVE, RW, PAGELAW_SIZE, PAGELAW_VA_ROUND_BOTH},
        {ALLOC, FREE, 1, MEM_RESERVE, RW, PAGELAW_SIZE, PAGELAW_VA_ROUND_SIZE_ADDR},
        {ALLOC, 0, 1, MEM_RESERVE, RW, PAGELAW_SIZE, PAGELAW_VA_ROUND_SIZE_NULL},
        {ALLOC, 0, 1, MEM_COMMIT, RW, PAGELAW_CONTENTS, PAGELAW_ST_ZERO},
        {ALLOC, R + 4 * PAGE, 1, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_COMMIT_INDIVIDUAL},
        {ALLOC, R + 4 * PAGE, 1, MEM_COMMIT, RW, PAGELAW_PROTECT, PAGELAW_VA_PROT_COMMIT},
        {ALLOC, R + 3 * PAGE, 2 * PAGE, MEM_COMMIT, RW, ANSWER, PAGELAW_VA_COMMIT_IDEMPOTENT},
        {ALLOC, R, PAGE, MEM_COMMIT, RW, PAGELAW_PROTECT, PAGELAW_VA_RECOMMIT_PROTECT},
        {ALLOC, R + 1, 1, MEM_COMMIT, RW, PAGELAW_BASE, PAGELAW_VA_ALIGN_COMMIT},
        {ALLOC, R, PAGE, MEM_COMMIT, RW, PAGELAW_ALLOCATION_PROTECT, PAGELAW_MBI_ALLOCPROT},
        {ALLOC, R, PAGE, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_EFFECT},
        {ALLOC, R, PAGE, MEM_RESET, RW, PAGELAW_CONTENTS, PAGELAW_VA_RESET_EFFECT},
        {ALLOC, R + 5 * PAGE, PAGE, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_RESERVED},
        {ALLOC, R + 1, PAGE, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_INWARD},
        {ALLOC, R, PAGE + 1, MEM_RESET, RW, ANSWER, PAGELAW_VA_RESET_INWARD},
    };
    CHECK(rows);
}

Test(verdicts, frees)
{
    static const struct row rows[] = {
        {FREE_CALL, R, 0, 0, 0, ANSWER, PAGELAW_VF_TYPE},
        {FREE_CALL, R, 0, MEM_RELEASE | MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_NO_COMBINE},
        {FREE_CALL, R, 1, MEM_RELEASE | MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_NO_COMBINE},
        {FREE_CALL, R, 1, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_RELEASE_SIZE_ZERO},
        {FREE_CALL, MAX + 1, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_ABOVE_MAX},
        {FREE_CALL, MAX, 2, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_ABOVE_MAX},
        {FREE_CALL, FREE, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_NOT_ALLOCATED},
        {FREE_CALL, S, 2 * PAGE, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_PAST_END},
        {FREE_CALL, R + PAGE, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_RELEASE_BASE},
        {FREE_CALL, R + PAGE, 0, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_DECOMMIT_ALL},
        {FREE_CALL, R + PAGE, 0, MEM_DECOMMIT, 0, PAGELAW_STATE, PAGELAW_VF_FAIL_ATOMIC},
        {FREE_CALL, R, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_RELEASE_MIXED},
        {FREE_CALL, S, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_RELEASE_WHOLE},
        {FREE_CALL, S, 0, MEM_RELEASE, 0, PAGELAW_STATE, PAGELAW_VF_RELEASE_STATE},
        {FREE_CALL, S + 1, 0, MEM_RELEASE, 0, ANSWER, PAGELAW_VF_FIRST_PAGE},
        {NT_FREE, R, PAGE, MEM_RELEASE, 0, ANSWER, PAGELAW_NF_RELEASE_PART},
        {NT_FREE, R, PAGE, MEM_RELEASE, 0, PAGELAW_SIZE, PAGELAW_NT_SIZE_OUT},
        {NT_FREE, R, 0, MEM_RELEASE, 0, PAGELAW_SIZE, PAGELAW_NF_SIZE_OUT},
        {NT_FREE, R, 0, MEM_DECOMMIT, 0, PAGELAW_SIZE, PAGELAW_NF_DECOMMIT_SIZE_OUT},
        {NT_FREE, R, 0, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_DECOMMIT_ALL},
        {NT_FREE, R, 4 * PAGE, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_DECOMMIT_STATE},
        {NT_FREE, R, 5 * PAGE, MEM_DECOMMIT, 0, ANSWER, PAGELAW_VF_DECOMMIT_IDEMPOTENT},
        {NT_FREE, R, 1, MEM_DECOMMIT, 0, PAGELAW_SIZE, PAGELAW_VF_DECOMMIT_PAGES},
    };
    CHECK(rows);
}

Test(verdicts, protects)
{
    static const struct row rows[] = {
        {PROTECT, R, PAGE, 0, 0, ANSWER, PAGELAW_VP_VALUE},
        {PROTECT, R, PAGE, 0, PAGE_GUARD, ANSWER, PAGELAW_PR_MODIFIER_NEEDS_BASE},
        {PROTECT, R, PAGE, 0, RW | PAGE_WRITECOMBINE, ANSWER, PAGELAW_VP_NO_WRITECOMBINE},
        {PROTECT, MAX + 1, PAGE, 0, RW, ANSWER, PAGELAW_VP_ABOVE_MAX},
        {PROTECT, MAX, PAGE, 0, RW, ANSWER, PAGELAW_VP_SIZE_ZERO},
        {PROTECT, R, 0, 0, RW, ANSWER, PAGELAW_VP_SIZE_ZERO},
        {PROTECT, FREE, PAGE, 0, RW, ANSWER, PAGELAW_VP_NOT_ALLOCATED},
        {PROTECT, FREE, PAGE, 0, RW, PAGELAW_OLD_PROTECT, PAGELAW_VP_OLD_ON_FAILURE},
        {PROTECT, S - PAGE, 2 * PAGE, 0, RW, ANSWER, PAGELAW_VP_RANGE_ONE_REGION},
        {PROTECT, R, PAGE, 0, PAGE_WRITECOPY, ANSWER, PAGELAW_VP_NO_WRITECOPY},
        {PROTECT, R + 3 * PAGE, 2 * PAGE, 0, RW, ANSWER, PAGELAW_VP_COMMITTED_ONLY},
        {PROTECT, R + 3 * PAGE, 2 * PAGE, 0, RW, PAGELAW_PROTECT, PAGELAW_VP_ATOMIC},
        {PROTECT, R, PAGE, 0, PAGE_READONLY, PAGELAW_PROTECT, PAGELAW_VP_PAGES},
        {PROTECT, R, PAGE, 0, PAGE_READONLY, PAGELAW_OLD_PROTECT, PAGELAW_VP_OLD_FIRST},
        {PROTECT, R, PAGE, 0, RW | PAGE_NOCACHE, PAGELAW_PROTECT, PAGELAW_VP_CACHE_KEPT},
        {PROTECT, S, PAGE, 0, PAGE_READONLY, PAGELAW_PROTECT, PAGELAW_VP_CACHE_KEPT},
    };
    CHECK(rows);
}

Test(verdicts, a_protect_without_a_place_for_the_old_value)
{
    const struct pagelaw_call call = {
        .function = PROTECT, .address = R, .size = PAGE, .protect = RW, .no_old_protect = true};
    struct pagelaw_plan plan;
    pagelaw_plan(model, &call, &plan);
    cr_assert_eq(plan.status[0], STATUS_ACCESS_VIOLATION);
    cr_assert_eq(plan.rule[ANSWER], PAGELAW_VP_OLD_REQUIRED);
}

Test(verdicts, queries)
{
    static const struct row rows[] = {
        {QUERY, MAX + 1, 48, 0, 0, ANSWER, PAGELAW_VQ_ABOVE_MAX},
        {QUERY, R, 47, 0, 0, ANSWER, PAGELAW_VQ_BUFFER},
        {QUERY, R, 48, 0, 0, ANSWER, PAGELAW_VQ_RETURN},
        {QUERY, R, 48, 0, 0, PAGELAW_SIZE, PAGELAW_VQ_SAME_STATE},
        {QUERY, R + 4 * PAGE, 48, 0, 0, PAGELAW_SIZE, PAGELAW_VQ_SAME_ALLOC},
        {QUERY, S, 48, 0, 0, PAGELAW_SIZE, PAGELAW_VQ_SAME_ALLOC},
        {QUERY, FREE, 48, 0, 0, PAGELAW_SIZE, PAGELAW_VQ_NO_BACKSCAN},
        {QUERY, R, 48, 0, 0, PAGELAW_PROTECT, PAGELAW_MBI_PROTECT},
        {QUERY, R + 4 * PAGE, 48, 0, 0, PAGELAW_PROTECT, PAGELAW_MBI_RESERVED_PROTECT},
        {QUERY, FREE, 48, 0, 0, PAGELAW_PROTECT, PAGELAW_MBI_FREE_FIELDS},
        {QUERY, FREE, 48, 0, 0, PAGELAW_ALLOCATION_BASE, PAGELAW_MBI_FREE_FIELDS},
        {QUERY, R, 48, 0, 0, PAGELAW_ALLOCATION_BASE, PAGELAW_MBI_ALLOCBASE},
        {QUERY, R, 48, 0, 0, PAGELAW_TYPE, PAGELAW_MBI_TYPE},
    };
    uint32_t old;
    CHECK(rows);
    cr_assert(pagelaw_virtual_protect(model, R, PAGE, PAGE_READONLY, &old));
    static const struct row split = {QUERY, R, 48, 0, 0, PAGELAW_SIZE, PAGELAW_VQ_SAME_PROT};
    check(&split, 1);
}

Test(verdicts, zero_bits_and_limits)
{
    struct pagelaw_call call = {.function = PAGELAW_NT_ALLOCATE,
                                .size = PAGE,
                                .zero_bits = 22,
                                .type = MEM_COMMIT,
                                .protect = RW};
    struct pagelaw_plan plan;
    pagelaw_plan(model, &call, &plan);
    cr_assert_eq(plan.rule[ANSWER], PAGELAW_NT_ZEROBITS_RANGE);
    call.zero_bits = 3;
    pagelaw_plan(model, &call, &plan);
    cr_assert_eq(plan.rule[PAGELAW_BASE], PAGELAW_NT_ZEROBITS);
    pagelaw_model_set_commit_limit(model, 0);
    pagelaw_plan(model, &call, &plan);
    cr_assert_eq(plan.rule[ANSWER], PAGELAW_SYS_COMMIT_LIMIT);
}

Test(verdicts, touches)
{
    static const struct {
        uint32_t protect;
        enum pagelaw_access access;
        uint32_t code;
        enum pagelaw_rule rule;
    } rows[] = {
        {PAGE_NOACCESS, PAGELAW_READ, STATUS_ACCESS_VIOLATION, PAGELAW_PR_NOACCESS},
        {PAGE_NOACCESS, PAGELAW_EXECUTE, STATUS_ACCESS_VIOLATION, PAGELAW_PR_NOACCESS},
        {PAGE_READONLY, PAGELAW_READ, 0, PAGELAW_PR_READONLY},
        {PAGE_READONLY, PAGELAW_WRITE, STATUS_ACCESS_VIOLATION, PAGELAW_PR_READONLY},
        {PAGE_READONLY, PAGELAW_EXECUTE, STATUS_ACCESS_VIOLATION, PAGELAW_EXC_DEP},
        {PAGE_READWRITE, PAGELAW_WRITE, 0, PAGELAW_PR_READWRITE},
        {PAGE_READWRITE, PAGELAW_EXECUTE, STATUS_ACCESS_VIOLATION, PAGELAW_EXC_DEP},
        {PAGE_EXECUTE, PAGELAW_EXECUTE, 0, PAGELAW_PR_EXECUTE},
        {PAGE_EXECUTE, PAGELAW_WRITE, STATUS_ACCESS_VIOLATION, PAGELAW_PR_EXECUTE},
        {PAGE_EXECUTE_READ, PAGELAW_EXECUTE, 0, PAGELAW_PR_EXEC_READ},
        {PAGE_EXECUTE_READWRITE, PAGELAW_WRITE, 0, PAGELAW_PR_EXEC_READ},
        {PAGE_READONLY | PAGE_GUARD, PAGELAW_READ, STATUS_GUARD_PAGE_VIOLATION,
         PAGELAW_GUARD_ONE_SHOT},
        {PAGE_READONLY | PAGE_GUARD, PAGELAW_WRITE, STATUS_GUARD_PAGE_VIOLATION,
         PAGELAW_GUARD_FIRST},
    };
    struct pagelaw_touch touch;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pagelaw_virtual_alloc(model, R, PAGE, MEM_COMMIT, rows[i].protect);
        pagelaw_touch(model, rows[i].access, R + 5, &touch);
        cr_assert_eq(touch.exception.code, rows[i].code, "row %zu", i);
        cr_assert_eq(touch.rule, rows[i].rule, "row %zu: %s", i, pagelaw_rule_info(touch.rule)->id);
    }
    pagelaw_touch(model, PAGELAW_READ, FREE, &touch);
    cr_assert_eq(touch.rule, PAGELAW_ST_FREE);
    pagelaw_touch(model, PAGELAW_READ, R + 4 * PAGE, &touch);
    cr_assert_eq(touch.rule, PAGELAW_ST_RESERVED);
}

/* ---- The checker of invariants finds what is broken ---- */

static void expect_broken(const char *words)
{
    const char *broken = pagelaw_check_invariants(model);
    cr_assert_not_null(broken, "not found: %s", words);
    cr_assert_str_eq(broken, words);
}

Test(verdicts, the_checker_checks)
{
    struct allocation *first = allocation_at(&model->space, R);
    struct run *run = run_at(first->runs, R);
    cr_assert_null(pagelaw_check_invariants(model));
    model->charge += PAGE;
    expect_broken("the commit charge is not the sum of the runs");
    model->charge -= PAGE;
    run->bytes += PAGE;
    expect_broken("a run's sum of bytes is stale");
    run->bytes -= PAGE;
    run->node.end = R + GRANULE + PAGE;
    run_refresh(&run->node);
    expect_broken("a run goes past its allocation");
    run->node.end = R + 4 * PAGE + 1;
    run_refresh(&run->node);
    expect_broken("a run is not in whole pages");
    run->node.end = R;
    run_refresh(&run->node);
    expect_broken("a run is empty");
    run->node.end = R + 4 * PAGE;
    run_refresh(&run->node);
    cr_assert_null(pagelaw_check_invariants(model));
}

Test(verdicts, the_checker_checks_the_nodes_of_the_space)
{
    for (unsigned i = 0; i < 2 * SPACE_LEAF_FAN; i++)
        cr_assert(pagelaw_virtual_alloc(model, 0, GRANULE, MEM_RESERVE, RW) != 0);
    struct space_node *root = model->space.root, *child = root->as.inner.child[0];
    cr_assert_null(pagelaw_check_invariants(model));
    root->as.inner.extent[0].gap++;
    expect_broken("what a node says of its child is stale");
    root->as.inner.extent[0].gap--;
    child->height++;
    expect_broken("two leaves of the space are at different depths");
    child->height--;
    root->count += SPACE_INNER_FAN;
    expect_broken("a node of the space is empty, or too full");
    root->count -= SPACE_INNER_FAN;
    root->count--;
    expect_broken("an entry of a node has a base and is not in use");
    root->count++;
    cr_assert_null(pagelaw_check_invariants(model));
}

Test(verdicts, the_checker_checks_runs_that_touch)
{
    uint32_t old;
    struct run *run;
    cr_assert(pagelaw_virtual_protect(model, R, PAGE, PAGE_READONLY, &old));
    run = run_at(allocation_at(&model->space, R)->runs, R);
    cr_assert_null(pagelaw_check_invariants(model));
    run->protect = RW;
    expect_broken("two runs that touch are equal");
    run->protect = PAGE_READONLY;
    run->node.end += PAGE;
    cr_assert_not_null(pagelaw_check_invariants(model), "they overlap");
    run->node.end -= PAGE;
    cr_assert_null(pagelaw_check_invariants(model));
}

Test(verdicts, the_checker_checks_allocations_and_contents)
{
    struct allocation *first = allocation_at(&model->space, R);
    struct pagelaw_exception exception;
    uint8_t byte = 1;
    size_t done;
    first->pages++;
    expect_broken("two allocations overlap, or one is out of order");
    first->pages--;
    first->base++;
    expect_broken("an allocation is not in whole pages");
    first->base--;
    cr_assert_null(pagelaw_check_invariants(model));
    pagelaw_access(model, PAGELAW_WRITE, R, &byte, 1, &done, &exception);
    cr_assert_null(pagelaw_check_invariants(model));
    cr_assert(stock_fill(model));
    space_decommit(model, R, R + PAGE);
    expect_broken("a page that is not committed has contents");
}
