/* The shield where faults are signals. */
#include "shield.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "pagelaw/constants.h"
#include "posix/registers.h"
#include "posix/stack.h"
#include "probe.h"

#define SIGNALS 2

static const int signals[SIGNALS] = {SIGSEGV, SIGBUS};
static struct sigaction ours, theirs[SIGNALS];
static shield_hook *hook;
static bool up;

/* ---- A fault --------------------------------------------------------------------------------- */

/* What the touch raises; 0 if it is to be tried again, which a port may ask for a few times. */
static uint32_t ask(uint64_t address, uint32_t access)
{
    uint32_t code = STATUS_ACCESS_VIOLATION;
    if (hook != NULL)
        code = hook((void *)(uintptr_t)address, access);
    return code == 0 && !probe_may_retry() ? STATUS_ACCESS_VIOLATION : code;
}

static void raised(ucontext_t *context, const siginfo_t *info, struct probe_frame *frame)
{
    struct subject_exception exception = {.access = (uint32_t)registers_access(context),
                                          .address = registers_address(context, info)};
    exception.code = ask(exception.address, exception.access);
    if (exception.code == 0)
        return;
    probe_fail(frame, &exception);
    registers_store(context, frame);
}

/* Somebody else's, such as a thread of the port's: what the port has installed handles it. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
    const struct sigaction *action = &theirs[signal == signals[0] ? 0 : 1];
    if (action->sa_flags & SA_SIGINFO) {
        action->sa_sigaction(signal, info, context);
    } else if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN) {
        action->sa_handler(signal);
    } else {
        sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        if (info->si_code <= 0)
            raise(signal);
    }
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    struct probe_frame frame;
    int error = errno;
    registers_load(context, &frame);
    if (probe_owns(&frame))
        raised(context, info, &frame);
    else
        pass_on(signal, info, context);
    errno = error;
}

/* ---- Up and down ----------------------------------------------------------------------------- */

bool shield_prepare(shield_hook *port_fault)
{
    hook = port_fault;
    ours = (struct sigaction){.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&ours.sa_mask);
    return stack_prepare();
}

/* A fault that is blocked would end the process unseen. */
void shield_raise(void)
{
    sigset_t faults;
    if (up)
        return;
    sigemptyset(&faults);
    for (size_t i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], &ours, &theirs[i]);
        sigaddset(&faults, signals[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
    up = true;
}

void shield_show_code(void *byte)
{
    __builtin___clear_cache(byte, (char *)byte + 1);
}

void shield_lower(void)
{
    if (!up)
        return;
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &theirs[i], NULL);
    up = false;
}
