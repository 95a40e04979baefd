/* Structured exception handling: __try, __except, __finally, __leave, for gcc and clang.
 *
 * A __try block is a frame on its thread's list of them. A fault, or RaiseException, asks the
 * vectored handlers first and then each frame's filter, the innermost first. All of that runs
 * above the faulting code on its stack, so that a filter that continues simply returns to it.
 *
 * A filter, a handler and a __finally block that was reached by an exception see variables of
 * their function as setjmp's second return does: one that the body changes has to be volatile to
 * be sure. SDK.md has the other limits. */
#ifndef PAGELAW_WIN32_EXCPT_H
#define PAGELAW_WIN32_EXCPT_H

/* What the words expand to is no fault of the program's. */
#pragma GCC system_header

#include "winnt.h"

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

#define EXCEPTION_GUARD_PAGE STATUS_GUARD_PAGE_VIOLATION
#define EXCEPTION_DATATYPE_MISALIGNMENT STATUS_DATATYPE_MISALIGNMENT
#define EXCEPTION_BREAKPOINT STATUS_BREAKPOINT
#define EXCEPTION_SINGLE_STEP STATUS_SINGLE_STEP
#define EXCEPTION_ACCESS_VIOLATION STATUS_ACCESS_VIOLATION
#define EXCEPTION_IN_PAGE_ERROR STATUS_IN_PAGE_ERROR
#define EXCEPTION_ILLEGAL_INSTRUCTION STATUS_ILLEGAL_INSTRUCTION
#define EXCEPTION_NONCONTINUABLE_EXCEPTION STATUS_NONCONTINUABLE_EXCEPTION
#define EXCEPTION_INVALID_DISPOSITION STATUS_INVALID_DISPOSITION
#define EXCEPTION_ARRAY_BOUNDS_EXCEEDED STATUS_ARRAY_BOUNDS_EXCEEDED
#define EXCEPTION_FLT_DENORMAL_OPERAND STATUS_FLOAT_DENORMAL_OPERAND
#define EXCEPTION_FLT_DIVIDE_BY_ZERO STATUS_FLOAT_DIVIDE_BY_ZERO
#define EXCEPTION_FLT_INEXACT_RESULT STATUS_FLOAT_INEXACT_RESULT
#define EXCEPTION_FLT_INVALID_OPERATION STATUS_FLOAT_INVALID_OPERATION
#define EXCEPTION_FLT_STACK_CHECK STATUS_FLOAT_STACK_CHECK
#define EXCEPTION_FLT_OVERFLOW STATUS_FLOAT_OVERFLOW
#define EXCEPTION_FLT_UNDERFLOW STATUS_FLOAT_UNDERFLOW
#define EXCEPTION_INT_DIVIDE_BY_ZERO STATUS_INTEGER_DIVIDE_BY_ZERO
#define EXCEPTION_INT_OVERFLOW STATUS_INTEGER_OVERFLOW
#define EXCEPTION_PRIV_INSTRUCTION STATUS_PRIVILEGED_INSTRUCTION
#define EXCEPTION_STACK_OVERFLOW STATUS_STACK_OVERFLOW

/* ---- Behind the words ------------------------------------------------------------------------ */

#define PAGELAW_REGISTERS 24

/* What is run of a frame: its body, or a part of it on behalf of an exception. */
enum pagelaw_part {
    PAGELAW_BODY,
    PAGELAW_FILTER,    /* is the exception its? */
    PAGELAW_UNWINDING, /* the exception goes to an outer frame: does it have a __finally? */
    PAGELAW_LEAVING,   /* the body is left by return, goto or the like: the same question */
    PAGELAW_FINISHING, /* and the answer was yes */
    PAGELAW_HANDLER,
    PAGELAW_DONE
};

struct pagelaw_try {
    void *registers[PAGELAW_REGISTERS]; /* of the function, where its body begins */
    void *function;                     /* its frame's address, which tells it from others */
    void *back;                         /* the registers of who has a part run */
    struct pagelaw_try *outer;
    void *search; /* of an exception whose filter was running when the frame was entered */
    PEXCEPTION_POINTERS pointers; /* of the exception that its filter is asked about */
    volatile int part;
    LONG verdict;
#ifdef __cplusplus
    alignas(16) char filter[512]; /* a closure, which must not share its place with the body's */
#endif
};

struct pagelaw_finally {
    void *back; /* where to go on at its end, or NULL: behind it */
    int abnormal;
    int entered;
};

/* The frame whose filter or body a piece of code belongs to: each __try has its own by that name.
 */
static struct pagelaw_try *const pagelaw_in __attribute__((__unused__)) = NULL;

