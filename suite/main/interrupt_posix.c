/* The signals on POSIX systems. */
#include <signal.h>

#include "interrupt.h"

const int interrupt_signals[] = {SIGINT, SIGTERM, SIGHUP};
const size_t interrupt_signal_count = sizeof interrupt_signals / sizeof *interrupt_signals;
