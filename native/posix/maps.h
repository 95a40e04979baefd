/* How many mappings this process may have. */
#ifndef NATIVE_POSIX_MAPS_H
#define NATIVE_POSIX_MAPS_H

#include <stdbool.h>

/* Whether the process has, all but a few, as many mappings as the host allows (on Linux
 * vm.max_map_count): then a call that splits one fails with ENOMEM however much memory is free. */
bool maps_exhausted(void);

#endif
