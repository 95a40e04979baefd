/* Structured exceptions in every shape, as C and as C++: says what is not as on Windows. */
#include <windows.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define PAGE 4096u
#define PAGES 64u
#define THREADS 4
#define ROUNDS 20

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("line %d: %s\n", __LINE__, #condition);                                         \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

static volatile int failures;
static __thread volatile char *room; /* reserved pages, of this thread's own */
static __thread int filter_calls;
static __thread EXCEPTION_RECORD seen;
static __thread char story[64];

static void Say(const char *word)
{
    strcat(story, word);
}

static void Decommit(void)
{
    VirtualFree((LPVOID)room, PAGES * PAGE, MEM_DECOMMIT);
}

static void Commit(void)
{
    VirtualAlloc((LPVOID)room, PAGES * PAGE, MEM_COMMIT, PAGE_READWRITE);
}

/* Uses as much stack and as many registers as it can get hold of. */
static LONG CommitPage(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    ULONG_PTR address = record->ExceptionInformation[1];
    volatile double junk[400];

    for (int i = 0; i < 400; i++)
        junk[i] = (double)i * 1.5;
    filter_calls++;
    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || junk[2] != 3.0)
        return EXCEPTION_CONTINUE_SEARCH;
    if (address < (ULONG_PTR)room || address >= (ULONG_PTR)room + PAGES * PAGE)
        return EXCEPTION_EXECUTE_HANDLER;
    if (VirtualAlloc((LPVOID)address, 1, MEM_COMMIT, PAGE_READWRITE) == NULL)
        return EXCEPTION_EXECUTE_HANDLER;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG Note(EXCEPTION_POINTERS *pointers, LONG verdict)
{
    seen = *pointers->ExceptionRecord;
    return verdict;
}

/* ---- Going on where it faulted --------------------------------------------------------------- */

__declspec(noinline) static long Recurse(int depth, volatile char *at)
{
    long own[8], sum = 0;

    for (int i = 0; i < 8; i++)
        own[i] = depth * 8 + i;
    if (depth != 0)
        sum = Recurse(depth - 1, at + PAGE);
    *at = (char)depth;
    for (int i = 0; i < 8; i++)
        sum += own[i];
    return sum;
}

static void TestRecursion(void)
{
    volatile long found = 0;

    Commit();
    long wanted = Recurse(40, room);
    Decommit();
    filter_calls = 0;
    __try {
        found = Recurse(40, room);
    } __except (CommitPage(GetExceptionInformation())) {
        found = -1;
    }
    CHECK(found == wanted);
    CHECK(filter_calls == 41);
}

/* Keeps what it computes below the stack pointer, if the compiler does. */
__declspec(noinline) static long Leaf(volatile char *at, long a, long b, long c)
{
    long x = a * b + c, y = b * c + a;

    *at = 1;
    return x ^ y;
}

static void TestLeaf(void)
{
    volatile long found = 0;

    Commit();
    long wanted = Leaf(room, 7, 13, 11);
    Decommit();
    __try {
        found = Leaf(room, 7, 13, 11);
    } __except (CommitPage(GetExceptionInformation())) {
        found = -1;
    }
    CHECK(found == wanted);
}

/* Vector registers are alive at the fault. */
static void TestVectors(void)
{
    float *numbers = (float *)(ULONG_PTR)room;
    int wrong = 0;

    Decommit();
    __try {
        for (unsigned i = 0; i < PAGES * PAGE / sizeof *numbers; i++)
            numbers[i] = (float)i * 1.25f + 2.0f;
    } __except (CommitPage(GetExceptionInformation())) {
        failures++;
    }
    for (unsigned i = 0; i < PAGES * PAGE / sizeof *numbers; i++)
        wrong += numbers[i] != (float)i * 1.25f + 2.0f;
    CHECK(wrong == 0);
}

static LONG LookThenCommit(EXCEPTION_POINTERS *pointers)
{
    MEMORY_BASIC_INFORMATION rows[4];
    char text[200];

    VirtualQuery((LPCVOID)pointers->ExceptionRecord->ExceptionInformation[1], &rows[1],
                 sizeof rows[1]);
    rows[0] = rows[2] = rows[3] = rows[1];
    snprintf(text, sizeof text, "%lu and %Iu, %80d", rows[3].State, rows[2].RegionSize, 5);
    return strncmp(text, "8192 and ", 9) == 0 ? CommitPage(pointers) : EXCEPTION_EXECUTE_HANDLER;
}

/* What the body keeps in its function's frame is not overwritten by what the filter keeps. */
static void TestFrameIsKept(void)
{
    volatile int good = 0;

    Decommit();
    __try {
        int numbers[100];
        char text[300];
        int same = 0;
        for (int i = 0; i < 100; i++) {
            numbers[i] = i * 3 + filter_calls;
            text[i] = (char)(i ^ 5);
            text[i + 200] = (char)i;
            room[(unsigned)i % 60 * PAGE] = (char)numbers[i];
        }
        for (int i = 0; i < 100; i++)
            same += text[i] == (char)(i ^ 5) && text[i + 200] == (char)i &&
                    numbers[i] >= i * 3 + numbers[0];
        good = same == 100;
    } __except (LookThenCommit(GetExceptionInformation())) {
        good = -1;
    }
    CHECK(good == 1);
}

static void TestFilterWrites(void)
{
    volatile int calls = 0, reached = 0;

    Decommit();
    __try {
        for (unsigned i = 0; i < 10; i++)
            room[i * PAGE] = 1;
        reached = 1;
    } __except (calls++, CommitPage(GetExceptionInformation())) {
        reached = 2;
    }
    CHECK(reached == 1 && calls == 10);
}

/* ---- Who gets it ----------------------------------------------------------------------------- */

static void TestOuterFilterContinues(void)
{
    volatile int way = 0;

    Decommit();
    __try {
        __try {
            *room = 1;
            way = 1;
        } __except (EXCEPTION_CONTINUE_SEARCH) {
            way = 100;
        }
        way += 10;
    } __except (CommitPage(GetExceptionInformation())) {
        way = 200;
    }
    CHECK(way == 11);
}

static void TestOuterHandlerRuns(void)
{
    volatile int way = 0;

    Decommit();
    __try {
        __try {
            *room = 1;
        } __except (EXCEPTION_CONTINUE_SEARCH) {
            way = 1;
        }
        way = 2;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        way += 50;
    }
    CHECK(way == 50);
}

static void TestHandlerFaults(void)
{
    volatile int way = 0;

    Decommit();
    __try {
        __try {
            *room = 1;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            way = 2;
            room[PAGE] = 1;
            way = 3;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        way += 100;
    }
    CHECK(way == 102);
}

static void TestFilterFaults(void)
{
    volatile int way = 0;

    Decommit();
    __try {
        __try {
            *room = 1;
        } __except (room[PAGE] != 0 ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) {
            way = 1;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        way = 60;
    }
    CHECK(way == 60);
}

static int HandlesItself(void)
{
    volatile int handled = 0;

    __try {
        room[2 * PAGE] = 1;
    } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION) {
        handled = 1;
    }
    return handled;
}

/* An exception that is handled meanwhile does not take the place of the one that is going on. */
static void TestCodeOfEach(void)
{
    volatile DWORD code = 0;

    Decommit();
    __try {
        RaiseException(0xE0000001, 0, 0, NULL);
    } __except (HandlesItself() && GetExceptionCode() == 0xE0000001) {
        HandlesItself();
        code = GetExceptionCode();
    }
    CHECK(code == 0xE0000001);
}

/* ---- Ways out of a body ---------------------------------------------------------------------- */

static int Return(void)
{
    __try {
        return 5;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return 6;
    }
    return 7;
}

static int BreakAndContinue(void)
{
    volatile int sum = 0;

    for (int i = 0; i < 10; i++) {
        __try {
            if (i == 2)
                continue;
            if (i == 5)
                break;
            sum += i;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            sum = 100;
        }
        sum += 10;
    }
    return sum;
}

static int Leave(int early)
{
    volatile int way = 0;

    __try {
        way = 1;
        for (;;) {
            if (early)
                __leave;
            if (++way > 5)
                break;
        }
        way += 100;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        way = -1;
    }
    return way;
}

static void TestWaysOut(void)
{
    volatile int way = 0;

    CHECK(Return() == 5);
    CHECK(BreakAndContinue() == 0 + 1 + 3 + 4 + 4 * 10);
    CHECK(Leave(1) == 1);
    CHECK(Leave(0) == 106);
    Decommit();
    __try {
        *room = 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        way = 1;
    }
    CHECK(way == 1);
}

/* ---- Termination handlers -------------------------------------------------------------------- */

__declspec(noinline) static void FaultWithFinally(void)
{
    __try {
        Say("b");
        *room = 1;
        Say("x");
    } __finally {
        Say(AbnormalTermination() ? "F" : "f");
    }
    Say("y");
}

/* The filters are asked first, then the termination handlers run from the inside out. */
static void TestUnwinding(void)
{
    story[0] = '\0';
    Decommit();
    __try {
        __try {
            FaultWithFinally();
        } __finally {
            Say("G");
        }
    } __except (Say("?"), EXCEPTION_EXECUTE_HANDLER) {
        Say("h");
    }
    Say(".");
    CHECK(strcmp(story, "b?FGh.") == 0);
}

__declspec(noinline) static int LeaveWithFinally(int how)
{
    for (int i = 0; i < 2; i++) {
        __try {
            Say("b");
            if (how == 1)
                return 41 + i;
            if (how == 2)
                break;
            if (how == 3)
                continue;
            if (how == 4)
                __leave;
            if (how == 5)
                goto out;
            Say("e");
        } __finally {
            Say(AbnormalTermination() ? "F" : "f");
        }
        Say("-");
    }
    Say("|");
    return 7;
out:
    Say("o");
    return 8;
}

static void TestFinally(void)
{
    static const struct {
        int result;
        const char *story;
    } wanted[] = {{7, "bef-bef-|"}, {41, "bF"},     {7, "bF|"},
                  {7, "bFbF|"},     {7, "bf-bf-|"}, {8, "bFo"}};

    for (int how = 0; how < 6; how++) {
        story[0] = '\0';
        CHECK(LeaveWithFinally(how) == wanted[how].result);
        CHECK(strcmp(story, wanted[how].story) == 0);
    }
}

/* A termination handler's own changes stay, whatever way its body is left. */
static void TestFinallyWrites(void)
{
    volatile int count = 0;

    for (int i = 0; i < 6; i++) {
        __try {
            if (i % 2 == 0)
                continue;
        } __finally {
            count++;
        }
    }
    CHECK(count == 6);
}

/* ---- Records --------------------------------------------------------------------------------- */

static void CheckRecord(DWORD code, ULONG_PTR access, ULONG_PTR address)
{
    CHECK(seen.ExceptionCode == code);
    CHECK(seen.ExceptionFlags == 0);
    CHECK(seen.NumberParameters == 2);
    CHECK(seen.ExceptionInformation[0] == access);
    CHECK(seen.ExceptionInformation[1] == address);
}

static void TestRecords(void)
{
    ULONG_PTR base = (ULONG_PTR)room;
    volatile ULONG_PTR nowhere = 8;

    Decommit();
    __try {
        room[3 * PAGE + 123] = 1;
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        CheckRecord(EXCEPTION_ACCESS_VIOLATION, 1, base + 3 * PAGE + 123);
    }
    __try {
        (void)room[77];
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        CheckRecord(EXCEPTION_ACCESS_VIOLATION, 0, base + 77);
    }
    __try {
        ((void (*)(void))(base + 16))();
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        CheckRecord(EXCEPTION_ACCESS_VIOLATION, 8, base + 16);
        CHECK((ULONG_PTR)seen.ExceptionAddress == base + 16);
    }
    __try {
        *(volatile int *)nowhere = 1;
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        CheckRecord(EXCEPTION_ACCESS_VIOLATION, 1, 8);
    }
}

static void TestGuard(void)
{
    volatile int way = 0;
    DWORD old;

    Commit();
    CHECK(VirtualProtect((LPVOID)room, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    __try {
        room[5] = 1;
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        CheckRecord(STATUS_GUARD_PAGE_VIOLATION, 1, (ULONG_PTR)room + 5);
        way = 1;
    }
    CHECK(way == 1);
    room[5] = 2;
    CHECK(VirtualProtect((LPVOID)room, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    __try {
        room[6] = 9;
        way = 2;
    } __except (GetExceptionCode() == STATUS_GUARD_PAGE_VIOLATION ? EXCEPTION_CONTINUE_EXECUTION
                                                                  : EXCEPTION_EXECUTE_HANDLER) {
        way = 3;
    }
    CHECK(way == 2 && room[6] == 9);
}

static void TestRaised(void)
{
    ULONG_PTR arguments[20] = {1, 2, 3};
    volatile int way = 0;

    __try {
        RaiseException(0xE1234567, 0, 20, arguments);
        way = 1;
    } __except (Note(GetExceptionInformation(), EXCEPTION_CONTINUE_EXECUTION)) {
        way = 2;
    }
    CHECK(way == 1);
    CHECK(seen.ExceptionCode == 0xE1234567 && seen.ExceptionFlags == 0);
    CHECK(seen.NumberParameters == 15 && seen.ExceptionInformation[2] == 3);
    __try {
        __try {
            RaiseException(0xE1234567, EXCEPTION_NONCONTINUABLE, 0, NULL);
        } __except (EXCEPTION_CONTINUE_EXECUTION) {
            way = 3;
        }
    } __except (Note(GetExceptionInformation(), EXCEPTION_EXECUTE_HANDLER)) {
        way = 4;
    }
    CHECK(way == 4 && seen.ExceptionCode == EXCEPTION_NONCONTINUABLE_EXCEPTION);
    CHECK(seen.ExceptionFlags == EXCEPTION_NONCONTINUABLE && seen.ExceptionRecord != NULL);
}

/* ---- Vectored handlers ----------------------------------------------------------------------- */

static LONG CALLBACK SayOne(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    Say("1");
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK SayTwo(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    Say("2");
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK CommitVectored(EXCEPTION_POINTERS *pointers)
{
    return CommitPage(pointers) == EXCEPTION_CONTINUE_EXECUTION ? EXCEPTION_CONTINUE_EXECUTION
                                                                : EXCEPTION_CONTINUE_SEARCH;
}

static PVOID removes_itself;
static LONG CALLBACK RemoveMyself(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    Say(RemoveVectoredExceptionHandler(removes_itself) ? "r" : "?");
    return EXCEPTION_CONTINUE_SEARCH;
}

static void TestVectored(void)
{
    PVOID commits = AddVectoredExceptionHandler(1, CommitVectored);

    Decommit();
    room[0] = 1;
    room[PAGE] = 2;
    CHECK(room[0] == 1 && room[PAGE] == 2);
    CHECK(RemoveVectoredExceptionHandler(commits) != 0);
    CHECK(RemoveVectoredExceptionHandler(commits) == 0);

    PVOID two = AddVectoredExceptionHandler(0, SayTwo);
    PVOID one = AddVectoredExceptionHandler(1, SayOne);
    removes_itself = AddVectoredExceptionHandler(0, RemoveMyself);
    story[0] = '\0';
    for (int i = 0; i < 2; i++) {
        Decommit();
        __try {
            *room = 1;
        } __except (Say("f"), EXCEPTION_EXECUTE_HANDLER) {
            Say("h");
        }
    }
    CHECK(strcmp(story, "12rfh12fh") == 0);
    CHECK(RemoveVectoredExceptionHandler(one) && RemoveVectoredExceptionHandler(two));
}

/* The context is the thread's: a handler may move it on. */
static LONG CALLBACK SkipLoad(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
#if defined(__x86_64__)
    pointers->ContextRecord->Rip += 2;
    pointers->ContextRecord->Rax = 77;
#else
    pointers->ContextRecord->Pc += 4;
    pointers->ContextRecord->X[0] = 77;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

static long Load(volatile char *at)
{
    long value;
#if defined(__x86_64__)
    __asm__ volatile("movb (%1), %%al\n movq %%rax, %0" : "=r"(value) : "r"(at) : "rax");
#else
    __asm__ volatile("ldrb w0, [%1]\n mov %0, x0" : "=r"(value) : "r"(at) : "x0");
#endif
    return value;
}

static void TestContext(void)
{
    PVOID skips = AddVectoredExceptionHandler(1, SkipLoad);

    Decommit();
    CHECK(Load(room) == 77);
    CHECK(RemoveVectoredExceptionHandler(skips) != 0);
}

/* ---- Other exceptions, and pointers ---------------------------------------------------------- */

static void TestOthers(void)
{
    volatile int way = 0;

#if defined(__x86_64__)
    int quotient = 5, remainder = 0, zero = 0;
    __try {
        __asm__ volatile("idivl %2" : "+a"(quotient), "+d"(remainder) : "r"(zero));
    } __except (GetExceptionCode() == EXCEPTION_INT_DIVIDE_BY_ZERO) {
        way = 1;
    }
    CHECK(way == 1);
#endif
    __try {
#if defined(__x86_64__)
        __asm__ volatile("ud2");
#else
        __asm__ volatile("udf #0");
#endif
    } __except (GetExceptionCode() == EXCEPTION_ILLEGAL_INSTRUCTION) {
        way = 2;
    }
    CHECK(way == 2);
}

static void TestBadPointers(void)
{
    char own[10] = "text";

    Decommit();
    CHECK(IsBadReadPtr((LPCVOID)room, PAGE) && IsBadReadPtr(NULL, 1));
    CHECK(!IsBadReadPtr(own, sizeof own) && !IsBadReadPtr(NULL, 0));
    CHECK(IsBadWritePtr((LPVOID)(ULONG_PTR) "constant", 1) && !IsBadWritePtr(own, sizeof own));
    CHECK(IsBadStringPtrA((LPCSTR)room, 5) && !IsBadStringPtrA(own, 100));
    CHECK(!IsBadCodePtr((FARPROC)TestBadPointers) && IsBadCodePtr(NULL));
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void TestThread(void)
{
    TestRecursion();
    TestLeaf();
    TestVectors();
    TestFrameIsKept();
    TestFilterWrites();
    TestOuterFilterContinues();
    TestOuterHandlerRuns();
    TestHandlerFaults();
    TestFilterFaults();
    TestCodeOfEach();
    TestWaysOut();
    TestUnwinding();
    TestFinally();
    TestFinallyWrites();
    TestRecords();
    TestGuard();
    TestRaised();
    TestBadPointers();
}

static void Reserve(void)
{
    room = (volatile char *)VirtualAlloc(NULL, PAGES * PAGE, MEM_RESERVE, PAGE_NOACCESS);
}

static void *Run(void *unused)
{
    Reserve();
    for (int i = 0; i < ROUNDS; i++)
        TestThread();
    VirtualFree((LPVOID)room, 0, MEM_RELEASE);
    return unused;
}

int main(void)
{
    pthread_t threads[THREADS];

    Reserve();
    TestThread();
    TestVectored();
    TestContext();
    TestOthers();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, Run, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts(failures == 0 ? "as on Windows" : "not as on Windows");
    return failures != 0;
}
