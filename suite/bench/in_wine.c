/* For Windows: what the benches of the layer measure, by Windows's own functions. Prints a line for
 * each, a word, nanoseconds, and how many other allocations there were: what Wine takes, where it
 * is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define SIZE ((SIZE_T)64 * 1024)
#define COUNT 20000
#define MANY 100000
#define TURNS 7

static double now_ns(void)
{
    LARGE_INTEGER ticks, frequency;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&frequency);
    return (double)ticks.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static void *reserve(void)
{
    return VirtualAlloc(NULL, SIZE, MEM_RESERVE, PAGE_READWRITE);
}

static void reserve_and_release(void)
{
    for (int i = 0; i < COUNT; i++) {
        if (!VirtualFree(reserve(), 0, MEM_RELEASE))
            exit(1);
    }
}

static void commit_and_decommit(void)
{
    static char *pages;
    if (pages == NULL)
        pages = VirtualAlloc(NULL, 3 * SIZE, MEM_RESERVE, PAGE_READWRITE);
    for (int i = 0; i < COUNT; i++) {
        if (VirtualAlloc(pages + SIZE, SIZE, MEM_COMMIT, PAGE_READWRITE) == NULL)
            exit(1);
        VirtualFree(pages + SIZE, SIZE, MEM_DECOMMIT);
    }
}

/* As many as there is room for; Wine has none for 100,000. */
static void *all[MANY];
static unsigned reserved;

static void reserve_many(void)
{
    while (reserved < MANY && (all[reserved] = reserve()) != NULL)
        reserved++;
}

/* One at random (Marsaglia's xorshift). */
static void query(void)
{
    static unsigned random = 2463534242u;
    MEMORY_BASIC_INFORMATION region;
    for (int i = 0; i < COUNT; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        if (VirtualQuery(all[random % reserved], &region, sizeof region) == 0)
            exit(1);
    }
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static void measure(const char *word, void (*run)(void))
{
    double turns[TURNS];
    run();
    for (int i = 0; i < TURNS; i++) {
        double begin = now_ns();
        run();
        turns[i] = (now_ns() - begin) / COUNT;
    }
    qsort(turns, TURNS, sizeof *turns, compare);
    printf("%s %.1f %u\n", word, turns[TURNS / 2], reserved);
}

int main(void)
{
    measure("reserve", reserve_and_release);
    measure("commit", commit_and_decommit);
    reserve_many();
    measure("query", query);
    return 0;
}
