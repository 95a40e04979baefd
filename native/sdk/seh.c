/* The frames of a thread, and the search among them.
 *
 * A part of a frame (its filter, its __finally block) is run by loading the registers that its
 * function had where its body begins, but for the stack pointer: that stays below whatever is
 * going on, so that nothing on the stack is lost. The part ends by loading the registers of who
 * had it run. A handler is run likewise, with the function's own stack pointer: whatever went on
 * above it is over then. */
#define _GNU_SOURCE 1
#include "seh.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

_Static_assert(sizeof(EXCEPTION_RECORD) == 152 &&
                   offsetof(EXCEPTION_RECORD, ExceptionInformation) == 32,
               "EXCEPTION_RECORD is laid out as on Windows");
_Static_assert(offsetof(struct pagelaw_try, registers) == 0, "the assembly saves them there");

/* Left free above a part's stack pointer: what a function passes to others by memory lies there. */
#define OUTGOING 4096
/* What a stack's alignment may depend on. */
#define ALIGNMENT 64

/* How many functions deep the code of a handled exception is remembered. */
#define HANDLED_MAX 128

/* How many frames are remembered outside of them: of those the way out is known whatever is written
 * over them when a longjmp has left them. */
#define LINKS_MAX 128

struct link {
    struct pagelaw_try *frame, *outer;
    void *search;
};

/* The filter of a frame being asked. Frames that are entered meanwhile have it as their `search`.
 */
struct search {
    struct pagelaw_try *top, *at; /* the frames that the exception has: from the first to this */
    struct search *outer;
};

static _Thread_local struct {
    struct pagelaw_try *top;
    struct search *search;
    struct pagelaw_finally finishes; /* on its way from the end of a body to its __finally */
    bool rehearses;                  /* the way there is gone, but not entered */
    struct {
        const void *function;
        DWORD code;
    } handled[HANDLED_MAX]; /* outer functions first */
    unsigned handled_count;
    struct link links[LINKS_MAX];    /* of the newest frames, around and around */
    unsigned link_count;             /* of all frames */
    uintptr_t stack_low, stack_high; /* 0 if not known yet */
} thread;

volatile SIZE_T pagelaw_nothing;

void pagelaw_use(void *memory)
{
    (void)memory;
}

/* The sanitizer's: what is on the stack is left without its functions returning. */
extern void __asan_handle_no_return(void) __attribute__((__weak__));

/* ---- Frames ---------------------------------------------------------------------------------- */

/* The place of the newest link of a frame's; that of the next one if it has none. */
static unsigned find_link(const struct pagelaw_try *frame)
{
    unsigned oldest = thread.link_count > LINKS_MAX ? thread.link_count - LINKS_MAX : 0;
    for (unsigned i = thread.link_count; i-- > oldest;)
        if (thread.links[i % LINKS_MAX].frame == frame)
            return i;
    return thread.link_count;
}

static void leave(struct pagelaw_try *frame)
{
    unsigned at = find_link(frame);
    if (at + 1 == thread.link_count)
        thread.link_count = at;
    else if (at < thread.link_count)
        thread.links[at % LINKS_MAX].frame = NULL;
    thread.top = frame->outer;
    thread.search = frame->search;
}

/* Whatever was entered after a frame that is gone is gone as well. */
static void forget(struct pagelaw_try *frame)
{
    unsigned at = find_link(frame);
    if (at == thread.link_count) {
        leave(frame);
        return;
    }
    thread.top = thread.links[at % LINKS_MAX].outer;
    thread.search = thread.links[at % LINKS_MAX].search;
    thread.link_count = at;
}

/* A frame whose function is gone, as it was left by a longjmp. Frames on other stacks than the
 * thread's own are believed. */
static bool is_stale(const struct pagelaw_try *frame, uintptr_t stack)
{
    uintptr_t at = (uintptr_t)frame;
    if (at >= stack)
        return false;
    if (thread.stack_high == 0) {
        pthread_attr_t attributes;
        void *low = NULL;
        size_t size = 0;
        if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
            pthread_attr_getstack(&attributes, &low, &size);
            pthread_attr_destroy(&attributes);
        }
        thread.stack_low = (uintptr_t)low;
        thread.stack_high = (uintptr_t)low + (size != 0 ? size : 1);
    }
    return at >= thread.stack_low && stack < thread.stack_high;
}

static void drop_stale(uintptr_t stack)
{
    while (thread.top != NULL && is_stale(thread.top, stack))
        forget(thread.top);
}

