/* The signals on Windows, where a closed console is SIGBREAK. */
#include <signal.h>

#include "interrupt.h"

const int interrupt_signals[] = {SIGINT, SIGTERM, SIGBREAK};
const size_t interrupt_signal_count = sizeof interrupt_signals / sizeof *interrupt_signals;
