/* The handler for SIGSEGV and SIGBUS. */
#define _GNU_SOURCE 1
#include "fault.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#include "layer.h"
#include "pagelaw/constants.h"
#include "probe.h"
#include "registers.h"

#define STACK_SIZE ((size_t)64 * 1024)
#define STACK_GUARD ((size_t)64 * 1024)

static struct sigaction before_segv, before_bus;

/* Not ours: whoever handled it before us does so again, when the instruction faults once more. A
 * signal that somebody sent has no instruction, and is sent on. */
static void pass_on(int signal, const siginfo_t *info)
{
    sigaction(signal, signal == SIGSEGV ? &before_segv : &before_bus, NULL);
    if (info->si_code <= 0)
        raise(signal);
}

/* What the touch raises; code 0 if it is to be tried again. Should the host forbid what the model
 * allows, that would go on for ever: after a few tries it is an access violation. */
static struct subject_exception raised(const ucontext_t *context, const siginfo_t *info)
{
    struct pagelaw_exception exception;
    layer_fault(registers_access(context), registers_address(context, info), &exception);
    if (exception.code == 0 && !probe_may_retry())
        exception.code = STATUS_ACCESS_VIOLATION;
    return (struct subject_exception){
        .code = exception.code, .access = (uint32_t)exception.access, .address = exception.address};
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    struct probe_frame frame;
    int error = errno;
    registers_load(context, &frame);
    if (!probe_owns(&frame)) {
        pass_on(signal, info);
        errno = error;
        return;
    }
    struct subject_exception exception = raised(context, info);
    if (exception.code != 0) {
        probe_fail(&frame, &exception);
        registers_store(context, &frame);
    }
    errno = error;
}

/* The calling thread's, so that a stack that overflows still dies by a fault that was seen. Other
 * threads take the fault of a probe on their own stack. */
static bool use_alternate_stack(void)
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

bool fault_start(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    return use_alternate_stack() && sigaction(SIGSEGV, &action, &before_segv) == 0 &&
           sigaction(SIGBUS, &action, &before_bus) == 0;
}
