/* The handler for the signals that an instruction causes. */
#define _GNU_SOURCE 1
#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

#include "layer.h"
#include "pagelaw/constants.h"
#include "probe.h"
#include "registers.h"
#include "stack.h"

/* Whoever handled them before, in the same order. */
static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#define SIGNALS (sizeof signals / sizeof signals[0])
#define SIGNALS_OF_MEMORY 2
static struct sigaction before[SIGNALS];

static fault_listener *told;

/* ---- Not ours -------------------------------------------------------------------------------- */

static struct sigaction *before_us(int signal)
{
    size_t i = 0;
    while (i < SIGNALS - 1 && signals[i] != signal)
        i++;
    return &before[i];
}

bool fault_kills(int signal)
{
    const struct sigaction *action = before_us(signal);
    return (action->sa_flags & SA_SIGINFO) == 0 &&
           (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN);
}

/* As the host calls it, with its signals blocked; but our handler stays. */
static void call(const struct sigaction *action, int signal, siginfo_t *info, void *context)
{
    sigset_t blocked = action->sa_mask, present;
    if ((action->sa_flags & SA_NODEFER) == 0)
        sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, &present);
    if ((action->sa_flags & SA_SIGINFO) != 0)
        action->sa_sigaction(signal, info, context);
    else
        action->sa_handler(signal);
    pthread_sigmask(SIG_SETMASK, &present, NULL);
}

/* To whoever handled it before us. If that is nobody, the instruction faults once more and the
 * process dies where it is wrong; a signal that somebody sent has no instruction, and is sent on.
 */
static void pass_on(int signal, siginfo_t *info, void *context)
{
    struct sigaction action = *before_us(signal);
    if (!fault_kills(signal)) {
        if ((action.sa_flags & (int)SA_RESETHAND) != 0)
            *before_us(signal) = (struct sigaction){.sa_handler = SIG_DFL};
        call(&action, signal, info, context);
        return;
    }
    sigaction(signal, &action, NULL);
    if (info->si_code <= 0)
        raise(signal);
}

/* ---- Probes ---------------------------------------------------------------------------------- */

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

/* False if the fault is no probe's. */
static bool take_probe(const siginfo_t *info, ucontext_t *context)
{
    struct probe_frame frame;
    registers_load(context, &frame);
    if (!probe_owns(&frame))
        return false;
    struct subject_exception exception = raised(context, info);
    if (exception.code != 0) {
        probe_fail(&frame, &exception);
        registers_store(context, &frame);
    }
    return true;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
    int error = errno;
    fault_listener *listener = __atomic_load_n(&told, __ATOMIC_ACQUIRE);
    if (!take_probe(info, context) &&
        (listener == NULL || info->si_code <= 0 || !listener(signal, info, context)))
        pass_on(signal, info, context);
    errno = error;
}

/* ---- Starting -------------------------------------------------------------------------------- */

/* The signal is not blocked meanwhile, as a listener may run code that faults. */
static bool take_over(size_t count)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++) {
        struct sigaction present;
        if (sigaction(signals[i], NULL, &present) != 0)
            return false;
        if ((present.sa_flags & SA_SIGINFO) != 0 && present.sa_sigaction == on_fault)
            continue;
        before[i] = present;
        if (sigaction(signals[i], &action, NULL) != 0)
            return false;
    }
    return true;
}

bool fault_start(void)
{
    return stack_prepare() && take_over(SIGNALS_OF_MEMORY);
}

bool fault_listen(fault_listener *listener)
{
    __atomic_store_n(&told, listener, __ATOMIC_RELEASE);
    return take_over(SIGNALS);
}