/* A frame that is entered and was never left, was left by a longjmp. */
int seh_enter(struct pagelaw_try *frame, void *function)
{
    seh_start();
    if (find_link(frame) != thread.link_count)
        forget(frame);
    drop_stale((uintptr_t)frame->registers[SEH_STACK]);
    frame->function = function;
    frame->outer = thread.top;
    frame->search = thread.search;
    frame->pointers = NULL;
    frame->part = PAGELAW_BODY;
    thread.links[thread.link_count++ % LINKS_MAX] =
        (struct link){.frame = frame, .outer = frame->outer, .search = frame->search};
    thread.top = frame;
    return 0;
}

/* ---- Running a part -------------------------------------------------------------------------- */

static void jump(const void *registers, void *stack, int value)
{
    if (__asan_handle_no_return != NULL)
        __asan_handle_no_return();
    seh_registers_load(registers, stack, value);
}

/* Returns when the part has ended. */
static void run_part(struct pagelaw_try *frame, int part)
{
    struct seh_registers back;
    if (seh_registers_save(&back) != 0)
        return;
    uintptr_t own = (uintptr_t)frame->registers[SEH_STACK];
    uintptr_t stack = (uintptr_t)back.at[SEH_STACK] - OUTGOING;
    stack = stack - stack % ALIGNMENT - ALIGNMENT + own % ALIGNMENT;
    frame->back = &back;
    frame->part = part;
    jump(frame->registers, (void *)stack, 1);
}

static void go_back(const void *back)
{
    const struct seh_registers *registers = back;
    jump(registers, registers->at[SEH_STACK], 1);
    __builtin_unreachable();
}

void pagelaw_try_answer(struct pagelaw_try *frame, LONG verdict)
{
    frame->verdict = verdict;
    go_back(frame->back);
    __builtin_unreachable();
}

int pagelaw_try_ended(struct pagelaw_try *frame)
{
    int part = frame->part;
    if (part == PAGELAW_UNWINDING || part == PAGELAW_LEAVING)
        pagelaw_try_answer(frame, false);
    if (part == PAGELAW_BODY)
        leave(frame);
    frame->part = PAGELAW_DONE;
    return part == PAGELAW_HANDLER;
}

void pagelaw_try_finishes(struct pagelaw_try *frame)
{
    bool normal = frame->part == PAGELAW_BODY;
    if (frame->part == PAGELAW_FILTER)
        pagelaw_try_answer(frame, EXCEPTION_CONTINUE_SEARCH);
    if (frame->part == PAGELAW_LEAVING)
        pagelaw_try_answer(frame, true);
    if (normal)
        leave(frame);
    frame->part = PAGELAW_DONE;
    thread.finishes =
        (struct pagelaw_finally){.back = normal ? NULL : frame->back, .abnormal = !normal};
}

struct pagelaw_finally pagelaw_finally_begin(void)
{
    return thread.finishes;
}

int pagelaw_finally_next(struct pagelaw_finally *state)
{
    if (!state->entered && !thread.rehearses)
        return state->entered = 1;
    if (state->back != NULL)
        go_back(state->back);
    return 0;
}

/* ---- Leaving a body by return, break, continue or goto --------------------------------------- */

/* Where the body's function keeps what it does next, its __finally block's way in keeps its own:
 * compilers do not expect the one during the other. What changes there when the way is gone but
 * the block not entered is put back after the block; its own changes stay. */
static void finish(struct pagelaw_try *frame, uintptr_t *spare, size_t count)
{
    volatile uintptr_t *own = frame->registers[SEH_STACK];
    for (size_t i = 0; i < count; i++)
        spare[i] = own[i];
    thread.rehearses = true;
    run_part(frame, PAGELAW_FINISHING);
    thread.rehearses = false;
    for (size_t i = 0; i < count; i++) {
        uintptr_t before = spare[i];
        spare[count + i] = own[i] != before;
        if (own[i] != before)
            own[i] = before;
    }
    run_part(frame, PAGELAW_FINISHING);
    for (size_t i = 0; i < count; i++)
        if (spare[count + i] != 0)
            own[i] = spare[i];
}