#ifdef __cplusplus
extern "C" {
#endif

/* Enters a body: 0. Returns a second time, with another value, to run another part. */
int pagelaw_try_begin(struct pagelaw_try *frame, void *function) __attribute__((__returns_twice__));

/* The filter's verdict. */
void pagelaw_try_answer(struct pagelaw_try *frame, LONG verdict) __attribute__((__noreturn__));

/* The end of a body with a handler: whether that is to run. */
int pagelaw_try_ended(struct pagelaw_try *frame);

/* The end of a body with a __finally, and the beginning and the end of that. */
void pagelaw_try_finishes(struct pagelaw_try *frame);
struct pagelaw_finally pagelaw_finally_begin(void);
int pagelaw_finally_next(struct pagelaw_finally *state);

/* Whatever way a body was left. */
void pagelaw_try_left(struct pagelaw_try *frame);

DWORD pagelaw_exception_code(const struct pagelaw_try *frame, const void *function);
PEXCEPTION_POINTERS pagelaw_exception_pointers(const struct pagelaw_try *frame);

/* Always 0, which no compiler knows: a function that might take memory from the stack as it goes
 * finds its variables by another register than the stack's, so that a filter can run above. */
extern volatile SIZE_T pagelaw_nothing;
void pagelaw_use(void *memory);

#ifdef __cplusplus
}
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

/* A filter is called, so that it cannot use the stack that the compiler takes for free by then. */
#if defined(__cplusplus)
#include "pagelaw_cxx.h"
#define PAGELAW_ANSWER(expression)                                                                 \
    {                                                                                              \
        void *const pagelaw_place = pagelaw_frame.filter;                                          \
        auto *pagelaw_filter =                                                                     \
            new (pagelaw_place) auto([&]() __attribute__((__noinline__))->LONG {                   \
                return (LONG)expression;                                                           \
            });                                                                                    \
        static_assert(sizeof *pagelaw_filter <= sizeof pagelaw_frame.filter,                       \
                      "pagelaw: a filter can use 64 variables of its function");                   \
        pagelaw_try_answer(&pagelaw_frame, (*pagelaw_filter)());                                   \
    }
#elif !defined(__clang__)
#define PAGELAW_ANSWER(expression)                                                                 \
    {                                                                                              \
        __attribute__((__noinline__)) LONG pagelaw_filter(void)                                    \
        {                                                                                          \
            return (LONG)expression;                                                               \
        }                                                                                          \
        pagelaw_try_answer(&pagelaw_frame, pagelaw_filter());                                      \
    }
#elif __clang_major__ >= 18
#define PAGELAW_ANSWER(expression)                                                                 \
    {                                                                                              \
        __extension__ [[clang::noinline]] pagelaw_try_answer(&pagelaw_frame, (LONG)expression);    \
    }
#else
#define PAGELAW_ANSWER(expression)                                                                 \
    {                                                                                              \
        pagelaw_try_answer(&pagelaw_frame, (LONG)expression);                                      \
    }
#endif

/* clang-format off */
#define PAGELAW_TRY                                                                                \
    if (!__extension__({                                                                           \
        __label__ pagelaw_leave;                                                                   \
        struct pagelaw_try pagelaw_frame __attribute__((__cleanup__(pagelaw_try_left)));           \
        struct pagelaw_try *const pagelaw_in __attribute__((__unused__)) = &pagelaw_frame;         \
        if (__builtin_expect(pagelaw_nothing != 0, 0))                                             \
            pagelaw_use(__builtin_alloca(pagelaw_nothing));                                        \
        if (pagelaw_try_begin(&pagelaw_frame, __builtin_frame_address(0)) == 0)

#define PAGELAW_EXCEPT(expression)                                                                 \
        else if (pagelaw_frame.part == PAGELAW_FILTER)                                             \
            PAGELAW_ANSWER(expression)                                                             \
        pagelaw_leave: __attribute__((__unused__));                                                \
        pagelaw_try_ended(&pagelaw_frame);                                                         \
    })) {                                                                                          \
    } else

#define PAGELAW_FINALLY                                                                            \
        pagelaw_leave: __attribute__((__unused__));                                                \
        pagelaw_try_finishes(&pagelaw_frame);                                                      \
        1;                                                                                         \
    })) {                                                                                          \
    } else                                                                                         \
        for (struct pagelaw_finally pagelaw_state = pagelaw_finally_begin();                       \
             pagelaw_finally_next(&pagelaw_state);)

/* ---- The words ------------------------------------------------------------------------------- */

#undef __try
#undef __except
#undef __finally
#undef __leave
#define __try PAGELAW_TRY
/* A filter may have commas. */
#define __except(...) PAGELAW_EXCEPT((__VA_ARGS__))
#define __finally PAGELAW_FINALLY
#define __leave goto pagelaw_leave
/* clang-format on */

/* In a filter and in a handler. */
#define GetExceptionCode() pagelaw_exception_code(pagelaw_in, __builtin_frame_address(0))
/* In a filter. */
#define GetExceptionInformation() pagelaw_exception_pointers(pagelaw_in)
/* In a __finally block: whether the body was left other than at its end or by __leave. */
#define AbnormalTermination() (pagelaw_state.abnormal)

#define _exception_code() GetExceptionCode()
#define _exception_info() GetExceptionInformation()
#define _abnormal_termination() AbnormalTermination()

#endif
