/* A subject whose VirtualAlloc turns on its own process. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "subjects.h"
#include "suite/model_backend.h"
#include "suite/run.h"

static const char *manner;

static void wait_forever(void)
{
    for (;;)
        pause();
}

static void misbehave(void)
{
    if (strcmp(manner, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(manner, "hang") == 0)
        wait_forever();
    if (strcmp(manner, "exit") == 0)
        exit(0);
    if (strcmp(manner, "exit-3") == 0)
        _exit(3);
    if (strcmp(manner, "print") == 0) {
        printf("done 0 value 1 error 0\nend 0 ok\n");
        fflush(stdout);
    }
    if (strcmp(manner, "fork") == 0 && fork() == 0)
        wait_forever();
    if (strcmp(manner, "stop-agent") == 0) {
        kill(getppid(), SIGSTOP);
        wait_forever();
    }
}

static uint64_t virtual_alloc(uint64_t address, uint64_t size, uint32_t type, uint32_t protect)
{
    if (size == BAD_SIZE)
        misbehave();
    return model_backend.virtual_alloc(address, size, type, protect);
}

static bool start(struct subject_info *info, char *error, size_t capacity)
{
    if (strcmp(manner, "refuse") == 0) {
        snprintf(error, capacity, "there is no\nmemory in this machine");
        return false;
    }
    return model_backend.start(info, error, capacity);
}

int bad_backend_agent(const char *how)
{
    struct backend backend = model_backend;
    manner = how;
    backend.start = start;
    backend.virtual_alloc = virtual_alloc;
    return agent_serve(&backend);
}