void pagelaw_try_left(struct pagelaw_try *frame)
{
    if (frame->part != PAGELAW_BODY)
        return;
    leave(frame);
    run_part(frame, PAGELAW_LEAVING);
    if (frame->verdict != 0) {
        uintptr_t low = (uintptr_t)frame->registers[SEH_STACK], high = (uintptr_t)frame->function;
        size_t count = high > low ? (high - low) / sizeof(uintptr_t) : 0;
        uintptr_t *spare = calloc(2 * count + 1, sizeof *spare);
        finish(frame, spare, spare != NULL ? count : 0);
        free(spare);
    }
    frame->part = PAGELAW_DONE;
}

/* ---- The search ------------------------------------------------------------------------------ */

static LONG ask(struct pagelaw_try *frame, PEXCEPTION_POINTERS pointers)
{
    struct search search = {.top = thread.top, .at = frame, .outer = thread.search};
    PEXCEPTION_POINTERS before = frame->pointers;
    thread.top = frame->outer;
    thread.search = &search;
    frame->pointers = pointers;
    run_part(frame, PAGELAW_FILTER);
    frame->pointers = before;
    frame->part = PAGELAW_BODY;
    thread.top = search.top;
    thread.search = search.outer;
    return frame->verdict;
}

/* The next frame to be left. Behind those that were entered while a filter ran come the frames that
 * the exception had which it was asked about. */
static struct pagelaw_try *innermost(void)
{
    while (thread.search != NULL &&
           (thread.top == NULL || thread.top->search != (void *)thread.search)) {
        thread.top = thread.search->top;
        thread.search = thread.search->outer;
    }
    return thread.top;
}

/* Forgets functions that are gone: those whose frames are below, or on another stack. */
static void remember_handled(const void *function, DWORD code)
{
    unsigned count = thread.handled_count;
    while (count > 0 && (uintptr_t)thread.handled[count - 1].function <= (uintptr_t)function)
        count--;
    if (count == HANDLED_MAX) {
        count--;
        for (unsigned i = 0; i < count; i++)
            thread.handled[i] = thread.handled[i + 1];
    }
    thread.handled[count].function = function;
    thread.handled[count].code = code;
    thread.handled_count = count + 1;
}

static void handle(struct pagelaw_try *target, DWORD code)
{
    for (struct pagelaw_try *frame; (frame = innermost()) != target;) {
        leave(frame);
        run_part(frame, PAGELAW_UNWINDING);
    }
    leave(target);
    remember_handled(target->function, code);
    target->part = PAGELAW_HANDLER;
    jump(target->registers, target->registers[SEH_STACK], 1);
}

/* What cannot go on and is told to is an exception itself, for the frames outside. */
static void refuse_to_continue(struct pagelaw_try *frame, PEXCEPTION_POINTERS pointers)
{
    struct search search = {.top = thread.top, .at = frame, .outer = thread.search};
    EXCEPTION_RECORD record = {.ExceptionCode = STATUS_NONCONTINUABLE_EXCEPTION,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionRecord = pointers->ExceptionRecord,
                               .ExceptionAddress = pointers->ExceptionRecord->ExceptionAddress};
    EXCEPTION_POINTERS refusal = {&record, pointers->ContextRecord};
    thread.top = frame->outer;
    thread.search = &search;
    seh_dispatch(&refusal);
    seh_tell(&record);
    abort();
}

bool seh_dispatch(PEXCEPTION_POINTERS pointers)
{
    bool continuable = (pointers->ExceptionRecord->ExceptionFlags & EXCEPTION_NONCONTINUABLE) == 0;
    if (seh_ask_vectored(pointers) && continuable)
        return true;
    drop_stale(seh_context_stack(pointers->ContextRecord));
    for (struct pagelaw_try *frame = thread.top; frame != NULL; frame = frame->outer) {
        LONG verdict = ask(frame, pointers);
        if (verdict > 0)
            handle(frame, pointers->ExceptionRecord->ExceptionCode);
        if (verdict < 0 && continuable)
            return true;
        if (verdict < 0)
            refuse_to_continue(frame, pointers);
    }
    return false;
}

/* ---- What is known of an exception ----------------------------------------------------------- */

DWORD pagelaw_exception_code(const struct pagelaw_try *frame, const void *function)
{
    if (frame != NULL && frame->pointers != NULL)
        return frame->pointers->ExceptionRecord->ExceptionCode;
    for (unsigned i = thread.handled_count; i-- > 0;)
        if (thread.handled[i].function == function)
            return thread.handled[i].code;
    return 0;
}

PEXCEPTION_POINTERS pagelaw_exception_pointers(const struct pagelaw_try *frame)
{
    return frame != NULL ? frame->pointers : NULL;
}
