/* The judge: what is left open, what pins are held to, how a trace can end. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "judged.h"
#include "liar.h"
#include "pagelaw/constants.h"
#include "suite/model_backend.h"

#define GRANULE 65536u

#define HOLE "h = hole(4 * GRANULE)\n"
#define RESERVE HOLE "p = VirtualAlloc(h, 64K, MEM_RESERVE, PAGE_READWRITE) => h\n"
#define COMMIT HOLE "p = VirtualAlloc(h, 16K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) => h\n"

static void judge_with(struct judged *judged, const char *steps, const struct backend *backend)
{
    judged_run(judged, steps, GRANULE, backend);
    judged_judge(judged);
}

static void judge_lie(struct judged *judged, const char *steps, enum lie lie)
{
    struct backend backend = liar(lie);
    judge_with(judged, steps, &backend);
}

static void expect_verdict(const struct judged *judged, enum verdict verdict,
                           unsigned steps_unspecified, unsigned differences)
{
    const struct result_scenario *result = judged->result;
    if (result->verdict != verdict || result->difference_count != differences)
        judged_print(judged);
    cr_expect(result->verdict == verdict, "verdict %d, not %d", (int)result->verdict, (int)verdict);
    cr_expect(result->steps_unspecified == steps_unspecified, "%u steps unspecified, not %u",
              result->steps_unspecified, steps_unspecified);
    cr_expect(result->difference_count == differences, "%u steps differ, not %u",
              result->difference_count, differences);
}

/* Judges and expects no difference. */
static void expect_lawful(const char *steps, enum lie lie, unsigned steps_unspecified)
{
    struct judged judged;
    judge_lie(&judged, steps, lie);
    expect_verdict(&judged, steps_unspecified == 0 ? VERDICT_AGREE : VERDICT_UNSPECIFIED,
                   steps_unspecified, 0);
    judged_free(&judged);
}

/* Judges and expects one difference, with one finding. */
static void expect_finding(const char *steps, enum lie lie, unsigned step, const char *what,
                           const char *allowed, const char *observed)
{
    struct judged judged;
    judge_lie(&judged, steps, lie);
    cr_assert(judged.result->difference_count == 1, "%s\n%u steps differ", steps,
              judged.result->difference_count);
    const struct result_difference *difference = &judged.result->differences[0];
    cr_assert(difference->step == step && difference->finding_count == 1, "%s\nstep %u", steps,
              difference->step);
    cr_expect_str_eq(difference->findings[0].what, what);
    cr_expect_str_eq(difference->findings[0].allowed, allowed);
    cr_expect_str_eq(difference->findings[0].observed, observed);
    judged_free(&judged);
}

/* ---- What no source settles ---- */

/* Whatever comes back from a step that is marked so is what the story goes on with. */
Test(judge, an_open_step_is_adopted_both_ways)
{
    static const char protect[] =
        RESERVE "VirtualProtect(p, 4K, PAGE_READONLY) => ?\nVirtualQuery(p)\n"
                "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n";
    static const char release[] =
        COMMIT "VirtualFree(p, 4K, MEM_RELEASE) => ?\nread(p)\n"
               "VirtualQuery(p)\nVirtualAlloc(h, 4K, MEM_COMMIT, PAGE_READWRITE)\nread(h)\n";
    expect_lawful(protect, HONEST, 1);
    expect_lawful(protect, PROTECT_RESERVED, 1);
    expect_lawful(release, HONEST, 1);
    expect_lawful(release, RELEASE_ANY_SIZE, 1);
    expect_lawful(release, RELEASE_PART, 1);
}

