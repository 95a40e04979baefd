/* Signals that wish a run to end. */
#include "interrupt.h"

#include <signal.h>

volatile int interrupt_asked;

static void note(int number)
{
    interrupt_asked = 1;
    signal(number, SIG_DFL);
}

static void handle_all(void (*handler)(int))
{
    for (size_t i = 0; i < interrupt_signal_count; i++)
        if (signal(interrupt_signals[i], handler) == SIG_IGN)
            signal(interrupt_signals[i], SIG_IGN);
}

void interrupt_catch(void)
{
    handle_all(note);
}

void interrupt_release(void)
{
    handle_all(SIG_DFL);
}
