/* Children of a process whose threads raise exceptions all the time: each raises one of its own. */
#define _GNU_SOURCE 1
#include <windows.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANDLERS 50
#define CHILDREN 300
#define PATIENCE_S 20

static LONG NTAPI pass(PEXCEPTION_POINTERS pointers)
{
    UNREFERENCED_PARAMETER(pointers);
    return EXCEPTION_CONTINUE_SEARCH;
}

static int try_one(void)
{
    __try {
        RaiseException(0xE0000001, 0, 0, NULL);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return 0;
    }
    return 1;
}

static void *raise_on(void *user)
{
    while (try_one() == 0)
        continue;
    return user;
}

static int bear_one(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE_S);
        _exit(try_one());
    }
    waitpid(child, &status, 0);
    return status;
}

int main(void)
{
    pthread_t thread;
    int well = 0;
    for (int i = 0; i < HANDLERS; i++)
        if (AddVectoredExceptionHandler(TRUE, pass) == NULL)
            return 1;
    if (pthread_create(&thread, NULL, raise_on, NULL) != 0)
        return 1;
    while (well < CHILDREN && bear_one() == 0)
        well++;
    printf("%d children did well\n", well);
    return 0;
}