/* Under the documents alone, fields that their page leaves undefined bind nobody, pins neither. */
Test(judge, what_the_documents_leave_undefined_is_open)
{
    static const char story[] = RESERVE
        "VirtualQuery(p) => State: MEM_RESERVE, Protect: 0\n"
        "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n"
        "VirtualQuery(h) => State: MEM_FREE, Protect: PAGE_NOACCESS, AllocationBase: NULL\n";
    static const struct {
        enum lie lie;
        bool is_undefined;
    } rows[] = {
        {HONEST, true},
        {QUERY_RESERVED_NOACCESS, true},
        {QUERY_FREE_PROTECT_0, true},
        {QUERY_FREE_HAS_BASE, true},
        {QUERY_MAPPED, false},
        {QUERY_SIZE_0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct judged judged;
        struct backend backend = liar(rows[i].lie);
        judged_run(&judged, story, GRANULE, &backend);
        judged_judge(&judged);
        cr_expect(judged.result->difference_count != 0 || i == 0, "row %zu is no lie", i);
        judged.profile = pagelaw_profile_find("documented");
        judged_judge(&judged);
        cr_expect((judged.result->difference_count == 0) == rows[i].is_undefined, "row %zu", i);
        judged_free(&judged);
    }
}

/* Nor do the documents tell what a second commit with another protection does to its pages. */
Test(judge, what_the_documents_do_not_tell_of_a_commit_is_open)
{
    static const char steps[] = COMMIT "write(p, 0x61)\n"
                                       "VirtualAlloc(p + 16K, 4K, MEM_COMMIT, PAGE_READWRITE)\n"
                                       "VirtualAlloc(p, 8K, MEM_COMMIT, PAGE_READONLY)\n"
                                       "read(p)\n"
                                       "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n";
    static const struct {
        enum lie lie;
        bool is_open;
    } rows[] = {
        {HONEST, true},
        {RECOMMIT_IGNORED, true},
        {RECOMMIT_ZEROES, true},
        {ALLOC_ERROR_5, false}, /* of the commit of free pages, whose error the documents name */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct judged judged;
        struct backend backend = liar(rows[i].lie);
        judged_run(&judged, steps, GRANULE, &backend);
        judged.profile = pagelaw_profile_find("documented");
        judged_judge(&judged);
        cr_expect((judged.result->difference_count == 0) == rows[i].is_open, "row %zu", i);
        judged_free(&judged);
    }
}

static uint64_t undo_commits(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    uint32_t done = type == MEM_RESET_UNDO ? MEM_COMMIT : type;
    return model_backend.virtual_alloc(address, size, done, protect);
}

static uint64_t alloc_without_guard(uint64_t address, uint64_t size, uint32_t type,
                                    uint32_t protect)
{
    return model_backend.virtual_alloc(address, size, type, protect & ~PAGE_GUARD);
}

static uint64_t alloc_no_guard(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    return protect & PAGE_GUARD ? 0 : model_backend.virtual_alloc(address, size, type, protect);
}

/* What is pinned after a call that the profile leaves open is what another Windows did after it:
 * Windows 98 has no guard pages, whether it refuses them or takes no notice. */
Test(judge, pins_after_an_open_call_bind_who_did_as_planned)
{
    static const char steps[] =
        HOLE "p = VirtualAlloc(h, 8K, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD) => h\n"
             "read(h)                       => GUARD_PAGE_VIOLATION read h\n"
             "read(h)                       => bytes 0\n"
             "VirtualFree(h, 0, MEM_RELEASE) => TRUE\n";
    static const struct {
        uint64_t (*virtual_alloc)(uint64_t, uint64_t, uint32_t, uint32_t);
        bool is_lawful;
    } rows[] = {{alloc_without_guard, true}, {alloc_no_guard, true}, {NULL, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct judged judged;
        struct backend backend = liar(i == 2 ? RELEASE_KEEPS : HONEST);
        if (rows[i].virtual_alloc != NULL)
            backend.virtual_alloc = rows[i].virtual_alloc;
        judged_run(&judged, steps, 64 * GRANULE, &backend); /* 4 MB, where Windows 98 begins */
        judged_judge(&judged);
        cr_expect(judged.result->difference_count != 0, "row %zu is no lie", i);
        judged.profile = pagelaw_profile_find("windows-98");
        judged_judge(&judged);
        cr_expect((judged.result->difference_count == 0) == rows[i].is_lawful, "row %zu", i);
        judged_free(&judged);
    }
}

/* The same for a call that the book itself leaves open. */
Test(judge, a_call_outside_the_book_is_adopted_both_ways)
{
    static const char steps[] =
        RESERVE "VirtualAlloc(p, 4K, MEM_RESET_UNDO, PAGE_READWRITE)\nread(p)\nVirtualQuery(p)\n"
                "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n";
    struct backend backend = liar(HONEST);
    struct judged judged;
    expect_lawful(steps, HONEST, 1);
    backend.virtual_alloc = undo_commits;
    judge_with(&judged, steps, &backend);
    expect_verdict(&judged, VERDICT_UNSPECIFIED, 1, 0);
    cr_expect(judged.trace->steps[3].exception.code == 0, "the read went well");
    judged_free(&judged);
}

Test(judge, the_last_error_after_success_is_open)
{
    expect_lawful(RESERVE "GetLastError()\n", HONEST, 1);
    expect_lawful(RESERVE "GetLastError()\nGetLastError()\n", HONEST, 1);
    expect_lawful(RESERVE "SetLastError(5)\nGetLastError() => 5\n", HONEST, 0);
}

/* ---- What lies where nothing is watched ---- */

static uint64_t elsewhere; /* of the query that is answered with what follows */
static struct subject_region answer;

static uint64_t query_elsewhere(uint64_t address, struct subject_region *region, uint64_t length)
{
    uint64_t written = model_backend.virtual_query(address, region, length);
    if (address == elsewhere)
        *region = answer;
    return written;
}

Test(judge, of_unknown_territory_only_the_base_is_judged)
{
    static const char steps[] = HOLE "VirtualQuery(MAX_ADDRESS - 0x100005) => State: MEM_COMMIT\n";
    struct backend backend = liar(HONEST);
    struct judged judged;
    elsewhere = 0x7FFFFFFEFFFF - 0x100005;
    answer = (struct subject_region){.base = elsewhere / 4096 * 4096,
                                     .size = 4096,
                                     .allocation_base = elsewhere / GRANULE * GRANULE,
                                     .state = MEM_COMMIT,
                                     .protect = PAGE_EXECUTE_READ,
                                     .allocation_protect = 0x80,
                                     .type = MEM_IMAGE};
    backend.virtual_query = query_elsewhere;
    judge_with(&judged, steps, &backend);
    expect_verdict(&judged, VERDICT_UNSPECIFIED, 1, 0);
    judged_free(&judged);
    answer.base -= 4096;
    judge_with(&judged, steps, &backend);
    expect_verdict(&judged, VERDICT_DIFFER, 0, 1);
    cr_expect_str_eq(judged.result->differences[0].findings[0].what, "BaseAddress");
    cr_expect_str_eq(judged.result->differences[0].findings[0].rule.id, "VQ-ROUNDS-DOWN");
    judged_free(&judged);
}

/* ---- Alternatives ---- */

Test(judge, a_status_without_its_number_is_allowed)
{
    static const char steps[] =
        HOLE "NtAllocateVirtualMemory(h, 0, 0, MEM_RESERVE, PAGE_READWRITE)\n"
             "  => STATUS_INVALID_PARAMETER_4\n";
    expect_lawful(steps, NT_ALLOCATE_PLAIN, 0);
}

/* What is pinned behind a step that came back in the other of two ways is another story. */
Test(judge, an_alternative_ends_the_story_of_the_pins)
{
    static const char steps[] =
        HOLE "VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE | PAGE_GUARD) => h\n"
             "VirtualQuery(h) => State: MEM_RESERVE\n";
    expect_lawful(steps, HONEST, 0);
    expect_lawful(steps, RESERVE_GUARD_REFUSED, 0);
}

/* ---- Pins ---- */

Test(judge, pins_hold_the_model_to_its_sources)
{
    expect_finding(RESERVE "VirtualQuery(p) => Protect: PAGE_NOACCESS, State: MEM_RESERVE\n",
                   HONEST, 2, "Protect", "PAGE_NOACCESS", "0");
    expect_finding(RESERVE "VirtualFree(p, 0, MEM_RELEASE) => FALSE ERROR_INVALID_ADDRESS\n",
                   HONEST, 2, "what the source states", "FALSE ERROR_INVALID_ADDRESS", "TRUE");
    expect_finding(RESERVE "write(p + 5, 1) => ACCESS_VIOLATION read p + 5\n", HONEST, 2,
                   "what the source states", "ACCESS_VIOLATION read p + 5",
                   "ACCESS_VIOLATION write h + 5");
    expect_finding(COMMIT "write(p, 7)\nread(p, 3) => bytes 7, 0 * 3\n", HONEST, 3,
                   "what the source states", "bytes 7, 0 * 3", "bytes 7, 0 * 2");
    expect_finding(COMMIT
                   "NtFreeVirtualMemory(p + 1, 4K, MEM_DECOMMIT) => BaseAddress: untouched\n",
                   HONEST, 2, "BaseAddress", "h + 1", "h");
}

Test(judge, pins_above_and_below)
{
    static const char two[] =
        "a = VirtualAlloc(NULL, 64K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
        "b = VirtualAlloc(NULL, 64K, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE) => above a\n";
    expect_lawful(two, HONEST, 0);
    expect_finding("a = VirtualAlloc(NULL, 64K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n"
                   "b = VirtualAlloc(NULL, 64K, MEM_RESERVE, PAGE_READWRITE) => below a\n",
                   HONEST, 1, "what the source states", "below a", "above NULL");
    expect_finding(RESERVE "VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => below h\n", HONEST,
                   2, "what the source states", "below h", "NULL ERROR_INVALID_ADDRESS");
}

/* Here the law is not broken at step 3, but what the pin says was of another story. */
Test(judge, pins_are_not_judged_once_the_story_strayed)
{
    expect_finding(RESERVE "VirtualFree(p, 4K, MEM_RELEASE) => FALSE ERROR_INVALID_PARAMETER\n"
                           "VirtualFree(p, 0, MEM_RELEASE) => TRUE\n"
                           "VirtualAlloc(h, 4K, MEM_RESERVE, PAGE_READWRITE) => below h\n",
                   RELEASE_ANY_SIZE, 2, "return value", "FALSE ERROR_INVALID_PARAMETER", "TRUE");
}

Test(judge, pins_are_not_judged_after_a_step_that_was_left_out)
{
    static const char steps[] = COMMIT "VirtualProtect(p, 4K, PAGE_READONLY) => TRUE\n"
                                       "VirtualQuery(p) => Protect: PAGE_READONLY\n";
    struct backend backend = liar(HONEST);
    struct judged judged;
    backend.virtual_protect = NULL;
    judge_with(&judged, steps, &backend);
    expect_verdict(&judged, VERDICT_UNSUPPORTED, 0, 0);
    cr_expect_str_eq(judged.result->reason, "the subject has no VirtualProtect");
    cr_expect(judged.result->steps_agree == 3);
    judged_free(&judged);
}

/* ---- Steps that cannot be made ---- */

Test(judge, a_read_that_is_too_long_is_not_the_subjects_doing)
{
    struct judged judged;
    judge_lie(&judged, COMMIT "read(p, 1G) => RETURNED\nread(p)\n", HONEST);
    expect_verdict(&judged, VERDICT_UNSUPPORTED, 0, 0);
    cr_expect_str_eq(judged.result->reason,
                     "a read of 0x40000000 bytes is more than one step may touch");
    judged_free(&judged);
}

/* Nobody can say where the memory is; but the story is not told to its end as if it were known. */
Test(judge, without_queries_a_call_that_did_too_much_ends_the_judging)
{
    static const char steps[] =
        HOLE "VirtualAlloc(h, 8K, MEM_COMMIT, PAGE_READWRITE) => NULL ERROR_INVALID_ADDRESS\n"
             "write(h, 1)\nread(h, 2)\nVirtualFree(h, 0, MEM_RELEASE)\n";
    struct backend backend = liar(COMMIT_ALLOCATES);
    struct judged judged;
    backend.virtual_query = NULL;
    judge_with(&judged, steps, &backend);
    expect_verdict(&judged, VERDICT_DIFFER, 3, 1);
    cr_expect(judged.result->differences[0].step == 1);
    judged_free(&judged);
}

/* ---- Traces that end early ---- */

static const char five_steps[] =
    COMMIT "write(p, 1)\nVirtualFree(p, 4K, MEM_RELEASE) => FALSE\nread(p)\n";

/* As if the agent had said no more after it announced the step. */
static void stop_at(struct judged *judged, unsigned step, enum trace_end end, const char *why)
{
    judged->trace->steps[step].state = TRACE_ANNOUNCED;
    for (unsigned i = step + 1; i < judged->trace->step_count; i++)
        judged->trace->steps[i].state = TRACE_NOT_REACHED;
    judged->trace->end = end;
    strcpy(judged->trace->why, why);
    judged_judge(judged);
}

Test(judge, traces_that_end_early)
{
    static const struct {
        enum trace_end end;
        enum verdict verdict;
        const char *why;
    } rows[] = {
        {TRACE_CRASHED, VERDICT_CRASHED, "killed by signal 11"},
        {TRACE_TIMED_OUT, VERDICT_TIMED_OUT, "the time limit was over"},
        {TRACE_GARBLED, VERDICT_CRASHED, "an unknown record: nonsense"},
        {TRACE_REFUSED, VERDICT_UNSUPPORTED, "this is no scenario"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct judged judged;
        judge_lie(&judged, five_steps, HONEST);
        stop_at(&judged, 3, rows[i].end, rows[i].why);
        expect_verdict(&judged, rows[i].verdict, 0, 1);
        const struct result_difference *last = &judged.result->differences[0];
        cr_expect_str_eq(judged.result->reason, rows[i].why);
        cr_expect(last->step == 3 && last->finding_count == 0 && judged.result->steps_agree == 3);
        cr_expect_str_eq(last->call, "VirtualFree(p, 4K, MEM_RELEASE)");
        cr_expect(strstr(last->host_call, "VirtualFree(0x") == last->host_call);
        cr_expect(strstr(judged.result->transcript, "did not come back") != NULL);
        judged_free(&judged);
    }
}

Test(judge, a_crash_after_a_difference_keeps_the_difference)
{
    struct judged judged;
    judge_lie(&judged, five_steps, RELEASE_ANY_SIZE);
    stop_at(&judged, 4, TRACE_CRASHED, "killed by signal 11");
    expect_verdict(&judged, VERDICT_CRASHED, 0, 2);
    cr_expect(judged.result->differences[0].step == 3);
    cr_expect(judged.result->differences[0].finding_count == 1);
    cr_expect(judged.result->differences[1].step == 4);
    cr_expect(judged.result->differences[1].finding_count == 0);
    judged_free(&judged);
}

/* Between two steps there is none that it did not come back from. */
Test(judge, a_crash_between_two_steps)
{
    struct judged judged;
    judge_lie(&judged, five_steps, HONEST);
    judged.trace->steps[2].state = TRACE_NOT_REACHED;
    stop_at(&judged, 3, TRACE_CRASHED, "killed by signal 11");
    expect_verdict(&judged, VERDICT_CRASHED, 0, 0);
    judged_free(&judged);
}

/* Before the first step: the agent refused the program, or died on it. */
Test(judge, a_trace_without_a_step)
{
    struct judged judged;
    judge_lie(&judged, five_steps, HONEST);
    judged.trace->steps[0].state = TRACE_NOT_REACHED;
    stop_at(&judged, 1, TRACE_REFUSED, "this is no scenario");
    expect_verdict(&judged, VERDICT_UNSUPPORTED, 0, 0);
    cr_expect(judged.result->steps_agree == 0);
    judged_free(&judged);
}

/* What was not done does not agree, whatever the trace says of its end. */
Test(judge, a_trace_that_says_it_is_complete_and_is_not)
{
    struct judged judged;
    judge_lie(&judged, five_steps, HONEST);
    judged.trace->steps[4].state = TRACE_NOT_REACHED;
    judged_judge(&judged);
    expect_verdict(&judged, VERDICT_CRASHED, 0, 0);
    cr_expect_str_eq(judged.result->reason, "the trace stops before the scenario does");
    judged_free(&judged);
}

/* ---- Words ---- */

/* A place in a range that begins with the step itself is called by the step's target. */
Test(judge, the_map_of_a_new_allocation_is_told_by_its_target)
{
    expect_finding("q = VirtualAlloc(NULL, 4K, MEM_RESERVE, PAGE_READWRITE) => above NULL\n",
                   RESERVE_WHOLE_GRANULES, 0, "State at q + 4K", "MEM_FREE", "MEM_RESERVE");
}

Test(judge, no_harness_message_has_an_address)
{
    struct backend backend = liar(RELEASE_KEEPS);
    struct judged judged;
    backend.virtual_free = NULL;
    judge_with(&judged, HOLE "VirtualQuery(h) => State: MEM_FREE\n", &backend);
    expect_verdict(&judged, VERDICT_UNSUPPORTED, 0, 0);
    judged_free(&judged);
    backend = liar(DECOMMIT_NOTHING);
    backend.virtual_query = query_elsewhere;
    elsewhere = 2 * GRANULE; /* the hole: what is told of it is not that it is free */
    answer = (struct subject_region){.base = elsewhere, .size = GRANULE, .state = MEM_RESERVE};
    judge_with(&judged, HOLE "VirtualQuery(h) => State: MEM_FREE\n", &backend);
    expect_verdict(&judged, VERDICT_DIFFER, 0, 1);
    cr_expect_str_eq(judged.result->differences[0].findings[0].observed,
                     "a range of 0x40000 bytes is not free after its release");
    judged_free(&judged);
}
