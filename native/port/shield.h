/* Between the harness's touches and the port's own calls: each has the faults to itself.
 *
 * While the shield is up, a fault of a probe is asked about and recorded; while it is down, all is
 * as the port left it, so a port with fault handlers of its own works as it does at home, and never
 * finds ours among them. Raising and lowering cost system calls only where they change something.
 * One file a platform. */
#ifndef NATIVE_PORT_SHIELD_H
#define NATIVE_PORT_SHIELD_H

#include <stdbool.h>
#include <stdint.h>

/* PortFault, as a port exports it. */
typedef uint32_t shield_hook(void *address, uint32_t access);

/* Once, before the first raise. `hook` is asked about faults; without one, NULL, they are access
 * violations where the host has no word of its own for them. */
bool shield_prepare(shield_hook *hook);

/* Before a touch, and before a call of the port's. */
void shield_raise(void);
void shield_lower(void);

/* After a byte was written that may be code: whoever executes it is to see it. */
void shield_show_code(void *byte);

#endif
