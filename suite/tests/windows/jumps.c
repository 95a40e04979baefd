/* Frames that were left by longjmp are forgotten, whatever lies in their place since. */
#include <windows.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static jmp_buf back;

static __declspec(noinline) void raise_one(DWORD code)
{
    RaiseException(code, 0, 0, NULL);
}

static __declspec(noinline) void jump_from_below(int depth)
{
    __try {
        if (depth == 0)
            longjmp(back, 1);
        jump_from_below(depth - 1);
    } __except (printf("a function that is gone is asked\n"), EXCEPTION_EXECUTE_HANDLER) {
        printf("and handles\n");
    }
}

static __declspec(noinline) void use_the_stack(int byte)
{
    volatile char room[32768];
    memset((void *)room, byte, sizeof room);
}

/* The list of frames has the two that are gone, and their memory is used otherwise. */
static void from_below(void)
{
    __try {
        if (setjmp(back) == 0)
            jump_from_below(20);
        use_the_stack('A');
        raise_one(0xE0000001);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        printf("from below: 0x%lX\n", GetExceptionCode());
    }
}

/* Enters the same frames over and over. */
static __declspec(noinline) void jump_in_a_loop(void)
{
    for (volatile int i = 0; i < 5; i++) {
        if (setjmp(back) != 0)
            continue;
        __try {
            __try {
                if (i < 4)
                    longjmp(back, 1);
                raise_one(0xE0000002);
            } __except (printf("inner\n"), EXCEPTION_CONTINUE_SEARCH) {
                printf("is not run\n");
            }
        } __except (printf("outer\n"), EXCEPTION_CONTINUE_SEARCH) {
            printf("is not run\n");
        }
    }
}

static void in_a_loop(void)
{
    __try {
        jump_in_a_loop();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        printf("in a loop: 0x%lX\n", GetExceptionCode());
    }
}

static LONG filter_with_a_jump(void)
{
    if (setjmp(back) == 0)
        jump_from_below(3);
    use_the_stack('B');
    __try {
        raise_one(0xE0000004);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        printf("in a filter: 0x%lX\n", GetExceptionCode());
    }
    return EXCEPTION_EXECUTE_HANDLER;
}

int main(void)
{
    from_below();
    in_a_loop();
    __try {
        raise_one(0xE0000003);
    } __except (filter_with_a_jump()) {
        printf("by it: 0x%lX\n", GetExceptionCode());
    }
    return 0;
}
