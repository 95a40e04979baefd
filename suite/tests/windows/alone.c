/* Exceptions in a program that never asks for memory: nothing that it touches is an allocation. */
#include <windows.h>
#include <stdio.h>

struct pair {
    BYTE one;
    LONGLONG other;
};
C_ASSERT(FIELD_OFFSET(struct pair, other) == 8);

static volatile BYTE *volatile nowhere = (volatile BYTE *)8;

static LONG say(PEXCEPTION_POINTERS pointers)
{
    PEXCEPTION_RECORD record = pointers->ExceptionRecord;
    printf("0x%lX, %lu parameters: %Iu at 0x%IX\n", record->ExceptionCode, record->NumberParameters,
           record->ExceptionInformation[0], record->ExceptionInformation[1]);
    return EXCEPTION_EXECUTE_HANDLER;
}

/* Of the handlers that run within each other, each knows its own exception. */
static int handle_within(int depth)
{
    volatile int known = 0;
    if (depth == 0)
        return 0;
    __try {
        RaiseException(0xE0000000 + (DWORD)depth, 0, 0, NULL);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        known = handle_within(depth - 1);
        known += GetExceptionCode() == 0xE0000000 + (DWORD)depth;
    }
    return known;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        __try {
            *nowhere = nowhere[i];
        } __except (say(GetExceptionInformation())) {
            printf("%s\n", IsBadReadPtr((LPCVOID)nowhere, 1) ? "bad" : "good");
        }
    }
    struct pair pairs[3];
    PVOID other = &pairs[2].other;
    printf("%d of %Iu, %lX\n", (int)(CONTAINING_RECORD(other, struct pair, other) - pairs),
           ARRAYSIZE(pairs), MAXDWORD);
    printf("%s\n", IsBadReadPtr((LPCVOID)&nowhere, sizeof nowhere) ? "bad" : "good");
    printf("%d known\n", handle_within(100));
    return 0;
}
