/* The alternate signal stack of a thread. */
#include "stack.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#define STACK_SIZE ((size_t)256 * 1024)
#define STACK_GUARD ((size_t)64 * 1024)

bool stack_prepare(void)
{
    stack_t present;
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE) == 0)
        return true;
    char *stack = mmap(NULL, STACK_GUARD + STACK_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED || mprotect(stack, STACK_GUARD, PROT_NONE) != 0)
        return false;
    stack_t own = {.ss_sp = stack + STACK_GUARD, .ss_size = STACK_SIZE};
    return sigaltstack(&own, NULL) == 0;
}
